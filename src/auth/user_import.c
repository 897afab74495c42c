/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/user_import.h"

#include "crypto/bcrypt.h"
#include "crypto/password.h"

/* Of one user. */
struct part {
    struct value user[QUERY_PARAMS_MAX];
    struct value account[QUERY_PARAMS_MAX];
    struct audit_row note;
};

struct writing {
    struct part parts[USER_IMPORT_MAX];
    struct statement statements[3 * USER_IMPORT_MAX];
    size_t count;
};

bool user_import_takes(struct slice hash)
{
    struct password_hash scrypt;

    return bcrypt_is_hash(hash) ||
           password_hash_parse(hash, &scrypt) == STATUS_OK;
}

static enum status make_user(const struct auth_call *call,
                             const struct user_import *in, struct value *values)
{
    TRY(user_row_init(call, in->name, in->email, values));
    for (size_t i = 0; i < in->changes->count; i++) {
        values[in->changes->items[i].column] = in->changes->items[i].value;
    }
    return STATUS_OK;
}

static enum status add(const struct auth_call *call,
                       const struct user_import *in, struct part *part,
                       struct writing *to)
{
    const struct table *tables = call->auth->schema->tables;
    const struct value id = value_result(to->count, USER_ID);
    const struct audit_note note = {
        .event = AUDIT_SIGN_UP, .subject = id, .detail = SLICE("import")};

    TRY(make_user(call, in, part->user));
    to->statements[to->count++] =
        (struct statement){.query = QUERY_user_insert,
                           .params = part->user,
                           .param_count = tables[TABLE_USER].column_count,
                           .must_change = true};
    if (in->hash.len > 0) {
        TRY(account_row_init(call, id, in->hash, part->account));
        to->statements[to->count++] = (struct statement){
            .query = QUERY_account_insert,
            .params = part->account,
            .param_count = tables[TABLE_ACCOUNT].column_count};
    }
    return auth_note(call, &note, &part->note, &to->statements[to->count++]);
}

enum status user_import(const struct auth_call *call,
                        const struct user_import *const *users, size_t count)
{
    struct writing *writing = ARENA_NEW(call->arena, struct writing);
    struct rows rows[3 * USER_IMPORT_MAX];

    TRY_ALLOC(writing);
    if (count > USER_IMPORT_MAX) {
        return STATUS_INTERNAL;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(add(call, users[i], &writing->parts[i], writing));
    }
    return auth_write(call, writing->statements, writing->count, rows);
}
