/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statements that make tables, columns and indexes, word for word as
 * Better Auth 1.7's own migrator writes them on each engine, so that nobody
 * can tell which of the two made a database.
 *
 * Names come out of a schema, which holds letters, digits and _ only.
 */
#ifndef STORE_DDL_H
#define STORE_DDL_H

#include "base/buf.h"
#include "store/query.h"

/* What the statements are for. */
struct ddl {
    const struct schema *schema;
    enum query_engine engine;
    struct buf *out;
};

void ddl_create_table(const struct ddl *ddl, const struct table *table);

/*
 * A column that an existing table lacks. It is NOT NULL only when the rows
 * that are there get a value: our own inserts never depend on it.
 */
void ddl_add_column(const struct ddl *ddl, const struct table *table,
                    const struct column *column);
bool ddl_added_is_required(const struct ddl *ddl, const struct column *column);

/* Whether a column has an index of its own; in a new table UNIQUE is inline. */
bool ddl_has_index(const struct column *column, bool table_is_new);
void ddl_create_index(const struct ddl *ddl, const struct table *table,
                      const struct column *column);
/* session_userId_idx */
void ddl_index_name(const struct table *table, const struct column *column,
                    struct buf *out);

#endif
