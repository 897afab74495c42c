/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/parameters.h"

#include <inttypes.h>
#include <time.h>

#define MS_PER_SECOND 1000

/* Years a date of four digits can say: 0001 to 9999. */
#define TIME_MIN INT64_C(-62135596800000)
#define TIME_MAX INT64_C(253402300799999)

static enum status format_time(int64_t ms, struct arena *arena,
                               struct slice *out)
{
    int64_t part = ((ms % MS_PER_SECOND) + MS_PER_SECOND) % MS_PER_SECOND;
    time_t seconds = (time_t)((ms - part) / MS_PER_SECOND);
    struct tm at;

    if (ms < TIME_MIN || ms > TIME_MAX || gmtime_r(&seconds, &at) == NULL) {
        return STATUS_INVALID_VALUE;
    }
    return arena_format(arena, out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                        at.tm_year + 1900, at.tm_mon + 1, at.tm_mday,
                        at.tm_hour, at.tm_min, at.tm_sec, (int)part);
}

static enum status format_text(struct slice text, struct arena *arena,
                               struct slice *out)
{
    if (slice_find(text, '\0') < text.len) {
        return STATUS_INVALID_VALUE;
    }
    return slice_dup(arena, text, out);
}

/* The value an earlier statement of the list returned. */
static enum status find_result(const struct value *value,
                               const struct rows *earlier, size_t earlier_count,
                               const struct value **out)
{
    size_t statement = (size_t)value->number >> 16;
    size_t column = (size_t)value->number & 0xffff;

    if (statement >= earlier_count) {
        return STATUS_INVALID_VALUE;
    }
    if (earlier[statement].count == 0) {
        return STATUS_NOT_FOUND;
    }
    if (column >= earlier[statement].width) {
        return STATUS_INVALID_VALUE;
    }
    *out = &earlier[statement].values[column];
    return STATUS_OK;
}

static enum status format_value(const struct value *value, struct arena *arena,
                                const char **out)
{
    struct slice text = SLICE_EMPTY;

    switch (value->kind) {
    case VALUE_NULL:
        *out = NULL;
        return STATUS_OK;
    case VALUE_TEXT:
        TRY(format_text(value->text, arena, &text));
        break;
    case VALUE_INTEGER:
        TRY(arena_format(arena, &text, "%" PRId64, value->number));
        break;
    case VALUE_REAL:
        TRY(arena_format(arena, &text, "%.17g", value->real));
        break;
    case VALUE_BOOLEAN:
        text = value->number != 0 ? SLICE("true") : SLICE("false");
        break;
    case VALUE_TIME:
        TRY(format_time(value->number, arena, &text));
        break;
    case VALUE_RESULT:
        return STATUS_INVALID_VALUE;
    }
    *out = text.ptr;
    return STATUS_OK;
}

enum status postgres_parameters(const struct statement *statement,
                                const struct rows *earlier,
                                size_t earlier_count, struct arena *arena,
                                const char *const **out)
{
    const char **texts =
        arena_alloc(arena, sizeof(*texts) * (statement->param_count + 1));

    TRY_ALLOC(texts);
    for (size_t i = 0; i < statement->param_count; i++) {
        const struct value *value = &statement->params[i];

        if (value->kind == VALUE_RESULT) {
            TRY(find_result(value, earlier, earlier_count, &value));
        }
        TRY(format_value(value, arena, &texts[i]));
    }
    *out = texts;
    return STATUS_OK;
}
