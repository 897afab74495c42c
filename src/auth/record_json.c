/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/record_json.h"

#include "codec/iso_date.h"
#include "codec/json_read.h"

/* As long as a field may be that came in through a body. */
static const struct json_limits column_limits = {.bytes = 131072,
                                                 .values = 16384};

static void write_date(struct json_writer *json, int64_t ms)
{
    char text[ISO_DATE_SIZE];

    iso_date_print(ms, text);
    json_write_text(json, slice_make(text, ISO_DATE_SIZE));
}

/* What somebody else wrote may be no JSON; the original shows null then. */
static void write_json(struct json_writer *json, struct slice text)
{
    const struct json *parsed;

    if (json_parse(json->buf->arena, text, column_limits, &parsed) ==
        STATUS_OK) {
        json_write_json(json, parsed);
    } else {
        json_write_null(json);
    }
}

static bool is_json(enum column_type type)
{
    return type == COLUMN_JSON || type == COLUMN_TEXT_ARRAY ||
           type == COLUMN_NUMBER_ARRAY;
}

static void write_value(struct json_writer *json, enum column_type type,
                        const struct value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
        if (is_json(type)) {
            write_json(json, value->text);
        } else {
            json_write_text(json, value->text);
        }
        break;
    case VALUE_INTEGER:
        json_write_int64(json, value->number);
        break;
    case VALUE_REAL:
        json_write_number(json, value->real);
        break;
    case VALUE_BOOLEAN:
        json_write_bool(json, value->number != 0);
        break;
    case VALUE_TIME:
        write_date(json, value->number);
        break;
    case VALUE_NULL:
    case VALUE_RESULT:
    default:
        json_write_null(json);
    }
}

void record_write_member(struct json_writer *json, const struct record *record,
                         size_t column)
{
    const struct column *is = &record->table->columns[column];

    if (!is->hidden) {
        json_write_name(json, is->name);
        write_value(json, is->type, &record->values[column]);
    }
}

void record_write(struct json_writer *json, const struct record *record)
{
    json_write_object(json);
    for (size_t i = 1; i < record->table->column_count; i++) {
        record_write_member(json, record, i);
    }
    record_write_member(json, record, 0);
    json_write_end(json);
}

static const size_t user_copy[USER_COLUMNS] = {
    USER_ID,    USER_CREATED_AT,     USER_UPDATED_AT,
    USER_EMAIL, USER_EMAIL_VERIFIED, USER_NAME,
    USER_IMAGE};

static const size_t session_copy[SESSION_COLUMNS] = {
    SESSION_ID,         SESSION_CREATED_AT, SESSION_UPDATED_AT,
    SESSION_USER_ID,    SESSION_EXPIRES_AT, SESSION_TOKEN,
    SESSION_IP_ADDRESS, SESSION_USER_AGENT};

void record_write_copy(struct json_writer *json, const struct record *record)
{
    bool is_user = slice_equal(record->table->name, SLICE("user"));
    const size_t *order = is_user ? user_copy : session_copy;
    size_t core = is_user ? (size_t)USER_COLUMNS : (size_t)SESSION_COLUMNS;

    json_write_object(json);
    for (size_t i = 0; i < core; i++) {
        record_write_member(json, record, order[i]);
    }
    for (size_t i = core; i < record->table->column_count; i++) {
        record_write_member(json, record, i);
    }
    json_write_end(json);
}
