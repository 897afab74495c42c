/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/clock.h"

#include <time.h>

static void runs_forward_and_near_the_system_clock(void **state)
{
    int64_t mono = clock_mono_ms();
    int64_t wall = clock_wall_ms();

    (void)state;
    assert_true(clock_mono_ms() >= mono);
    assert_true(wall / 1000 - (int64_t)time(NULL) <= 1);
    assert_true((int64_t)time(NULL) - wall / 1000 <= 1);
    assert_true(clock_thread_cpu_us() > 0);
}

static void tests_can_move_it(void **state)
{
    int64_t mono = clock_mono_ms();
    int64_t wall = clock_wall_ms();

    (void)state;
    clock_test_shift(3600000, -7200000);
    assert_in_range(clock_mono_ms() - mono, 3600000, 3610000);
    assert_in_range(wall - clock_wall_ms(), 7190000, 7200000);
    clock_test_shift(0, 0);
    assert_in_range(clock_mono_ms() - mono, 0, 10000);
}

RUN_TESTS(cmocka_unit_test(runs_forward_and_near_the_system_clock),
          cmocka_unit_test(tests_can_move_it))
