/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/email.h"

#include "auth/ban.h"
#include "auth/mail_token.h"
#include "auth/post.h"
#include "auth/secrets.h"
#include "base/buf.h"
#include "codec/percent.h"

/* An address, a callback and a token. */
#define LINK_MAX ((size_t)16384)

static struct slice confirmation(void)
{
    return SLICE("change-email-confirmation");
}

static struct slice verification(void)
{
    return SLICE("change-email-verification");
}

enum status email_link_make(const struct auth_call *call,
                            const struct email_link *link, struct slice *url)
{
    const struct mail_token token = {
        .email = link->email,
        .update_to = link->update_to,
        .request_type = link->request,
        .user_id = link->user_id,
        .issued_ms = call->now,
        .expires_ms = call->now + call->auth->settings.verification_ms,
    };
    struct slice text;
    struct buf buf;

    TRY(mail_token_make(call->auth->secrets, &token, call->arena, &text));
    buf_init(&buf, call->arena, LINK_MAX);
    buf_add(&buf, call->auth->base_url);
    buf_add(&buf, SLICE("/verify-email?token="));
    buf_add(&buf, text);
    buf_add(&buf, SLICE("&callbackURL="));
    percent_encode(&buf, link->callback.len > 0 ? link->callback : SLICE("/"));
    return buf_finish(&buf, url);
}

static enum status send_link(const struct auth_call *call, enum mail_kind kind,
                             const struct email_link *link, struct slice to,
                             struct slice name)
{
    struct post_letter letter = {
        .kind = kind, .to = to, .name = name, .new_email = link->update_to};

    TRY(email_link_make(call, link, &letter.url));
    return post_send(call, &letter);
}

static enum status send_verification(const struct auth_call *call,
                                     const struct record *user,
                                     struct slice callback)
{
    const struct email_link link = {.email = record_text(user, USER_EMAIL),
                                    .user_id = record_text(user, USER_ID),
                                    .callback = callback};

    return send_link(call, MAIL_VERIFY_EMAIL, &link, link.email,
                     record_text(user, USER_NAME));
}

enum status email_send(const struct auth_call *call,
                       const struct session *session, struct slice email,
                       struct slice callback)
{
    struct record user;
    enum status status;

    if (!call->auth->settings.can_mail) {
        return STATUS_VERIFICATION_EMAIL_NOT_ENABLED;
    }
    TRY(user_email_lower(call, email, &email));
    if (session == NULL) {
        status = user_by_email(call, email, &user);
        TRY(status == STATUS_NOT_FOUND ? STATUS_OK : status);
        if (status == STATUS_NOT_FOUND ||
            record_number(&user, USER_EMAIL_VERIFIED) != 0) {
            return STATUS_OK;
        }
        return send_verification(call, &user, callback);
    }
    if (!slice_equal(record_text(&session->user, USER_EMAIL), email)) {
        return STATUS_EMAIL_MISMATCH;
    }
    if (record_number(&session->user, USER_EMAIL_VERIFIED) != 0) {
        return STATUS_EMAIL_ALREADY_VERIFIED;
    }
    return send_verification(call, &session->user, callback);
}

/* The caller's session, or a new one, goes into the answer's cookies. */
static enum status keep_session(const struct auth_call *call,
                                const struct session *session,
                                struct email_verified *out)
{
    const struct session_wish wish = {.user_id = out->user.values[USER_ID],
                                      .how = SLICE("link")};

    out->has_session = true;
    if (session != NULL) {
        out->session.row = session->row;
    } else {
        TRY(ban_check(call, &out->user));
        TRY(session_create(call, &wish, &out->session.row));
    }
    out->session.user = out->user;
    return STATUS_OK;
}

static struct audit_note changed(const struct record *user, struct slice how)
{
    return (struct audit_note){.event = AUDIT_EMAIL_CHANGE,
                               .subject = user->values[USER_ID],
                               .detail = how};
}

static enum status change(const struct auth_call *call,
                          const struct session *session,
                          const struct mail_token *token,
                          struct email_verified *out)
{
    struct value params[] = {out->user.values[USER_ID],
                             value_text(token->email),
                             value_text(token->update_to), value_boolean(true),
                             value_time(call->now)};
    const struct audit_note note = changed(&out->user, SLICE("change, verify"));
    struct statement statement = STATEMENT(user_change_email, params);
    struct rows rows;
    enum status status;

    statement.must_change = true;
    status = auth_write_noted(call, &statement, 1, &rows, &note);
    /* Taken since the mail was sent, or followed twice at once. */
    TRY(status == STATUS_TAKEN || status == STATUS_NOT_FOUND
            ? STATUS_LINK_INVALID
            : status);
    TRY(record_take(&call->auth->schema->tables[TABLE_USER], &rows, 0, 0,
                    call->arena, &out->user));
    out->outcome = EMAIL_CHANGED;
    return keep_session(call, session, out);
}

static enum status confirm(const struct auth_call *call,
                           const struct mail_token *token,
                           struct slice callback, struct email_verified *out)
{
    const struct email_link link = {.email = token->email,
                                    .user_id = token->user_id,
                                    .update_to = token->update_to,
                                    .request = verification(),
                                    .callback = callback};

    out->outcome = EMAIL_CONFIRMED;
    if (!call->auth->settings.can_mail) {
        return STATUS_OK;
    }
    return send_link(call, MAIL_CHANGE_EMAIL_VERIFICATION, &link,
                     token->update_to, record_text(&out->user, USER_NAME));
}

static enum status verify(const struct auth_call *call,
                          const struct session *session,
                          struct email_verified *out)
{
    struct value params[] = {out->user.values[USER_ID], value_boolean(true),
                             value_time(call->now)};
    const struct audit_note note = changed(&out->user, SLICE("verify"));
    struct statement statement = STATEMENT(user_set_email_verified, params);
    struct rows rows;
    enum status status;

    if (record_number(&out->user, USER_EMAIL_VERIFIED) != 0) {
        out->outcome = EMAIL_WAS_VERIFIED;
        return STATUS_OK;
    }
    statement.must_change = true;
    status = auth_write_noted(call, &statement, 1, &rows, &note);
    TRY(status == STATUS_NOT_FOUND ? STATUS_USER_NOT_FOUND : status);
    TRY(record_take(&call->auth->schema->tables[TABLE_USER], &rows, 0, 0,
                    call->arena, &out->user));
    out->outcome = EMAIL_VERIFIED;
    if (!call->auth->settings.sign_in_after_verification) {
        return STATUS_OK;
    }
    if (session != NULL && !slice_equal(record_text(&session->user, USER_ID),
                                        record_text(&out->user, USER_ID))) {
        session = NULL;
    }
    return keep_session(call, session, out);
}

enum status email_verify(const struct auth_call *call,
                         const struct session *session, struct slice token,
                         struct slice callback, struct email_verified *out)
{
    struct mail_token opened;
    enum status status = mail_token_open(call->auth->secrets, token, call->now,
                                         call->arena, &opened);

    *out = (struct email_verified){0};
    TRY(status == STATUS_INVALID_TOKEN ? STATUS_LINK_INVALID : status);
    status = user_by_email(call, opened.email, &out->user);
    TRY(status == STATUS_NOT_FOUND ? STATUS_USER_NOT_FOUND : status);
    if (opened.user_id.len > 0 &&
        !slice_equal(opened.user_id, record_text(&out->user, USER_ID))) {
        return STATUS_INVALID_USER;
    }
    if (opened.update_to.len == 0) {
        return verify(call, session, out);
    }
    if (session != NULL &&
        !slice_equal(record_text(&session->user, USER_EMAIL), opened.email)) {
        return STATUS_INVALID_USER;
    }
    if (slice_equal(opened.request_type, confirmation())) {
        return confirm(call, &opened, callback, out);
    }
    return change(call, session, &opened, out);
}

static enum status change_now(const struct auth_call *call,
                              struct session *session, struct slice new_email,
                              struct slice callback)
{
    struct value params[] = {
        session->user.values[USER_ID], session->user.values[USER_EMAIL],
        value_text(new_email), value_boolean(false), value_time(call->now)};
    const struct audit_note note = changed(&session->user, SLICE("change"));
    struct statement statement = STATEMENT(user_change_email, params);
    struct rows rows;

    statement.must_change = true;
    TRY(auth_write_noted(call, &statement, 1, &rows, &note));
    TRY(record_take(&call->auth->schema->tables[TABLE_USER], &rows, 0, 0,
                    call->arena, &session->user));
    return call->auth->settings.can_mail
               ? send_verification(call, &session->user, callback)
               : STATUS_OK;
}

static enum status send_change(const struct auth_call *call,
                               const struct session *session,
                               struct slice new_email, struct slice callback)
{
    const struct record *user = &session->user;
    bool confirms = call->auth->settings.change_email_confirmation &&
                    record_number(user, USER_EMAIL_VERIFIED) != 0;
    const struct email_link link = {
        .email = record_text(user, USER_EMAIL),
        .user_id = record_text(user, USER_ID),
        .update_to = new_email,
        .request = confirms ? confirmation() : verification(),
        .callback = callback,
    };

    return send_link(call,
                     confirms ? MAIL_CHANGE_EMAIL_CONFIRMATION
                              : MAIL_CHANGE_EMAIL_VERIFICATION,
                     &link, confirms ? link.email : new_email,
                     record_text(user, USER_NAME));
}

enum status email_change(const struct auth_call *call, struct session *session,
                         struct slice new_email, struct slice callback,
                         bool *changed)
{
    const struct auth_settings *settings = &call->auth->settings;
    bool at_once = settings->change_email_unverified &&
                   record_number(&session->user, USER_EMAIL_VERIFIED) == 0;
    struct record taken;
    enum status status;

    *changed = false;
    if (!settings->change_email) {
        return STATUS_CHANGE_EMAIL_DISABLED;
    }
    TRY(user_email_lower(call, new_email, &new_email));
    if (slice_equal(new_email, record_text(&session->user, USER_EMAIL))) {
        return STATUS_SAME_EMAIL;
    }
    if (!at_once && !settings->can_mail) {
        return STATUS_VERIFICATION_NOT_ENABLED;
    }
    status = user_by_email(call, new_email, &taken);
    if (status != STATUS_NOT_FOUND) {
        return status; /* taken, and nobody is told */
    }
    if (!at_once) {
        return send_change(call, session, new_email, callback);
    }
    status = change_now(call, session, new_email, callback);
    *changed = status == STATUS_OK;
    return status == STATUS_TAKEN ? STATUS_OK : status;
}
