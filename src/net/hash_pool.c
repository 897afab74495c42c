/* SPDX-License-Identifier: Apache-2.0 */
#include "net/hash_pool.h"

#include "base/log.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "net/pool.h"

/* No salt of a stored hash is longer. */
#define SALT_MAX 64
/* The widest run there is; a longer batch would only deliver later. */
#define BATCH_MAX 12
/* The kernel gives the loops nine times the share of such a thread. */
#define NICENESS 10

struct hash_pool {
    struct pool *pool;
    struct scrypt_options scrypt;
};

struct hash_job {
    struct job job;
    struct hash_pool *owner;
    struct scrypt_job scrypt;
    char salt[SALT_MAX];
    size_t password_len;
    char password[];
};

static void wipe(struct job *job)
{
    struct hash_job *hash = (struct hash_job *)job;

    secret_wipe(hash->password, hash->password_len);
    scrypt_job_wipe(&hash->scrypt);
}

/* One engine a thread, made with its first job: an idle pool costs nothing. */
struct hasher {
    struct scrypt_engine *engine;
};

static void *hasher_begin(void)
{
    return mem_alloc(sizeof(struct hasher));
}

static void hasher_end(void *state)
{
    struct hasher *hasher = state;

    if (hasher != NULL) {
        scrypt_engine_free(hasher->engine);
        mem_free(hasher);
    }
}

static void hasher_idle(void *state)
{
    struct hasher *hasher = state;

    if (hasher != NULL && hasher->engine != NULL) {
        scrypt_engine_trim(hasher->engine);
    }
}

static enum status hash_all(struct hasher *hasher, struct job **jobs,
                            size_t count)
{
    struct scrypt_job *batch[BATCH_MAX];

    TRY_ALLOC(hasher);
    for (size_t i = 0; i < count; i++) {
        batch[i] = &((struct hash_job *)jobs[i])->scrypt;
    }
    if (hasher->engine == NULL) {
        struct hash_job *first = (struct hash_job *)jobs[0];

        TRY(scrypt_engine_new(&first->owner->scrypt, &hasher->engine));
    }
    return scrypt_batch(hasher->engine, batch, count);
}

static void work(void *state, struct job **jobs, size_t count)
{
    enum status status = hash_all(state, jobs, count);

    if (status != STATUS_OK) {
        log_error("hashing_failed", log_text("status", status_code(status)),
                  log_number("jobs", (int64_t)count));
    }
    for (size_t i = 0; i < count; i++) {
        jobs[i]->status = status;
    }
}

static size_t run_width(const struct scrypt_options *scrypt)
{
    size_t width = scrypt_path_width(scrypt->path);

    width = width < scrypt->max_width ? width : scrypt->max_width;
    return width < BATCH_MAX ? width : BATCH_MAX;
}

enum status hash_pool_new(const struct hash_pool_options *options,
                          struct hash_pool **out)
{
    struct pool_options pool_options = {
        .name = "hash",
        .threads = options->threads,
        .queue_limit = options->queue_limit,
        .batch = run_width(&options->scrypt),
        .nice = NICENESS,
        .work = work,
        .worker_begin = hasher_begin,
        .worker_end = hasher_end,
        .worker_idle = hasher_idle,
        .idle_after_ms = options->idle_ms,
    };
    struct hash_pool *pool = mem_alloc(sizeof(*pool));
    enum status status;

    TRY_ALLOC(pool);
    pool->scrypt = options->scrypt;
    status = pool_new(&pool_options, &pool->pool);
    if (status != STATUS_OK) {
        mem_free(pool);
        return status;
    }
    *out = pool;
    return STATUS_OK;
}

void hash_pool_free(struct hash_pool *pool)
{
    if (pool != NULL) {
        pool_free(pool->pool);
        mem_free(pool);
    }
}

static void release(struct hash_job **job)
{
    if (*job != NULL) {
        job_release(&(*job)->job);
    }
}

enum status hash_pool_run(struct hash_pool *pool, struct slice password,
                          struct slice salt,
                          unsigned char out[static SCRYPT_KEY_BYTES])
{
    CLEANUP(release) struct hash_job *job = NULL;

    if (salt.len > SALT_MAX || password.len > SCRYPT_TEXT_LIMIT) {
        return STATUS_INVALID_VALUE;
    }
    job = job_new(sizeof(*job) + password.len, wipe);
    TRY_ALLOC(job);
    job->owner = pool;
    job->password_len = password.len;
    memcpy(job->password, password.ptr, password.len);
    memcpy(job->salt, salt.ptr, salt.len);
    job->scrypt.password = slice_make(job->password, password.len);
    job->scrypt.salt = slice_make(job->salt, salt.len);
    TRY(pool_run(pool->pool, &job->job));
    memcpy(out, job->scrypt.out, SCRYPT_KEY_BYTES);
    return STATUS_OK;
}
