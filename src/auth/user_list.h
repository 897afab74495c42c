/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page of the users that meet up to two conditions, in an order, and how
 * many there are in all.
 *
 * The statement is put together from the schema's names and our own words;
 * what was sent is a parameter, always. "%" and "_" in a value stand for
 * whatever, as in the original.
 */
#ifndef AUTH_USER_LIST_H
#define AUTH_USER_LIST_H

#include "auth/auth.h"

enum user_operator {
    USER_EQ,
    USER_NE,
    USER_LT,
    USER_LTE,
    USER_GT,
    USER_GTE,
    USER_IN,
    USER_NOT_IN,
    USER_CONTAINS,
    USER_STARTS_WITH,
    USER_ENDS_WITH
};

/* As many values as a query has room for. */
#define USER_LIST_VALUES_MAX ((size_t)64)
#define USER_LIST_CONDITIONS ((size_t)2)
/* What is given where no limit is asked for. */
#define USER_LIST_DEFAULT ((int64_t)100)

struct user_condition {
    size_t column;
    enum user_operator how;
    const struct slice *values;
    size_t count;
};

struct user_list {
    struct user_condition conditions[USER_LIST_CONDITIONS];
    size_t condition_count;
    size_t sort; /* a column; COLUMN_NONE: as they come */
    bool descending;
    int64_t limit; /* below 0: as the database takes it */
    int64_t offset;
};

struct user_page {
    struct rows rows;
    int64_t total;
};

/* "starts_with" and the like; false for any other word. */
bool user_operator_find(struct slice word, enum user_operator *out);

/*
 * By the name that clients know, or the database's. COLUMN_NONE when there is
 * none, or one that clients never see.
 */
size_t user_list_column(const struct auth *auth, struct slice name);

/*
 * STATUS_INVALID_VALUE for what cannot be compared: several values where one
 * is meant, one for IN, or what the database does not take for its column.
 */
MUST_USE enum status user_list_read(const struct auth_call *call,
                                    const struct user_list *in,
                                    struct user_page *out);

#endif
