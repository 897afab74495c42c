/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite/connection.h"

#include "codec/iso_date.h"
#include "codec/utf8.h"

#include <math.h>

/* Text of one answer. */
#define ANSWER_BYTES_MAX ((size_t)32 << 20)
/* Rows there is room for after the first, which most answers consist of. */
#define ROWS_FIRST ((size_t)8)

/* PostgreSQL refuses both as well. */
static bool is_storable(struct slice text)
{
    return slice_find(text, '\0') == text.len && utf8_is_valid(text);
}

static int bind_text(sqlite3_stmt *stmt, int at, struct slice text)
{
    if (!is_storable(text)) {
        return SQLITE_MISMATCH;
    }
    /* A NULL pointer would bind NULL. */
    return sqlite3_bind_text64(stmt, at, text.ptr == NULL ? "" : text.ptr,
                               text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_time(sqlite3_stmt *stmt, int at, int64_t ms)
{
    char text[ISO_DATE_SIZE];

    iso_date_print(ms, text);
    return sqlite3_bind_text(stmt, at, text, sizeof(text), SQLITE_TRANSIENT);
}

static int bind_one(sqlite3_stmt *stmt, int at, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        return sqlite3_bind_null(stmt, at);
    case VALUE_TEXT:
        return bind_text(stmt, at, value->text);
    case VALUE_REAL: /* SQLite would make NULL of what is no number */
        return isfinite(value->real)
                   ? sqlite3_bind_double(stmt, at, value->real)
                   : SQLITE_MISMATCH;
    case VALUE_TIME:
        return bind_time(stmt, at, value->number);
    case VALUE_INTEGER:
    case VALUE_BOOLEAN:
        return sqlite3_bind_int64(stmt, at, value->number);
    default: /* a VALUE_RESULT outside a write */
        return SQLITE_MISUSE;
    }
}

static int bind(sqlite3_stmt *stmt, const struct sqlite_call *call)
{
    int count = sqlite3_bind_parameter_count(stmt);
    int code = SQLITE_OK;

    if ((size_t)count > call->param_count) {
        return SQLITE_RANGE;
    }
    for (int i = 0; code == SQLITE_OK && i < count; i++) {
        code = bind_one(stmt, i + 1, &call->params[i]);
    }
    return code;
}

static enum status take_text(sqlite3_stmt *stmt, int column,
                             struct arena *arena, struct value *out)
{
    const void *text = sqlite3_column_blob(stmt, column);
    size_t len = (size_t)sqlite3_column_bytes(stmt, column);

    if (text == NULL && len > 0) {
        return STATUS_NO_MEMORY;
    }
    out->kind = VALUE_TEXT;
    return slice_dup(arena, slice_make(text == NULL ? "" : text, len),
                     &out->text);
}

static enum status take_value(sqlite3_stmt *stmt, int column,
                              struct arena *arena, struct value *out)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_NULL:
        *out = VALUE_NOTHING;
        return STATUS_OK;
    case SQLITE_INTEGER:
        *out = value_integer(sqlite3_column_int64(stmt, column));
        return STATUS_OK;
    case SQLITE_FLOAT:
        out->kind = VALUE_REAL;
        out->real = sqlite3_column_double(stmt, column);
        return STATUS_OK;
    default:
        return take_text(stmt, column, arena, out);
    }
}

struct collector {
    sqlite3_stmt *stmt;
    struct arena *arena;
    struct rows *rows;
    size_t capacity; /* rows */
    size_t held;     /* what the arena had given when this began */
};

static enum status make_room(struct collector *to)
{
    size_t capacity = to->capacity == 0   ? 1
                      : to->capacity == 1 ? ROWS_FIRST
                                          : to->capacity * 2;
    size_t row_size = to->rows->width * sizeof(struct value);
    struct value *values;

    if (to->rows->count == STORE_ROWS_MAX ||
        to->arena->held - to->held > ANSWER_BYTES_MAX) {
        return STATUS_TOO_LARGE;
    }
    if (to->rows->count < to->capacity) {
        return STATUS_OK;
    }
    values = arena_alloc(to->arena, capacity * row_size);
    TRY_ALLOC(values);
    if (to->rows->count > 0) {
        memcpy(values, to->rows->values, to->rows->count * row_size);
    }
    to->rows->values = values;
    to->capacity = capacity;
    return STATUS_OK;
}

static enum status take_row(struct collector *to)
{
    struct value *values;

    TRY(make_room(to));
    values = to->rows->values + to->rows->count * to->rows->width;
    for (size_t i = 0; i < to->rows->width; i++) {
        TRY(take_value(to->stmt, (int)i, to->arena, &values[i]));
    }
    to->rows->count++;
    return STATUS_OK;
}

/* *code is what SQLite said, when that was the reason. */
static enum status take_rows(struct collector *to, int *code)
{
    to->rows->width = (size_t)sqlite3_column_count(to->stmt);
    to->held = to->arena->held;
    while ((*code = sqlite3_step(to->stmt)) == SQLITE_ROW) {
        enum status status = take_row(to);

        if (status != STATUS_OK) {
            *code = SQLITE_OK;
            return status;
        }
    }
    if (*code != SQLITE_DONE) {
        return sqlite_status_of(*code);
    }
    *code = SQLITE_OK;
    if (sqlite3_stmt_readonly(to->stmt) == 0) {
        to->rows->changed =
            (size_t)sqlite3_changes64(sqlite3_db_handle(to->stmt));
    }
    return STATUS_OK;
}

static int prepare(struct sqlite_connection *connection,
                   const struct query *query, sqlite3_stmt **out)
{
    bool keep = query->id < QUERY_COUNT;
    sqlite3_stmt **slot = keep ? &connection->queries[query->id] : out;
    int code = SQLITE_OK;

    if (!keep || *slot == NULL) {
        code = sqlite3_prepare_v3(
            connection->db, query->sql.ptr, (int)query->sql.len + 1,
            keep ? SQLITE_PREPARE_PERSISTENT : 0, slot, NULL);
    }
    *out = *slot;
    return code;
}

/* Leaves nothing open, and no pointer to the caller's memory. */
static void put_back(const struct query *query, sqlite3_stmt *stmt)
{
    if (query->id == QUERY_BUILT) {
        (void)sqlite3_finalize(stmt);
        return;
    }
    if (stmt != NULL) { /* it could not be prepared: there is no such table */
        (void)sqlite3_reset(stmt);
        (void)sqlite3_clear_bindings(stmt);
    }
}

enum status sqlite_run(struct sqlite_connection *connection,
                       const struct sqlite_call *call, struct arena *arena,
                       struct rows *out)
{
    struct collector to = {.arena = arena, .rows = out};
    enum status status = STATUS_OK;
    int code;

    *out = (struct rows){0};
    code = prepare(connection, call->query, &to.stmt);
    if (code == SQLITE_OK) {
        code = bind(to.stmt, call);
    }
    if (code == SQLITE_OK) {
        status = take_rows(&to, &code);
    }
    /* Before the reset, which takes the message with it. */
    if (code != SQLITE_OK) {
        status = sqlite_outage_note(connection->outage, connection->db, code,
                                    call->query->name);
    }
    put_back(call->query, to.stmt);
    return status;
}

/* Takes one statement off the front of *sql. */
static enum status run_first(struct sqlite_connection *connection,
                             const char **sql, struct arena *arena,
                             struct rows *rows, int *code)
{
    struct rows found = {0};
    struct collector to = {.arena = arena, .rows = &found};
    enum status status = STATUS_OK;

    *code = sqlite3_prepare_v2(connection->db, *sql, -1, &to.stmt, sql);
    if (*code == SQLITE_OK && to.stmt != NULL) { /* NULL: only a comment */
        status = take_rows(&to, code);
    }
    if (*code == SQLITE_OK && found.width > 0 && rows != NULL) {
        *rows = found;
    }
    (void)sqlite3_finalize(to.stmt);
    return *code == SQLITE_OK ? status : sqlite_status_of(*code);
}

enum status sqlite_run_script(struct sqlite_connection *connection,
                              struct slice sql, struct arena *arena,
                              struct rows *rows, struct slice *why)
{
    struct slice copy;
    const char *rest;
    int code = SQLITE_OK;

    *why = SLICE("no memory");
    if (rows != NULL) {
        *rows = (struct rows){0};
    }
    TRY(slice_dup(arena, sql, &copy));
    rest = copy.ptr;
    while (*rest != '\0') {
        enum status status = run_first(connection, &rest, arena, rows, &code);

        if (status != STATUS_OK) {
            struct slice reason = slice_from_cstr(
                code == SQLITE_OK ? "its answer is too large"
                                  : sqlite3_errmsg(connection->db));

            TRY(slice_dup(arena, reason, why));
            return status;
        }
    }
    return STATUS_OK;
}
