/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox on a loop of its own, over rows in memory. Time is moved ahead
 * whenever nothing is due, so that a day passes at once.
 */
#include "check.h"

#include "base/clock.h"
#include "mail/outbox.h"
#include "net/fiber.h"

#define ROWS 16

struct row {
    char id[8];
    int64_t attempts;
    int64_t created_ms;
    int64_t next_at_ms;
    int64_t lease_until_ms;
    bool exists;
};

static struct row rows[ROWS];
static struct loop *loop;
static struct outbox *outbox;
static struct timer guard;
static int64_t ahead_ms;
static bool time_flies;    /* nothing due: move the clock to what is next */
static int store_failures; /* calls of claim that fail first */

static int sends;
static int64_t sent_at_ms[64];
static int later_until; /* so many sends end MAIL_LATER */
static enum mail_outcome outcome;
static int64_t send_takes_ms;
static char sent_ids[256];

static void queue(int number)
{
    struct row *row = &rows[number];

    (void)snprintf(row->id, sizeof(row->id), "r%d", number);
    row->attempts = 0;
    row->created_ms = clock_wall_ms();
    row->next_at_ms = row->created_ms;
    row->lease_until_ms = 0;
    row->exists = true;
}

static int count_rows(void)
{
    int count = 0;

    for (int i = 0; i < ROWS; i++) {
        count += rows[i].exists;
    }
    return count;
}

static struct row *find(struct slice id)
{
    for (int i = 0; i < ROWS; i++) {
        if (rows[i].exists && slice_equal(id, slice_from_cstr(rows[i].id))) {
            return &rows[i];
        }
    }
    return NULL;
}

static void move_time(int64_t to_ms)
{
    ahead_ms += to_ms - clock_wall_ms();
    clock_test_shift(ahead_ms, ahead_ms);
    outbox_wake(outbox);
}

static struct row *due_first(int64_t now_ms, int64_t *next_ms)
{
    struct row *first = NULL;

    *next_ms = INT64_MAX;
    for (int i = 0; i < ROWS; i++) {
        struct row *row = &rows[i];
        int64_t at_ms = row->next_at_ms > row->lease_until_ms
                            ? row->next_at_ms
                            : row->lease_until_ms;

        if (row->exists && at_ms < *next_ms) {
            *next_ms = at_ms;
            first = row;
        }
    }
    return *next_ms <= now_ms ? first : NULL;
}

static enum status claim(void *arg, struct arena *arena,
                         const struct outbox_claim *asked,
                         struct outbox_row *out)
{
    int64_t next_ms;
    struct row *row = due_first(asked->now_ms, &next_ms);

    (void)arg;
    (void)arena;
    if (store_failures > 0) {
        store_failures--;
        return STATUS_UNAVAILABLE;
    }
    if (row == NULL && next_ms == INT64_MAX) {
        loop_stop(loop);
        return STATUS_OK;
    }
    if (row == NULL) {
        if (time_flies) {
            move_time(next_ms);
        }
        return STATUS_OK;
    }
    row->lease_until_ms = asked->lease_until_ms;
    *out = (struct outbox_row){.id = slice_from_cstr(row->id),
                               .kind = SLICE("mail"),
                               .attempts = row->attempts,
                               .created_ms = row->created_ms};
    return STATUS_OK;
}

static enum status done(void *arg, struct slice id)
{
    struct row *row = find(id);

    (void)arg;
    assert_non_null(row);
    row->exists = false;
    return STATUS_OK;
}

static enum status failed(void *arg, struct slice id, int64_t next_at_ms)
{
    struct row *row = find(id);

    (void)arg;
    assert_non_null(row);
    row->attempts++;
    row->next_at_ms = next_at_ms;
    row->lease_until_ms = 0;
    return STATUS_OK;
}

static enum status send_mail(void *arg, struct arena *arena,
                             const struct outbox_row *row,
                             enum mail_outcome *out)
{
    (void)arg;
    (void)arena;
    assert_true(sends < 64);
    sent_at_ms[sends] = clock_wall_ms();
    sends++;
    strncat(sent_ids, row->id.ptr, row->id.len);
    if (send_takes_ms > 0) {
        enum status status = fiber_park(send_takes_ms);

        if (status == STATUS_CANCELLED) {
            return status;
        }
    }
    *out = sends <= later_until ? MAIL_LATER : outcome;
    return STATUS_OK;
}

static const struct outbox_store store = {NULL, claim, done, failed};
static const struct outbox_transport transport = {NULL, send_mail};

static void give_up_test(struct timer *timer)
{
    (void)timer;
    loop_stop(loop);
}

static int set_up(void **state)
{
    (void)state;
    memset(rows, 0, sizeof(rows));
    sends = 0;
    later_until = 0;
    outcome = MAIL_TAKEN;
    send_takes_ms = 0;
    sent_ids[0] = '\0';
    time_flies = true;
    store_failures = 0;
    check_ok(loop_new(&loop));
    check_ok(outbox_new(&store, &transport, &outbox));
    timer_init(&guard, give_up_test);
    return 0;
}

static void stop_soon(struct timer *timer)
{
    (void)timer;
    loop_stop(loop);
}

static int tear_down(void **state)
{
    struct timer turn;

    (void)state;
    outbox_stop(outbox);
    timer_init(&turn, stop_soon);
    loop_timer(loop, &turn, 1);
    loop_run(loop);
    assert_int_equal(fiber_count(), 0);
    fiber_thread_end();
    loop_free(loop);
    outbox_free(outbox);
    return 0;
}

static void run(void)
{
    check_ok(outbox_start(outbox, loop));
    loop_run(loop);
}

static void test_a_mail_is_sent_once(void **state)
{
    (void)state;
    queue(0);
    queue(1);
    run();
    assert_int_equal(sends, 2);
    assert_string_equal(sent_ids, "r0r1");
    assert_int_equal(count_rows(), 0);
    assert_int_equal(outbox_counts(outbox).sent, 2);
}

static void test_pauses_grow(void **state)
{
    static const int64_t pauses[] = {1000, 5000, 30000, 120000, 600000};

    (void)state;
    later_until = 5;
    queue(0);
    run();
    assert_int_equal(sends, 6);
    for (int i = 0; i < 5; i++) {
        int64_t passed = sent_at_ms[i + 1] - sent_at_ms[i];

        assert_true(passed >= pauses[i] && passed < pauses[i] + 1000);
    }
    assert_int_equal(outbox_counts(outbox).sent, 1);
    assert_int_equal(outbox_counts(outbox).retried, 5);
}

static void test_after_a_day_it_is_given_up(void **state)
{
    (void)state;
    later_until = 1000;
    queue(0);
    run();
    assert_int_equal(count_rows(), 0);
    assert_true(sends > 8 && sends < 20);
    assert_true(sent_at_ms[sends - 1] - sent_at_ms[0] <= OUTBOX_GIVE_UP_MS);
    assert_true(sent_at_ms[sends - 1] - sent_at_ms[0] > OUTBOX_GIVE_UP_MS / 2);
    assert_int_equal(outbox_counts(outbox).given_up, 1);
    assert_int_equal(outbox_counts(outbox).sent, 0);
}

static void test_what_was_refused_is_not_tried_again(void **state)
{
    (void)state;
    outcome = MAIL_REFUSED;
    queue(0);
    run();
    assert_int_equal(sends, 1);
    assert_int_equal(count_rows(), 0);
    assert_int_equal(outbox_counts(outbox).given_up, 1);
}

static void test_one_that_fails_holds_up_no_other(void **state)
{
    (void)state;
    later_until = 1;
    for (int i = 0; i < 3; i++) {
        queue(i);
    }
    run();
    assert_string_equal(sent_ids, "r0r1r2r0");
}

static void test_two_processes_send_a_mail_once(void **state)
{
    struct outbox *other;

    (void)state;
    time_flies = false;
    send_takes_ms = 5;
    for (int i = 0; i < 8; i++) {
        queue(i);
    }
    check_ok(outbox_new(&store, &transport, &other));
    check_ok(outbox_start(other, loop));
    run();
    assert_int_equal(sends, 8);
    assert_int_equal(outbox_counts(outbox).sent + outbox_counts(other).sent, 8);
    assert_true(outbox_counts(other).sent > 0);
    outbox_stop(other);
    tear_down(state);
    outbox_free(other);
    set_up(state);
}

static void test_no_more_than_so_many_a_second(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        queue(i);
    }
    run();
    assert_true(sent_at_ms[7] - sent_at_ms[0] >=
                7 * (1000 / OUTBOX_PER_SECOND) - 7);
}

static void test_a_store_that_fails_is_asked_again(void **state)
{
    (void)state;
    store_failures = 1;
    queue(0);
    run();
    assert_int_equal(sends, 1);
    assert_int_equal(count_rows(), 0);
}

static void stop_outbox(struct timer *timer)
{
    (void)timer;
    outbox_stop(outbox);
    loop_stop(loop);
}

/* The row stays, and is free again when the lease ends. */
static void test_stopping_loses_nothing(void **state)
{
    (void)state;
    send_takes_ms = 60000;
    queue(0);
    timer_init(&guard, stop_outbox);
    loop_timer(loop, &guard, 20);
    run();
    assert_int_equal(sends, 1);
    assert_int_equal(count_rows(), 1);
    assert_true(rows[0].lease_until_ms <= clock_wall_ms() + OUTBOX_LEASE_MS);
    tear_down(state);
    check_ok(loop_new(&loop));
    check_ok(outbox_new(&store, &transport, &outbox));
    send_takes_ms = 0;
    run();
    assert_int_equal(sends, 2);
    assert_int_equal(count_rows(), 0);
}

static void queue_and_wake(struct timer *timer)
{
    (void)timer;
    queue(1);
    outbox_wake(outbox);
    outbox_wake(outbox);
}

static void test_a_new_mail_wakes_the_sender(void **state)
{
    int64_t from_ms = clock_mono_ms();

    (void)state;
    time_flies = false;
    queue(0);
    rows[0].next_at_ms += 1000000; /* so that the loop is not stopped */
    timer_init(&guard, queue_and_wake);
    loop_timer(loop, &guard, 20);
    check_ok(outbox_start(outbox, loop));
    while (sends == 0) {
        struct timer look;

        timer_init(&look, stop_soon);
        loop_timer(loop, &look, 5);
        loop_run(loop);
    }
    assert_string_equal(sent_ids, "r1");
    assert_true(clock_mono_ms() - from_ms < 5000);
}

#define WITH_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

RUN_TESTS(WITH_LOOP(test_a_mail_is_sent_once), WITH_LOOP(test_pauses_grow),
          WITH_LOOP(test_after_a_day_it_is_given_up),
          WITH_LOOP(test_what_was_refused_is_not_tried_again),
          WITH_LOOP(test_one_that_fails_holds_up_no_other),
          WITH_LOOP(test_two_processes_send_a_mail_once),
          WITH_LOOP(test_no_more_than_so_many_a_second),
          WITH_LOOP(test_a_store_that_fails_is_asked_again),
          WITH_LOOP(test_stopping_loses_nothing),
          WITH_LOOP(test_a_new_mail_wakes_the_sender))
