/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One value on its way into a database or out of it, and the rows of an
 * answer. Plain data: text lives wherever it was taken from.
 */
#ifndef STORE_VALUE_H
#define STORE_VALUE_H

#include "base/slice.h"

enum value_kind {
    VALUE_NULL,
    VALUE_TEXT,
    VALUE_INTEGER,
    VALUE_REAL,
    VALUE_BOOLEAN,
    VALUE_TIME, /* milliseconds since 1970, UTC */
    /* In a write: what an earlier statement of the list returned. */
    VALUE_RESULT
};

struct value {
    enum value_kind kind;
    union {
        struct slice text;
        int64_t number; /* INTEGER, BOOLEAN and TIME */
        double real;
    };
};

#define VALUE_NOTHING ((struct value){.kind = VALUE_NULL})

static inline struct value value_text(struct slice text)
{
    return (struct value){.kind = VALUE_TEXT, .text = text};
}

/* NULL for a slice without a pointer. */
static inline struct value value_text_or_null(struct slice text)
{
    return text.ptr == NULL ? VALUE_NOTHING : value_text(text);
}

static inline struct value value_integer(int64_t number)
{
    return (struct value){.kind = VALUE_INTEGER, .number = number};
}

static inline struct value value_boolean(bool on)
{
    return (struct value){.kind = VALUE_BOOLEAN, .number = on};
}

static inline struct value value_time(int64_t ms)
{
    return (struct value){.kind = VALUE_TIME, .number = ms};
}

/* The column's value in the first row that statement `number` returned. */
static inline struct value value_result(size_t statement, size_t column)
{
    return (struct value){.kind = VALUE_RESULT,
                          .number = (int64_t)(statement << 16 | column)};
}

/* What a statement gave: `count` rows of `width` values, row after row. */
struct rows {
    struct value *values;
    size_t width;
    size_t count;
    /* Rows inserted, updated or deleted, by a statement that changes. */
    size_t changed;
};

#endif
