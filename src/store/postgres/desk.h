/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A loop's connections and the trips in line for them, first come first
 * served. Made at the loop's first call, freed with the store.
 *
 * Connections are opened as trips wait for them, kept, and closed when idle
 * for long. While the database is away one attempt at a time goes on, with a
 * growing pause in between, also when nobody waits; what waits in line leaves
 * by its own deadline.
 */
#ifndef STORE_POSTGRES_DESK_H
#define STORE_POSTGRES_DESK_H

#include "store/postgres/connection.h"

struct postgres_desk {
    struct postgres_desk *next;
    struct postgres *postgres;
    struct loop *loop;
    struct task task; /* sends what waits, opens what is missing */
    struct timer retry;
    int64_t retry_at_ms;
    int64_t heard_ms;  /* the last answer on any of them */
    unsigned failures; /* to connect, in a row */
    struct list lines[POSTGRES_LANES];
    size_t waiting[POSTGRES_LANES];
    size_t count;
    struct postgres_connection connections[];
};

/* Of the fiber that runs. */
MUST_USE enum status postgres_desk_get(struct postgres *postgres,
                                       struct postgres_desk **out);
/* After the loop has stopped. */
void postgres_desk_free(struct postgres_desk *desk);

/* Sends the trip, or puts it in line; STATUS_BUSY when that is too long. */
MUST_USE enum status postgres_desk_submit(struct postgres_desk *desk,
                                          struct postgres_trip *trip);
void postgres_desk_leave_line(struct postgres_desk *desk,
                              struct postgres_trip *trip);

/* A connection's news: it stands, or an answer came on it. */
void postgres_desk_ready(struct postgres_desk *desk);
void postgres_desk_heard(struct postgres_desk *desk);
/* Did any answer come within the store's timeout? */
bool postgres_desk_hears(const struct postgres_desk *desk);
void postgres_desk_failed(struct postgres_desk *desk, const char *why);
/* One was lost while little used: is the database still there? */
void postgres_desk_doubt(struct postgres_desk *desk);
/* There may be room for who waits. */
void postgres_desk_look(struct postgres_desk *desk);

#endif
