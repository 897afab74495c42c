/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection of a loop. Questions go out as they come; answers come back
 * in the same order, and a ring of entries says whose each one is.
 *
 * Invariant: an entry leaves the ring when its answer was read or with the
 * connection, so a late answer can never be taken for another's. When nothing
 * came for the store's timeout the connection is dropped, not just the wait.
 */
#ifndef STORE_POSTGRES_CONNECTION_H
#define STORE_POSTGRES_CONNECTION_H

#include "net/loop.h"
#include "store/postgres/lookup.h"
#include "store/postgres/postgres.h"
#include "store/postgres/trip.h"

/* Trips on a reading connection: more only makes the last wait longer. */
#define POSTGRES_DEPTH ((size_t)64)
/* A power of two. */
#define POSTGRES_ENTRIES ((size_t)256)
/* Of a read: prepare, run, and a sync on either side. */
#define POSTGRES_READ_ENTRIES ((size_t)4)

enum postgres_phase {
    POSTGRES_CLOSED,
    POSTGRES_LOOKING_UP,
    POSTGRES_CONNECTING,
    POSTGRES_READY
};

enum postgres_entry_kind {
    POSTGRES_PREPARE,
    POSTGRES_RUN,
    POSTGRES_SYNC
};

struct postgres_entry {
    enum postgres_entry_kind kind;
    enum query_id query;
    size_t step;
    bool last; /* its trip is back with it */
    int64_t sent_ms;
    struct postgres_trip *trip; /* NULL: nobody waits for it any more */
};

enum postgres_prepared {
    POSTGRES_NOT_PREPARED,
    POSTGRES_PREPARE_SENT,
    POSTGRES_PREPARED
};

struct postgres_connection {
    struct postgres_desk *desk;
    enum postgres_lane lane;
    enum postgres_phase phase;
    PGconn *link;
    struct watch watch;
    uint32_t events;    /* watched for; 0: not watched */
    struct timer timer; /* connecting, answering or idling too long */
    int64_t since_ms;   /* the first look-up, or the last answer */

    struct postgres_lookup *lookup;
    bool retiring;       /* takes no more questions; closed when empty */
    bool in_transaction; /* BEGIN was sent, and no end of it */
    struct postgres_trip *holder; /* whose transaction it is */
    size_t unsynced;              /* reads given to libpq, and no sync yet */
    size_t in_flight;             /* trips, those nobody waits for too */
    unsigned char prepared[QUERY_COUNT];
    size_t entry_first;
    size_t entry_count;
    struct postgres_entry entries[POSTGRES_ENTRIES];
};

void postgres_connection_init(struct postgres_connection *connection,
                              struct postgres_desk *desk,
                              enum postgres_lane lane);
/*
 * All trips on it are lost. `why`: what failed, so that the next attempt
 * waits; NULL: the other side closed it, or we did.
 */
void postgres_connection_drop(struct postgres_connection *connection,
                              const char *why);
/* After the loop has stopped. */
void postgres_connection_close(struct postgres_connection *connection);

bool postgres_connection_has_room(const struct postgres_connection *connection);
/*
 * Sends it, or drops the connection, and the trip is lost. A read only goes
 * with the next sync.
 */
void postgres_connection_send(struct postgres_connection *connection,
                              struct postgres_trip *trip);
/*
 * Sends what was gathered in this turn, if anything. One sync for several
 * reads costs half of one for each, on both sides; an error skips the reads
 * behind it, which then go again, each with a sync of its own.
 */
void postgres_connection_sync(struct postgres_connection *connection);
/* The trip's fiber leaves; the answer will be read for nobody. */
void postgres_connection_abandon(struct postgres_connection *connection,
                                 struct postgres_trip *trip);
/* A held connection comes back; an open transaction is undone first. */
void postgres_connection_give_back(struct postgres_connection *connection);

/* For this module's files only. connect.c: */
void postgres_connect_start(struct postgres_connection *connection);
void postgres_connect_step(struct postgres_connection *connection);
void postgres_connect_timer(struct postgres_connection *connection);
/* answer.c: */
void postgres_connection_answer(struct postgres_connection *connection,
                                uint32_t events);
/* connection.c: */
void postgres_connection_begin(struct postgres_connection *connection);
void postgres_connection_watch(struct postgres_connection *connection,
                               uint32_t events);
/* The first entry was answered. */
void postgres_connection_arrive(struct postgres_connection *connection);
void postgres_connection_settle(struct postgres_connection *connection);

#endif
