/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/trip.h"

#include "base/log.h"
#include "store/postgres/desk.h"

#include <assert.h>

void postgres_trip_init(struct postgres_trip *trip, struct postgres_desk *desk,
                        enum postgres_lane lane)
{
    list_init(&trip->node);
    trip->desk = desk;
    trip->waiter = fiber_ref(fiber_current());
    trip->lane = lane;
    trip->begins = false;
    trip->ends = false;
    trip->alone = false;
    trip->away = false;
    trip->done = false;
    trip->lost = false;
    trip->connection = NULL;
    trip->count = 0;
}

static void clear_results(struct postgres_trip *trip)
{
    for (size_t i = 0; i < trip->count; i++) {
        pq.clear(trip->steps[i].result);
    }
    trip->count = 0;
}

void postgres_trip_end(struct postgres_trip *trip)
{
    if (!list_is_empty(&trip->node)) {
        postgres_desk_leave_line(trip->desk, trip);
    } else if (trip->connection != NULL && trip->away) {
        postgres_connection_abandon(trip->connection, trip);
    } else if (trip->connection != NULL) {
        postgres_connection_give_back(trip->connection);
    }
    trip->connection = NULL;
    clear_results(trip);
}

void postgres_trip_again(struct postgres_trip *trip)
{
    clear_results(trip);
    trip->begins = false;
    trip->done = false;
}

void postgres_trip_add(struct postgres_trip *trip, struct postgres_step step)
{
    assert(trip->count < POSTGRES_STEPS_MAX);
    step.result = NULL;
    trip->steps[trip->count++] = step;
}

static void log_late(const struct postgres_trip *trip)
{
    const struct query *query = trip->steps[trip->count - 1].query;

    if (trip->connection != NULL) {
        log_warn("database_slow",
                 log_text("query",
                          query == NULL ? SLICE("transaction") : query->name));
    }
}

/* On a connection that was lost after its last trip was back. */
static bool has_lost_its_connection(const struct postgres_trip *trip)
{
    return trip->lost && trip->connection == NULL;
}

enum status postgres_trip_go(struct postgres_trip *trip, int64_t deadline_ms)
{
    struct loop *loop = trip->desk->loop;

    /* Nothing is sent that nobody would wait for. */
    if (has_lost_its_connection(trip) || deadline_ms <= loop_now(loop)) {
        return STATUS_UNAVAILABLE;
    }
    TRY(postgres_desk_submit(trip->desk, trip));
    while (!trip->done) {
        int64_t left = deadline_ms - loop_now(loop);

        if (left <= 0) {
            log_late(trip);
            return STATUS_UNAVAILABLE;
        }
        if (fiber_park(left) == STATUS_CANCELLED) {
            return STATUS_CANCELLED;
        }
    }
    return trip->lost ? STATUS_UNAVAILABLE : STATUS_OK;
}
