/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users as rows, and the further fields an operator gave them.
 */
#ifndef AUTH_USER_H
#define AUTH_USER_H

#include "auth/auth.h"

/* STATUS_NOT_FOUND when there is none; also for an id that cannot be one. */
MUST_USE enum status user_by_id(const struct auth_call *call, struct slice id,
                                struct record *out);
MUST_USE enum status user_by_email(const struct auth_call *call,
                                   struct slice email, struct record *out);

/* With the password's hash, empty when there is none. One query. */
struct user_password {
    struct record user;
    struct slice hash;
};
MUST_USE enum status user_with_password(const struct auth_call *call,
                                        struct slice email,
                                        struct user_password *out);
/* Of a user who is known; *hash empty when there is none. */
MUST_USE enum status user_password_of(const struct auth_call *call,
                                      struct slice user_id, bool *has_account,
                                      struct slice *hash);

/* ASCII letters only: the addresses we let in have no others. */
MUST_USE enum status user_email_lower(const struct auth_call *call,
                                      struct slice email, struct slice *out);

/* Some columns of a row, by their place in the table. */
struct column_change {
    size_t column;
    struct value value;
};

/* At most what one row has. */
#define USER_CHANGES_MAX ((size_t)64)

struct column_changes {
    struct column_change items[USER_CHANGES_MAX];
    size_t count;
};

void column_change_add(struct column_changes *changes, size_t column,
                       struct value value);
/* Which of a user's: "name, image"; behind `before`. */
MUST_USE enum status column_changes_names(const struct auth_call *call,
                                          struct slice before,
                                          const struct column_changes *changes,
                                          struct slice *out);

/*
 * A statement that writes them and updatedAt to the row with this id (of users)
 * or token (of sessions), and returns the row. `built` outlives it.
 */
struct row_update {
    struct query query;
    struct value values[USER_CHANGES_MAX + 2];
    struct statement statement;
};
MUST_USE enum status row_update_make(const struct auth_call *call,
                                     enum table_id table, struct slice key,
                                     const struct column_changes *changes,
                                     struct row_update *out);
/* By itself; STATUS_NOT_FOUND when the row has gone. A user's is noted. */
MUST_USE enum status row_update(const struct auth_call *call,
                                enum table_id table, struct slice key,
                                const struct column_changes *changes,
                                struct record *out);

/* A new user's row: defaults, names and times; the caller fills the rest. */
MUST_USE enum status user_row_init(const struct auth_call *call,
                                   struct slice name, struct slice email,
                                   struct value *values);

/* The credential account's row; both may be VALUE_RESULT. */
MUST_USE enum status account_row_init(const struct auth_call *call,
                                      struct value user_id, struct slice hash,
                                      struct value *values);

#endif
