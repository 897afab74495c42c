/* SPDX-License-Identifier: Apache-2.0 */
#include "store/plan.h"

#include "base/clock.h"
#include "store/ddl.h"
#include "store/migration.h"
#include "store/schema_parts.h"

#define LINE_MAX_BYTES ((size_t)512)

/* One step while it is written. */
struct drafting {
    const struct inspection *inspection;
    struct plan *plan;
    struct ddl ddl;
    struct buf sql;
    struct buf line;
};

/* As many as there can be: a table and an index for each of its columns. */
static size_t most_steps(const struct schema *schema)
{
    size_t count = 1 + store_migration_count;

    for (size_t i = 0; i < TABLE_COUNT; i++) {
        count += 1 + 2 * schema->tables[i].column_count;
    }
    return count;
}

static enum status add_step(struct drafting *draft)
{
    struct plan *plan = draft->plan;
    struct plan_step *step = &plan->steps[plan->count];
    struct arena *arena = draft->inspection->arena;

    if (plan->count == plan->capacity) {
        return STATUS_INTERNAL;
    }
    TRY(buf_finish(&draft->sql, &step->sql));
    TRY(buf_finish(&draft->line, &step->line));
    TRY(slice_dup(arena, step->sql, &step->sql));
    TRY(slice_dup(arena, step->line, &step->line));
    plan->count++;
    buf_clear(&draft->sql);
    buf_clear(&draft->line);
    return STATUS_OK;
}

static enum status create_table(struct drafting *draft,
                                const struct table *table)
{
    ddl_create_table(&draft->ddl, table);
    buf_format(&draft->line, "create table %.*s", SLICE_ARG(table->stored));
    return add_step(draft);
}

static enum status refuse_style(const struct drafting *draft,
                                const struct table *table,
                                const struct column *column, struct slice other)
{
    TRY(arena_format(draft->inspection->arena, draft->inspection->why,
                     "the table %.*s has a column %.*s where %.*s is "
                     "expected: set COLUMN_NAMES or AUTH_SCHEMA",
                     SLICE_ARG(table->stored), SLICE_ARG(other),
                     SLICE_ARG(column->stored)));
    return STATUS_PRECONDITION_FAILED;
}

/* The column under the name it has with the other COLUMN_NAMES. */
static enum status check_style(const struct drafting *draft,
                               const struct table *table,
                               const struct column *column)
{
    const struct inspection *inspection = draft->inspection;
    struct schema_draft naming = {
        .arena = inspection->arena, .why = inspection->why, .snake_case = true};
    struct slice other = column->name;

    if (slice_equal(column->stored, column->name)) {
        TRY(schema_stored_name(&naming, column->name, &other));
    }
    if (inspect_column(inspection, table->stored, other) != NULL) {
        return refuse_style(draft, table, column, other);
    }
    return STATUS_OK;
}

static enum status add_column(struct drafting *draft, const struct table *table,
                              const struct column *column)
{
    bool loosened =
        column->required && !ddl_added_is_required(&draft->ddl, column);

    TRY(check_style(draft, table, column));
    ddl_add_column(&draft->ddl, table, column);
    buf_format(&draft->line, "add column %.*s to %.*s%s",
               SLICE_ARG(column->stored), SLICE_ARG(table->stored),
               loosened ? ", not required: older rows have none" : "");
    return add_step(draft);
}

static enum status create_index(struct drafting *draft,
                                const struct table *table,
                                const struct column *column)
{
    ddl_create_index(&draft->ddl, table, column);
    buf_add(&draft->line, SLICE("create index "));
    ddl_index_name(table, column, &draft->line);
    return add_step(draft);
}

static enum status complete_table(struct drafting *draft,
                                  const struct table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];

        if (inspect_column(draft->inspection, table->stored, column->stored) ==
            NULL) {
            TRY(add_column(draft, table, column));
        }
    }
    return STATUS_OK;
}

/* Indexes come last, as in the original: those of what is new. */
static enum status index_table(struct drafting *draft,
                               const struct table *table)
{
    bool is_new = !inspect_has_table(draft->inspection, table->stored);

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        bool is_there = inspect_column(draft->inspection, table->stored,
                                       column->stored) != NULL;

        if (!is_there && ddl_has_index(column, is_new)) {
            TRY(create_index(draft, table, column));
        }
    }
    return STATUS_OK;
}

static enum status refuse_lack(const struct drafting *draft,
                               const struct table *table, struct slice column)
{
    const struct inspection *inspection = draft->inspection;

    TRY(arena_format(inspection->arena, inspection->why,
                     "the database has no %s%.*s%s%.*s, which the accounts' "
                     "service makes: run its own migration, or say by "
                     "AUTH_SCHEMA, COLUMN_NAMES and AUTH_PLUGINS what it has",
                     column.len > 0 ? "column " : "", SLICE_ARG(column),
                     column.len > 0 ? " in the table " : "table ",
                     SLICE_ARG(table->stored)));
    return STATUS_PRECONDITION_FAILED;
}

static enum status adopt_table(struct drafting *draft,
                               const struct table *table)
{
    if (!inspect_has_table(draft->inspection, table->stored)) {
        return refuse_lack(draft, table, SLICE_EMPTY);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];

        if (inspect_column(draft->inspection, table->stored, column->stored) !=
            NULL) {
            continue;
        }
        TRY(check_style(draft, table, column));
        return refuse_lack(draft, table, column->stored);
    }
    return STATUS_OK;
}

static enum status adopt_tables(struct drafting *draft)
{
    const struct table *tables = draft->ddl.schema->tables;

    for (size_t i = 0; i < TABLE_COUNT; i++) {
        if (tables[i].exists) {
            TRY(adopt_table(draft, &tables[i]));
        }
    }
    return STATUS_OK;
}

/* The original adds columns first, then makes tables, then indexes. */
static enum status plan_tables(struct drafting *draft)
{
    const struct table *tables = draft->ddl.schema->tables;
    const struct inspection *inspection = draft->inspection;

    for (size_t i = 0; i < TABLE_COUNT; i++) {
        if (tables[i].exists &&
            inspect_has_table(inspection, tables[i].stored)) {
            TRY(complete_table(draft, &tables[i]));
        }
    }
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        if (tables[i].exists &&
            !inspect_has_table(inspection, tables[i].stored)) {
            TRY(create_table(draft, &tables[i]));
        }
    }
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        if (tables[i].exists) {
            TRY(index_table(draft, &tables[i]));
        }
    }
    return STATUS_OK;
}

static enum status plan_versions(struct drafting *draft)
{
    if (draft->inspection->has_versions) {
        return STATUS_OK;
    }
    buf_add(&draft->sql, SLICE("CREATE TABLE bookplate_migration ("
                               "version integer NOT NULL PRIMARY KEY, "
                               "name text NOT NULL, "
                               "applied_at bigint NOT NULL)"));
    buf_add(&draft->line, SLICE("create table bookplate_migration"));
    return add_step(draft);
}

static enum status plan_migration(struct drafting *draft,
                                  const struct migration *migration)
{
    struct slice sql;

    TRY(query_expand(draft->ddl.schema, draft->ddl.engine, migration->sql,
                     draft->inspection->arena, &sql));
    buf_add(&draft->sql, sql);
    buf_format(&draft->sql,
               "INSERT INTO bookplate_migration (version, name, applied_at) "
               "VALUES (%lld, '%.*s', %lld)",
               (long long)migration->version, SLICE_ARG(migration->name),
               (long long)clock_wall_ms());
    buf_format(&draft->line, "apply migration %lld, %.*s",
               (long long)migration->version, SLICE_ARG(migration->name));
    return add_step(draft);
}

static enum status plan_migrations(struct drafting *draft)
{
    TRY(plan_versions(draft));
    for (size_t i = 0; i < store_migration_count; i++) {
        if (store_migrations[i].version > draft->inspection->version) {
            TRY(plan_migration(draft, &store_migrations[i]));
        }
    }
    return STATUS_OK;
}

enum status plan_make(const struct inspection *inspection, struct plan *out)
{
    const struct store *store = inspection->store;
    size_t capacity = most_steps(store->schema);
    struct drafting draft = {
        .inspection = inspection,
        .plan = out,
        .ddl = {store->schema, store->engine->dialect, &draft.sql},
    };

    buf_init(&draft.sql, inspection->arena, QUERY_SQL_MAX);
    buf_init(&draft.line, inspection->arena, LINE_MAX_BYTES);
    *out = (struct plan){.capacity = capacity};
    out->steps =
        arena_alloc_zero(inspection->arena, capacity * sizeof(*out->steps));
    TRY_ALLOC(out->steps);
    TRY(store->adopts ? adopt_tables(&draft) : plan_tables(&draft));
    return plan_migrations(&draft);
}
