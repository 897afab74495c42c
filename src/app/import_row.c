/* SPDX-License-Identifier: Apache-2.0 */
#include "app/import_row.h"

#include "api/better_auth/input.h"
#include "base/buf.h"
#include "codec/iso_date.h"
#include "codec/json_read.h"
#include "codec/json_write.h"
#include "codec/utf8.h"

#include <stdarg.h>
#include <stdio.h>

/* A heading is a word; one that is longer is not any of ours. */
#define NAME_MAX_BYTES ((size_t)64)

__attribute__((format(printf, 2, 3))) static enum status
wrong(struct import_row *row, const char *format, ...)
{
    char line[256];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    TRY(slice_dup(row->call->arena, slice_from_cstr(line), &row->wrong));
    return STATUS_INVALID_VALUE;
}

/* "emailverified" of "email_verified" and "emailVerified" */
static struct slice plain_name(struct slice name, char out[NAME_MAX_BYTES])
{
    size_t len = 0;

    name = slice_trim(name);
    for (size_t i = 0; i < name.len && len < NAME_MAX_BYTES; i++) {
        if (name.ptr[i] != '_' && name.ptr[i] != '-') {
            out[len++] = ascii_lower(name.ptr[i]);
        }
    }
    return slice_make(out, len);
}

static bool is_same_name(struct slice plain, struct slice name)
{
    char other[NAME_MAX_BYTES];

    return slice_equal(plain, plain_name(name, other));
}

static size_t column_of(const struct auth *auth, struct slice name)
{
    const struct table *table = &auth->schema->tables[TABLE_USER];
    char bytes[NAME_MAX_BYTES];
    struct slice plain = plain_name(name, bytes);

    if (plain.len == 0) {
        return COLUMN_NONE;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (is_same_name(plain, table->columns[i].name) ||
            is_same_name(plain, table->columns[i].stored)) {
            return i;
        }
    }
    return slice_equal(plain, SLICE("password")) ||
                   slice_equal(plain, SLICE("passwordhash"))
               ? IMPORT_PASSWORD
               : COLUMN_NONE;
}

/* "id, name, ..., password" */
static enum status list_columns(const struct auth *auth, struct arena *arena,
                                struct slice *out)
{
    const struct table *table = &auth->schema->tables[TABLE_USER];
    struct buf buf;

    buf_init(&buf, arena, 8192);
    for (size_t i = 0; i < table->column_count; i++) {
        buf_format(&buf, "%.*s, ", SLICE_ARG(table->columns[i].name));
    }
    buf_add(&buf, SLICE("password"));
    return buf_finish(&buf, out);
}

static enum status refuse_name(const struct auth *auth, struct slice name,
                               struct arena *arena, struct slice *why)
{
    struct slice known;

    TRY(list_columns(auth, arena, &known));
    TRY(arena_format(arena, why, "no column '%.*s'; there are: %.*s",
                     SLICE_ARG(slice_head(name, NAME_MAX_BYTES)),
                     SLICE_ARG(known)));
    return STATUS_INVALID_VALUE;
}

static enum status add_heading(const struct auth *auth, struct slice name,
                               struct arena *arena, struct import_header *out,
                               struct slice *why)
{
    size_t column = column_of(auth, name);

    if (column == COLUMN_NONE) {
        return refuse_name(auth, name, arena, why);
    }
    for (size_t i = 0; i < out->count; i++) {
        if (out->columns[i] == column) {
            TRY(arena_format(arena, why, "column '%.*s' stands there twice",
                             SLICE_ARG(slice_head(name, NAME_MAX_BYTES))));
            return STATUS_INVALID_VALUE;
        }
    }
    out->columns[out->count++] = column;
    return STATUS_OK;
}

enum status import_header_read(const struct auth *auth, struct slice record,
                               struct arena *arena, struct import_header *out,
                               struct slice *wrong)
{
    struct csv_record *fields = ARENA_NEW(arena, struct csv_record);
    bool has_email = false;
    enum status status;

    TRY_ALLOC(fields);
    out->count = 0;
    status = csv_parse(record, arena, fields);
    if (status == STATUS_UNREADABLE || status == STATUS_TOO_LARGE) {
        *wrong = SLICE("not CSV");
        return STATUS_INVALID_VALUE;
    }
    TRY(status);
    for (size_t i = 0; i < fields->count; i++) {
        TRY(add_heading(auth, fields->fields[i], arena, out, wrong));
        has_email = has_email || out->columns[i] == USER_EMAIL;
    }
    if (!has_email) {
        *wrong = SLICE("no column email");
        return STATUS_INVALID_VALUE;
    }
    return STATUS_OK;
}

static bool read_boolean(struct slice text, bool *out)
{
    static const struct slice yes[] = {SLICE_INIT("true"), SLICE_INIT("t"),
                                       SLICE_INIT("yes"), SLICE_INIT("1")};
    static const struct slice no[] = {SLICE_INIT("false"), SLICE_INIT("f"),
                                      SLICE_INIT("no"), SLICE_INIT("0")};

    for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
        if (slice_equal_nocase(text, yes[i])) {
            *out = true;
            return true;
        }
        if (slice_equal_nocase(text, no[i])) {
            *out = false;
            return true;
        }
    }
    return false;
}

/* PostgreSQL prints an offset as +00, which no standard has. */
static enum status read_date(const struct import_row *row, struct slice text,
                             int64_t *ms)
{
    size_t len = text.len;

    if (len > 13 && (text.ptr[len - 3] == '+' || text.ptr[len - 3] == '-')) {
        TRY(arena_format(row->call->arena, &text, "%.*s:00", SLICE_ARG(text)));
    }
    return iso_date_parse(text, ms);
}

static enum status check_words(struct import_row *row,
                               const struct column *column, struct slice text)
{
    for (size_t i = 0; i < column->word_count; i++) {
        if (slice_equal(column->words[i], text)) {
            return STATUS_OK;
        }
    }
    return column->words == NULL
               ? STATUS_OK
               : wrong(row, "%.*s is none of the words it may be",
                       SLICE_ARG(column->name));
}

static enum status read_number(struct import_row *row,
                               const struct column *column, struct slice text,
                               struct value *out)
{
    const struct json *json;
    int64_t number;
    double real;

    if (json_parse(row->call->arena, text, JSON_LIMITS_DEFAULT, &json) ==
        STATUS_OK) {
        if (json_int64(json, &number) == STATUS_OK) {
            *out = value_integer(number);
            return STATUS_OK;
        }
        if (json_number(json, &real) == STATUS_OK) {
            *out = (struct value){.kind = VALUE_REAL, .real = real};
            return STATUS_OK;
        }
    }
    return wrong(row, "%.*s is not a number", SLICE_ARG(column->name));
}

static enum status read_json(struct import_row *row,
                             const struct column *column, struct slice text,
                             struct value *out)
{
    const struct json *json;

    *out = value_text(text);
    return json_parse(row->call->arena, text, JSON_LIMITS_DEFAULT, &json) ==
                   STATUS_OK
               ? STATUS_OK
               : wrong(row, "%.*s is not JSON", SLICE_ARG(column->name));
}

/* A text as the column's type has it. */
static enum status typed(struct import_row *row, const struct column *column,
                         struct slice text, struct value *out)
{
    int64_t ms;
    bool on;

    switch (column->type) {
    case COLUMN_BOOLEAN:
        *out = value_boolean(read_boolean(text, &on) && on);
        return read_boolean(text, &on)
                   ? STATUS_OK
                   : wrong(row, "%.*s is neither true nor false",
                           SLICE_ARG(column->name));
    case COLUMN_DATE:
        if (read_date(row, text, &ms) != STATUS_OK) {
            return wrong(row, "%.*s is not a date such as 2026-11-21T10:26:31Z",
                         SLICE_ARG(column->name));
        }
        *out = value_time(ms);
        return STATUS_OK;
    case COLUMN_INTEGER:
    case COLUMN_BIGINT:
        return read_number(row, column, text, out);
    case COLUMN_JSON:
    case COLUMN_TEXT_ARRAY:
    case COLUMN_NUMBER_ARRAY:
        return read_json(row, column, text, out);
    default:
        *out = value_text(text);
        return check_words(row, column, text);
    }
}

static bool is_text(struct slice text)
{
    return utf8_is_valid(text) && slice_find(text, '\0') == text.len;
}

static enum status set_email(struct import_row *row, struct slice text)
{
    TRY(user_email_lower(row->call, slice_trim(text), &row->user.email));
    if (input_is_email(row->user.email)) {
        return STATUS_OK;
    }
    row->user.email = SLICE_EMPTY;
    return wrong(row, "email is not an address");
}

static enum status set_password(struct import_row *row, struct slice hash)
{
    row->user.hash = hash;
    return user_import_takes(hash)
               ? STATUS_OK
               : wrong(row, "password is no hash known here (scrypt as Better "
                            "Auth writes it, or bcrypt)");
}

/* An empty one was not given. */
static enum status set_text(struct import_row *row, size_t column,
                            struct slice text)
{
    const struct schema *schema = row->call->auth->schema;
    const struct column *columns = schema->tables[TABLE_USER].columns;
    struct value value = VALUE_NOTHING;

    if (text.len == 0) {
        return STATUS_OK;
    }
    if (column == IMPORT_PASSWORD) {
        return set_password(row, text);
    }
    if (!is_text(text)) {
        return wrong(row, "%.*s is not UTF-8", SLICE_ARG(columns[column].name));
    }
    if (column == USER_EMAIL) {
        return set_email(row, text);
    }
    if (column == USER_NAME) {
        row->user.name = text;
        return STATUS_OK;
    }
    if (column == USER_ID && schema->id_type == ID_SERIAL) {
        return wrong(row, "ids are counted by this database");
    }
    TRY(typed(row, &columns[column], text, &value));
    column_change_add(&row->changes, column, value);
    return STATUS_OK;
}

static enum status set_json(struct import_row *row, size_t column,
                            const struct json *json)
{
    struct json_writer writer;
    struct slice text;
    struct buf buf;

    if (json_kind_of(json) == JSON_KIND_NULL) {
        return STATUS_OK;
    }
    if (json_text(json, &text) == STATUS_OK &&
        (column == IMPORT_PASSWORD ||
         row->call->auth->schema->tables[TABLE_USER].columns[column].type <
             COLUMN_JSON)) {
        return set_text(row, column, text);
    }
    buf_init(&buf, row->call->arena, JSON_LIMITS_DEFAULT.bytes * 2);
    json_writer_init(&writer, &buf);
    json_write_json(&writer, json);
    TRY(json_write_finish(&writer, &text));
    return set_text(row, column, text);
}

static enum status finish(struct import_row *row)
{
    struct slice email = row->user.email;

    if (email.len == 0) {
        return wrong(row, "email is missing");
    }
    if (row->user.name.len == 0) {
        row->user.name = slice_head(email, slice_find(email, '@'));
    }
    row->user.changes = &row->changes;
    return STATUS_OK;
}

enum status import_row_csv(struct import_row *row,
                           const struct import_header *header,
                           struct slice record)
{
    struct csv_record *fields = ARENA_NEW(row->call->arena, struct csv_record);
    enum status status;

    TRY_ALLOC(fields);
    status = csv_parse(record, row->call->arena, fields);
    if (status == STATUS_UNREADABLE) {
        return wrong(row, "a quote stands where none may");
    }
    TRY(status == STATUS_TOO_LARGE ? STATUS_OK : status);
    if (status != STATUS_OK || fields->count != header->count) {
        return wrong(row, "%zu values, but the first line has %zu",
                     fields->count, header->count);
    }
    for (size_t i = 0; i < header->count; i++) {
        TRY(set_text(row, header->columns[i], fields->fields[i]));
    }
    return finish(row);
}

enum status import_row_json(struct import_row *row, struct slice record)
{
    const struct auth *auth = row->call->auth;
    struct json_member member = {0};
    const struct json *json;
    enum status status;

    status = json_parse(row->call->arena, record, JSON_LIMITS_DEFAULT, &json);
    TRY(status == STATUS_NO_MEMORY ? status : STATUS_OK);
    if (status != STATUS_OK) {
        return wrong(row, "not JSON, or a name stands there twice");
    }
    while (json_next(json, &member)) {
        size_t column = column_of(auth, member.name);

        if (column == COLUMN_NONE) {
            return refuse_name(auth, member.name, row->call->arena,
                               &row->wrong);
        }
        TRY(set_json(row, column, member.value));
    }
    return finish(row);
}
