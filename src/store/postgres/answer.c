/* SPDX-License-Identifier: Apache-2.0 */
/* The way back: what arrives on a connection, and whose it is. */
#include "store/postgres/connection.h"

#include "base/log.h"
#include "store/postgres/desk.h"
#include "store/postgres/fault.h"

#include <stdint.h>
#include <sys/epoll.h>

static struct postgres_entry *
first_entry(struct postgres_connection *connection)
{
    return &connection->entries[connection->entry_first];
}

static void switch_to_unnamed(struct postgres *postgres)
{
    if (!atomic_exchange(&postgres->unnamed, true)) {
        log_info("database_behind_pooler",
                 log_text("prepared", SLICE("not kept from now on")));
    }
}

/* What an error says about the connection itself. */
static void note_error(struct postgres_connection *connection,
                       const struct postgres_entry *entry,
                       struct postgres_fault fault)
{
    connection->retiring = connection->retiring || fault.ends_session;
    /* Unless the preparation failed, just before, for its own reasons. */
    if (fault.loses_prepared &&
        (entry->kind == POSTGRES_PREPARE ||
         connection->prepared[entry->query] == POSTGRES_PREPARED)) {
        switch_to_unnamed(connection->desk->postgres);
    }
}

static void note_prepared(struct postgres_connection *connection,
                          const struct postgres_entry *entry, bool done)
{
    if (entry->kind == POSTGRES_PREPARE) {
        connection->prepared[entry->query] =
            done ? POSTGRES_PREPARED : POSTGRES_NOT_PREPARED;
    }
}

/* A trip keeps the first error of a step, or else what running it gave. */
static void keep_result(struct postgres_entry *entry, PGresult *result,
                        bool failed)
{
    struct postgres_step *step =
        entry->trip == NULL ? NULL : &entry->trip->steps[entry->step];

    if (step == NULL || step->result != NULL ||
        (entry->kind == POSTGRES_PREPARE && !failed)) {
        pq.clear(result);
        return;
    }
    step->result = result;
}

/* Each answer to PREPARE or RUN is one result and then NULL. */
static bool take_step(struct postgres_connection *connection, PGresult *result)
{
    struct postgres_entry *entry = first_entry(connection);
    struct postgres_fault fault;

    if (result == NULL) {
        postgres_connection_arrive(connection);
        return true;
    }
    if (pq.resultStatus(result) == PGRES_PIPELINE_SYNC) {
        pq.clear(result);
        return false;
    }
    fault = postgres_fault_of(result);
    note_prepared(connection, entry, fault.status == STATUS_OK);
    if (fault.status != STATUS_OK) {
        note_error(connection, entry, fault);
    }
    keep_result(entry, result, fault.status != STATUS_OK);
    return true;
}

/* A sync is one result with no NULL behind it. */
static bool take_sync(struct postgres_connection *connection, PGresult *result)
{
    bool is_sync =
        result != NULL && pq.resultStatus(result) == PGRES_PIPELINE_SYNC;

    pq.clear(result);
    if (is_sync) {
        postgres_connection_arrive(connection);
    }
    return is_sync;
}

static bool take_next(struct postgres_connection *connection)
{
    PGresult *result = pq.getResult(connection->link);

    return first_entry(connection)->kind == POSTGRES_SYNC
               ? take_sync(connection, result)
               : take_step(connection, result);
}

static bool is_broken(struct postgres_connection *connection)
{
    return pq.status(connection->link) == CONNECTION_BAD;
}

/* False: it cannot be used any more. */
static bool take_all(struct postgres_connection *connection)
{
    while (connection->entry_count > 0 && !pq.isBusy(connection->link)) {
        if (is_broken(connection) || !take_next(connection)) {
            return false;
        }
    }
    return !is_broken(connection);
}

void postgres_connection_answer(struct postgres_connection *connection,
                                uint32_t events)
{
    int flushed = 0;

    if ((events & EPOLLOUT) != 0) {
        flushed = pq.flush(connection->link);
    }
    /* What came before the end still counts. */
    if (pq.consumeInput(connection->link) != 1 || flushed < 0 ||
        !take_all(connection)) {
        postgres_connection_drop(connection, NULL);
        return;
    }
    if (flushed == 0) {
        postgres_connection_watch(connection, EPOLLIN);
    }
    postgres_connection_settle(connection);
    postgres_desk_look(connection->desk);
}
