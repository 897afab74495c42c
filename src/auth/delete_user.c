/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/delete_user.h"

#include "auth/holdings.h"
#include "auth/link.h"
#include "auth/password.h"
#include "auth/password_change.h"
#include "auth/token.h"
#include "auth/token_random.h"

/* The write that ends an account; what it points to is its own. */
struct erasure {
    struct value id;
    struct value links[2];
    struct value consumed[3];
    struct query acting;
    struct statement statements[STORE_STATEMENTS_MAX];
    size_t count;
};

static struct statement *add(struct erasure *erasure, enum query_id query,
                             const struct value *params, size_t count)
{
    struct statement *statement = &erasure->statements[erasure->count++];

    *statement = (struct statement){
        .query = query, .params = params, .param_count = count};
    return statement;
}

/* Sessions that the user, an administrator, has of others. */
static enum status add_acting(const struct auth_call *call,
                              struct erasure *erasure)
{
    if (call->auth->schema->session_impersonated_by == COLUMN_NONE) {
        return STATUS_OK;
    }
    TRY(store_build(
        call->auth->store,
        SLICE("DELETE FROM {session} WHERE {session.impersonatedBy} = $1"),
        call->arena, &erasure->acting));
    add(erasure, QUERY_BUILT, &erasure->id, 1)->built = &erasure->acting;
    return STATUS_OK;
}

/*
 * The user's row is locked first: what else is written for a user locks it
 * too, and finds it gone or is found here.
 */
static void erasure_begin(struct erasure *erasure, struct slice user_id)
{
    erasure->id = value_text(user_id);
    erasure->links[0] = erasure->id;
    erasure->links[1] = value_text(SLICE("%"));
    erasure->count = 0;
    add(erasure, QUERY_user_lock, &erasure->id, 1)->must_change = true;
}

static enum status erasure_end(const struct auth_call *call,
                               struct erasure *erasure, struct slice how)
{
    const struct value *id = &erasure->id;
    const struct audit_note note = {
        .event = AUDIT_ERASURE, .subject = *id, .detail = how};
    struct statement *last;

    add(erasure, QUERY_outbox_erase, id, 1);
    add(erasure, QUERY_sessions_delete_of_user, id, 1);
    TRY(add_acting(call, erasure));
    add(erasure, QUERY_accounts_delete_of_user, id, 1);
    add(erasure, QUERY_verifications_delete_of_user, erasure->links, 2);
    holdings_erase(id, &erasure->statements[erasure->count]);
    erasure->count += HOLDINGS;
    last = add(erasure, QUERY_user_delete, id, 1);
    last->erases = true;
    TRY(auth_write_noted(call, erasure->statements, erasure->count, NULL,
                         &note));
    token_forget_user(call->auth->keys, id->text);
    return STATUS_OK;
}

enum status delete_user_rows(const struct auth_call *call, struct slice user_id)
{
    struct erasure *erasure = ARENA_NEW(call->arena, struct erasure);
    enum status status;

    TRY_ALLOC(erasure);
    erasure_begin(erasure, user_id);
    status = erasure_end(call, erasure, SLICE("account"));
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
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
    struct erasure *erasure = ARENA_NEW(call->arena, struct erasure);
    struct slice identifier;
    enum status status;

    TRY_ALLOC(erasure);
    if (token.len == 0 || token.len > LINK_TOKEN_MAX) {
        return STATUS_DELETE_LINK_INVALID;
    }
    TRY(delete_identifier(call, token, &identifier));
    erasure_begin(erasure, user_id);
    erasure->consumed[0] = value_text(identifier);
    erasure->consumed[1] = value_text(user_id);
    erasure->consumed[2] = value_time(call->now);
    add(erasure, QUERY_verification_consume, erasure->consumed, 3)
        ->must_change = true;
    status = erasure_end(call, erasure, SLICE("account, by mail"));
    return status == STATUS_NOT_FOUND ? STATUS_DELETE_LINK_INVALID : status;
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
    const struct audit_note note = {.event = AUDIT_ACCOUNT_CHANGE,
                                    .subject = of[0],
                                    .detail = SLICE("unlink")};
    struct rows rows;
    enum status status;

    TRY(auth_read(call, QUERY_accounts_of_user, of, 1, &rows));
    if (rows.count == 1) {
        return STATUS_FAILED_TO_UNLINK_LAST_ACCOUNT;
    }
    /* Of two at once, for the last two, one finds nothing to delete. */
    statements[1].must_change = true;
    status = auth_write_noted(call, statements, 2, NULL, &note);
    return status == STATUS_NOT_FOUND || status == STATUS_INVALID_VALUE
               ? STATUS_ACCOUNT_NOT_FOUND
               : status;
}
