/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/delete_user.h"

#include "auth/link.h"
#include "auth/password.h"
#include "auth/password_change.h"
#include "auth/token.h"
#include "auth/token_random.h"

enum {
    DELETE_STATEMENTS = 5
};

/* What a user leaves behind; `values` hold the parameters. */
static void delete_statements(struct value *values,
                              struct statement *statements)
{
    values[1] = value_text(SLICE("%"));
    statements[0] = (struct statement){.query = QUERY_sessions_delete_of_user,
                                       .params = values,
                                       .param_count = 1};
    statements[1] = (struct statement){.query = QUERY_accounts_delete_of_user,
                                       .params = values,
                                       .param_count = 1};
    statements[2] =
        (struct statement){.query = QUERY_verifications_delete_of_user,
                           .params = values,
                           .param_count = 2};
    statements[3] = (struct statement){
        .query = QUERY_user_delete, .params = values, .param_count = 1};
}

enum status delete_user_rows(const struct auth_call *call, struct slice user_id)
{
    struct value values[2] = {value_text(user_id)};
    struct statement statements[DELETE_STATEMENTS];

    delete_statements(values, statements);
    TRY(auth_write(call, statements, DELETE_STATEMENTS - 1, NULL));
    token_forget_user(call->auth->keys, user_id);
    return STATUS_OK;
}

static enum status delete_identifier(const struct auth_call *call,
                                     struct slice token, struct slice *out)
{
    return arena_format(call->arena, out, "delete-account-%.*s",
                        SLICE_ARG(token));
}

enum status delete_user_by_token(const struct auth_call *call,
                                 struct slice user_id, struct slice token)
{
    struct value values[2] = {value_text(user_id)};
    struct statement statements[DELETE_STATEMENTS];
    struct value consumed[3];
    struct slice identifier;
    enum status status;

    if (token.len == 0 || token.len > LINK_TOKEN_MAX) {
        return STATUS_DELETE_LINK_INVALID;
    }
    TRY(delete_identifier(call, token, &identifier));
    consumed[0] = value_text(identifier);
    consumed[1] = value_text(user_id);
    consumed[2] = value_time(call->now);
    statements[0] = STATEMENT(verification_consume, consumed);
    statements[0].must_change = true;
    delete_statements(values, &statements[1]);
    status = auth_write(call, statements, DELETE_STATEMENTS, NULL);
    TRY(status == STATUS_NOT_FOUND ? STATUS_DELETE_LINK_INVALID : status);
    token_forget_user(call->auth->keys, user_id);
    return STATUS_OK;
}

static enum status send_link(const struct auth_call *call,
                             const struct record *user, struct slice callback)
{
    struct link link = {.kind = MAIL_DELETE_ACCOUNT,
                        .callback = callback.len > 0 ? callback : SLICE("/"),
                        .lives_ms = call->auth->settings.delete_ms};
    struct slice token;

    TRY(token_random_delete(call->arena, &token));
    TRY(delete_identifier(call, token, &link.identifier));
    TRY(arena_format(
        call->arena, &link.address,
        "/delete-user/callback?token=%.*s&callbackURL=", SLICE_ARG(token)));
    return link_send(call, &link, user);
}

enum status delete_user(const struct auth_call *call,
                        const struct session *session,
                        const struct delete_user *in, bool *mailed)
{
    const struct auth_settings *settings = &call->auth->settings;
    struct slice user_id = record_text(&session->user, USER_ID);

    *mailed = false;
    if (!settings->delete_user) {
        return STATUS_NOT_FOUND;
    }
    if (in->password.len > 0) {
        if (password_is_too_long(call, in->password)) {
            return STATUS_PASSWORD_TOO_LONG;
        }
        TRY(password_confirm(call, user_id, in->password));
    }
    if (in->token.len > 0) {
        return delete_user_by_token(call, user_id, in->token);
    }
    if (settings->delete_user_verification && settings->can_mail) {
        *mailed = true;
        return send_link(call, &session->user, in->callback);
    }
    if (in->password.len == 0 && !session_is_fresh(call, session)) {
        return STATUS_SESSION_EXPIRED;
    }
    return delete_user_rows(call, user_id);
}

enum status account_unlink(const struct auth_call *call, struct slice user_id,
                           struct slice account_id)
{
    struct value of[] = {value_text(user_id)};
    struct value one[] = {value_text(account_id), value_text(user_id)};
    struct statement statements[] = {STATEMENT(user_lock, of),
                                     STATEMENT(account_delete, one)};
    struct rows rows;
    enum status status;

    TRY(auth_read(call, QUERY_accounts_of_user, of, 1, &rows));
    if (rows.count == 1) {
        return STATUS_FAILED_TO_UNLINK_LAST_ACCOUNT;
    }
    /* Of two at once, for the last two, one finds nothing to delete. */
    statements[1].must_change = true;
    status = auth_write(call, statements, 2, NULL);
    return status == STATUS_NOT_FOUND || status == STATUS_INVALID_VALUE
               ? STATUS_ACCOUNT_NOT_FOUND
               : status;
}
