/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/fields.h"

#include "codec/iso_date.h"
#include "codec/json_read.h"
#include "codec/utf8.h"

/* A field that is JSON, printed again. */
#define FIELD_JSON_MAX ((size_t)131072)

static enum status refuse_type(struct visit *visit, const struct column *column,
                               struct slice expected, const struct json *value)
{
    return visit_refuse(
        visit, STATUS_VALIDATION_ERROR,
        "[body.%.*s] Invalid input: expected %.*s, received %.*s",
        SLICE_ARG(column->name), SLICE_ARG(expected),
        SLICE_ARG(input_type_name(value)));
}

static bool is_a_word(const struct column *column, struct slice text)
{
    for (size_t i = 0; i < column->word_count; i++) {
        if (slice_equal(column->words[i], text)) {
            return true;
        }
    }
    return column->words == NULL;
}

static enum status read_text(struct visit *visit, const struct column *column,
                             const struct json *json, struct value *out)
{
    struct slice text;

    if (json_text(json, &text) != STATUS_OK) {
        return refuse_type(visit, column, SLICE("string"), json);
    }
    if (!is_a_word(column, text)) {
        return visit_refuse(visit, STATUS_VALIDATION_ERROR,
                            "[body.%.*s] Invalid option",
                            SLICE_ARG(column->name));
    }
    *out = value_text(text);
    return STATUS_OK;
}

static enum status read_integer(struct visit *visit,
                                const struct column *column,
                                const struct json *json, struct value *out)
{
    int64_t number;

    if (json_int64(json, &number) != STATUS_OK ||
        (column->type == COLUMN_INTEGER &&
         (number < INT32_MIN || number > INT32_MAX))) {
        return refuse_type(visit, column, SLICE("int"), json);
    }
    *out = value_integer(number);
    return STATUS_OK;
}

static enum status read_flag(struct visit *visit, const struct column *column,
                             const struct json *json, struct value *out)
{
    bool on;

    if (json_bool(json, &on) != STATUS_OK) {
        return refuse_type(visit, column, SLICE("boolean"), json);
    }
    *out = value_boolean(on);
    return STATUS_OK;
}

/* A whole time, or a day, which begins at midnight UTC. */
static enum status read_date(struct visit *visit, const struct column *column,
                             const struct json *json, struct value *out)
{
    struct slice text;
    struct slice whole;
    int64_t ms;

    if (json_text(json, &text) != STATUS_OK) {
        return refuse_type(visit, column, SLICE("date"), json);
    }
    whole = text;
    if (text.len == sizeof("2026-11-21") - 1) {
        TRY(arena_format(visit->arena, &whole, "%.*sT00:00:00.000Z",
                         SLICE_ARG(text)));
    }
    if (iso_date_parse(whole, &ms) != STATUS_OK) {
        return visit_refuse(visit, STATUS_VALIDATION_ERROR,
                            "[body.%.*s] Invalid input: expected date, "
                            "received Invalid Date",
                            SLICE_ARG(column->name));
    }
    *out = value_time(ms);
    return STATUS_OK;
}

static bool is_array_of(const struct json *json, enum column_type type)
{
    for (size_t i = 0; i < json_count(json); i++) {
        enum json_kind kind = json_kind_of(json_at(json, i));
        bool fits = type == COLUMN_TEXT_ARRAY
                        ? kind == JSON_KIND_TEXT
                        : kind == JSON_KIND_INTEGER || kind == JSON_KIND_REAL;

        if (!fits) {
            return false;
        }
    }
    return json_kind_of(json) == JSON_KIND_ARRAY;
}

static enum status read_json(struct visit *visit, const struct column *column,
                             const struct json *json, struct value *out)
{
    struct json_writer writer;
    struct slice text;
    struct buf buf;

    if (column->type != COLUMN_JSON && !is_array_of(json, column->type)) {
        return refuse_type(visit, column, SLICE("array"), json);
    }
    buf_init(&buf, visit->arena, FIELD_JSON_MAX);
    json_writer_init(&writer, &buf);
    json_write_json(&writer, json);
    TRY(json_write_finish(&writer, &text));
    *out = value_text(text);
    return STATUS_OK;
}

static enum status read_value(struct visit *visit, const struct column *column,
                              const struct json *json, struct value *out)
{
    if (json_kind_of(json) == JSON_KIND_NULL && !column->required) {
        *out = VALUE_NOTHING;
        return STATUS_OK;
    }
    switch (column->type) {
    case COLUMN_INTEGER:
    case COLUMN_BIGINT:
        return read_integer(visit, column, json, out);
    case COLUMN_BOOLEAN:
        return read_flag(visit, column, json, out);
    case COLUMN_DATE:
        return read_date(visit, column, json, out);
    case COLUMN_JSON:
    case COLUMN_TEXT_ARRAY:
    case COLUMN_NUMBER_ARRAY:
        return read_json(visit, column, json, out);
    case COLUMN_ID:
    case COLUMN_TEXT:
    default:
        return read_text(visit, column, json, out);
    }
}

/* What JavaScript would take for nothing may stand where nothing may. */
static bool is_nothing(const struct json *json)
{
    struct slice text;
    double number;
    bool on;

    return json_kind_of(json) == JSON_KIND_NULL ||
           (json_text(json, &text) == STATUS_OK && text.len == 0) ||
           (json_number(json, &number) == STATUS_OK && number == 0) ||
           (json_bool(json, &on) == STATUS_OK && !on);
}

static enum status read_member(struct visit *visit, const struct column *column,
                               enum fields_for what, const struct json *json)
{
    bool fixed = column->no_input || !column->additional;

    if (json == NULL) {
        return what == FIELDS_CREATE && column->checked && !column->has_initial
                   ? visit_refuse(visit, STATUS_MISSING_FIELD,
                                  "%.*s is required", SLICE_ARG(column->name))
                   : STATUS_OK;
    }
    if (!fixed || is_nothing(json) ||
        (what == FIELDS_CREATE && column->has_initial)) {
        return STATUS_OK;
    }
    return visit_refuse(visit, STATUS_FIELD_NOT_ALLOWED,
                        "%.*s is not allowed to be set",
                        SLICE_ARG(column->name));
}

static size_t first_field(enum table_id table)
{
    return table == TABLE_USER ? (size_t)USER_COLUMNS : (size_t)SESSION_COLUMNS;
}

enum status fields_read(struct visit *visit, enum table_id id,
                        enum fields_for what, struct column_changes *out)
{
    const struct table *table = &visit->call.auth->schema->tables[id];

    for (size_t i = first_field(id); i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        const struct json *json = visit_member(visit, column->name);
        struct value value = VALUE_NOTHING;

        TRY(read_member(visit, column, what, json));
        if (json != NULL && !column->no_input && column->additional) {
            TRY(read_value(visit, column, json, &value));
            column_change_add(out, i, value);
        }
    }
    return STATUS_OK;
}

enum status fields_check_name(struct visit *visit, struct slice name)
{
    return utf8_count_utf16(name) <= FIELDS_NAME_MAX
               ? STATUS_OK
               : visit_refuse(visit, STATUS_VALIDATION_ERROR,
                              "[body.name] Too big: expected string to have "
                              "<=%zu characters",
                              FIELDS_NAME_MAX);
}

/* Pages put it into an <img>; nothing that could be a script goes there. */
enum status fields_check_image(struct visit *visit, struct slice image)
{
    size_t colon = slice_find(image, ':');
    struct slice scheme = slice_head(image, colon);
    bool known = slice_equal_nocase(scheme, SLICE("https")) ||
                 slice_equal_nocase(scheme, SLICE("http")) ||
                 slice_starts_with(image, SLICE("data:image/"));

    if (image.len <= FIELDS_IMAGE_MAX && (known || colon == image.len)) {
        return STATUS_OK;
    }
    return visit_refuse(visit, STATUS_VALIDATION_ERROR,
                        "[body.image] Invalid input: expected the address of "
                        "a picture, http or https");
}

static enum status check_texts(struct visit *visit, size_t column,
                               const struct value *value)
{
    if (value->kind != VALUE_TEXT) {
        return STATUS_OK;
    }
    if (column == USER_NAME) {
        return fields_check_name(visit, value->text);
    }
    return column == USER_IMAGE ? fields_check_image(visit, value->text)
                                : STATUS_OK;
}

enum status fields_read_user(struct visit *visit, const struct json *object,
                             struct column_changes *out)
{
    const struct schema *schema = visit->call.auth->schema;
    const struct table *table = &schema->tables[TABLE_USER];

    for (size_t i = 1; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        const struct json *json = json_get(object, column->name);
        struct value value = VALUE_NOTHING;

        if (json == NULL || i == USER_EMAIL || i == USER_UPDATED_AT ||
            i == schema->user_role) {
            continue;
        }
        TRY(read_value(visit, column, json, &value));
        TRY(check_texts(visit, i, &value));
        column_change_add(out, i, value);
    }
    return STATUS_OK;
}
