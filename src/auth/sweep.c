/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/sweep.h"

#include "auth/holdings.h"
#include "base/clock.h"
#include "base/log.h"

/* Rare enough to cost nothing, often enough that tables stay small. */
#define SWEEP_EVERY_MS ((int64_t)600000)
/* The answers are counts. */
#define SWEEP_ARENA_MAX ((size_t)65536)

static enum status take_away(const struct auth_call *call, enum query_id query,
                             enum table_id table, struct value before)
{
    struct statement statement = {
        .query = query, .params = &before, .param_count = 1};

    return call->auth->schema->tables[table].exists
               ? auth_write(call, &statement, 1, NULL)
               : STATUS_OK;
}

enum status sweep_run(const struct sweep *sweep)
{
    CLEANUP(arena_release) struct arena arena;
    struct auth_call call = {
        .auth = sweep->auth, .arena = &arena, .now = clock_wall_ms()};
    struct value now = value_time(call.now);

    arena_init(&arena, SWEEP_ARENA_MAX);
    if (sweep->auth->remote != NULL) { /* the tables are its own to sweep */
        return holdings_sweep(sweep->auth);
    }
    TRY(take_away(&call, QUERY_sessions_purge, TABLE_SESSION, now));
    TRY(take_away(&call, QUERY_verifications_purge, TABLE_VERIFICATION, now));
    TRY(take_away(&call, QUERY_rate_limit_purge, TABLE_RATE_LIMIT,
                  value_integer(call.now - sweep->limits_ms)));
    return holdings_sweep(sweep->auth);
}

static enum status wait_long(void)
{
    int64_t until = clock_mono_ms() + SWEEP_EVERY_MS;
    enum status status = STATUS_OK;

    while (status != STATUS_CANCELLED && clock_mono_ms() < until) {
        status = fiber_park(until - clock_mono_ms());
    }
    return status;
}

static void go_round(void *arg)
{
    struct sweep *sweep = arg;
    enum status status;

    sweep->fiber = fiber_ref(fiber_current());
    while (wait_long() != STATUS_CANCELLED) {
        status = sweep_run(sweep);
        if (status != STATUS_OK && status != STATUS_CANCELLED) {
            log_warn("sweep_failed", log_text("status", status_code(status)));
        }
    }
    sweep->fiber = (struct fiber_ref){0};
}

enum status sweep_start(struct sweep *sweep, struct loop *loop)
{
    return fiber_start(loop, go_round, sweep);
}

void sweep_stop(struct sweep *sweep)
{
    if (sweep->fiber.fiber != NULL) {
        fiber_cancel(sweep->fiber.fiber);
    }
}
