/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/fault.h"

#include "base/log.h"

struct rule {
    struct slice state; /* or how it begins: its class */
    struct postgres_fault fault;
};

#define RULE(prefix, name, ...)                                                \
    {                                                                          \
        SLICE_INIT(prefix),                                                    \
        {                                                                      \
            .status = STATUS_##name, ##__VA_ARGS__                             \
        }                                                                      \
    }

/* The first that fits. */
static const struct rule rules[] = {
    RULE("23505", TAKEN),
    RULE("23", INVALID_VALUE),    /* not null, foreign key, check */
    RULE("22", INVALID_VALUE),    /* out of range, no such date, bad text */
    RULE("42804", INVALID_VALUE), /* of another type */
    RULE("40001", UNAVAILABLE, .repeatable = true), /* serialization */
    RULE("40P01", UNAVAILABLE, .repeatable = true), /* deadlock */
    RULE("26000", UNAVAILABLE, .repeatable = true, .loses_prepared = true),
    RULE("42P05", UNAVAILABLE, .repeatable = true, .loses_prepared = true),
    /* "cached plan must not change result type": the tables changed. */
    RULE("0A000", INTERNAL, .repeatable = true, .ends_session = true),
    RULE("57P0", UNAVAILABLE, .ends_session = true), /* shutting down */
    RULE("57", UNAVAILABLE),                         /* cancelled */
    RULE("08", UNAVAILABLE, .ends_session = true),   /* connection */
    RULE("53", UNAVAILABLE),                         /* full */
    /* A server that only reads is not the one to write to any more. */
    RULE("25006", UNAVAILABLE, .ends_session = true),
};

static struct slice state_of(const PGresult *result)
{
    const char *state = pq.resultErrorField(result, PG_DIAG_SQLSTATE);

    return state == NULL ? SLICE_EMPTY : slice_from_cstr(state);
}

static bool is_error(const PGresult *result)
{
    switch (pq.resultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_PIPELINE_SYNC:
        return false;
    default:
        return true;
    }
}

struct postgres_fault postgres_fault_of(const PGresult *result)
{
    struct slice state;

    if (result == NULL) {
        return (struct postgres_fault){.status = STATUS_UNAVAILABLE,
                                       .ends_session = true};
    }
    if (!is_error(result)) {
        return (struct postgres_fault){.status = STATUS_OK};
    }
    if (pq.resultStatus(result) == PGRES_PIPELINE_ABORTED) {
        return (struct postgres_fault){
            .status = STATUS_UNAVAILABLE, .repeatable = true, .skipped = true};
    }
    state = state_of(result);
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (slice_starts_with(state, rules[i].state)) {
            return rules[i].fault;
        }
    }
    return (struct postgres_fault){.status = STATUS_INTERNAL};
}

void postgres_fault_log(const PGresult *result, struct slice query)
{
    struct postgres_fault fault = postgres_fault_of(result);

    if (result == NULL || fault.repeatable ||
        (fault.status != STATUS_INTERNAL &&
         fault.status != STATUS_UNAVAILABLE)) {
        return;
    }
    log_error("database_refused", log_text("query", query),
              log_text("sqlstate", state_of(result)));
}
