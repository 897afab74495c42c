/* SPDX-License-Identifier: Apache-2.0 */
#include "net/pool.h"

#include "base/log.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* More gains nothing on a machine this server is meant for. */
#define THREADS_MAX 64
#define BATCH_MAX   64

struct pool {
    struct pool_options options;
    pthread_mutex_t lock;
    pthread_cond_t work_waits;
    struct list queue;
    size_t waiting;
    bool stopping;
    size_t started;
    pthread_t threads[THREADS_MAX];
};

void *job_new(size_t size, void (*wipe)(struct job *job))
{
    struct job *job;

    assert(size >= sizeof(*job));
    job = mem_alloc(size);
    if (job != NULL) {
        list_init(&job->node);
        job->wipe = wipe;
        atomic_init(&job->owners, 1);
        atomic_init(&job->abandoned, false);
    }
    return job;
}

void job_release(struct job *job)
{
    if (job == NULL || atomic_fetch_sub(&job->owners, 1) > 1) {
        return;
    }
    if (job->wipe != NULL) {
        job->wipe(job);
    }
    mem_free(job);
}

/* On the loop's thread: the worker's share comes home. */
static void deliver(struct message *message)
{
    struct job *job = CONTAINER_OF(message, struct job, message);

    job->done = true;
    fiber_ref_wake(job->waiter);
    job_release(job);
}

static void finish(struct job *job)
{
    job->message.deliver = deliver;
    loop_post(job->loop, &job->message);
}

/*
 * Under the lock: moves waiting jobs to `taken`; those nobody waits for any
 * more end here.
 */
static size_t take_batch(struct pool *pool, struct job **taken)
{
    size_t count = 0;
    struct list *node;

    while (count < pool->options.batch &&
           (node = list_take(&pool->queue)) != NULL) {
        struct job *job = CONTAINER_OF(node, struct job, node);

        pool->waiting--;
        if (atomic_load(&job->abandoned)) {
            finish(job);
        } else {
            taken[count++] = job;
        }
    }
    return count;
}

/* Waits for work; true when none came within the pool's idle time. */
static bool wait_for_work(struct pool *pool, bool may_idle)
{
    struct timespec until;

    if (!may_idle || pool->options.worker_idle == NULL) {
        (void)pthread_cond_wait(&pool->work_waits, &pool->lock);
        return false;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(pool->options.idle_after_ms / 1000);
    until.tv_nsec += (long)(pool->options.idle_after_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return pthread_cond_timedwait(&pool->work_waits, &pool->lock, &until) ==
           ETIMEDOUT;
}

/* The next jobs for this worker, or 0 when the pool stops. */
static size_t next_batch(struct pool *pool, void *state, struct job **taken)
{
    size_t count = 0;
    bool may_idle = true;

    pthread_mutex_lock(&pool->lock);
    while (!pool->stopping && (count = take_batch(pool, taken)) == 0) {
        if (wait_for_work(pool, may_idle)) {
            pthread_mutex_unlock(&pool->lock);
            pool->options.worker_idle(state);
            may_idle = false; /* once is enough until there was work again */
            pthread_mutex_lock(&pool->lock);
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return count;
}

static void *worker_main(void *arg)
{
    struct pool *pool = arg;
    struct job *taken[BATCH_MAX];
    void *state = NULL;
    size_t count;

    (void)pthread_setname_np(pthread_self(), pool->options.name);
    if (pool->options.nice != 0 &&
        setpriority(PRIO_PROCESS, (id_t)gettid(), pool->options.nice) < 0) {
        log_warn("pool_nice_failed", log_errno(errno));
    }
    if (pool->options.worker_begin != NULL) {
        state = pool->options.worker_begin();
    }
    while ((count = next_batch(pool, state, taken)) > 0) {
        pool->options.work(state, taken, count);
        for (size_t i = 0; i < count; i++) {
            finish(taken[i]);
        }
    }
    if (pool->options.worker_end != NULL) {
        pool->options.worker_end(state);
    }
    return NULL;
}

static void pool_init(struct pool *pool, const struct pool_options *options)
{
    pthread_condattr_t monotonic;

    pool->options = *options;
    list_init(&pool->queue);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->work_waits, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

enum status pool_new(const struct pool_options *options, struct pool **out)
{
    struct pool *pool = mem_alloc(sizeof(*pool));

    TRY_ALLOC(pool);
    assert(options->threads > 0 && options->threads <= THREADS_MAX);
    assert(options->batch > 0 && options->batch <= BATCH_MAX);
    pool_init(pool, options);
    for (size_t i = 0; i < options->threads; i++) {
        int error = pthread_create(&pool->threads[i], NULL, worker_main, pool);

        if (error != 0) {
            log_error("pool_thread_failed", log_errno(error));
            pool_free(pool);
            return STATUS_UNAVAILABLE;
        }
        pool->started++;
    }
    *out = pool;
    return STATUS_OK;
}

void pool_free(struct pool *pool)
{
    struct list *node;

    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->work_waits);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->started; i++) {
        pthread_join(pool->threads[i], NULL);
    }
    while ((node = list_take(&pool->queue)) != NULL) {
        struct job *job = CONTAINER_OF(node, struct job, node);

        job->status = STATUS_UNAVAILABLE;
        finish(job);
    }
    pthread_cond_destroy(&pool->work_waits);
    pthread_mutex_destroy(&pool->lock);
    mem_free(pool);
}

static enum status submit(struct pool *pool, struct job *job)
{
    enum status status = STATUS_BUSY;

    pthread_mutex_lock(&pool->lock);
    if (pool->stopping) {
        status = STATUS_UNAVAILABLE;
    } else if (pool->waiting < pool->options.queue_limit) {
        atomic_fetch_add(&job->owners, 1);
        list_append(&pool->queue, &job->node);
        pool->waiting++;
        pthread_cond_signal(&pool->work_waits);
        status = STATUS_OK;
    }
    pthread_mutex_unlock(&pool->lock);
    return status;
}

enum status pool_run(struct pool *pool, struct job *job)
{
    job->loop = fiber_loop(fiber_current());
    job->waiter = fiber_ref(fiber_current());
    TRY(submit(pool, job));
    while (!job->done) {
        enum status status = fiber_park(FIBER_FOREVER);

        if (status != STATUS_OK) {
            atomic_store(&job->abandoned, true);
            return status;
        }
    }
    return job->status;
}

size_t pool_waiting(struct pool *pool)
{
    size_t waiting;

    pthread_mutex_lock(&pool->lock);
    waiting = pool->waiting;
    pthread_mutex_unlock(&pool->lock);
    return waiting;
}
