/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks up the names of the database's servers off the loop: libpq would
 * block it. The answer arrives on the loop as a message.
 *
 * A thread of its own and no pool's job: a job needs a fiber that waits, and
 * one that waited here could outlast the loop by as long as a resolver takes.
 * There are as many at once as connections being made.
 *
 * Two shares, the asker's and the thread's; the last one out frees it.
 */
#ifndef STORE_POSTGRES_LOOKUP_H
#define STORE_POSTGRES_LOOKUP_H

#include "net/loop.h"
#include "store/postgres/address.h"

struct postgres_lookup;

struct postgres_lookup_answer {
    enum status status;
    /* Lists for libpq, one entry an address; C strings. */
    struct slice hosts;
    struct slice addresses;
    struct slice ports;
};

/* `done` is called on the loop, once, unless it is given up before. */
MUST_USE enum status postgres_lookup_start(
    struct loop *loop, const struct postgres_address *address,
    void (*done)(void *arg, const struct postgres_lookup_answer *answer),
    void *arg, struct postgres_lookup **out);

/* The asker's share; `done` is not called any more. NULL is allowed. */
void postgres_lookup_give_up(struct postgres_lookup *lookup);
/* The same after the loop has stopped for good. */
void postgres_lookup_close(struct postgres_lookup *lookup);

#endif
