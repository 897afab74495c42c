/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/postgres.h"

#include "base/buf.h"
#include "base/mem.h"
#include "codec/hex.h"
#include "crypto/digest.h"
#include "store/postgres/desk.h"
#include "store/postgres/fault.h"
#include "store/postgres/parameters.h"
#include "store/postgres/result.h"

/* The URL's parts and the names of all statements. */
#define ARENA_MAX ((size_t)65536)

/* Once for each connection that reads: all may have died unseen. */
#define READ_AGAIN_MAX 2

/* Of a statement's name: 64 bits tell them apart. */
#define NAME_BYTES 8
#define NAME_MAX   64

/*
 * Named by what they say: behind a pooler another version of this server may
 * have prepared its own on the same session.
 */
static enum status name_statement(struct postgres *postgres,
                                  const struct query *query)
{
    unsigned char digest[SHA256_BYTES];
    struct slice name;
    struct buf buf;

    TRY(digest_sha256(query->sql, digest));
    buf_init(&buf, &postgres->arena, NAME_MAX);
    buf_add(&buf, SLICE("bp_"));
    hex_encode(&buf, slice_make(digest, NAME_BYTES));
    buf_add_byte(&buf, '\0');
    TRY(buf_finish(&buf, &name));
    postgres->names[query->id] = name.ptr;
    return STATUS_OK;
}

static enum status begin(struct postgres *postgres, struct slice url,
                         struct slice *why)
{
    struct store *store = postgres->store;

    *why = SLICE("libpq (Debian: libpq5) cannot be loaded");
    TRY(postgres_library_load());
    TRY(postgres_address_parse(url, store->timeout_ms, &postgres->arena, why,
                               &postgres->address));
    atomic_init(&postgres->unnamed, postgres->address.unnamed);
    *why = SLICE("out of memory");
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        if (store->queries[i].exists) {
            TRY(name_statement(postgres, &store->queries[i]));
        }
    }
    return STATUS_OK;
}

static void free_all(struct postgres *postgres)
{
    struct postgres_desk *desk = atomic_load(&postgres->desks);

    while (desk != NULL) {
        struct postgres_desk *next = desk->next;

        postgres_desk_free(desk);
        desk = next;
    }
    arena_release(&postgres->arena);
    mem_free(postgres);
}

static enum status engine_open(struct store *store,
                               const struct store_settings *settings,
                               struct arena *arena, struct slice *why)
{
    struct postgres *postgres = mem_alloc(sizeof(*postgres));
    enum status status;

    (void)arena;
    TRY_ALLOC(postgres);
    postgres->store = store;
    arena_init(&postgres->arena, ARENA_MAX);
    atomic_init(&postgres->state, STORE_STARTING);
    status = begin(postgres, settings->url, why);
    if (status != STATUS_OK) {
        free_all(postgres);
        return status;
    }
    store->state = postgres;
    return STATUS_OK;
}

static void engine_close(struct store *store)
{
    free_all(store->state);
    store->state = NULL;
}

static enum store_state engine_state(const struct store *store)
{
    struct postgres *postgres = store->state;

    return (enum store_state)atomic_load(&postgres->state);
}

struct reading {
    struct postgres_desk *desk;
    struct postgres_step step;
    int64_t deadline_ms;
    struct arena *arena;
    struct rows *out;
    bool again; /* it failed in a way that is worth another trip */
    bool alone; /* after another's error took it along */
};

static enum status read_once(struct reading *reading)
{
    CLEANUP(postgres_trip_end) struct postgres_trip trip;
    struct postgres_fault fault;
    enum status status;

    postgres_trip_init(&trip, reading->desk, POSTGRES_READS);
    trip.alone = reading->alone;
    postgres_trip_add(&trip, reading->step);
    status = postgres_trip_go(&trip, reading->deadline_ms);
    reading->again = trip.done && trip.lost;
    TRY(status);
    fault = postgres_fault_of(trip.steps[0].result);
    reading->again = fault.repeatable || fault.ends_session;
    reading->alone = reading->alone || fault.skipped;
    if (fault.status != STATUS_OK) {
        postgres_fault_log(trip.steps[0].result, reading->step.query->name);
        return fault.status;
    }
    return postgres_result_take(trip.steps[0].result, reading->arena,
                                reading->out);
}

static enum status engine_read(struct store *store,
                               const struct statement *statement,
                               struct arena *arena, struct rows *out)
{
    struct reading reading = {.step = {.query = store_query(store, statement),
                                       .param_count = statement->param_count},
                              .arena = arena,
                              .out = out};
    enum status status;

    if (!store_next_may_run(store)) {
        return STATUS_UNAVAILABLE;
    }
    TRY(postgres_desk_get(store->state, &reading.desk));
    TRY(postgres_parameters(statement, NULL, 0, arena, &reading.step.params));
    reading.deadline_ms = loop_now(reading.desk->loop) + store->timeout_ms;
    for (int tries = 0;; tries++) {
        status = read_once(&reading);
        if (status == STATUS_OK || !reading.again || tries == READ_AGAIN_MAX) {
            return status;
        }
    }
}

const struct store_engine store_postgres = {
    .dialect = QUERY_POSTGRES,
    .open = engine_open,
    .close = engine_close,
    .read = engine_read,
    .write = postgres_write,
    .state = engine_state,
    .direct_open = postgres_direct_open,
    .direct_close = postgres_direct_close,
    .direct_run = postgres_direct_run,
};
