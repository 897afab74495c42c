/* SPDX-License-Identifier: Apache-2.0 */
#include "store/inspect.h"

#include "store/migration.h"

#define SQL_MAX ((size_t)8192)

/* Every answer is text, so that no engine's types matter here. */
enum {
    TABLE,
    COLUMN,
    TYPE,
    FLAGS, /* a letter or '-' for each flag */
    WIDTH
};

static const struct slice sqlite_columns = SLICE_INIT(
    "SELECT m.name, c.name, c.type, "
    "CASE WHEN c.\"notnull\" OR c.pk THEN 'r' ELSE '-' END || "
    "CASE WHEN c.dflt_value IS NOT NULL OR (c.pk AND "
    "lower(c.type) = 'integer') THEN 'f' ELSE '-' END || "
    "CASE WHEN c.pk OR EXISTS (SELECT 1 FROM pragma_index_list(m.name) i "
    "WHERE i.\"unique\" AND NOT i.partial AND (SELECT group_concat(p.name) "
    "FROM pragma_index_info(i.name) p) = c.name) THEN 'u' ELSE '-' END || "
    "CASE WHEN c.pk OR EXISTS (SELECT 1 FROM pragma_index_list(m.name) i "
    "JOIN pragma_index_info(i.name) p WHERE p.seqno = 0 AND p.name = c.name) "
    "THEN 'i' ELSE '-' END "
    "FROM sqlite_master m JOIN pragma_table_info(m.name) c "
    "WHERE m.type = 'table' AND lower(m.name) IN (");

static const struct slice postgres_columns = SLICE_INIT(
    "SELECT t.relname::text, c.attname::text, "
    "format_type(c.atttypid, NULL)::text, "
    "CASE WHEN c.attnotnull THEN 'r' ELSE '-' END || "
    "CASE WHEN c.atthasdef OR c.attidentity <> '' OR c.attgenerated <> '' "
    "THEN 'f' ELSE '-' END || "
    "CASE WHEN EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid "
    "AND i.indisunique AND i.indisvalid AND i.indpred IS NULL "
    "AND i.indnkeyatts = 1 AND i.indkey[0] = c.attnum) "
    "THEN 'u' ELSE '-' END || "
    "CASE WHEN EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid "
    "AND i.indisvalid AND i.indkey[0] = c.attnum) THEN 'i' ELSE '-' END "
    "FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid "
    "WHERE t.relnamespace = (SELECT oid FROM pg_namespace "
    "WHERE nspname = current_schema()) AND t.relkind IN ('r', 'p') "
    "AND c.attnum > 0 AND NOT c.attisdropped AND t.relname IN (");

static bool is_sqlite(const struct inspection *inspection)
{
    return inspection->store->engine->dialect == QUERY_SQLITE;
}

/* As the database compares names. */
static bool is_same(const struct inspection *inspection, struct slice a,
                    struct slice b)
{
    return is_sqlite(inspection) ? slice_equal_nocase(a, b) : slice_equal(a, b);
}

enum status inspect_run(const struct inspection *inspection, struct slice sql,
                        struct rows *rows)
{
    struct store *store = inspection->store;

    if (!store_next_may_run(store)) {
        *inspection->why = SLICE("the database is away");
        return STATUS_UNAVAILABLE;
    }
    return store->engine->direct_run(inspection->direct, sql, inspection->arena,
                                     rows, inspection->why);
}

static void add_quoted(const struct inspection *inspection, struct buf *sql,
                       struct slice name)
{
    buf_add_byte(sql, '\'');
    for (size_t i = 0; i < name.len; i++) {
        buf_add_byte(sql, is_sqlite(inspection) ? ascii_lower(name.ptr[i])
                                                : name.ptr[i]);
    }
    buf_add_byte(sql, '\'');
}

static enum status ask_columns(const struct inspection *inspection,
                               struct rows *rows)
{
    const struct table *tables = inspection->store->schema->tables;
    struct slice text;
    struct buf sql;

    buf_init(&sql, inspection->arena, SQL_MAX);
    buf_add(&sql, is_sqlite(inspection) ? sqlite_columns : postgres_columns);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        add_quoted(inspection, &sql, tables[i].stored);
        buf_add(&sql, SLICE(", "));
    }
    buf_add(&sql, SLICE("'bookplate_migration') ORDER BY 1"));
    TRY(buf_finish(&sql, &text));
    return inspect_run(inspection, text, rows);
}

static enum status take_columns(struct inspection *inspection,
                                const struct rows *rows)
{
    if (rows->count > 0 && rows->width != WIDTH) {
        return STATUS_INTERNAL;
    }
    inspection->columns = arena_alloc_zero(
        inspection->arena, (rows->count + 1) * sizeof(*inspection->columns));
    TRY_ALLOC(inspection->columns);
    for (size_t i = 0; i < rows->count; i++) {
        const struct value *row = &rows->values[i * WIDTH];
        struct slice flags = row[FLAGS].text;

        inspection->columns[i] = (struct found_column){
            .table = row[TABLE].text,
            .name = row[COLUMN].text,
            .type = row[TYPE].text,
            .required = slice_contains(flags, SLICE("r")),
            .filled = slice_contains(flags, SLICE("f")),
            .unique = slice_contains(flags, SLICE("u")),
            .indexed = slice_contains(flags, SLICE("i")),
        };
    }
    inspection->column_count = rows->count;
    return STATUS_OK;
}

static enum status refuse_newer(const struct inspection *inspection)
{
    TRY(arena_format(inspection->arena, inspection->why,
                     "the database was migrated by a newer bookplate "
                     "(version %lld, this one knows %zu)",
                     (long long)inspection->version, store_migration_count));
    return STATUS_PRECONDITION_FAILED;
}

static enum status read_version(struct inspection *inspection)
{
    struct rows rows = {0};
    uint64_t version;

    TRY(inspect_run(inspection,
                    SLICE("SELECT CAST(COALESCE(MAX(version), 0) AS text) "
                          "FROM bookplate_migration"),
                    &rows));
    if (rows.count != 1 || rows.values[0].kind != VALUE_TEXT ||
        !slice_to_u64(rows.values[0].text, INT32_MAX, &version)) {
        *inspection->why = SLICE("bookplate_migration holds no versions");
        return STATUS_UNREADABLE;
    }
    inspection->version = (int64_t)version;
    return version > store_migration_count ? refuse_newer(inspection)
                                           : STATUS_OK;
}

/* Without one there is no place for tables, and none are found either. */
static enum status check_place(const struct inspection *inspection)
{
    struct rows rows = {0};

    if (is_sqlite(inspection)) {
        return STATUS_OK;
    }
    TRY(inspect_run(inspection, SLICE("SELECT current_schema()::text"), &rows));
    if (rows.count != 1 || rows.values[0].kind != VALUE_TEXT) {
        *inspection->why = SLICE("no schema of the search_path exists");
        return STATUS_PRECONDITION_FAILED;
    }
    return STATUS_OK;
}

enum status inspect(struct inspection *inspection)
{
    struct rows rows = {0};

    TRY(check_place(inspection));
    TRY(ask_columns(inspection, &rows));
    TRY(take_columns(inspection, &rows));
    inspection->has_versions =
        inspect_has_table(inspection, SLICE("bookplate_migration"));
    return inspection->has_versions ? read_version(inspection) : STATUS_OK;
}

bool inspect_has_table(const struct inspection *inspection, struct slice stored)
{
    for (size_t i = 0; i < inspection->column_count; i++) {
        if (is_same(inspection, inspection->columns[i].table, stored)) {
            return true;
        }
    }
    return false;
}

const struct found_column *inspect_column(const struct inspection *inspection,
                                          struct slice table,
                                          struct slice column)
{
    for (size_t i = 0; i < inspection->column_count; i++) {
        const struct found_column *found = &inspection->columns[i];

        if (is_same(inspection, found->table, table) &&
            is_same(inspection, found->name, column)) {
            return found;
        }
    }
    return NULL;
}
