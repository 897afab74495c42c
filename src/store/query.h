/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL written once for both engines and for any names of tables and columns.
 *
 *   {user}         the table                "user"
 *   {user.email}   a column, qualified      "user"."email"
 *   {user:email}   a column, alone          "email"
 *   {user.*}       all columns, qualified, in the schema's order
 *   {user:*}       all columns, alone
 *   {user:id$3}    a placeholder for the id alone
 *   {user:$3}      placeholders for all of them: $3, $4, ...
 *   {sqlite|TEXT}  TEXT for that engine only; {postgres|TEXT} likewise
 *   $1 .. $99      parameters, by number
 *
 * A queries.def row is expanded when the store opens. A statement whose
 * columns are only known at run time is built with query_build; nothing an
 * outsider sent ever becomes part of a template.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "store/schema.h"

#define QUERY_PARAMS_MAX ((size_t)99)
/* Of one statement, once expanded; the widest is an insert of a user. */
#define QUERY_SQL_MAX ((size_t)65536)

enum query_id {
#define QUERY(name, table, sql) QUERY_##name,
#include "store/queries.def"
#undef QUERY
    QUERY_COUNT,
    QUERY_BUILT /* has no number of its own, and is not kept prepared */
};

enum query_engine {
    QUERY_SQLITE,
    QUERY_POSTGRES
};

struct query {
    enum query_id id;
    struct slice name; /* for logs and for naming what is prepared */
    struct slice sql;  /* with a NUL behind it */
    bool exists;       /* false: its table is not in the schema */
};

MUST_USE enum status query_expand(const struct schema *schema,
                                  enum query_engine engine,
                                  struct slice template, struct arena *arena,
                                  struct slice *sql);

#endif
