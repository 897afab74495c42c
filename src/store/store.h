/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database, whichever it is: SQLite in a file, or PostgreSQL.
 *
 * Called from fibers; whether a call parks depends on the engine, so assume
 * that it does. Reading sees every write that was acknowledged before it
 * began. Writing is all or nothing, and durable when it returns STATUS_OK;
 * what a cancelled fiber left behind may or may not have been written.
 *
 * A write is a list of statements decided beforehand. What would need a look
 * in between is said by a condition in SQL and `must_change`, so that a
 * transaction never waits for a fiber, a hash or a network.
 *
 * Statuses: TAKEN for a unique value that exists, NOT_FOUND from must_change,
 * INVALID_VALUE when the database refuses a value, BUSY when too much waits,
 * UNAVAILABLE when it cannot be reached, is read-only or full, or gave no
 * answer in time (logged once); CANCELLED, NO_MEMORY.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/query.h"
#include "store/record.h"

#include <stdatomic.h>

struct buf;
struct store;

/* A transaction is short, or it is wrong. */
#define STORE_STATEMENTS_MAX ((size_t)16)
/* The largest answer: an admin's page of users. */
#define STORE_ROWS_MAX ((size_t)10000)

struct statement {
    enum query_id query;
    const struct query *built; /* for QUERY_BUILT */
    const struct value *params;
    size_t param_count;
    /* No row changed or returned: everything is undone, STATUS_NOT_FOUND. */
    bool must_change;
    /*
     * What the write deletes is to leave the files as well: SQLite empties its
     * log within seconds, and writes a file anew that is not large
     * (docs/privacy.md).
     */
    bool erases;
};

struct store_settings {
    struct slice url;            /* sqlite:FILE or postgresql://... */
    size_t connections;          /* of PostgreSQL, a loop */
    int64_t timeout_ms;          /* how long a request waits */
    const struct schema *schema; /* outlives the store */
    /* Better Auth's tables are another server's: looked at, never changed. */
    bool adopts;
};

/* How it stands; any thread may ask. */
enum store_state {
    STORE_STARTING,
    STORE_READY,
    STORE_AWAY
};

/*
 * SQLite: opens or makes the file (0600, in a folder 0700), checks that it is
 * one. PostgreSQL: checks the URL, connects later. *why: one line.
 */
MUST_USE enum status store_open(const struct store_settings *settings,
                                struct arena *arena, struct slice *why,
                                struct store **out);
/* After the loops stopped and before they are freed. NULL is allowed. */
void store_close(struct store *store);

const struct schema *store_schema(const struct store *store);
enum query_engine store_engine(const struct store *store);
enum store_state store_state(const struct store *store);

/* One statement that changes nothing. */
MUST_USE enum status store_read(struct store *store,
                                const struct statement *statement,
                                struct arena *arena, struct rows *out);
/*
 * All of them or none. `out` is NULL, or takes the rows each returned
 * (RETURNING) and how many it changed.
 */
MUST_USE enum status store_write(struct store *store,
                                 const struct statement *statements,
                                 size_t count, struct arena *arena,
                                 struct rows *out);

/*
 * The tables, before loops run: brings them up to date in one transaction,
 * or only says what is missing. They block, on a connection of their own.
 */
MUST_USE enum status store_migrate(struct store *store, struct arena *arena,
                                   struct buf *report, struct slice *why);
/* *missing: what store_migrate would do, a line each. */
MUST_USE enum status store_check(struct store *store, struct arena *arena,
                                 struct buf *missing, struct slice *why);

/*
 * One statement without parameters, before loops run: it blocks, on a
 * connection of its own. For what a start has to know.
 */
MUST_USE enum status store_run_blocking(struct store *store,
                                        const struct statement *statement,
                                        struct arena *arena, struct rows *out,
                                        struct slice *why);

/*
 * What a database is and holds, for its operator: the server, the tables that
 * are there, names, and what store_migrate would do; a line each. *sound is
 * false when a line says "problem": this server could not work with it.
 */
MUST_USE enum status store_examine(struct store *store, struct arena *arena,
                                   struct buf *report, bool *sound,
                                   struct slice *why);

/*
 * A statement for QUERY_BUILT, from a template (query.h) put together from
 * words of our own: names out of the schema, never anything that was sent.
 */
MUST_USE enum status store_build(struct store *store, struct slice template,
                                 struct arena *arena, struct query *out);

/*
 * For tests: the n-th statement from now on fails with STATUS_UNAVAILABLE as
 * if the database had gone; 0: none does.
 */
void store_test_fail(struct store *store, int64_t n);

#endif
