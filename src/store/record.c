/* SPDX-License-Identifier: Apache-2.0 */
#include "store/record.h"

#include "codec/iso_date.h"

/* Whole numbers beyond it are not exact in a double. */
#define EXACT_MAX 9007199254740992.0

/* SQLite keeps what a JavaScript driver binds as a real: 5 as 5.0. */
static void take_whole(struct value *value)
{
    double real = value->real;

    if (value->kind == VALUE_REAL && real >= -EXACT_MAX && real <= EXACT_MAX &&
        (double)(int64_t)real == real) {
        *value = value_integer((int64_t)real);
    }
}

static void take_date(struct value *value)
{
    int64_t ms;

    take_whole(value);
    if (value->kind == VALUE_INTEGER) {
        *value = value_time(value->number);
        return;
    }
    if (value->kind == VALUE_TEXT &&
        iso_date_parse(value->text, &ms) == STATUS_OK) {
        *value = value_time(ms);
    }
}

/* Only 1 is true, as in the original. */
static void take_boolean(struct value *value)
{
    take_whole(value);
    if (value->kind == VALUE_INTEGER) {
        *value = value_boolean(value->number == 1);
    }
}

static enum status take_id(struct value *value, struct arena *arena)
{
    struct slice text;

    take_whole(value);
    if (value->kind == VALUE_INTEGER) {
        TRY(arena_format(arena, &text, "%lld", (long long)value->number));
        *value = value_text(text);
    }
    return STATUS_OK;
}

static enum status take_value(enum column_type type, struct arena *arena,
                              struct value *value)
{
    switch (type) {
    case COLUMN_ID:
        return take_id(value, arena);
    case COLUMN_INTEGER:
    case COLUMN_BIGINT:
        take_whole(value);
        return STATUS_OK;
    case COLUMN_BOOLEAN:
        take_boolean(value);
        return STATUS_OK;
    case COLUMN_DATE:
        take_date(value);
        return STATUS_OK;
    default:
        return STATUS_OK;
    }
}

/* size: where the row stands in an answer takes three of them */
enum status record_take(const struct table *table, const struct rows *rows,
                        size_t row, size_t first, struct arena *arena,
                        struct record *out)
{
    size_t count = table->column_count;
    struct value *values;

    if (row >= rows->count || first > rows->width ||
        rows->width - first < count) {
        return STATUS_INTERNAL;
    }
    values = arena_alloc(arena, count * sizeof(*values));
    TRY_ALLOC(values);
    for (size_t i = 0; i < count; i++) {
        values[i] = rows->values[row * rows->width + first + i];
        TRY(take_value(table->columns[i].type, arena, &values[i]));
    }
    *out = (struct record){table, values};
    return STATUS_OK;
}
