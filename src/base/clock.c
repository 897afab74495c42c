/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t mono_shift;
static _Atomic int64_t wall_shift;

static int64_t read_us(clockid_t id)
{
    struct timespec now;

    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_mono_ms(void)
{
    return read_us(CLOCK_MONOTONIC) / 1000 +
           atomic_load_explicit(&mono_shift, memory_order_relaxed);
}

int64_t clock_wall_ms(void)
{
    return read_us(CLOCK_REALTIME) / 1000 +
           atomic_load_explicit(&wall_shift, memory_order_relaxed);
}

int64_t clock_thread_cpu_us(void)
{
    return read_us(CLOCK_THREAD_CPUTIME_ID);
}

void clock_test_shift(int64_t mono_ms, int64_t wall_ms)
{
    atomic_store_explicit(&mono_shift, mono_ms, memory_order_relaxed);
    atomic_store_explicit(&wall_shift, wall_ms, memory_order_relaxed);
}
