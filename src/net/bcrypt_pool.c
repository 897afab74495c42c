/* SPDX-License-Identifier: Apache-2.0 */
#include "net/bcrypt_pool.h"

#include "base/mem.h"
#include "crypto/bcrypt.h"
#include "crypto/secret.h"
#include "net/pool.h"

#include <pthread.h>

/* The kernel gives the loops nine times the share of such a thread. */
#define NICENESS 10

struct bcrypt_pool {
    size_t queue_limit;
    pthread_mutex_t lock; /* over `pool`, until it is there */
    struct pool *pool;
};

struct bcrypt_job {
    struct job job;
    bool matches;
    char hash[BCRYPT_HASH_LEN];
    size_t password_len;
    char password[BCRYPT_PASSWORD_MAX];
};

static void wipe(struct job *job)
{
    struct bcrypt_job *bcrypt = (struct bcrypt_job *)job;

    secret_wipe(bcrypt->password, sizeof(bcrypt->password));
}

static void work(void *state, struct job **jobs, size_t count)
{
    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct bcrypt_job *bcrypt = (struct bcrypt_job *)jobs[i];

        jobs[i]->status =
            bcrypt_matches(slice_make(bcrypt->hash, BCRYPT_HASH_LEN),
                           slice_make(bcrypt->password, bcrypt->password_len),
                           &bcrypt->matches);
    }
}

enum status bcrypt_pool_new(size_t queue_limit, struct bcrypt_pool **out)
{
    struct bcrypt_pool *pool = mem_alloc(sizeof(*pool));

    TRY_ALLOC(pool);
    pool->queue_limit = queue_limit;
    if (pthread_mutex_init(&pool->lock, NULL) != 0) {
        mem_free(pool);
        return STATUS_NO_MEMORY;
    }
    *out = pool;
    return STATUS_OK;
}

void bcrypt_pool_free(struct bcrypt_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    if (pool->pool != NULL) {
        pool_free(pool->pool);
    }
    (void)pthread_mutex_destroy(&pool->lock);
    mem_free(pool);
}

static enum status start(struct bcrypt_pool *pool, struct pool **out)
{
    const struct pool_options options = {
        .name = "bcrypt",
        .threads = 1,
        .queue_limit = pool->queue_limit,
        .batch = 1,
        .nice = NICENESS,
        .work = work,
    };
    enum status status = STATUS_OK;

    (void)pthread_mutex_lock(&pool->lock);
    if (pool->pool == NULL) {
        status = pool_new(&options, &pool->pool);
    }
    *out = pool->pool;
    (void)pthread_mutex_unlock(&pool->lock);
    return status;
}

static void release(struct bcrypt_job **job)
{
    if (*job != NULL) {
        job_release(&(*job)->job);
    }
}

enum status bcrypt_pool_run(struct bcrypt_pool *pool, struct slice hash,
                            struct slice password, bool *matches)
{
    CLEANUP(release) struct bcrypt_job *job = NULL;
    struct slice head = slice_head(password, BCRYPT_PASSWORD_MAX);
    struct pool *threads;

    if (!bcrypt_is_hash(hash)) {
        return STATUS_UNREADABLE;
    }
    TRY(start(pool, &threads));
    job = job_new(sizeof(*job), wipe);
    TRY_ALLOC(job);
    memcpy(job->hash, hash.ptr, hash.len);
    if (head.len > 0) {
        memcpy(job->password, head.ptr, head.len);
    }
    job->password_len = head.len;
    TRY(pool_run(threads, &job->job));
    *matches = job->matches;
    return STATUS_OK;
}
