/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/connection.h"

#include "store/postgres/desk.h"

#include <assert.h>
#include <stdint.h>
#include <sys/epoll.h>

/*
 * Long enough that a page's requests share a connection, shorter than the
 * five minutes after which databases suspend and middle boxes forget.
 */
#define IDLE_MS 240000
/* Lost this soon after its last use, somebody will miss it. */
#define MISSED_MS 60000

/* Reads with one sync: none is answered before the slowest of them. */
#define TOGETHER_MAX 8

/* Answers that take a longer part of the timeout let no more questions in. */
#define SLOW_PART 4

static struct loop *loop_of(const struct postgres_connection *connection)
{
    return connection->desk->loop;
}

static int64_t timeout_of(const struct postgres_connection *connection)
{
    return connection->desk->postgres->store->timeout_ms;
}

void postgres_connection_watch(struct postgres_connection *connection,
                               uint32_t events)
{
    if (connection->events == events) {
        return;
    }
    if (connection->events != 0) {
        loop_unwatch(loop_of(connection), &connection->watch);
    }
    connection->events = 0;
    connection->watch.fd = pq.socket(connection->link);
    if (events != 0 && loop_watch(loop_of(connection), &connection->watch,
                                  events) == STATUS_OK) {
        connection->events = events;
    }
}

static void push_entry(struct postgres_connection *connection,
                       struct postgres_entry entry)
{
    size_t at = connection->entry_first + connection->entry_count++;

    assert(connection->entry_count <= POSTGRES_ENTRIES);
    entry.sent_ms = loop_now(loop_of(connection));
    connection->entries[at % POSTGRES_ENTRIES] = entry;
}

static struct postgres_entry *
first_entry(struct postgres_connection *connection)
{
    return &connection->entries[connection->entry_first];
}

static void pop_entry(struct postgres_connection *connection)
{
    connection->entry_first = (connection->entry_first + 1) % POSTGRES_ENTRIES;
    connection->entry_count--;
}

/* How long the oldest question has been waiting for its answer. */
static int64_t age_ms(const struct postgres_connection *connection)
{
    return connection->entry_count == 0
               ? 0
               : loop_now(loop_of(connection)) -
                     connection->entries[connection->entry_first].sent_ms;
}

bool postgres_connection_has_room(const struct postgres_connection *connection)
{
    if (connection->phase != POSTGRES_READY || connection->retiring) {
        return false;
    }
    if (connection->lane == POSTGRES_WRITES) {
        return connection->in_flight == 0 && connection->holder == NULL &&
               !connection->in_transaction;
    }
    /* Who waits in line leaves without a trace; who was sent does not. */
    return connection->in_flight < POSTGRES_DEPTH &&
           age_ms(connection) <= timeout_of(connection) / SLOW_PART &&
           connection->entry_count + POSTGRES_READ_ENTRIES <= POSTGRES_ENTRIES;
}

/* For as long as an answer may take, or for as long as it may idle. */
static void set_timer(struct postgres_connection *connection)
{
    loop_timer(loop_of(connection), &connection->timer,
               connection->in_flight > 0 ? timeout_of(connection) : IDLE_MS);
}

static void finish_trip(struct postgres_connection *connection,
                        struct postgres_trip *trip, bool lost)
{
    trip->away = false;
    trip->done = true;
    trip->lost = lost;
    if (lost || trip->ends || connection->holder != trip) {
        trip->connection = NULL;
        connection->holder = NULL;
    }
    fiber_ref_wake(trip->waiter);
}

/* Everyone who waits here learns that nothing will come. */
static void lose_trips(struct postgres_connection *connection)
{
    if (connection->holder != NULL) {
        connection->holder->connection = NULL;
        connection->holder->lost = true;
        connection->holder = NULL;
    }
    while (connection->entry_count > 0) {
        struct postgres_entry *entry = first_entry(connection);

        if (entry->last && entry->trip != NULL) {
            finish_trip(connection, entry->trip, true);
        }
        pop_entry(connection);
    }
    connection->in_flight = 0;
}

void postgres_connection_close(struct postgres_connection *connection)
{
    timer_cancel(&connection->timer);
    if (connection->link != NULL) {
        postgres_connection_watch(connection, 0);
        pq.finish(connection->link);
    }
    connection->link = NULL;
    connection->phase = POSTGRES_CLOSED;
    postgres_lookup_close(connection->lookup);
    connection->lookup = NULL;
}

void postgres_connection_drop(struct postgres_connection *connection,
                              const char *why)
{
    struct postgres_desk *desk = connection->desk;
    int64_t idle_ms = loop_now(desk->loop) - connection->since_ms;

    postgres_lookup_give_up(connection->lookup);
    connection->lookup = NULL;
    lose_trips(connection);
    if (why != NULL) {
        postgres_desk_failed(desk, why);
    } else if (idle_ms < MISSED_MS && !connection->retiring) {
        postgres_desk_doubt(desk);
    }
    postgres_connection_close(connection);
    postgres_desk_look(desk);
}

static bool push_sync(struct postgres_connection *connection,
                      struct postgres_trip *trip, bool last)
{
    push_entry(connection, (struct postgres_entry){.kind = POSTGRES_SYNC,
                                                   .last = last,
                                                   .trip = trip});
    return pq.pipelineSync(connection->link) == 1;
}

static void count_trip(struct postgres_connection *connection)
{
    if (connection->in_flight++ == 0) {
        connection->since_ms = loop_now(loop_of(connection));
        set_timer(connection);
    }
}

static bool run_unnamed(struct postgres_connection *connection, const char *sql,
                        const struct postgres_step *step)
{
    return pq.sendQueryParams(connection->link, sql, (int)step->param_count,
                              NULL, step->params, NULL, NULL, 1) == 1;
}

static bool run_prepared(struct postgres_connection *connection,
                         const struct postgres_step *step,
                         struct postgres_entry entry)
{
    const char *name = connection->desk->postgres->names[entry.query];
    bool last = entry.last;

    if (connection->prepared[entry.query] == POSTGRES_NOT_PREPARED) {
        entry.kind = POSTGRES_PREPARE;
        entry.last = false;
        push_entry(connection, entry);
        connection->prepared[entry.query] = POSTGRES_PREPARE_SENT;
        if (pq.sendPrepare(connection->link, name, step->query->sql.ptr, 0,
                           NULL) != 1) {
            return false;
        }
    }
    entry.kind = POSTGRES_RUN;
    entry.last = last;
    push_entry(connection, entry);
    return pq.sendQueryPrepared(connection->link, name, (int)step->param_count,
                                step->params, NULL, NULL, 1) == 1;
}

static bool send_step(struct postgres_connection *connection,
                      struct postgres_trip *trip, size_t number)
{
    const struct postgres_step *step = &trip->steps[number];
    struct postgres_entry entry = {.kind = POSTGRES_RUN,
                                   .query = QUERY_BUILT,
                                   .step = number,
                                   .last = connection->lane == POSTGRES_READS,
                                   .trip = trip};

    if (step->query == NULL) {
        push_entry(connection, entry);
        return run_unnamed(connection, step->words, step);
    }
    if (step->query->id == QUERY_BUILT ||
        atomic_load_explicit(&connection->desk->postgres->unnamed,
                             memory_order_relaxed)) {
        push_entry(connection, entry);
        return run_unnamed(connection, step->query->sql.ptr, step);
    }
    entry.query = step->query->id;
    return run_prepared(connection, step, entry);
}

/* The library sends at once what the socket takes; the rest waits for it. */
static void after_send(struct postgres_connection *connection, bool sent)
{
    int left = sent ? pq.flush(connection->link) : -1;

    if (left < 0) {
        postgres_connection_drop(connection, NULL);
        return;
    }
    postgres_connection_watch(connection,
                              left > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* Even when that fails its entry is there, by which the trip is found. */
static void send_read(struct postgres_connection *connection,
                      struct postgres_trip *trip)
{
    bool alone = trip->alone;
    bool full = connection->unsynced + 1 >= TOGETHER_MAX;
    bool sent = true;

    if (alone && connection->unsynced > 0) {
        sent = push_sync(connection, NULL, false);
    }
    sent = send_step(connection, trip, 0) && sent;
    connection->unsynced++;
    if (alone || full) {
        connection->unsynced = 0;
        sent = push_sync(connection, NULL, false) && sent;
    }
    if (alone || full || !sent) {
        after_send(connection, sent);
    }
}

void postgres_connection_sync(struct postgres_connection *connection)
{
    if (connection->unsynced > 0) {
        connection->unsynced = 0;
        after_send(connection, push_sync(connection, NULL, false));
    }
}

static void send_write(struct postgres_connection *connection,
                       struct postgres_trip *trip)
{
    bool sent = true;

    if (trip->begins) {
        connection->holder = trip;
        connection->in_transaction = true;
    }
    if (trip->ends) {
        connection->in_transaction = false;
    }
    for (size_t i = 0; i < trip->count && sent; i++) {
        sent = send_step(connection, trip, i);
    }
    sent = push_sync(connection, trip, true) && sent;
    after_send(connection, sent);
}

void postgres_connection_send(struct postgres_connection *connection,
                              struct postgres_trip *trip)
{
    trip->connection = connection;
    trip->away = true;
    count_trip(connection);
    if (connection->lane == POSTGRES_READS) {
        send_read(connection, trip);
    } else {
        send_write(connection, trip);
    }
}

static void send_rollback(struct postgres_connection *connection)
{
    static const struct postgres_step step = {.words = "ROLLBACK"};
    bool sent;

    connection->in_transaction = false;
    count_trip(connection);
    push_entry(connection, (struct postgres_entry){.kind = POSTGRES_RUN,
                                                   .query = QUERY_BUILT});
    sent = run_unnamed(connection, step.words, &step);
    sent = push_sync(connection, NULL, true) && sent;
    after_send(connection, sent);
}

/* Nothing is under way: what is to become of it? */
void postgres_connection_settle(struct postgres_connection *connection)
{
    if (connection->in_flight > 0 || connection->holder != NULL) {
        return;
    }
    if (connection->in_transaction) {
        send_rollback(connection);
        return;
    }
    if (connection->retiring) {
        postgres_connection_drop(connection, NULL);
        return;
    }
    set_timer(connection);
}

void postgres_connection_arrive(struct postgres_connection *connection)
{
    struct postgres_trip *trip = first_entry(connection)->trip;
    bool last = first_entry(connection)->last;

    pop_entry(connection);
    if (!last) {
        return;
    }
    connection->in_flight--;
    connection->since_ms = loop_now(loop_of(connection));
    if (trip != NULL) {
        finish_trip(connection, trip, false);
    }
    postgres_desk_heard(connection->desk);
}

void postgres_connection_give_back(struct postgres_connection *connection)
{
    connection->holder = NULL;
    postgres_connection_settle(connection);
    postgres_desk_look(connection->desk);
}

/* All that are under way come too late for those who asked. */
static bool is_in_vain(const struct postgres_connection *connection)
{
    for (size_t i = 0; i < connection->entry_count; i++) {
        size_t at = (connection->entry_first + i) % POSTGRES_ENTRIES;

        if (connection->entries[at].trip != NULL) {
            return false;
        }
    }
    return age_ms(connection) >= timeout_of(connection);
}

void postgres_connection_abandon(struct postgres_connection *connection,
                                 struct postgres_trip *trip)
{
    for (size_t i = 0; i < connection->entry_count; i++) {
        size_t at = (connection->entry_first + i) % POSTGRES_ENTRIES;

        if (connection->entries[at].trip == trip) {
            connection->entries[at].trip = NULL;
        }
    }
    if (connection->holder == trip) {
        connection->holder = NULL;
    }
    if (connection->lane == POSTGRES_READS && is_in_vain(connection)) {
        postgres_connection_drop(connection, NULL);
    }
}

static void on_ready(struct watch *watch, uint32_t events)
{
    struct postgres_connection *connection =
        CONTAINER_OF(watch, struct postgres_connection, watch);

    /*
     * libpq closes a socket that failed before we can unwatch it; should a
     * child process share it for a moment, its events go on for as long.
     */
    if (connection->phase == POSTGRES_READY) {
        postgres_connection_answer(connection, events);
    } else if (connection->phase == POSTGRES_CONNECTING) {
        postgres_connect_step(connection);
    }
}

/* Set at the first of several trips: what has come since counts. */
static void on_late_answer(struct postgres_connection *connection)
{
    int64_t left = connection->since_ms + timeout_of(connection) -
                   loop_now(loop_of(connection));

    if (left > 0) {
        loop_timer(loop_of(connection), &connection->timer, left);
        return;
    }
    /* One slow statement does not mean that the database is away. */
    postgres_connection_drop(connection, postgres_desk_hears(connection->desk)
                                             ? NULL
                                             : "it gave no answer in time");
}

static void on_timer(struct timer *timer)
{
    struct postgres_connection *connection =
        CONTAINER_OF(timer, struct postgres_connection, timer);

    if (connection->phase != POSTGRES_READY) {
        postgres_connect_timer(connection);
    } else if (connection->in_flight > 0) {
        on_late_answer(connection);
    } else if (connection->holder == NULL) {
        postgres_connection_drop(connection, NULL);
    }
}

void postgres_connection_init(struct postgres_connection *connection,
                              struct postgres_desk *desk,
                              enum postgres_lane lane)
{
    connection->desk = desk;
    connection->lane = lane;
    connection->phase = POSTGRES_CLOSED;
    connection->watch = (struct watch){-1, on_ready};
    timer_init(&connection->timer, on_timer);
}

void postgres_connection_begin(struct postgres_connection *connection)
{
    connection->phase = POSTGRES_READY;
    connection->since_ms = loop_now(loop_of(connection));
    set_timer(connection);
    postgres_connection_watch(connection, EPOLLIN);
    postgres_desk_ready(connection->desk);
    postgres_desk_look(connection->desk);
}
