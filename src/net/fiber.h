/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fiber is a call with a stack of its own that can stop in the middle, let
 * its loop go on, and continue where it was: what must wait parks, and the
 * code around it reads top to bottom.
 *
 * A fiber lives and dies on the thread that started it. Fibers and their
 * stacks are pooled by thread; fiber_thread_end() gives a thread's pool back.
 *
 *   while (!job->done) {
 *       TRY(fiber_park(FIBER_FOREVER));
 *   }
 *
 * Waking is a hint, not a fact: a park may end early, so every wait is a loop
 * around its own condition. Cancelling sticks: from then on every park
 * returns STATUS_CANCELLED at once, so that the fiber unwinds through TRY.
 */
#ifndef NET_FIBER_H
#define NET_FIBER_H

#include "base/status.h"
#include "net/loop.h"

#define FIBER_FOREVER ((int64_t)-1)

struct fiber;

/* Names a fiber beyond its life: a reference to one that ended wakes nobody. */
struct fiber_ref {
    struct fiber *fiber;
    uint64_t generation;
};

/* Runs fn(arg) in a fiber at once, until it ends or first parks. */
MUST_USE enum status fiber_start(struct loop *loop, void (*fn)(void *arg),
                                 void *arg);

/* The fiber that is running, or NULL on the loop's own stack. */
struct fiber *fiber_current(void);
struct loop *fiber_loop(const struct fiber *fiber);
struct fiber_ref fiber_ref(struct fiber *fiber);

/* STATUS_OK when woken, STATUS_TIMEOUT, or STATUS_CANCELLED. */
MUST_USE enum status fiber_park(int64_t timeout_ms);

/* From the fiber's own thread; it runs later in the same turn of its loop. */
void fiber_wake(struct fiber *fiber);
void fiber_ref_wake(struct fiber_ref ref);
void fiber_cancel(struct fiber *fiber);

/* Lets the loop take a turn. */
MUST_USE enum status fiber_yield(void);

/* How many fibers of this thread have not ended. */
size_t fiber_count(void);
void fiber_thread_end(void);

#endif
