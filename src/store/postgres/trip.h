/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One trip to the database and back: up to a transaction's statements, sent
 * together, with one "sync" behind them. Without BEGIN they are a transaction
 * of their own: the sync commits. Reads of one turn of the loop share a sync.
 *
 * It lives on the stack of the fiber that waits for it. Leaving early, for
 * whatever reason, is postgres_trip_end: its place in line is given up, or
 * its answer is read and thrown away, and nobody else ever gets it.
 */
#ifndef STORE_POSTGRES_TRIP_H
#define STORE_POSTGRES_TRIP_H

#include "net/fiber.h"
#include "store/postgres/library.h"
#include "store/store.h"

enum postgres_lane {
    POSTGRES_READS,  /* pipelined: many trips on a connection at once */
    POSTGRES_WRITES, /* one at a time */
    POSTGRES_LANES
};

/* The list's statements, with BEGIN or COMMIT around them. */
#define POSTGRES_STEPS_MAX (STORE_STATEMENTS_MAX + 2)

struct postgres_step {
    const struct query *query; /* NULL: `words` */
    const char *words;
    const char *const *params;
    size_t param_count;
    PGresult *result; /* NULL: none came */
};

struct postgres_connection;
struct postgres_desk;

struct postgres_trip {
    struct list node; /* in line */
    struct postgres_desk *desk;
    struct fiber_ref waiter;
    enum postgres_lane lane;
    bool begins; /* a transaction that goes on after it: the connection */
    bool ends;   /* stays the trip's until the one that ends it is back */
    bool alone;  /* a read that shares its sync with no other */
    bool away;   /* sent, and its answer not all here */
    bool done;
    bool lost; /* with its connection; it may have been carried out */
    /* Where it is, or what it keeps; NULL in line and when that was lost. */
    struct postgres_connection *connection;
    size_t count;
    struct postgres_step steps[POSTGRES_STEPS_MAX];
};

void postgres_trip_init(struct postgres_trip *trip, struct postgres_desk *desk,
                        enum postgres_lane lane);
/* For CLEANUP: undoes a transaction that did not end. */
void postgres_trip_end(struct postgres_trip *trip);
/* Ready for the next part of the same transaction. */
void postgres_trip_again(struct postgres_trip *trip);

void postgres_trip_add(struct postgres_trip *trip, struct postgres_step step);

/*
 * Goes, and parks until it is back: STATUS_UNAVAILABLE past the deadline or
 * when the connection was lost, STATUS_BUSY when the line is too long,
 * STATUS_CANCELLED. What came back is in the steps.
 */
MUST_USE enum status postgres_trip_go(struct postgres_trip *trip,
                                      int64_t deadline_ms);

#endif
