/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "net/fiber.h"
#include "net/gate.h"

#include <pthread.h>
#include <stdatomic.h>

#define LOOPS  2
#define FIBERS 40

static struct gate gate;
static struct loop *loops[LOOPS];
static _Atomic int led;
static _Atomic int inside; /* who leads at this moment */
static _Atomic int left;
static _Atomic int heard[STATUS_COUNT];

static int set_up(void **state)
{
    (void)state;
    gate_init(&gate);
    led = 0;
    inside = 0;
    memset(heard, 0, sizeof(heard));
    for (int i = 0; i < LOOPS; i++) {
        check_ok(loop_new(&loops[i]));
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fiber_count(), 0);
    fiber_thread_end();
    for (int i = 0; i < LOOPS; i++) {
        loop_free(loops[i]);
    }
    gate_release(&gate);
    return 0;
}

static void end_when_last(void)
{
    if (atomic_fetch_sub(&left, 1) == 1) {
        for (int i = 0; i < LOOPS; i++) {
            loop_stop(loops[i]);
        }
    }
}

/* Leads for a few turns of its loop, so that others come meanwhile. */
static enum status lead(void)
{
    enum status status = STATUS_OK;

    led++;
    assert_int_equal(atomic_fetch_add(&inside, 1), 0);
    for (int i = 0; i < 10 && status == STATUS_OK; i++) {
        status = fiber_yield();
    }
    inside--;
    return status;
}

static void come(void *arg)
{
    enum status status;
    bool leads;

    (void)arg;
    status = gate_enter(&gate, &leads);
    if (leads) {
        status = lead();
        gate_leave(&gate, status == STATUS_OK ? STATUS_BUSY : status);
    }
    heard[status]++;
    end_when_last();
}

static void *run_loop(void *arg)
{
    struct loop *loop = arg;

    for (int i = 0; i < FIBERS; i++) {
        check_ok(fiber_start(loop, come, NULL));
    }
    loop_run(loop);
    fiber_thread_end();
    return NULL;
}

static void one_leads_and_the_others_hear_how_it_went(void **state)
{
    pthread_t threads[LOOPS];

    (void)state;
    left = LOOPS * FIBERS;
    for (int i = 0; i < LOOPS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run_loop, loops[i]),
                         0);
    }
    for (int i = 0; i < LOOPS; i++) {
        pthread_join(threads[i], NULL);
    }
    /* Every loop's first may have found the gate free; no more than they. */
    assert_in_range(led, 1, LOOPS);
    assert_int_equal(heard[STATUS_OK], led);
    assert_int_equal(heard[STATUS_BUSY], LOOPS * FIBERS - led);
}

static struct fiber *leader;
static struct fiber *follower;

static void note_and_come(void *arg)
{
    *(struct fiber **)arg = fiber_current();
    come(NULL);
}

static void cancel(void *arg)
{
    (void)arg;
    fiber_cancel(follower);
    end_when_last();
}

static void a_follower_may_leave(void **state)
{
    (void)state;
    left = 4;
    check_ok(fiber_start(loops[0], note_and_come, &leader));
    check_ok(fiber_start(loops[0], note_and_come, &follower));
    check_ok(fiber_start(loops[0], come, NULL));
    check_ok(fiber_start(loops[0], cancel, NULL));
    loop_run(loops[0]);
    assert_int_equal(led, 1);
    assert_int_equal(heard[STATUS_CANCELLED], 1);
    assert_int_equal(heard[STATUS_BUSY], 1);
}

static void a_leader_that_leaves_lets_the_others_look_again(void **state)
{
    (void)state;
    left = 3;
    check_ok(fiber_start(loops[0], note_and_come, &follower));
    check_ok(fiber_start(loops[0], come, NULL));
    check_ok(fiber_start(loops[0], cancel, NULL));
    loop_run(loops[0]);
    assert_int_equal(led, 1);
    assert_int_equal(heard[STATUS_CANCELLED], 1);
    assert_int_equal(heard[STATUS_OK], 1);
}

static void leave_and_cancel(void *arg)
{
    (void)arg;
    gate_leave(&gate, STATUS_OK);
    fiber_cancel(follower);
    end_when_last();
}

/* The word is on its way and the fiber is gone: it finds nobody. */
static void a_word_may_come_too_late(void **state)
{
    (void)state;
    left = 2;
    assert_true(gate_try(&gate));
    assert_false(gate_try(&gate));
    check_ok(fiber_start(loops[0], note_and_come, &follower));
    check_ok(fiber_start(loops[0], leave_and_cancel, NULL));
    loop_run(loops[0]);
    assert_int_equal(heard[STATUS_OK] + heard[STATUS_CANCELLED], 1);
    assert_int_equal(led, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

RUN_TESTS(TEST(one_leads_and_the_others_hear_how_it_went),
          TEST(a_follower_may_leave),
          TEST(a_leader_that_leaves_lets_the_others_look_again),
          TEST(a_word_may_come_too_late))
