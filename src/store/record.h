/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row of one of Better Auth's tables, as the schema types it, whichever
 * engine it came from.
 *
 * Copies nothing but what it must change: it lives as long as the rows and the
 * arena do.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "store/schema.h"

/* Values stand in the table's order. */
struct record {
    const struct table *table;
    struct value *values;
};

/* NULL reads as empty, 0 or false. */
static inline struct slice record_text(const struct record *record, size_t at)
{
    const struct value *value = &record->values[at];

    return value->kind == VALUE_TEXT ? value->text : SLICE_EMPTY;
}

static inline int64_t record_number(const struct record *record, size_t at)
{
    const struct value *value = &record->values[at];

    return value->kind == VALUE_NULL || value->kind == VALUE_TEXT ||
                   value->kind == VALUE_REAL
               ? 0
               : value->number;
}

static inline bool record_is_null(const struct record *record, size_t at)
{
    return record->values[at].kind == VALUE_NULL;
}

/*
 * Row `row` of an answer whose columns from `first` on are the table's
 * ("{user.*}"). Each value takes its column's type: SQLite keeps dates as text
 * and booleans as numbers. What cannot be that type stays what it is, as in the
 * original.
 */
MUST_USE enum status record_take(const struct table *table,
                                 const struct rows *rows, size_t row,
                                 size_t first, struct arena *arena,
                                 struct record *out);

#endif
