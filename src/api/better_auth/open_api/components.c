/* SPDX-License-Identifier: Apache-2.0 */
/* What answers are made of: users, sessions, errors; and how one shows who. */
#include "api/better_auth/better_auth.h"
#include "api/better_auth/open_api/table.h"

static void write_type(struct json_writer *json, struct slice type,
                       bool required)
{
    json_write_name(json, SLICE("type"));
    if (required) {
        json_write_text(json, type);
        return;
    }
    json_write_array(json);
    json_write_text(json, type);
    json_write_text(json, SLICE("null"));
    json_write_end(json);
}

static void write_items(struct json_writer *json, struct slice type)
{
    json_write_name(json, SLICE("items"));
    json_write_object(json);
    write_type(json, type, true);
    json_write_end(json);
}

static struct slice json_type(enum column_type type)
{
    switch (type) {
    case COLUMN_INTEGER:
    case COLUMN_BIGINT:
        return SLICE("integer");
    case COLUMN_BOOLEAN:
        return SLICE("boolean");
    case COLUMN_TEXT_ARRAY:
    case COLUMN_NUMBER_ARRAY:
        return SLICE("array");
    default:
        return SLICE("string");
    }
}

static void write_column(struct json_writer *json, const struct column *column)
{
    json_write_name(json, column->name);
    json_write_object(json);
    if (column->type != COLUMN_JSON) {
        write_type(json, json_type(column->type), column->required);
    }
    if (column->type == COLUMN_DATE) {
        json_write_name(json, SLICE("format"));
        json_write_text(json, SLICE("date-time"));
    }
    if (column->type == COLUMN_TEXT_ARRAY) {
        write_items(json, SLICE("string"));
    }
    if (column->type == COLUMN_NUMBER_ARRAY) {
        write_items(json, SLICE("number"));
    }
    json_write_end(json);
}

static void write_table(struct json_writer *json, struct slice name,
                        const struct table *table)
{
    json_write_name(json, name);
    json_write_object(json);
    write_type(json, SLICE("object"), true);
    json_write_name(json, SLICE("properties"));
    json_write_object(json);
    for (size_t i = 1; i <= table->column_count; i++) { /* the id last */
        const struct column *column = &table->columns[i % table->column_count];

        if (!column->hidden) {
            write_column(json, column);
        }
    }
    json_write_end(json);
    json_write_end(json);
}

static const struct column error_columns[] = {
    {.name = SLICE_INIT("code"), .type = COLUMN_TEXT, .required = true},
    {.name = SLICE_INIT("message"), .type = COLUMN_TEXT, .required = true},
};

static const struct table error_table = {
    .columns = error_columns,
    .column_count = sizeof(error_columns) / sizeof(*error_columns)};

static void write_scheme(struct json_writer *json, struct slice name,
                         const struct slice *pairs, size_t count)
{
    json_write_name(json, name);
    json_write_object(json);
    for (size_t i = 0; i < count; i += 2) {
        json_write_name(json, pairs[i]);
        json_write_text(json, pairs[i + 1]);
    }
    json_write_end(json);
}

void open_api_write_components(const struct visit *visit,
                               struct json_writer *json)
{
    const struct table *tables = visit->call.auth->schema->tables;
    const struct slice cookie[] = {SLICE("type"), SLICE("apiKey"),
                                   SLICE("in"),   SLICE("cookie"),
                                   SLICE("name"), visit->kit->cookies.token};
    const struct slice bearer[] = {SLICE("type"), SLICE("http"),
                                   SLICE("scheme"), SLICE("bearer")};

    json_write_name(json, SLICE("components"));
    json_write_object(json);
    json_write_name(json, SLICE("schemas"));
    json_write_object(json);
    write_table(json, SLICE("User"), &tables[TABLE_USER]);
    write_table(json, SLICE("Session"), &tables[TABLE_SESSION]);
    write_table(json, SLICE("Error"), &error_table);
    json_write_end(json);
    json_write_name(json, SLICE("securitySchemes"));
    json_write_object(json);
    write_scheme(json, SLICE("apiKeyCookie"), cookie, 6);
    write_scheme(json, SLICE("bearerAuth"), bearer, 4);
    json_write_end(json);
    json_write_end(json);
}
