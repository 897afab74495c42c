/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a database holds of the tables a schema names: their columns, and how
 * far our own migrations got. Reads, never writes.
 *
 * Only the schema that new tables would be made in counts (PostgreSQL: the
 * first of the search_path), as in the original: another application's "user"
 * further down the path is not ours.
 */
#ifndef STORE_INSPECT_H
#define STORE_INSPECT_H

#include "store/engine.h"

struct found_column {
    struct slice table;
    struct slice name;
    struct slice type;
    bool required; /* NOT NULL */
    bool filled;   /* the database gives a value when none is given */
    bool unique;   /* alone, without a condition */
    bool indexed;  /* first in an index */
};

struct inspection {
    struct store *store;
    struct store_direct *direct;
    struct arena *arena;
    struct slice *why;
    struct found_column *columns;
    size_t column_count;
    bool has_versions; /* bookplate_migration exists */
    int64_t version;   /* 0: none of ours was applied */
};

/* The first four members are set. */
MUST_USE enum status inspect(struct inspection *inspection);

/* One statement of our own words. */
MUST_USE enum status inspect_run(const struct inspection *inspection,
                                 struct slice sql, struct rows *rows);

bool inspect_has_table(const struct inspection *inspection,
                       struct slice stored);
/* NULL when it is not there. */
const struct found_column *inspect_column(const struct inspection *inspection,
                                          struct slice table,
                                          struct slice column);

#endif
