/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite/group.h"

/* What one job may read and return; far above any request of ours. */
#define JOB_BYTES_MAX ((size_t)64 << 20)

static void wipe(struct job *job)
{
    arena_release(&((struct sqlite_job *)job)->arena);
}

static enum status copy_text(struct arena *arena, struct value *value)
{
    return value->kind == VALUE_TEXT
               ? slice_dup(arena, value->text, &value->text)
               : STATUS_OK;
}

static enum status copy_values(struct arena *arena, const struct value *from,
                               size_t count, struct value **out)
{
    if (count == 0) {
        return STATUS_OK;
    }
    *out = arena_alloc(arena, count * sizeof(**out));
    TRY_ALLOC(*out);
    memcpy(*out, from, count * sizeof(**out));
    for (size_t i = 0; i < count; i++) {
        TRY(copy_text(arena, &(*out)[i]));
    }
    return STATUS_OK;
}

static enum status copy_step(const struct store *store,
                             const struct statement *from, struct arena *arena,
                             struct sqlite_step *to)
{
    to->query = *store_query(store, from);
    to->param_count = from->param_count;
    to->must_change = from->must_change;
    if (to->query.id == QUERY_BUILT) { /* the others' text is the store's */
        TRY(slice_dup(arena, to->query.sql, &to->query.sql));
    }
    return copy_values(arena, from->params, from->param_count, &to->params);
}

enum status sqlite_job_new(const struct store *store,
                           const struct statement *statements, size_t count,
                           struct sqlite_job **out)
{
    struct sqlite_job *job =
        job_new(sizeof(*job) + count * sizeof(job->steps[0]), wipe);

    TRY_ALLOC(job);
    arena_init(&job->arena, JOB_BYTES_MAX);
    job->count = count;
    for (size_t i = 0; i < count; i++) {
        enum status status =
            copy_step(store, &statements[i], &job->arena, &job->steps[i]);

        job->erases = job->erases || statements[i].erases;
        if (status != STATUS_OK) {
            job_release(&job->job);
            return status;
        }
    }
    *out = job;
    return STATUS_OK;
}

enum status sqlite_job_take(const struct sqlite_job *job, struct arena *arena,
                            struct rows *out)
{
    for (size_t i = 0; i < job->count; i++) {
        const struct rows *rows = &job->steps[i].rows;

        out[i] = *rows;
        out[i].values = NULL;
        TRY(copy_values(arena, rows->values, rows->count * rows->width,
                        &out[i].values));
    }
    return STATUS_OK;
}
