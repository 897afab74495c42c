/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "net/timer.h"

static struct timer_wheel wheel;

struct alarm {
    struct timer timer;
    int64_t fired_at;
};

static void on_alarm(struct timer *timer)
{
    CONTAINER_OF(timer, struct alarm, timer)->fired_at = wheel.now_ms;
}

static void set(struct alarm *alarm, int64_t due_ms)
{
    timer_init(&alarm->timer, on_alarm);
    alarm->fired_at = -1;
    timer_set(&wheel, &alarm->timer, due_ms);
}

/* Runs the wheel the way a loop does: sleeping as long as it says. */
static void run_until(int64_t end)
{
    while (wheel.now_ms < end) {
        int64_t wait = timer_wheel_wait_ms(&wheel, wheel.now_ms);
        int64_t next = wait < 0 ? end : wheel.now_ms + wait;

        timer_wheel_run(&wheel, next < end ? next : end);
    }
}

static void fires_each_at_its_own_time(void **state)
{
    static const int64_t delays[] = {
        1,    2,     63,     64,     65,      100,      4095,    4096,
        4097, 75000, 262143, 262144, 1000000, 16000000, 20000000};
    enum {
        COUNT = sizeof(delays) / sizeof(*delays)
    };
    static struct alarm alarms[COUNT];

    (void)state;
    for (int64_t start = 1000; start < 1000 + 70; start += 23) {
        timer_wheel_init(&wheel, start);
        for (size_t i = 0; i < COUNT; i++) {
            set(&alarms[i], start + delays[i]);
        }
        run_until(start + 20000001);
        for (size_t i = 0; i < COUNT; i++) {
            assert_int_equal(alarms[i].fired_at, start + delays[i]);
        }
        assert_int_equal(timer_wheel_wait_ms(&wheel, wheel.now_ms), -1);
    }
}

static void fires_late_ones_at_once_when_time_jumps(void **state)
{
    struct alarm alarm;

    (void)state;
    timer_wheel_init(&wheel, 0);
    set(&alarm, 500);
    timer_wheel_run(&wheel, 499);
    assert_int_equal(alarm.fired_at, -1);
    timer_wheel_run(&wheel, 100000);
    assert_int_equal(alarm.fired_at, 500);
    set(&alarm, 3); /* already past */
    timer_wheel_run(&wheel, 100001);
    assert_int_equal(alarm.fired_at, 100001);
}

static void never_fires_what_was_cancelled_or_moved(void **state)
{
    struct alarm a;
    struct alarm b;

    (void)state;
    timer_wheel_init(&wheel, 0);
    set(&a, 50);
    set(&b, 50);
    timer_cancel(&a.timer);
    timer_cancel(&a.timer);
    timer_set(&wheel, &b.timer, 5000);
    run_until(4999);
    assert_int_equal(a.fired_at, -1);
    assert_int_equal(b.fired_at, -1);
    run_until(5000);
    assert_int_equal(b.fired_at, 5000);
}

static struct alarm victim;

static void cancel_victim(struct timer *timer)
{
    (void)timer;
    timer_cancel(&victim.timer);
}

static void a_firing_timer_may_cancel_its_neighbour(void **state)
{
    struct timer killer;

    (void)state;
    timer_wheel_init(&wheel, 0);
    timer_init(&killer, cancel_victim);
    timer_set(&wheel, &killer, 10);
    set(&victim, 10);
    run_until(100);
    assert_int_equal(victim.fired_at, -1);
}

static void random_deadlines_fire_exactly(void **state)
{
    enum {
        COUNT = 2000
    };
    static struct alarm alarms[COUNT];
    unsigned seed = 1;

    (void)state;
    timer_wheel_init(&wheel, 12345);
    for (int i = 0; i < COUNT; i++) {
        seed = seed * 1103515245U + 12345U;
        set(&alarms[i], 12346 + (int64_t)(seed >> 8) % 300000);
    }
    run_until(12345 + 300001);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(alarms[i].fired_at, alarms[i].timer.due_ms);
    }
}

RUN_TESTS(cmocka_unit_test(fires_each_at_its_own_time),
          cmocka_unit_test(fires_late_ones_at_once_when_time_jumps),
          cmocka_unit_test(never_fires_what_was_cancelled_or_moved),
          cmocka_unit_test(a_firing_timer_may_cancel_its_neighbour),
          cmocka_unit_test(random_deadlines_fire_exactly))
