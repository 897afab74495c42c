/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What store.c asks of an engine. For this folder's .c files only.
 *
 * An engine keeps its own state a loop (connections, prepared statements),
 * made at that loop's first call. It checks store_next_may_run() before each
 * statement, so that tests can make any of them fail.
 */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "base/buf.h"
#include "store/store.h"

/*
 * The migrator's and the checker's own connection: plain blocking calls.
 * `script` may hold several statements.
 */
struct store_direct;

struct store_engine {
    enum query_engine dialect;
    enum status (*open)(struct store *store,
                        const struct store_settings *settings,
                        struct arena *arena, struct slice *why);
    void (*close)(struct store *store);
    enum status (*read)(struct store *store, const struct statement *statement,
                        struct arena *arena, struct rows *out);
    enum status (*write)(struct store *store,
                         const struct statement *statements, size_t count,
                         struct arena *arena, struct rows *out);
    enum store_state (*state)(const struct store *store);

    /* Blocking, before the loops: */
    enum status (*direct_open)(struct store *store, struct arena *arena,
                               struct slice *why, struct store_direct **out);
    void (*direct_close)(struct store_direct *direct);
    /* SQL as it stands, for this engine; `rows` may be NULL. *why on failure.
     */
    enum status (*direct_run)(struct store_direct *direct, struct slice sql,
                              struct arena *arena, struct rows *rows,
                              struct slice *why);
};

extern const struct store_engine store_sqlite;
extern const struct store_engine store_postgres;

struct store {
    const struct store_engine *engine;
    void *state; /* the engine's own */
    const struct schema *schema;
    struct arena arena; /* what the queries' text lives in */
    struct query queries[QUERY_COUNT];
    int64_t timeout_ms;
    size_t connections;
    bool adopts;
    _Atomic int64_t fail_in; /* 0: nothing fails */
};

/* The query a statement names. */
const struct query *store_query(const struct store *store,
                                const struct statement *statement);
/* False when a test wants this statement to fail. */
bool store_next_may_run(struct store *store);

#endif
