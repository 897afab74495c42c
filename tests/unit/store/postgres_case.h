/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the PostgreSQL engine share: one server for the program,
 * tables with some rows, and for each case a store and a loop of its own.
 */
#ifndef TESTS_UNIT_STORE_POSTGRES_CASE_H
#define TESTS_UNIT_STORE_POSTGRES_CASE_H

#include "net/loop.h"
#include "postgres_fixture.h"
#include "store/engine.h"

/* Users user-0.. with sessions token-0.. */
#define POSTGRES_CASE_SESSIONS 500
#define POSTGRES_CASE_TIMEOUT  2000

struct postgres_case {
    struct postgres_fixture server;
    bool has_server;
    struct arena arena;
    struct schema schema;
    struct store *store;
    struct loop *loop;
    int fibers;
};

extern struct postgres_case postgres_case;

void postgres_case_begin(void);
void postgres_case_end(void);

/* `options` go behind the server's URL. False: there is no server. */
bool postgres_case_open(const char *options);
/* At another address. */
void postgres_case_open_at(const char *url, size_t connections,
                           int64_t timeout_ms);
void postgres_case_close(void);

/* Runs fn(arg) in a fiber, which must end with postgres_case_fiber_ends. */
void postgres_case_fiber(void (*fn)(void *arg), void *arg);
void postgres_case_fiber_ends(void);
/* Until all have ended; then none is left. */
void postgres_case_run(void);
/* The same for one. */
void postgres_case_run_one(void (*fn)(void *arg), void *arg);

/* One call of the store, from a fiber of its own. */
enum status postgres_case_read(const struct statement *statement,
                               struct rows *out);
enum status postgres_case_write(const struct statement *statements,
                                size_t count, struct rows *out);
/* A template (query.h) as a statement without parameters. */
struct statement postgres_case_statement(const char *template);

/* On a connection of its own, past the store. */
void postgres_case_sql(const char *sql);
int64_t postgres_case_number(const char *sql);
/* By another program; from any thread. */
void postgres_case_psql(const char *sql);

#endif
