/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thread's event loop: descriptors, timers, tasks for later in the same
 * turn, and messages from other threads.
 *
 * Everything but loop_post and loop_stop belongs to the loop's own thread.
 * Callbacks run on the thread's own stack, never inside a fiber, and must not
 * block. Watches, timers, tasks and messages are owned by whoever embeds
 * them; the loop allocates nothing while it runs.
 *
 * Invariant: after loop_unwatch no callback of that watch runs, not even for
 * an event the kernel had already reported.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "base/list.h"
#include "base/status.h"
#include "net/timer.h"

struct loop;

/* A descriptor; `events` are epoll's. */
struct watch {
    int fd;
    void (*ready)(struct watch *watch, uint32_t events);
};

/* Something to do before the loop sleeps again. */
struct task {
    struct list node;
    void (*run)(struct task *task);
};

/* A word from another thread. */
struct message {
    struct message *next;
    void (*deliver)(struct message *message);
};

MUST_USE enum status loop_new(struct loop **out);
void loop_free(struct loop *loop);

/* Runs until loop_stop; the calling thread becomes the loop's own. */
void loop_run(struct loop *loop);
/* From any thread. */
void loop_stop(struct loop *loop);
/* From any thread; messages of one sender arrive in order. */
void loop_post(struct loop *loop, struct message *message);

/* The loop this thread runs, or NULL. */
struct loop *loop_current(void);
/* The monotonic clock as this turn began. */
int64_t loop_now(const struct loop *loop);

MUST_USE enum status loop_watch(struct loop *loop, struct watch *watch,
                                uint32_t events);
void loop_unwatch(struct loop *loop, struct watch *watch);

void loop_timer(struct loop *loop, struct timer *timer, int64_t after_ms);

void task_init(struct task *task, void (*run)(struct task *task));
/* Does nothing when it is waiting already. */
void loop_soon(struct loop *loop, struct task *task);

#endif
