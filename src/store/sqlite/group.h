/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes that wait together, in one transaction (docs/decisions/0005).
 *
 * Each job has a savepoint: one that fails is undone alone. Nobody is told
 * anything before the COMMIT, and when that fails nobody is told that theirs
 * went well, nor that a value was taken: it may have been a neighbour's.
 *
 * A job owns copies of all it reads and writes, because the fiber that asked
 * may leave at any time (net/pool.h).
 */
#ifndef STORE_SQLITE_GROUP_H
#define STORE_SQLITE_GROUP_H

#include "net/pool.h"
#include "store/sqlite/connection.h"

struct sqlite_step {
    struct query query;
    struct value *params;
    size_t param_count;
    bool must_change;
    struct rows rows; /* what it gave, in the job's arena */
};

struct sqlite_job {
    struct job job;
    struct arena arena;
    bool erases; /* one of the statements does */
    size_t count;
    struct sqlite_step steps[];
};

/* Copies of `statements`; NULL rows to begin with. */
MUST_USE enum status sqlite_job_new(const struct store *store,
                                    const struct statement *statements,
                                    size_t count, struct sqlite_job **out);
/* What the steps gave, copied into the caller's arena. */
MUST_USE enum status sqlite_job_take(const struct sqlite_job *job,
                                     struct arena *arena, struct rows *out);

/*
 * Sets each job's status. Returns SQLITE_OK, or the result code for which
 * nothing at all was written.
 */
int sqlite_group_run(struct sqlite_connection *connection, struct store *store,
                     struct sqlite_job **jobs, size_t count);

#endif
