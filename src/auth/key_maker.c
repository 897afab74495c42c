/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/key_maker.h"

#include "base/mem.h"
#include "net/pool.h"

/* One a loop, since a gate lets in one a process. */
#define QUEUE_MAX ((size_t)8)
/* Both halves of the largest key, several times over. */
#define ROW_MAX ((size_t)262144)
/* As the threads that hash passwords: the loops go first. */
#define NICENESS 10

struct key_maker {
    struct pool *pool;
    const struct secrets *secrets;
    enum key_algorithm algorithm;
};

struct key_job {
    struct job job;
    const struct secrets *secrets;
    enum key_algorithm algorithm;
    struct arena arena; /* the row's */
    struct jwks_row row;
};

static void wipe(struct job *job)
{
    arena_release(&((struct key_job *)job)->arena);
}

static void work(void *state, struct job **jobs, size_t count)
{
    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct key_job *job = (struct key_job *)jobs[i];

        job->job.status =
            jwks_row_make(job->secrets, job->algorithm, &job->arena, &job->row);
    }
}

enum status key_maker_new(const struct secrets *secrets,
                          enum key_algorithm algorithm, struct key_maker **out)
{
    const struct pool_options options = {
        .name = "key",
        .threads = 1,
        .queue_limit = QUEUE_MAX,
        .batch = 1,
        .nice = NICENESS,
        .work = work,
    };
    struct key_maker *maker = mem_alloc(sizeof(*maker));
    enum status status;

    TRY_ALLOC(maker);
    maker->secrets = secrets;
    maker->algorithm = algorithm;
    status = pool_new(&options, &maker->pool);
    if (status != STATUS_OK) {
        mem_free(maker);
        return status;
    }
    *out = maker;
    return STATUS_OK;
}

void key_maker_free(struct key_maker *maker)
{
    if (maker != NULL) {
        pool_free(maker->pool);
        mem_free(maker);
    }
}

static void release_job(struct key_job **job)
{
    if (*job != NULL) {
        job_release(&(*job)->job);
    }
}

static enum status copy_row(const struct jwks_row *row, struct arena *arena,
                            struct jwks_row *out)
{
    *out = *row;
    TRY(slice_dup(arena, row->public_key, &out->public_key));
    TRY(slice_dup(arena, row->private_key, &out->private_key));
    TRY(slice_dup(arena, row->algorithm, &out->algorithm));
    return slice_dup(arena, row->curve, &out->curve);
}

enum status key_maker_run(struct key_maker *maker, struct arena *arena,
                          struct jwks_row *out)
{
    CLEANUP(release_job) struct key_job *job = job_new(sizeof(*job), wipe);

    TRY_ALLOC(job);
    job->secrets = maker->secrets;
    job->algorithm = maker->algorithm;
    arena_init(&job->arena, ROW_MAX);
    TRY(pool_run(maker->pool, &job->job));
    return copy_row(&job->row, arena, out);
}
