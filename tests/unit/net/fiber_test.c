/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/clock.h"
#include "net/fiber.h"

static struct loop *loop;
static char order[256];

static int set_up(void **state)
{
    (void)state;
    check_ok(loop_new(&loop));
    order[0] = '\0';
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fiber_count(), 0);
    fiber_thread_end();
    loop_free(loop);
    return 0;
}

static void stop(struct timer *timer)
{
    (void)timer;
    loop_stop(loop);
}

/* Runs the loop for a moment. */
static void run_for(int64_t ms)
{
    struct timer timer;

    timer_init(&timer, stop);
    loop_timer(loop, &timer, ms);
    loop_run(loop);
}

static struct fiber *sleeper;
static enum status got;

static void park_once(void *arg)
{
    sleeper = fiber_current();
    strcat(order, "a");
    got = fiber_park(*(int64_t *)arg);
    strcat(order, "b");
}

static void runs_at_once_and_waits_until_woken(void **state)
{
    int64_t forever = FIBER_FOREVER;

    (void)state;
    check_ok(fiber_start(loop, park_once, &forever));
    strcat(order, "-");
    assert_string_equal(order, "a-");
    assert_null(fiber_current());
    assert_int_equal(fiber_count(), 1);
    fiber_wake(sleeper);
    fiber_wake(sleeper);
    assert_string_equal(order, "a-");
    run_for(1);
    assert_string_equal(order, "a-b");
    check_ok(got);
}

static void wakes_by_itself_at_the_timeout(void **state)
{
    int64_t soon = 30;
    int64_t begin = clock_mono_ms();

    (void)state;
    check_ok(fiber_start(loop, park_once, &soon));
    run_for(100);
    assert_string_equal(order, "ab");
    check_status(got, STATUS_TIMEOUT);
    assert_true(clock_mono_ms() - begin >= 30);
}

static void park_twice_cancelled(void *arg)
{
    (void)arg;
    sleeper = fiber_current();
    check_status(fiber_park(FIBER_FOREVER), STATUS_CANCELLED);
    check_status(fiber_park(FIBER_FOREVER), STATUS_CANCELLED);
    check_status(fiber_yield(), STATUS_CANCELLED);
    strcat(order, "c");
}

static void a_cancelled_fiber_never_waits_again(void **state)
{
    (void)state;
    check_ok(fiber_start(loop, park_twice_cancelled, NULL));
    fiber_cancel(sleeper);
    run_for(1);
    assert_string_equal(order, "c");
}

static void return_at_once(void *arg)
{
    ++*(int *)arg;
}

static void a_reference_to_an_ended_fiber_wakes_nobody(void **state)
{
    int64_t forever = FIBER_FOREVER;
    struct fiber_ref old;
    int runs = 0;

    (void)state;
    check_ok(fiber_start(loop, park_once, &forever));
    old = fiber_ref(sleeper);
    fiber_wake(sleeper);
    run_for(1);
    /* The same fiber serves again, as somebody else. */
    check_ok(fiber_start(loop, park_once, &forever));
    assert_ptr_equal(sleeper, old.fiber);
    fiber_ref_wake(old);
    run_for(1);
    assert_string_equal(order, "aba");
    fiber_wake(sleeper);
    run_for(1);
    assert_string_equal(order, "abab");
    check_ok(fiber_start(loop, return_at_once, &runs));
    assert_int_equal(runs, 1);
}

static int depth(int left)
{
    char pad[200];

    memset(pad, left, sizeof(pad));
    if (left > 0) {
        return pad[7] - left + depth(left - 1) + 1;
    }
    check_ok(fiber_yield());
    return 0;
}

static void dig(void *arg)
{
    *(int *)arg += depth(100);
}

static void many_fibers_keep_their_own_stacks(void **state)
{
    enum {
        COUNT = 300
    }; /* more than the pool keeps */
    int sum = 0;

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            check_ok(fiber_start(loop, dig, &sum));
        }
        assert_int_equal(fiber_count(), COUNT);
        run_for(1);
        assert_int_equal(fiber_count(), 0);
        assert_int_equal(sum, (round + 1) * COUNT * 100);
    }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(runs_at_once_and_waits_until_woken),
          TEST(wakes_by_itself_at_the_timeout),
          TEST(a_cancelled_fiber_never_waits_again),
          TEST(a_reference_to_an_ended_fiber_wakes_nobody),
          TEST(many_fibers_keep_their_own_stacks))
