/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query.h"

#include "base/buf.h"

struct expansion {
    const struct schema *schema;
    enum query_engine engine;
    struct buf out;
};

static const struct table *find_table(const struct schema *schema,
                                      struct slice name)
{
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        if (slice_equal(schema->tables[i].name, name)) {
            return &schema->tables[i];
        }
    }
    return NULL;
}

/* A name as SQL has it; schema_make let no quote into one. */
static void add_name(struct expansion *to, struct slice name)
{
    buf_add_byte(&to->out, '"');
    buf_add(&to->out, name);
    buf_add_byte(&to->out, '"');
}

static void add_column(struct expansion *to, const struct table *table,
                       const struct column *column, bool qualified)
{
    if (qualified) {
        add_name(to, table->stored);
        buf_add_byte(&to->out, '.');
    }
    add_name(to, column->stored);
}

static void add_all(struct expansion *to, const struct table *table,
                    bool qualified)
{
    for (size_t i = 0; i < table->column_count; i++) {
        buf_add(&to->out, i > 0 ? SLICE(", ") : SLICE_EMPTY);
        add_column(to, table, &table->columns[i], qualified);
    }
}

static void add_parameter(struct expansion *to, uint64_t number)
{
    /* "$1" is a name to SQLite, numbered by where it first stands. */
    buf_add_byte(&to->out, to->engine == QUERY_SQLITE ? '?' : '$');
    buf_add_u64(&to->out, number);
}

/*
 * PostgreSQL fills an identity column when it is left out, not when it is
 * NULL as SQLite does.
 */
static void add_serial_id(struct expansion *to, const struct table *table,
                          uint64_t number)
{
    buf_add(&to->out, SLICE("COALESCE(CAST("));
    add_parameter(to, number);
    buf_add(&to->out, SLICE(" AS integer), "
                            "CAST(nextval(pg_get_serial_sequence('\""));
    buf_add(&to->out, table->stored);
    buf_add(&to->out, SLICE("\"', '"));
    buf_add(&to->out, table->columns[0].stored);
    buf_add(&to->out, SLICE("')) AS integer))"));
}

static bool counts_ids(const struct expansion *to)
{
    return to->schema->id_type == ID_SERIAL && to->engine == QUERY_POSTGRES;
}

static enum status add_id(struct expansion *to, const struct table *table,
                          struct slice digits)
{
    uint64_t number;

    if (!slice_to_u64(digits, QUERY_PARAMS_MAX, &number)) {
        return STATUS_TOO_LARGE;
    }
    if (counts_ids(to)) {
        add_serial_id(to, table, number);
    } else {
        add_parameter(to, number);
    }
    return STATUS_OK;
}

static enum status add_parameters(struct expansion *to,
                                  const struct table *table, struct slice from)
{
    bool counted =
        to->schema->id_type == ID_SERIAL && to->engine == QUERY_POSTGRES;
    uint64_t first;

    if (!slice_to_u64(from, QUERY_PARAMS_MAX, &first) ||
        first + table->column_count - 1 > QUERY_PARAMS_MAX) {
        return STATUS_TOO_LARGE;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        buf_add(&to->out, i > 0 ? SLICE(", ") : SLICE_EMPTY);
        if (i == 0 && counted) {
            add_serial_id(to, table, first);
        } else {
            add_parameter(to, first + i);
        }
    }
    return STATUS_OK;
}

/* What stands behind the table's name: "", ".*", ":name", ":$3" ... */
static enum status add_part(struct expansion *to, const struct table *table,
                            struct slice part)
{
    bool qualified = part.len > 0 && part.ptr[0] == '.';
    struct slice name = slice_from(part, 1);
    size_t at;

    if (part.len == 0) {
        add_name(to, table->stored);
        return STATUS_OK;
    }
    if (slice_equal(name, SLICE("*"))) {
        add_all(to, table, qualified);
        return STATUS_OK;
    }
    if (slice_starts_with(name, SLICE("id$"))) {
        return add_id(to, table, slice_from(name, 3));
    }
    if (slice_starts_with(name, SLICE("$"))) {
        return add_parameters(to, table, slice_from(name, 1));
    }
    at = table_column(table, name);
    if (at == COLUMN_NONE) {
        return STATUS_INVALID_VALUE;
    }
    add_column(to, table, &table->columns[at], qualified);
    return STATUS_OK;
}

static enum status add_choice(struct expansion *to, struct slice engine,
                              struct slice text)
{
    struct slice wanted =
        to->engine == QUERY_SQLITE ? SLICE("sqlite") : SLICE("postgres");

    if (slice_equal(engine, wanted)) {
        buf_add(&to->out, text);
    }
    return STATUS_OK;
}

static enum status add_braced(struct expansion *to, struct slice braced)
{
    size_t bar = slice_find(braced, '|');
    const struct table *table;
    size_t end = 0;

    if (bar < braced.len) {
        return add_choice(to, slice_head(braced, bar),
                          slice_from(braced, bar + 1));
    }
    while (end < braced.len && braced.ptr[end] != '.' &&
           braced.ptr[end] != ':') {
        end++;
    }
    table = find_table(to->schema, slice_head(braced, end));
    return table == NULL ? STATUS_INVALID_VALUE
                         : add_part(to, table, slice_from(braced, end));
}

/* Takes one piece off the template: text, a parameter, or braces. */
static enum status expand_next(struct expansion *to, struct slice *rest)
{
    size_t len = 0;

    if (rest->ptr[0] == '{') {
        size_t end = slice_find(*rest, '}');
        struct slice braced = slice_from(slice_head(*rest, end), 1);

        *rest = slice_from(*rest, end + 1);
        return add_braced(to, braced);
    }
    if (rest->ptr[0] == '$') {
        buf_add_byte(&to->out, to->engine == QUERY_SQLITE ? '?' : '$');
        *rest = slice_from(*rest, 1);
        return STATUS_OK;
    }
    while (len < rest->len && rest->ptr[len] != '{' && rest->ptr[len] != '$') {
        len++;
    }
    buf_add(&to->out, slice_head(*rest, len));
    *rest = slice_from(*rest, len);
    return STATUS_OK;
}

enum status query_expand(const struct schema *schema, enum query_engine engine,
                         struct slice template, struct arena *arena,
                         struct slice *sql)
{
    struct expansion to = {.schema = schema, .engine = engine};

    buf_init(&to.out, arena, QUERY_SQL_MAX);
    while (template.len > 0) {
        TRY(expand_next(&to, &template));
    }
    /* Engines take a C string. */
    buf_add_byte(&to.out, '\0');
    TRY(buf_finish(&to.out, sql));
    sql->len--;
    return STATUS_OK;
}
