/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing. What needs no look in between goes in one trip, and its sync
 * commits. Otherwise BEGIN goes with the first statements, each further trip
 * takes those whose values are known by then, and COMMIT goes alone once every
 * answer is what was asked for.
 *
 * A write is never sent again unless PostgreSQL itself said that it undid it.
 */
#include "store/postgres/postgres.h"

#include "base/log.h"
#include "store/postgres/desk.h"
#include "store/postgres/fault.h"
#include "store/postgres/parameters.h"
#include "store/postgres/result.h"

/* Two that deadlock let one win; losing three times is no chance any more. */
#define AGAIN_MAX 2

struct write {
    struct store *store;
    const struct statement *statements;
    size_t count;
    struct arena *arena;
    struct rows *rows; /* of each statement */
    size_t sent;
    int64_t deadline_ms;
    struct postgres_trip *trip;
    bool again;
};

/* Would its values be known before statement `from` was answered? */
static bool is_ready(const struct statement *statement, size_t from)
{
    for (size_t i = 0; i < statement->param_count; i++) {
        const struct value *value = &statement->params[i];

        if (value->kind == VALUE_RESULT &&
            (size_t)value->number >> 16 >= from) {
            return false;
        }
    }
    return true;
}

static bool needs_look(const struct write *write)
{
    if (write->count == 1) {
        return false; /* nothing else to undo */
    }
    for (size_t i = 0; i < write->count; i++) {
        if (write->statements[i].must_change ||
            !is_ready(&write->statements[i], 0)) {
            return true;
        }
    }
    return false;
}

static enum status add_statement(struct write *write, size_t number)
{
    const struct statement *statement = &write->statements[number];
    struct postgres_step step = {.query = store_query(write->store, statement),
                                 .param_count = statement->param_count};

    if (!store_next_may_run(write->store)) {
        return STATUS_UNAVAILABLE;
    }
    TRY(postgres_parameters(statement, write->rows, number, write->arena,
                            &step.params));
    postgres_trip_add(write->trip, step);
    return STATUS_OK;
}

static enum status take_answer(struct write *write,
                               const struct postgres_step *step, size_t number)
{
    struct postgres_fault fault = postgres_fault_of(step->result);

    if (fault.status != STATUS_OK) {
        write->again = fault.repeatable;
        postgres_fault_log(step->result, step->query->name);
        return fault.status;
    }
    if (write->statements[number].must_change &&
        !postgres_result_is_change(step->result)) {
        return STATUS_NOT_FOUND;
    }
    return postgres_result_take(step->result, write->arena,
                                &write->rows[number]);
}

/* BEGIN and COMMIT. */
static enum status check_words(struct write *write,
                               const struct postgres_step *step)
{
    struct postgres_fault fault = postgres_fault_of(step->result);

    if (fault.status != STATUS_OK) {
        write->again = fault.repeatable;
        postgres_fault_log(step->result, slice_from_cstr(step->words));
    }
    return fault.status;
}

/* One trip with all statements whose values are known. */
static enum status run_part(struct write *write, bool begins)
{
    size_t first = write->sent;
    size_t number = first;

    if (begins) {
        write->trip->begins = true;
        postgres_trip_add(write->trip,
                          (struct postgres_step){.words = "BEGIN"});
    }
    while (write->sent < write->count &&
           is_ready(&write->statements[write->sent], first)) {
        TRY(add_statement(write, write->sent));
        write->sent++;
    }
    if (write->sent == first) {
        return STATUS_INVALID_VALUE; /* it asks for its own result */
    }
    TRY(postgres_trip_go(write->trip, write->deadline_ms));
    for (size_t i = 0; i < write->trip->count; i++) {
        const struct postgres_step *step = &write->trip->steps[i];

        if (step->query == NULL) {
            TRY(check_words(write, step));
        } else {
            TRY(take_answer(write, step, number++));
        }
    }
    return STATUS_OK;
}

static enum status commit(struct write *write)
{
    postgres_trip_again(write->trip);
    write->trip->ends = true;
    postgres_trip_add(write->trip, (struct postgres_step){.words = "COMMIT"});
    TRY(postgres_trip_go(write->trip, write->deadline_ms));
    return check_words(write, &write->trip->steps[0]);
}

static enum status run_transaction(struct write *write)
{
    TRY(run_part(write, true));
    while (write->sent < write->count) {
        postgres_trip_again(write->trip);
        TRY(run_part(write, false));
    }
    return commit(write);
}

static enum status run_once(struct write *write, struct postgres_desk *desk)
{
    CLEANUP(postgres_trip_end) struct postgres_trip trip;
    enum status status;

    postgres_trip_init(&trip, desk, POSTGRES_WRITES);
    write->trip = &trip;
    write->sent = 0;
    write->again = false;
    status =
        needs_look(write) ? run_transaction(write) : run_part(write, false);
    write->trip = NULL;
    return status;
}

enum status postgres_write(struct store *store,
                           const struct statement *statements, size_t count,
                           struct arena *arena, struct rows *out)
{
    struct rows rows[STORE_STATEMENTS_MAX] = {0};
    struct write write = {.store = store,
                          .statements = statements,
                          .count = count,
                          .arena = arena,
                          .rows = rows};
    struct postgres_desk *desk;
    enum status status;

    TRY(postgres_desk_get(store->state, &desk));
    write.deadline_ms = loop_now(desk->loop) + store->timeout_ms;
    for (int tries = 0;; tries++) {
        status = run_once(&write, desk);
        if (status == STATUS_OK || !write.again || tries == AGAIN_MAX) {
            break;
        }
    }
    if (write.again) {
        log_error("database_contended",
                  log_text("query", store_query(store, statements)->name));
    }
    if (status == STATUS_OK && out != NULL) {
        memcpy(out, rows, count * sizeof(*out));
    }
    return status;
}
