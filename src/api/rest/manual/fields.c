/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's further fields of users: what a body that is open has beside
 * its own.
 */
#include "api/rest/manual/parts.h"
#include "store/schema.h"

static struct slice type_of(const struct column *column)
{
    switch (column->type) {
    case COLUMN_INTEGER:
    case COLUMN_BIGINT:
        return SLICE("integer");
    case COLUMN_BOOLEAN:
        return SLICE("boolean");
    case COLUMN_TEXT_ARRAY:
    case COLUMN_NUMBER_ARRAY:
        return SLICE("array");
    case COLUMN_JSON:
        return SLICE_EMPTY;
    default:
        return SLICE("string");
    }
}

static bool is_field(const struct column *column)
{
    return column->additional && !column->no_input;
}

static void write_type(struct json_writer *json, const struct column *column)
{
    struct slice type = type_of(column);

    if (type.len == 0) {
        return;
    }
    json_write_name(json, SLICE("type"));
    if (column->required) {
        json_write_text(json, type);
        return;
    }
    json_write_array(json);
    json_write_text(json, type);
    json_write_text(json, SLICE("null"));
    json_write_end(json);
}

static void write_items(struct json_writer *json, const struct column *column)
{
    if (column->type == COLUMN_TEXT_ARRAY ||
        column->type == COLUMN_NUMBER_ARRAY) {
        open_member(json, SLICE("items"));
        write_member(json, SLICE("type"),
                     column->type == COLUMN_TEXT_ARRAY ? SLICE("string")
                                                       : SLICE("number"));
        json_write_end(json);
    }
}

static void write_words(struct json_writer *json, const struct column *column)
{
    if (column->words == NULL) {
        return;
    }
    json_write_name(json, SLICE("enum"));
    json_write_array(json);
    for (size_t i = 0; i < column->word_count; i++) {
        json_write_text(json, column->words[i]);
    }
    if (!column->required) {
        json_write_null(json);
    }
    json_write_end(json);
}

void manual_write_user_fields(struct json_writer *json,
                              const struct table *users)
{
    for (size_t i = 0; users != NULL && i < users->column_count; i++) {
        const struct column *column = &users->columns[i];

        if (is_field(column)) {
            open_member(json, column->name);
            write_type(json, column);
            write_items(json, column);
            write_words(json, column);
            json_write_end(json);
        }
    }
}

void manual_write_needed_user_fields(struct json_writer *json,
                                     const struct table *users)
{
    for (size_t i = 0; users != NULL && i < users->column_count; i++) {
        const struct column *column = &users->columns[i];

        if (is_field(column) && column->checked && !column->has_initial) {
            json_write_text(json, column->name);
        }
    }
}
