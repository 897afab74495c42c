/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users who had accounts elsewhere: no mail, no session, and the password as
 * the hash it was stored as. All that are given at once are one write.
 */
#ifndef AUTH_USER_IMPORT_H
#define AUTH_USER_IMPORT_H

#include "auth/user.h"

/* As many as one write has room for. */
#define USER_IMPORT_MAX ((size_t)5)

struct user_import {
    struct slice name;
    struct slice email;                   /* lower-case */
    struct slice hash;                    /* user_import_takes; or empty */
    const struct column_changes *changes; /* further columns, the id too */
};

/*
 * Whether it is a hash a sign-in can be checked against: scrypt as Better Auth
 * writes it, or bcrypt.
 */
bool user_import_takes(struct slice hash);

/*
 * All of them or none. STATUS_TAKEN for an address, an id or another unique
 * value that exists; STATUS_INVALID_VALUE for what the database does not take.
 */
MUST_USE enum status user_import(const struct auth_call *call,
                                 const struct user_import *const *users,
                                 size_t count);

#endif
