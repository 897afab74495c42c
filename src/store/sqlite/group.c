/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite/group.h"

/* Puts what an earlier step returned where a parameter asks for it. */
static enum status resolve(const struct sqlite_job *job, size_t at,
                           struct value *value)
{
    size_t step = (size_t)value->number >> 16;
    size_t column = (size_t)value->number & 0xffff;
    const struct rows *rows;

    if (value->kind != VALUE_RESULT) {
        return STATUS_OK;
    }
    if (step >= at) {
        return STATUS_INTERNAL;
    }
    rows = &job->steps[step].rows;
    if (rows->count == 0) {
        return STATUS_NOT_FOUND;
    }
    if (column >= rows->width) {
        return STATUS_INTERNAL;
    }
    *value = rows->values[column];
    return STATUS_OK;
}

static enum status run_step(struct sqlite_connection *connection,
                            struct store *store, struct sqlite_job *job,
                            size_t at)
{
    struct sqlite_step *step = &job->steps[at];
    struct sqlite_call call = {&step->query, step->params, step->param_count};

    if (!store_next_may_run(store)) {
        return STATUS_UNAVAILABLE;
    }
    for (size_t i = 0; i < step->param_count; i++) {
        TRY(resolve(job, at, &step->params[i]));
    }
    TRY(sqlite_run(connection, &call, &job->arena, &step->rows));
    return step->must_change && step->rows.changed == 0 && step->rows.count == 0
               ? STATUS_NOT_FOUND
               : STATUS_OK;
}

static enum status run_steps(struct sqlite_connection *connection,
                             struct store *store, struct sqlite_job *job)
{
    for (size_t i = 0; i < job->count; i++) {
        TRY(run_step(connection, store, job, i));
    }
    return STATUS_OK;
}

/* SQLITE_OK unless the whole transaction is lost. */
static int run_job(struct sqlite_connection *connection, struct store *store,
                   struct sqlite_job *job)
{
    int code = sqlite_control(connection, CONTROL_SAVE);

    if (code != SQLITE_OK) {
        return code;
    }
    job->job.status = run_steps(connection, store, job);
    if (sqlite3_get_autocommit(connection->db) != 0) {
        /* A full disk or a failed write has rolled everything back. */
        return SQLITE_ABORT_ROLLBACK;
    }
    if (job->job.status != STATUS_OK) {
        code = sqlite_control(connection, CONTROL_UNDO);
    }
    return code == SQLITE_OK ? sqlite_control(connection, CONTROL_KEEP) : code;
}

static int run_all(struct sqlite_connection *connection, struct store *store,
                   struct sqlite_job **jobs, size_t count)
{
    int code = sqlite_control(connection, CONTROL_BEGIN);

    for (size_t i = 0; code == SQLITE_OK && i < count; i++) {
        /* BEGIN may have waited for another process longer than a fiber. */
        if (atomic_load(&jobs[i]->job.abandoned)) {
            jobs[i]->job.status = STATUS_CANCELLED;
        } else {
            code = run_job(connection, store, jobs[i]);
        }
    }
    if (code != SQLITE_OK) {
        return code;
    }
    if (!store_next_may_run(store)) {
        return SQLITE_INTERRUPT;
    }
    return sqlite_control(connection, CONTROL_COMMIT);
}

int sqlite_group_run(struct sqlite_connection *connection, struct store *store,
                     struct sqlite_job **jobs, size_t count)
{
    int code = run_all(connection, store, jobs, count);

    if (code == SQLITE_OK) {
        sqlite_outage_end(connection->outage);
        return SQLITE_OK;
    }
    if (code != SQLITE_INTERRUPT && code != SQLITE_ABORT_ROLLBACK) {
        (void)sqlite_outage_note(connection->outage, connection->db, code,
                                 SLICE("commit"));
    }
    if (sqlite3_get_autocommit(connection->db) == 0) {
        (void)sqlite_control(connection, CONTROL_ROLLBACK);
    }
    for (size_t i = 0; i < count; i++) {
        jobs[i]->job.status = STATUS_UNAVAILABLE;
    }
    return code;
}
