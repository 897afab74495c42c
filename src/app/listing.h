/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command found, for people or for programs: a table (or, of one thing,
 * a line a field), or JSON.
 *
 * JSON is one object a line, always: a list is as many lines as it has rows,
 * one thing is one line. Times are ISO 8601 in both, in a table to the second;
 * what is not there is "-" in a table and null in JSON. A table's texts cannot
 * drive the terminal they are shown on.
 *
 * Values are borrowed until the listing is printed.
 */
#ifndef APP_LISTING_H
#define APP_LISTING_H

#include "base/buf.h"
#include "store/value.h"

#define LISTING_COLUMNS_MAX ((size_t)64)

struct listing_column {
    struct slice heading; /* "last used" */
    struct slice member;  /* "lastUsedAt" */
    bool whole;           /* never cut, however narrow the terminal */
    bool is_json;         /* a text that is JSON, and stands in JSON as such */
};

struct listing_row;

struct listing {
    struct arena *arena;
    const struct listing_column *columns;
    size_t count; /* of columns */
    struct listing_row *rows;
    struct listing_row **end;
};

void listing_init(struct listing *listing, struct arena *arena,
                  const struct listing_column *columns, size_t count);

/* `values` one a column; the array is copied, what they point to is not. */
MUST_USE enum status listing_add(struct listing *listing,
                                 const struct value *values);

/* `width`: of the terminal, to which lines are cut; 0: they are not. */
void listing_write_table(const struct listing *listing, size_t width,
                         struct buf *out);
/* Each row as "heading: value" lines, an empty line between two rows. */
void listing_write_card(const struct listing *listing, struct buf *out);
void listing_write_json(const struct listing *listing, struct buf *out);

#endif
