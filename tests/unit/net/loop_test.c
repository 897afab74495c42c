/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "net/loop.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

static struct loop *loop;

static int set_up(void **state)
{
    (void)state;
    check_ok(loop_new(&loop));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    loop_free(loop);
    return 0;
}

static char order[64];

static void stop_now(struct timer *timer)
{
    (void)timer;
    strcat(order, "t");
    loop_stop(loop);
}

static void note_task(struct task *task)
{
    (void)task;
    strcat(order, "s");
}

static void runs_tasks_before_it_sleeps_and_timers_when_due(void **state)
{
    struct timer timer;
    struct task task;

    (void)state;
    order[0] = '\0';
    timer_init(&timer, stop_now);
    task_init(&task, note_task);
    loop_timer(loop, &timer, 20);
    loop_soon(loop, &task);
    loop_soon(loop, &task);
    loop_run(loop);
    assert_string_equal(order, "st");
    assert_null(loop_current());
}

static int pipes[2][2];
static struct watch watches[2];

static void read_and_unwatch_the_other(struct watch *watch, uint32_t events)
{
    assert_true(events & EPOLLIN);
    strcat(order, watch == &watches[0] ? "0" : "1");
    loop_unwatch(loop, &watches[0]);
    loop_unwatch(loop, &watches[1]);
    loop_stop(loop);
}

static void an_unwatched_descriptor_is_never_reported(void **state)
{
    (void)state;
    order[0] = '\0';
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(pipes[i]), 0);
        assert_int_equal(write(pipes[i][1], "x", 1), 1);
        watches[i] = (struct watch){pipes[i][0], read_and_unwatch_the_other};
        check_ok(loop_watch(loop, &watches[i], EPOLLIN));
    }
    /* Both are ready in the same turn; whichever comes first silences both. */
    loop_run(loop);
    assert_int_equal(strlen(order), 1);
    for (int i = 0; i < 2; i++) {
        close(pipes[i][0]);
        close(pipes[i][1]);
    }
}

enum {
    SENDERS = 3,
    EACH = 1000
};

struct numbered {
    struct message message;
    int sender;
    int number;
};

static struct numbered letters[SENDERS][EACH];
static int last[SENDERS];
static int received;

static void receive(struct message *message)
{
    struct numbered *letter = CONTAINER_OF(message, struct numbered, message);

    assert_ptr_equal(loop_current(), loop);
    assert_int_equal(letter->number, last[letter->sender] + 1);
    last[letter->sender] = letter->number;
    if (++received == SENDERS * EACH) {
        loop_stop(loop);
    }
}

static void *send_all(void *arg)
{
    struct numbered *mine = arg;

    for (int i = 0; i < EACH; i++) {
        mine[i].message.deliver = receive;
        mine[i].number = i + 1;
        loop_post(loop, &mine[i].message);
    }
    return NULL;
}

static void delivers_every_message_in_its_senders_order(void **state)
{
    pthread_t threads[SENDERS];

    (void)state;
    for (int i = 0; i < SENDERS; i++) {
        for (int j = 0; j < EACH; j++) {
            letters[i][j].sender = i;
        }
        assert_int_equal(
            pthread_create(&threads[i], NULL, send_all, letters[i]), 0);
    }
    loop_run(loop);
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(last[i], EACH);
    }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(runs_tasks_before_it_sleeps_and_timers_when_due),
          TEST(an_unwatched_descriptor_is_never_reported),
          TEST(delivers_every_message_in_its_senders_order))
