/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operator wants to know before a server runs on a database that
 * something else made: what is adopted, what is missing, what would not work.
 */
#include "store/plan.h"

/* Older ones lack nothing we know of, but nobody tests there. */
#define POSTGRES_MIN 140000

struct examination {
    struct inspection *inspection;
    struct buf *report;
    bool sound;
};

static const struct slice sqlite_types[] = {
    [COLUMN_ID] = SLICE_INIT("text|integer"),
    [COLUMN_TEXT] = SLICE_INIT("text|varchar"),
    [COLUMN_INTEGER] = SLICE_INIT("integer|real|bigint|int"),
    [COLUMN_BIGINT] = SLICE_INIT("integer|real|bigint|int"),
    [COLUMN_BOOLEAN] = SLICE_INIT("integer|boolean"),
    [COLUMN_DATE] = SLICE_INIT("date|text|datetime|timestamp"),
    [COLUMN_JSON] = SLICE_INIT("text"),
    [COLUMN_TEXT_ARRAY] = SLICE_INIT("text"),
    [COLUMN_NUMBER_ARRAY] = SLICE_INIT("text"),
};

static const struct slice postgres_types[] = {
    [COLUMN_ID] = SLICE_INIT("text|character varying|uuid|integer|bigint"),
    [COLUMN_TEXT] = SLICE_INIT("text|character varying|uuid"),
    [COLUMN_INTEGER] =
        SLICE_INIT("integer|bigint|smallint|numeric|real|double precision"),
    [COLUMN_BIGINT] =
        SLICE_INIT("integer|bigint|smallint|numeric|real|double precision"),
    [COLUMN_BOOLEAN] = SLICE_INIT("boolean"),
    [COLUMN_DATE] = SLICE_INIT("timestamp with time zone"),
    [COLUMN_JSON] = SLICE_INIT("json|jsonb"),
    [COLUMN_TEXT_ARRAY] = SLICE_INIT("json|jsonb"),
    [COLUMN_NUMBER_ARRAY] = SLICE_INIT("json|jsonb"),
};

static bool is_sqlite(const struct examination *examination)
{
    return examination->inspection->store->engine->dialect == QUERY_SQLITE;
}

static bool is_one_of(struct slice list, struct slice word)
{
    struct slice part;

    while (slice_split(&list, '|', &part)) {
        if (slice_equal_nocase(part, word)) {
            return true;
        }
    }
    return false;
}

static void problem(struct examination *examination)
{
    buf_add(examination->report, SLICE("problem: "));
    examination->sound = false;
}

/* The first value of the first row, as text. */
static enum status ask(struct examination *examination, struct slice sql,
                       struct slice *out)
{
    struct rows rows = {0};

    TRY(inspect_run(examination->inspection, sql, &rows));
    if (rows.count != 1 || rows.values[0].kind != VALUE_TEXT) {
        return STATUS_INTERNAL;
    }
    *out = rows.values[0].text;
    return STATUS_OK;
}

static enum status tell_engine(struct examination *examination)
{
    struct slice version;
    struct slice number;
    uint64_t n;

    if (is_sqlite(examination)) {
        TRY(ask(examination, SLICE("SELECT sqlite_version()"), &version));
        buf_format(examination->report, "SQLite %.*s\n", SLICE_ARG(version));
        return STATUS_OK;
    }
    TRY(ask(examination, SLICE("SELECT current_setting('server_version')"),
            &version));
    TRY(ask(examination, SLICE("SELECT current_setting('server_version_num')"),
            &number));
    if (!slice_to_u64(number, INT32_MAX, &n) || n < POSTGRES_MIN) {
        problem(examination);
        buf_add(examination->report, SLICE("older than 14: "));
    }
    buf_format(examination->report, "PostgreSQL %.*s\n", SLICE_ARG(version));
    return STATUS_OK;
}

static enum status tell_rows(struct examination *examination,
                             const struct table *table)
{
    struct slice sql;
    struct slice count;

    TRY(arena_format(examination->inspection->arena, &sql,
                     "SELECT CAST(count(*) AS text) FROM \"%.*s\"",
                     SLICE_ARG(table->stored)));
    TRY(ask(examination, sql, &count));
    buf_format(examination->report, "table %.*s: %.*s rows",
               SLICE_ARG(table->stored), SLICE_ARG(count));
    if (!slice_equal(table->name, table->stored)) {
        buf_format(examination->report, "; it is %.*s here",
                   SLICE_ARG(table->name));
    }
    return STATUS_OK;
}

static void tell_renamed(struct examination *examination,
                         const struct table *table)
{
    const char *sign = "; renamed: ";

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];

        if (!slice_equal(column->name, column->stored)) {
            buf_format(examination->report, "%s%.*s is %.*s", sign,
                       SLICE_ARG(column->name), SLICE_ARG(column->stored));
            sign = ", ";
        }
    }
    buf_add_byte(examination->report, '\n');
}

static const struct column *named_by_schema(const struct table *table,
                                            struct slice stored)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (slice_equal_nocase(table->columns[i].stored, stored)) {
            return &table->columns[i];
        }
    }
    return NULL;
}

/* NOT NULL columns of somebody else's that no insert of ours would fill. */
static void check_strangers(struct examination *examination,
                            const struct table *table)
{
    const struct inspection *inspection = examination->inspection;

    for (size_t i = 0; i < inspection->column_count; i++) {
        const struct found_column *found = &inspection->columns[i];

        if (slice_equal_nocase(found->table, table->stored) &&
            found->required && !found->filled &&
            named_by_schema(table, found->name) == NULL) {
            problem(examination);
            buf_format(examination->report,
                       "%.*s.%.*s is NOT NULL without a default: inserts "
                       "would fail; give it one, or name it in AUTH_SCHEMA\n",
                       SLICE_ARG(found->table), SLICE_ARG(found->name));
        }
    }
}

static const char *id_setting(struct slice type)
{
    if (slice_equal_nocase(type, SLICE("uuid"))) {
        return "uuid";
    }
    return slice_equal_nocase(type, SLICE("integer")) ||
                   slice_equal_nocase(type, SLICE("bigint"))
               ? "serial"
               : "text";
}

/* In SQLite a uuid is text like any other. */
static const char *id_expected(const struct examination *examination)
{
    switch (examination->inspection->store->schema->id_type) {
    case ID_SERIAL:
        return "serial";
    case ID_UUID:
        return is_sqlite(examination) ? "text" : "uuid";
    default:
        return "text";
    }
}

static void check_id(struct examination *examination,
                     const struct found_column *found)
{
    const char *is = id_setting(found->type);

    if (strcmp(is, id_expected(examination)) == 0) {
        return;
    }
    problem(examination);
    buf_format(examination->report, "%.*s.%.*s is %.*s: set ID_TYPE=%s\n",
               SLICE_ARG(found->table), SLICE_ARG(found->name),
               SLICE_ARG(found->type), is);
}

static void check_type(struct examination *examination,
                       const struct column *column,
                       const struct found_column *found)
{
    const struct slice *types =
        is_sqlite(examination) ? sqlite_types : postgres_types;
    struct slice type = slice_head(found->type, slice_find(found->type, '('));

    if (column->type == COLUMN_ID) {
        check_id(examination, found);
        return;
    }
    if (!is_one_of(types[column->type], type)) {
        buf_format(examination->report,
                   "warning: %.*s.%.*s is %.*s, which is none of %.*s\n",
                   SLICE_ARG(found->table), SLICE_ARG(found->name),
                   SLICE_ARG(type), SLICE_ARG(types[column->type]));
    }
}

static void check_column(struct examination *examination,
                         const struct table *table, const struct column *column)
{
    const struct found_column *found =
        inspect_column(examination->inspection, table->stored, column->stored);

    if (found == NULL) {
        return; /* the plan says so */
    }
    check_type(examination, column, found);
    if (column->unique && !found->unique) {
        problem(examination);
        buf_format(examination->report,
                   "%.*s.%.*s has no unique index: two requests at once "
                   "could both take a value\n",
                   SLICE_ARG(found->table), SLICE_ARG(found->name));
    }
    if (column->indexed && !found->indexed) {
        buf_format(examination->report,
                   "warning: %.*s.%.*s has no index: it would be slow\n",
                   SLICE_ARG(found->table), SLICE_ARG(found->name));
    }
}

static enum status check_table(struct examination *examination,
                               const struct table *table)
{
    if (!table->exists ||
        !inspect_has_table(examination->inspection, table->stored)) {
        return STATUS_OK;
    }
    TRY(tell_rows(examination, table));
    tell_renamed(examination, table);
    for (size_t i = 0; i < table->column_count; i++) {
        check_column(examination, table, &table->columns[i]);
    }
    check_strangers(examination, table);
    return STATUS_OK;
}

/* What a migration would do; that it cannot is a finding like others. */
static enum status tell_missing(struct examination *examination)
{
    struct inspection *inspection = examination->inspection;
    struct plan plan;
    enum status status = plan_make(inspection, &plan);

    if (status == STATUS_PRECONDITION_FAILED) {
        problem(examination);
        buf_format(examination->report, "%.*s\n", SLICE_ARG(*inspection->why));
        return STATUS_OK;
    }
    TRY(status);
    for (size_t i = 0; i < plan.count; i++) {
        buf_format(examination->report, "to do: %.*s\n",
                   SLICE_ARG(plan.steps[i].line));
    }
    return STATUS_OK;
}

enum status plan_examine(struct inspection *inspection, struct buf *report,
                         bool *sound)
{
    const struct schema *schema = inspection->store->schema;
    struct examination examination = {inspection, report, true};

    TRY(tell_engine(&examination));
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        TRY(check_table(&examination, &schema->tables[i]));
    }
    TRY(tell_missing(&examination));
    *sound = examination.sound;
    return report->failed;
}
