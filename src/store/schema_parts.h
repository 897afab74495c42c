/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What schema_make puts a schema together from. For its own files only.
 *
 * A draft is changed until it is checked; the tables that come of it are not.
 */
#ifndef STORE_SCHEMA_PARTS_H
#define STORE_SCHEMA_PARTS_H

#include "store/schema.h"

/* Of one table: an insert names each of them, within QUERY_PARAMS_MAX. */
#define SCHEMA_COLUMNS_MAX ((size_t)64)
/* What PostgreSQL keeps of a name. */
#define SCHEMA_NAME_MAX ((size_t)63)

/* What Better Auth and its plugins have; `stored` is left empty. */
struct table_plan {
    struct slice name;
    const struct column *columns;
    size_t column_count;
    const struct column *admin; /* the admin plugin's, behind those */
    size_t admin_count;
    bool takes_additional; /* the operator may add columns */
};

extern const struct table_plan schema_plans[TABLE_COUNT];

struct table_draft {
    struct slice name;
    struct slice stored;
    struct column columns[SCHEMA_COLUMNS_MAX];
    size_t column_count;
};

struct schema_draft {
    struct arena *arena;
    struct slice *why;
    bool snake_case;
    struct table_draft tables[TABLE_COUNT];
};

/* Always STATUS_INVALID_VALUE or STATUS_NO_MEMORY, with *why set. */
MUST_USE enum status schema_refuse(struct schema_draft *draft,
                                   const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What a name is in the database when nobody says so. */
MUST_USE enum status schema_stored_name(struct schema_draft *draft,
                                        struct slice name, struct slice *out);

/* Letters, digits, underscores; not a digit first. */
bool schema_is_name(struct slice name);

/* AUTH_SCHEMA into the draft. */
MUST_USE enum status schema_read(struct schema_draft *draft,
                                 struct slice description);

/*
 * One of the operator's own columns; `path` says where it stands, `json` is
 * its description. `stored` is set.
 */
struct json;
MUST_USE enum status schema_read_field(struct schema_draft *draft,
                                       struct slice path,
                                       const struct json *json,
                                       struct column *column);

#endif
