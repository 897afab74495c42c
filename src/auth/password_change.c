/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/password_change.h"

#include "auth/link.h"
#include "auth/password.h"
#include "auth/token.h"
#include "auth/token_random.h"
#include "auth/user.h"
#include "limit/guess.h"

enum status password_confirm(const struct auth_call *call, struct slice user_id,
                             struct slice password)
{
    struct slice hash;
    bool has_account;
    bool matches;
    bool weak;

    TRY(user_password_of(call, user_id, &has_account, &hash));
    if (!has_account || hash.len == 0) {
        return STATUS_CREDENTIAL_ACCOUNT_NOT_FOUND;
    }
    TRY(password_verify(call, password, hash, &matches, &weak));
    return matches ? STATUS_OK : STATUS_INVALID_PASSWORD;
}

/*
 * The statements that store a hash, whether there was one or not. They point
 * at `values`.
 */
struct storing {
    struct value set[3];
    struct value add[4];
    struct statement statements[2];
};

static enum status storing_make(const struct auth_call *call,
                                struct slice user_id, struct slice hash,
                                struct storing *out)
{
    out->set[0] = value_text(user_id);
    out->set[1] = value_text(hash);
    out->set[2] = value_time(call->now);
    out->add[0] = value_text(user_id);
    TRY(auth_new_id(call, &out->add[1]));
    out->add[2] = value_text(hash);
    out->add[3] = value_time(call->now);
    out->statements[0] = STATEMENT(account_set_password, out->set);
    out->statements[1] = STATEMENT(account_add_password, out->add);
    return STATUS_OK;
}

static struct audit_note changed(struct slice user_id, struct slice how)
{
    return (struct audit_note){.event = AUDIT_PASSWORD_CHANGE,
                               .of = AUDIT_OF_USER,
                               .subject = value_text(user_id),
                               .detail = how};
}

static enum status store_and_renew(const struct auth_call *call,
                                   struct slice hash, struct session *session)
{
    struct slice user_id = record_text(&session->user, USER_ID);
    const struct audit_note note =
        changed(user_id, SLICE("change, other sessions ended"));
    const struct session_wish wish = {.user_id = value_text(user_id)};
    struct value all[] = {value_text(user_id)};
    struct session_insert insert;
    struct storing storing;
    struct rows rows[3];

    TRY(storing_make(call, user_id, hash, &storing));
    TRY(session_insert_make(call, &wish, &insert));
    TRY(auth_write_noted(
        call,
        (struct statement[]){storing.statements[0],
                             STATEMENT(sessions_delete_of_user, all),
                             insert.statement},
        3, rows, &note));
    token_forget_user(call->auth->keys, user_id);
    return record_take(&call->auth->schema->tables[TABLE_SESSION], &rows[2], 0,
                       0, call->arena, &session->row);
}

enum status password_change(const struct auth_call *call,
                            const struct password_change *in,
                            struct session *session)
{
    struct slice user_id = record_text(&session->user, USER_ID);
    const struct audit_note note = changed(user_id, SLICE("change"));
    struct storing storing;
    struct slice hash;

    TRY(password_check(call, in->new_password));
    TRY(password_confirm(call, user_id, in->current));
    TRY(password_hash(call, in->new_password, &hash));
    if (in->revoke_others) {
        return store_and_renew(call, hash, session);
    }
    TRY(storing_make(call, user_id, hash, &storing));
    return auth_write_noted(call, storing.statements, 1, NULL, &note);
}

static enum status reset_identifier(const struct auth_call *call,
                                    struct slice token, struct slice *out)
{
    return arena_format(call->arena, out, "reset-password:%.*s",
                        SLICE_ARG(token));
}

static enum status send_reset(const struct auth_call *call,
                              const struct record *user, struct slice redirect)
{
    struct link link = {.kind = MAIL_RESET_PASSWORD,
                        .callback = redirect,
                        .lives_ms = call->auth->settings.reset_ms};
    struct slice token;

    TRY(token_random_reset(call->arena, &token));
    TRY(reset_identifier(call, token, &link.identifier));
    TRY(arena_format(call->arena, &link.address,
                     "/reset-password/%.*s?callbackURL=", SLICE_ARG(token)));
    return link_send(call, &link, user);
}

enum status password_reset_request(const struct auth_call *call,
                                   struct slice email, struct slice redirect)
{
    struct record user;
    enum status status;

    if (!call->auth->settings.can_mail) {
        return STATUS_RESET_PASSWORD_DISABLED;
    }
    TRY(user_email_lower(call, email, &email));
    status = user_by_email(call, email, &user);
    TRY(status == STATUS_NOT_FOUND ? STATUS_OK : status);
    return status == STATUS_NOT_FOUND ? STATUS_OK
                                      : send_reset(call, &user, redirect);
}

enum status password_reset_check(const struct auth_call *call,
                                 struct slice token, struct slice *user_id)
{
    const struct table *table = &call->auth->schema->tables[TABLE_VERIFICATION];
    struct slice identifier;
    struct record row;
    struct rows rows;

    if (token.len == 0 || token.len > LINK_TOKEN_MAX) {
        return STATUS_LINK_INVALID;
    }
    TRY(reset_identifier(call, token, &identifier));
    TRY(auth_read(
        call, QUERY_verification_by_identifier,
        (struct value[]){value_text(identifier), value_time(call->now)}, 2,
        &rows));
    if (rows.count == 0) {
        return STATUS_LINK_INVALID;
    }
    TRY(record_take(table, &rows, 0, 0, call->arena, &row));
    *user_id = record_text(&row, VERIFICATION_VALUE);
    return STATUS_OK;
}

static enum status consume_and_store(const struct auth_call *call,
                                     struct slice token, struct slice user_id,
                                     struct slice hash)
{
    const struct audit_note note = changed(user_id, SLICE("reset"));
    struct statement statements[5];
    struct storing storing;
    struct value all[] = {value_text(user_id)};
    struct value older[] = {value_text(user_id),
                            value_text(SLICE("reset-password:%"))};
    struct value consumed[3];
    struct slice identifier;
    size_t count = 0;
    enum status status;

    TRY(reset_identifier(call, token, &identifier));
    consumed[0] = value_text(identifier);
    consumed[1] = value_text(user_id);
    consumed[2] = value_time(call->now);
    TRY(storing_make(call, user_id, hash, &storing));
    statements[count] = STATEMENT(verification_consume, consumed);
    statements[count++].must_change = true;
    statements[count++] = STATEMENT(verifications_delete_of_user, older);
    statements[count++] = storing.statements[0];
    statements[count++] = storing.statements[1];
    if (call->auth->settings.reset_revokes_sessions) {
        statements[count++] = STATEMENT(sessions_delete_of_user, all);
    }
    status = auth_write_noted(call, statements, count, NULL, &note);
    return status == STATUS_NOT_FOUND ? STATUS_LINK_INVALID : status;
}

enum status password_reset(const struct auth_call *call, struct slice token,
                           struct slice password)
{
    struct record user;
    struct slice user_id;
    struct slice hash;
    enum status status;

    TRY(password_check(call, password));
    TRY(password_reset_check(call, token, &user_id));
    status = user_by_id(call, user_id, &user);
    TRY(status == STATUS_NOT_FOUND ? STATUS_USER_NOT_FOUND : status);
    TRY(password_hash(call, password, &hash));
    TRY(consume_and_store(call, token, user_id, hash));
    token_forget_user(call->auth->keys, user_id);
    guess_forget(call->auth->guesses, record_text(&user, USER_EMAIL));
    return STATUS_OK;
}

enum status password_set(const struct auth_call *call, struct slice user_id,
                         struct slice password)
{
    const struct audit_note note = changed(user_id, SLICE("set"));
    struct storing storing;
    struct slice hash;

    TRY(password_hash(call, password, &hash));
    TRY(storing_make(call, user_id, hash, &storing));
    return auth_write_noted(call, storing.statements, 2, NULL, &note);
}
