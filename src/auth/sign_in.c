/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/sign_in.h"

#include "auth/email.h"
#include "auth/password.h"
#include "auth/post.h"
#include "base/log.h"
#include "limit/guess.h"

enum status sign_in_allowed(const struct auth_call *call, struct record *user)
{
    const struct schema *schema = call->auth->schema;
    struct column_changes changes = {.count = 0};
    int64_t until;

    if (schema->user_banned == COLUMN_NONE ||
        record_number(user, schema->user_banned) == 0) {
        return STATUS_OK;
    }
    until = record_number(user, schema->user_ban_expires);
    if (until == 0 || until > call->now) {
        return STATUS_BANNED_USER;
    }
    column_change_add(&changes, schema->user_banned, value_boolean(false));
    column_change_add(&changes, schema->user_ban_reason, VALUE_NOTHING);
    column_change_add(&changes, schema->user_ban_expires, VALUE_NOTHING);
    return row_update(call, TABLE_USER, record_text(user, USER_ID), &changes,
                      user);
}

/* Not a reason to refuse: the old hash goes on working. */
static void rehash(const struct auth_call *call, const struct sign_in *in,
                   const struct user_password *found)
{
    struct slice hash;
    enum status status = password_hash(call, in->password, &hash);

    if (status == STATUS_OK) {
        struct value params[] = {found->user.values[USER_ID],
                                 value_text(found->hash), value_text(hash)};

        status = auth_write(call, &STATEMENT(account_rehash, params), 1, NULL);
    }
    if (status != STATUS_OK) {
        log_warn("rehash_failed", log_text("status", status_code(status)));
    }
}

static enum status refuse_unverified(const struct auth_call *call,
                                     const struct sign_in *in,
                                     const struct record *user)
{
    const struct auth_settings *settings = &call->auth->settings;
    struct post_letter letter = {.kind = POST_VERIFY_EMAIL,
                                 .to = in->email,
                                 .name = record_text(user, USER_NAME)};
    const struct email_link link = {.email = in->email,
                                    .user_id = record_text(user, USER_ID),
                                    .callback = in->callback};

    if (settings->send_on_sign_in && settings->can_mail) {
        TRY(email_link_make(call, &link, &letter.url));
        TRY(post_send(call, &letter));
    }
    return STATUS_EMAIL_NOT_VERIFIED;
}

/* The owner learns of it once, in a mail. */
static enum status note_failure(const struct auth_call *call,
                                const struct sign_in *in, bool exists)
{
    const struct post_letter letter = {.kind = POST_GUESSING, .to = in->email};

    if (guess_failed(call->auth->guesses, in->email) && exists &&
        call->auth->settings.can_mail) {
        TRY(post_send(call, &letter));
    }
    return STATUS_INVALID_EMAIL_OR_PASSWORD;
}

/* The right user, or a failure that says nothing about why. */
static enum status check_password(const struct auth_call *call,
                                  const struct sign_in *in,
                                  struct user_password *found)
{
    bool matches = false;
    bool weak = false;
    enum status status = user_with_password(call, in->email, found);
    bool exists = status == STATUS_OK;

    TRY(status == STATUS_NOT_FOUND ? STATUS_OK : status);
    TRY(password_verify(call, in->password, exists ? found->hash : SLICE_EMPTY,
                        &matches, &weak));
    if (!matches) {
        return note_failure(call, in, exists);
    }
    guess_succeeded(call->auth->guesses, in->email);
    if (weak) {
        rehash(call, in, found);
    }
    return STATUS_OK;
}

enum status sign_in(const struct auth_call *call, const struct sign_in *in,
                    struct session *out)
{
    const struct auth_settings *settings = &call->auth->settings;
    struct session_wish wish = {.brief = in->brief};
    struct user_password found;

    if (!settings->sign_in) {
        return STATUS_EMAIL_PASSWORD_DISABLED;
    }
    if (password_is_too_long(call, in->password)) {
        return STATUS_PASSWORD_TOO_LONG;
    }
    TRY(guess_allowed(call->auth->guesses, in->email, in->known_device));
    TRY(check_password(call, in, &found));
    if (settings->require_verification &&
        record_number(&found.user, USER_EMAIL_VERIFIED) == 0) {
        return refuse_unverified(call, in, &found.user);
    }
    TRY(sign_in_allowed(call, &found.user));
    wish.user_id = found.user.values[USER_ID];
    TRY(session_create(call, &wish, &out->row));
    out->user = found.user;
    return STATUS_OK;
}
