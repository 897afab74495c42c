/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/delete_user.h"

#include "auth/password.h"
#include "auth/password_change.h"
#include "auth/post.h"
#include "auth/token_random.h"
#include "base/buf.h"
#include "codec/percent.h"

#define LINK_MAX  ((size_t)16384)
#define TOKEN_MAX ((size_t)128)

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
    return auth_write(call, statements, DELETE_STATEMENTS - 1, NULL);
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

    if (token.len == 0 || token.len > TOKEN_MAX) {
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
    return status == STATUS_NOT_FOUND ? STATUS_DELETE_LINK_INVALID : status;
}

static enum status delete_url(const struct auth_call *call, struct slice token,
                              struct slice callback, struct slice *url)
{
    struct buf buf;

    buf_init(&buf, call->arena, LINK_MAX);
    buf_add(&buf, call->auth->base_url);
    buf_add(&buf, SLICE("/delete-user/callback?token="));
    buf_add(&buf, token);
    buf_add(&buf, SLICE("&callbackURL="));
    percent_encode(&buf, callback.len > 0 ? callback : SLICE("/"));
    return buf_finish(&buf, url);
}

static enum status send_link(const struct auth_call *call,
                             const struct record *user, struct slice callback)
{
    struct post_letter letter = {.kind = MAIL_DELETE_ACCOUNT,
                                 .to = record_text(user, USER_EMAIL),
                                 .name = record_text(user, USER_NAME)};
    struct value row[VERIFICATION_COLUMNS];
    struct post_insert mail;
    struct slice identifier;
    struct slice token;

    TRY(token_random_delete(call->arena, &token));
    TRY(delete_identifier(call, token, &identifier));
    TRY(auth_new_id(call, &row[VERIFICATION_ID]));
    row[VERIFICATION_IDENTIFIER] = value_text(identifier);
    row[VERIFICATION_VALUE] = user->values[USER_ID];
    row[VERIFICATION_EXPIRES_AT] =
        value_time(call->now + call->auth->settings.delete_ms);
    row[VERIFICATION_CREATED_AT] = value_time(call->now);
    row[VERIFICATION_UPDATED_AT] = value_time(call->now);
    TRY(delete_url(call, token, callback, &letter.url));
    TRY(post_insert_make(call, &letter, &mail));
    TRY(auth_write(call,
                   (struct statement[]){STATEMENT(verification_insert, row),
                                        mail.statement},
                   2, NULL));
    post_wake(call);
    return STATUS_OK;
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
    struct statement statement = STATEMENT(account_delete, one);
    struct rows rows;
    enum status status;

    TRY(auth_read(call, QUERY_accounts_of_user, of, 1, &rows));
    if (rows.count == 1) {
        return STATUS_FAILED_TO_UNLINK_LAST_ACCOUNT;
    }
    statement.must_change = true;
    status = auth_write(call, &statement, 1, NULL);
    return status == STATUS_NOT_FOUND || status == STATUS_INVALID_VALUE
               ? STATUS_ACCOUNT_NOT_FOUND
               : status;
}
