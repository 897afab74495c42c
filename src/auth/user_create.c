/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/user_create.h"

#include "auth/password.h"

struct writing {
    struct value user[QUERY_PARAMS_MAX];
    struct value account[QUERY_PARAMS_MAX];
    struct statement statements[2];
    size_t count;
};

static enum status add_user(const struct auth_call *call,
                            const struct user_create *in,
                            struct writing *writing)
{
    const struct schema *schema = call->auth->schema;

    TRY(user_row_init(call, in->name, in->email, writing->user));
    for (size_t i = 0; i < in->changes->count; i++) {
        const struct column_change *change = &in->changes->items[i];

        if (change->column != USER_NAME && change->column != USER_EMAIL) {
            writing->user[change->column] = change->value;
        }
    }
    if (in->id.ptr != NULL) {
        writing->user[USER_ID] = value_text(in->id);
    }
    if (schema->user_role != COLUMN_NONE && in->role.ptr != NULL) {
        writing->user[schema->user_role] = value_text(in->role);
    }
    writing->statements[writing->count++] = (struct statement){
        .query = QUERY_user_insert,
        .params = writing->user,
        .param_count = schema->tables[TABLE_USER].column_count,
        .must_change = true};
    return STATUS_OK;
}

static enum status add_account(const struct auth_call *call, struct slice hash,
                               struct writing *writing)
{
    TRY(account_row_init(call, value_result(0, USER_ID), hash,
                         writing->account));
    writing->statements[writing->count++] = (struct statement){
        .query = QUERY_account_insert,
        .params = writing->account,
        .param_count = call->auth->schema->tables[TABLE_ACCOUNT].column_count};
    return STATUS_OK;
}

static enum status check_free(const struct auth_call *call, struct slice email)
{
    struct record user;
    enum status status = user_by_email(call, email, &user);

    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    return status == STATUS_OK ? STATUS_ADMIN_EMAIL_TAKEN : status;
}

enum status user_create(const struct auth_call *call,
                        const struct user_create *in, struct record *out)
{
    const struct audit_note note = {.event = AUDIT_ADMIN,
                                    .subject = value_result(0, USER_ID),
                                    .detail = SLICE("create")};
    struct writing *writing = ARENA_NEW(call->arena, struct writing);
    struct rows rows[2];
    struct slice hash;
    enum status status;

    TRY_ALLOC(writing);
    if (password_is_too_long(call, in->password)) {
        return STATUS_PASSWORD_TOO_LONG;
    }
    if (audit_is_word(in->id)) { /* would act under a name that is no user's */
        return STATUS_FAILED_TO_CREATE_USER;
    }
    TRY(check_free(call, in->email));
    TRY(add_user(call, in, writing));
    if (in->password.len > 0) {
        TRY(password_hash(call, in->password, &hash));
        TRY(add_account(call, hash, writing));
    }
    status = auth_write_noted(call, writing->statements, writing->count, rows,
                              &note);
    TRY(status == STATUS_TAKEN           ? STATUS_ADMIN_EMAIL_TAKEN
        : status == STATUS_INVALID_VALUE ? STATUS_FAILED_TO_CREATE_USER
                                         : status);
    return record_take(&call->auth->schema->tables[TABLE_USER], &rows[0], 0, 0,
                       call->arena, out);
}
