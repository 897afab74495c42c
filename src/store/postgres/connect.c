/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a connection comes about without holding up the loop: names are looked
 * up elsewhere, and libpq is given addresses, and the names only for TLS.
 */
#include "store/postgres/connection.h"

#include "base/arena.h"
#include "base/log.h"
#include "store/postgres/desk.h"

#include <sys/epoll.h>

/* A database that was suspended may take seconds to answer. */
#define CONNECT_MS 10000
/*
 * Packets to a host that is off are lost, and the kernel asks again after 1,
 * 3 and 7 s. A new attempt now and then finds it sooner when it is back.
 */
#define REACH_MS 1500

#define OPTIONS_ARENA_MAX ((size_t)65536)

static void fail(struct postgres_connection *connection, const char *why)
{
    postgres_connection_drop(connection, why);
}

static void discard_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

static void begin(struct postgres_connection *connection)
{
    memset(connection->prepared, POSTGRES_NOT_PREPARED,
           sizeof(connection->prepared));
    connection->entry_first = 0;
    connection->entry_count = 0;
    connection->in_flight = 0;
    connection->unsynced = 0;
    connection->retiring = false;
    connection->in_transaction = false;
    connection->holder = NULL;
    if (pq.setnonblocking(connection->link, 1) != 0 ||
        pq.enterPipelineMode(connection->link) != 1) {
        fail(connection, "it cannot be used without blocking");
        return;
    }
    postgres_connection_begin(connection);
}

/* libpq may use another socket after each step: watched anew each time. */
void postgres_connect_step(struct postgres_connection *connection)
{
    PostgresPollingStatusType wanted = pq.connectPoll(connection->link);

    if (connection->events != 0) {
        loop_unwatch(connection->desk->loop, &connection->watch);
        connection->events = 0;
    }
    switch (wanted) {
    case PGRES_POLLING_READING:
        postgres_connection_watch(connection, EPOLLIN);
        break;
    case PGRES_POLLING_WRITING:
        postgres_connection_watch(connection, EPOLLOUT);
        break;
    case PGRES_POLLING_OK:
        begin(connection);
        break;
    default:
        fail(connection, pq.errorMessage(connection->link));
        break;
    }
}

static void start(struct postgres_connection *connection,
                  const struct postgres_options *options)
{
    connection->link =
        pq.connectStartParams(options->keywords, options->values, 0);
    if (connection->link == NULL) {
        fail(connection, "out of memory");
        return;
    }
    (void)pq.setNoticeProcessor(connection->link, discard_notice, NULL);
    if (pq.status(connection->link) == CONNECTION_BAD) {
        fail(connection, pq.errorMessage(connection->link));
        return;
    }
    connection->phase = POSTGRES_CONNECTING;
    /* The manual: as if connectPoll had said that it wants to write. */
    postgres_connection_watch(connection, EPOLLOUT);
}

static enum status fill_in(struct postgres_options *options,
                           const struct postgres_lookup_answer *answer)
{
    TRY(answer->status);
    TRY(postgres_options_set(options, "host", answer->hosts.ptr));
    TRY(postgres_options_set(options, "hostaddr", answer->addresses.ptr));
    return postgres_options_set(options, "port", answer->ports.ptr);
}

static void on_looked_up(void *arg, const struct postgres_lookup_answer *answer)
{
    struct postgres_connection *connection = arg;
    struct postgres_options options =
        connection->desk->postgres->address.options;
    enum status status = fill_in(&options, answer);

    if (status == STATUS_OK) {
        start(connection, &options);
    }
    postgres_lookup_give_up(connection->lookup);
    connection->lookup = NULL;
    if (status != STATUS_OK) {
        fail(connection, "no address was found for its name");
    }
}

void postgres_connect_start(struct postgres_connection *connection)
{
    struct postgres_desk *desk = connection->desk;
    const struct postgres_address *address = &desk->postgres->address;

    connection->since_ms = loop_now(desk->loop);
    connection->phase = POSTGRES_LOOKING_UP;
    loop_timer(desk->loop, &connection->timer, REACH_MS);
    if (!address->has_names) {
        start(connection, &address->options);
        return;
    }
    if (postgres_lookup_start(desk->loop, address, on_looked_up, connection,
                              &connection->lookup) != STATUS_OK) {
        fail(connection, "its name cannot be looked up");
    }
}

/* With several servers libpq itself goes from one to the next. */
static bool is_out_of_reach(const struct postgres_connection *connection)
{
    return connection->phase == POSTGRES_CONNECTING &&
           connection->desk->postgres->address.host_count <= 1 &&
           pq.status(connection->link) == CONNECTION_STARTED;
}

void postgres_connect_timer(struct postgres_connection *connection)
{
    struct loop *loop = connection->desk->loop;
    int64_t left = connection->since_ms + CONNECT_MS - loop_now(loop);

    if (left <= 0 || is_out_of_reach(connection)) {
        fail(connection, "no connection in time");
        return;
    }
    loop_timer(loop, &connection->timer, left);
}
