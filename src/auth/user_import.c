/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/user_import.h"

#include "crypto/bcrypt.h"
#include "crypto/password.h"

struct writing {
    struct value user[QUERY_PARAMS_MAX];
    struct value account[QUERY_PARAMS_MAX];
    struct statement statements[2];
};

bool user_import_takes(struct slice hash)
{
    struct password_hash scrypt;

    return bcrypt_is_hash(hash) ||
           password_hash_parse(hash, &scrypt) == STATUS_OK;
}

enum status user_import(const struct auth_call *call,
                        const struct user_import *in)
{
    const struct audit_note note = {.event = AUDIT_SIGN_UP,
                                    .subject = value_result(0, USER_ID),
                                    .detail = SLICE("import")};
    const struct table *tables = call->auth->schema->tables;
    struct writing *writing = ARENA_NEW(call->arena, struct writing);
    size_t count = in->hash.len > 0 ? 2 : 1;

    TRY_ALLOC(writing);
    TRY(user_row_init(call, in->name, in->email, writing->user));
    for (size_t i = 0; i < in->changes->count; i++) {
        writing->user[in->changes->items[i].column] =
            in->changes->items[i].value;
    }
    TRY(account_row_init(call, value_result(0, USER_ID), in->hash,
                         writing->account));
    writing->statements[0] =
        (struct statement){.query = QUERY_user_insert,
                           .params = writing->user,
                           .param_count = tables[TABLE_USER].column_count,
                           .must_change = true};
    writing->statements[1] =
        (struct statement){.query = QUERY_account_insert,
                           .params = writing->account,
                           .param_count = tables[TABLE_ACCOUNT].column_count};
    return auth_write_noted(call, writing->statements, count, NULL, &note);
}
