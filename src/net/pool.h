/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads for what is too slow for a loop. A fiber hands over a job, parks,
 * and finds the results in the job. The queue is bounded: past its limit
 * pool_run says STATUS_BUSY at once.
 *
 * A worker takes up to `batch` jobs that are waiting already (it never waits
 * for more) and passes them to `work` together; plain pools have a batch of 1.
 *
 * A job has two owners while it is on its way, the fiber and the worker, so a
 * fiber that is cancelled may leave at any time: it drops its share, and the
 * worker's share keeps the memory alive. A job nobody waits for any more is
 * not begun. What `work` reads or writes must therefore lie in the job.
 */
#ifndef NET_POOL_H
#define NET_POOL_H

#include "net/fiber.h"

#include <stdatomic.h>

struct pool;

/* Embed as the first member of your own struct; job_new makes both. */
struct job {
    struct message message;
    struct list node;
    struct loop *loop;
    struct fiber_ref waiter;
    enum status status; /* what `work` made of it; STATUS_OK to begin with */
    bool done;
    _Atomic bool abandoned;
    _Atomic int owners;
    void (*wipe)(struct job *job); /* before its memory goes; may be NULL */
};

struct pool_options {
    const char *name; /* of the threads, at most 15 bytes */
    size_t threads;
    size_t queue_limit; /* jobs that wait, those being worked on not counted */
    size_t batch;
    int nice; /* added to the threads' niceness, so that loops go first */
    /*
     * Runs on a worker thread; sets each job's status. `state` is what
     * worker_begin made for this thread, NULL without one.
     */
    void (*work)(void *state, struct job **jobs, size_t count);
    void *(*worker_begin)(void);
    void (*worker_end)(void *state);
    /* Nothing to do for this long: called once, to give memory back. */
    void (*worker_idle)(void *state);
    int64_t idle_after_ms;
};

MUST_USE enum status pool_new(const struct pool_options *options,
                              struct pool **out);
/* Finishes what is being worked on; what still waits ends STATUS_UNAVAILABLE.
 */
void pool_free(struct pool *pool);

/* `size` zeroed bytes that begin with a job, or NULL. */
void *job_new(size_t size, void (*wipe)(struct job *job));
/* Drops the caller's share. NULL is allowed. */
void job_release(struct job *job);

/*
 * From a fiber: parks until the job is done and gives the job's status, or
 * STATUS_BUSY, or STATUS_CANCELLED. Once a job, not twice.
 */
MUST_USE enum status pool_run(struct pool *pool, struct job *job);

/* Jobs waiting now; a hint, for metrics and tests. */
size_t pool_waiting(struct pool *pool);

#endif
