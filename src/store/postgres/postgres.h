/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PostgreSQL engine, within its folder: what all loops share. Immutable
 * after opening but for the atomics.
 *
 *   engine.c       struct store_engine: open, read, state, close
 *   write.c        one statement, or several in a transaction
 *   desk.c         a loop's connections, and the fibers in line for them
 *   connection.c   one connection: what is sent on it
 *   answer.c       what comes back
 *   connect.c      how it comes about
 */
#ifndef STORE_POSTGRES_POSTGRES_H
#define STORE_POSTGRES_POSTGRES_H

#include "store/engine.h"
#include "store/postgres/address.h"

struct postgres_desk;

struct postgres {
    struct store *store;
    struct arena arena;
    struct postgres_address address;
    /* Of prepared statements; the same text has the same name everywhere. */
    const char *names[QUERY_COUNT];
    _Atomic(struct postgres_desk *) desks; /* newest first */
    _Atomic int state;                     /* enum store_state */
    /* Statements prepared under a name do not last: a pooler is between. */
    _Atomic bool unnamed;
};

MUST_USE enum status postgres_write(struct store *store,
                                    const struct statement *statements,
                                    size_t count, struct arena *arena,
                                    struct rows *out);

MUST_USE enum status postgres_direct_open(struct store *store,
                                          struct arena *arena,
                                          struct slice *why,
                                          struct store_direct **out);
void postgres_direct_close(struct store_direct *direct);
MUST_USE enum status postgres_direct_run(struct store_direct *direct,
                                         struct slice sql, struct arena *arena,
                                         struct rows *rows, struct slice *why);

#endif
