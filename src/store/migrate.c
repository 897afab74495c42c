/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One transaction for everything, under a lock that the next migrator waits
 * for: of two that start at once the second finds nothing left to do.
 */
#include "store/plan.h"

/*
 * The lock, an arbitrary number, is given back with the transaction. Whoever
 * waits a minute for another migrator is better told.
 */
static const struct slice begin_postgres[] = {
    SLICE_INIT("BEGIN"),
    SLICE_INIT("SET LOCAL lock_timeout = '60s'"),
    SLICE_INIT("SET LOCAL statement_timeout = 0"),
    SLICE_INIT("SELECT pg_advisory_xact_lock(7236342)"),
    SLICE_INIT(""),
};

static const struct slice begin_sqlite[] = {
    SLICE_INIT("PRAGMA busy_timeout = 60000"),
    SLICE_INIT("BEGIN IMMEDIATE"),
    SLICE_INIT(""),
};

/* All of a check sees the same moment. */
static const struct slice look_postgres[] = {
    SLICE_INIT("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
    SLICE_INIT(""),
};

static const struct slice look_sqlite[] = {
    SLICE_INIT("BEGIN"),
    SLICE_INIT(""),
};

static enum status run(const struct inspection *inspection, struct slice sql)
{
    return inspect_run(inspection, sql, NULL);
}

static enum status run_all(const struct inspection *inspection,
                           const struct slice *list)
{
    while (list->len > 0) {
        TRY(run(inspection, *list));
        list++;
    }
    return STATUS_OK;
}

static bool is_sqlite(const struct inspection *inspection)
{
    return inspection->store->engine->dialect == QUERY_SQLITE;
}

static enum status add_lines(const struct plan *plan, struct buf *report)
{
    for (size_t i = 0; i < plan->count; i++) {
        buf_add(report, plan->steps[i].line);
        buf_add_byte(report, '\n');
    }
    return report->failed;
}

/* Says which statement it was; the database says what is wrong with it. */
static enum status run_step(const struct inspection *inspection,
                            const struct plan_step *step)
{
    enum status status = run(inspection, step->sql);

    if (status == STATUS_OK || status == STATUS_NO_MEMORY) {
        return status;
    }
    TRY(arena_format(inspection->arena, inspection->why, "%.*s: %.*s",
                     SLICE_ARG(step->line), SLICE_ARG(*inspection->why)));
    return status;
}

static enum status migrate(struct inspection *inspection, struct buf *report)
{
    struct plan plan;

    TRY(run_all(inspection,
                is_sqlite(inspection) ? begin_sqlite : begin_postgres));
    TRY(inspect(inspection));
    TRY(plan_make(inspection, &plan));
    for (size_t i = 0; i < plan.count; i++) {
        TRY(run_step(inspection, &plan.steps[i]));
    }
    TRY(run(inspection, SLICE("COMMIT")));
    return add_lines(&plan, report);
}

/* Whatever is looked at, nothing is written. */
static enum status look(struct inspection *inspection)
{
    TRY(run_all(inspection,
                is_sqlite(inspection) ? look_sqlite : look_postgres));
    return inspect(inspection);
}

static enum status check(struct inspection *inspection, struct buf *missing)
{
    struct plan plan;

    TRY(look(inspection));
    TRY(plan_make(inspection, &plan));
    return add_lines(&plan, missing);
}

static void close_direct(const struct inspection *inspection)
{
    /* What is not committed by now never was. */
    if (inspection->direct != NULL) {
        inspection->store->engine->direct_close(inspection->direct);
    }
}

static enum status open_direct(struct inspection *inspection)
{
    struct store *store = inspection->store;

    return store->engine->direct_open(store, inspection->arena, inspection->why,
                                      &inspection->direct);
}

enum status store_migrate(struct store *store, struct arena *arena,
                          struct buf *report, struct slice *why)
{
    struct inspection inspection CLEANUP(close_direct) = {
        .store = store, .arena = arena, .why = why};

    TRY(open_direct(&inspection));
    return migrate(&inspection, report);
}

enum status store_check(struct store *store, struct arena *arena,
                        struct buf *missing, struct slice *why)
{
    struct inspection inspection CLEANUP(close_direct) = {
        .store = store, .arena = arena, .why = why};

    TRY(open_direct(&inspection));
    return check(&inspection, missing);
}

enum status store_examine(struct store *store, struct arena *arena,
                          struct buf *report, bool *sound, struct slice *why)
{
    struct inspection inspection CLEANUP(close_direct) = {
        .store = store, .arena = arena, .why = why};

    TRY(open_direct(&inspection));
    TRY(look(&inspection));
    return plan_examine(&inspection, report, sound);
}
