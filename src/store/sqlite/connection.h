/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to the file, and its prepared statements.
 *
 * Used by one thread at a time (SQLite's own locks are off). Nothing of it is
 * open between two calls: a statement that is left in the middle of its rows
 * keeps the log from being emptied.
 */
#ifndef STORE_SQLITE_CONNECTION_H
#define STORE_SQLITE_CONNECTION_H

#include "store/engine.h"
#include "store/sqlite/outage.h"

enum sqlite_role {
    ROLE_READER,
    ROLE_WRITER,
    ROLE_DIRECT
};

/* What surrounds the statements of a write. */
enum sqlite_control {
    CONTROL_BEGIN,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVE,
    CONTROL_UNDO, /* back to where CONTROL_SAVE was */
    CONTROL_KEEP, /* forgets that place */
    CONTROL_COUNT
};

struct sqlite_connection {
    sqlite3 *db;
    struct sqlite_outage *outage;
    int64_t timeout_ms;
    int64_t busy_since_ms;
    sqlite3_stmt *queries[QUERY_COUNT];
    sqlite3_stmt *controls[CONTROL_COUNT];
};

/* A statement and what it is to be run with. */
struct sqlite_call {
    const struct query *query;
    const struct value *params;
    size_t param_count;
};

/*
 * `connection` is zeroed but for outage and timeout_ms, and must be closed
 * whether this fails or not. *why has the reason; it is not NULL.
 */
MUST_USE enum status
sqlite_connection_open(struct sqlite_connection *connection, const char *path,
                       enum sqlite_role role, struct arena *arena,
                       struct slice *why);
void sqlite_connection_close(struct sqlite_connection *connection);

/*
 * Runs one statement to its end and copies its rows into the arena. Parameters
 * are borrowed for the call. STATUS_TOO_LARGE for more than STORE_ROWS_MAX
 * rows, or too many bytes.
 */
MUST_USE enum status sqlite_run(struct sqlite_connection *connection,
                                const struct sqlite_call *call,
                                struct arena *arena, struct rows *out);

/* SQLITE_OK or an extended result code. */
int sqlite_control(struct sqlite_connection *connection,
                   enum sqlite_control control);

/*
 * Statements as they stand, one after another up to the first that fails.
 * `rows` is NULL, or takes those of the last that has any. *why on failure.
 */
MUST_USE enum status sqlite_run_script(struct sqlite_connection *connection,
                                       struct slice sql, struct arena *arena,
                                       struct rows *rows, struct slice *why);

/* The same for settings; rows are not looked at. */
int sqlite_script(struct sqlite_connection *connection, const char *sql);

#endif
