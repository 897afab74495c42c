/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time, in milliseconds. Deadlines and rates use the monotonic clock, which
 * never steps; dates use the wall clock, which may.
 *
 * A test may move both without waiting; the program itself never does.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_mono_ms(void);
/* Since 1970, UTC. */
int64_t clock_wall_ms(void);

/* CPU time the calling thread has used, in microseconds. */
int64_t clock_thread_cpu_us(void);

/* For tests: from now on the clocks run this much ahead of the real ones. */
void clock_test_shift(int64_t mono_ms, int64_t wall_ms);

#endif
