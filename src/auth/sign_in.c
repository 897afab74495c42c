/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/sign_in.h"

#include "auth/ban.h"
#include "auth/email.h"
#include "auth/password.h"
#include "auth/post.h"
#include "base/clock.h"
#include "base/log.h"
#include "limit/guess.h"

#include <stdatomic.h>

/* One mail and one row. */
#define WARNING_MAX ((size_t)262144)
/*
 * Refusals of guessing that are written down in a second: they cost no hash,
 * so a flood of them would fill the disk.
 */
#define REFUSALS_NOTED 20

/* Not a reason to refuse: the old hash goes on working. */
static void rehash(const struct auth_call *call, const struct sign_in *in,
                   struct user_password *found)
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
        return;
    }
    found->hash = hash;
}

static enum status refuse_unverified(const struct auth_call *call,
                                     const struct sign_in *in,
                                     const struct record *user)
{
    const struct auth_settings *settings = &call->auth->settings;
    struct post_letter letter = {.kind = MAIL_VERIFY_EMAIL,
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

void sign_in_warn_owner(void *arg, struct slice email)
{
    const struct auth *auth = arg;
    CLEANUP(arena_release) struct arena arena;
    struct auth_call call = {
        .auth = auth, .arena = &arena, .now = clock_wall_ms()};
    struct post_letter letter = {.kind = MAIL_PASSWORD_GUESSING, .to = email};
    struct record user;
    enum status status;

    arena_init(&arena, WARNING_MAX);
    status = user_by_email(&call, email, &user);
    if (status == STATUS_OK && auth->settings.can_mail) {
        letter.name = record_text(&user, USER_NAME);
        status = post_send(&call, &letter);
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        log_warn("warning_not_sent", log_text("status", status_code(status)));
    }
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
        return STATUS_INVALID_EMAIL_OR_PASSWORD;
    }
    if (weak) {
        rehash(call, in, found);
    }
    return STATUS_OK;
}

/* Counts the try before anything is hashed, and corrects that afterwards. */
static enum status try_password(const struct auth_call *call,
                                const struct sign_in *in,
                                struct user_password *found, int64_t *wait_ms)
{
    struct guess *guesses = call->auth->guesses;
    enum status status;

    TRY(guess_begin(guesses, in->email, in->known_device, wait_ms));
    if (*wait_ms > 0) {
        return STATUS_TOO_MANY_REQUESTS;
    }
    status = check_password(call, in, found);
    if (status == STATUS_OK) {
        guess_succeeded(guesses, in->email, in->known_device);
    } else if (status != STATUS_INVALID_EMAIL_OR_PASSWORD) {
        guess_take_back(guesses, in->email, in->known_device);
    }
    return status;
}

/*
 * The password was compared for as long as a hash takes. One that was changed,
 * or an account that was banned or deleted in that time, opens no session: the
 * end of its sessions may have been before this one.
 */
static enum status open_session(const struct auth_call *call,
                                const struct sign_in *in,
                                const struct user_password *found,
                                struct session *out)
{
    const struct session_wish wish = {.user_id = found->user.values[USER_ID],
                                      .how = SLICE("password"),
                                      .brief = in->brief};
    struct value params[] = {wish.user_id, value_text(found->hash)};
    struct rows held;
    enum status status = session_create_if(
        call, &wish, &STATEMENT(user_hold, params), &held, &out->row);

    TRY(status == STATUS_NOT_FOUND ? STATUS_INVALID_EMAIL_OR_PASSWORD : status);
    TRY(record_take(&call->auth->schema->tables[TABLE_USER], &held, 0, 0,
                    call->arena, &out->user));
    status = ban_check(call, &out->user);
    if (status != STATUS_OK) {
        TRY(session_drop(call, record_text(&out->row, SESSION_TOKEN)));
    }
    return status;
}

static enum status attempt(const struct auth_call *call,
                           const struct sign_in *in,
                           struct user_password *found, struct signed_in *out)
{
    TRY(try_password(call, in, found, &out->wait_ms));
    if (call->auth->settings.require_verification &&
        record_number(&found->user, USER_EMAIL_VERIFIED) == 0) {
        return refuse_unverified(call, in, &found->user);
    }
    TRY(ban_check(call, &found->user));
    return open_session(call, in, found, &out->session);
}

static bool is_flood(int64_t now_ms)
{
    static _Atomic int64_t second;
    static _Atomic int noted;

    if (atomic_exchange(&second, now_ms / 1000) != now_ms / 1000) {
        atomic_store(&noted, 0);
    }
    return atomic_fetch_add(&noted, 1) >= REFUSALS_NOTED;
}

/* Empty: none that anybody's account suffered. */
static struct slice why_not(const struct user_password *found,
                            enum status status)
{
    switch (status) {
    case STATUS_INVALID_EMAIL_OR_PASSWORD:
        return found->user.table == NULL ? SLICE("unknown") : SLICE("password");
    case STATUS_BANNED_USER:
        return SLICE("banned");
    case STATUS_EMAIL_NOT_VERIFIED:
        return SLICE("unverified");
    case STATUS_TOO_MANY_REQUESTS:
        return is_flood(clock_mono_ms()) ? SLICE_EMPTY : SLICE("too-many");
    default:
        return SLICE_EMPTY;
    }
}

/*
 * The answer stays what it is whatever becomes of the row; the address is
 * looked up by the database, alike whether somebody has it or not.
 */
static void note_failure(const struct auth_call *call, struct slice email,
                         struct slice why)
{
    const struct audit_note note = {.event = AUDIT_SIGN_IN_FAILED,
                                    .of = AUDIT_OF_EMAIL,
                                    .subject = value_text(email),
                                    .detail = why};
    enum status status = auth_write_noted(call, NULL, 0, NULL, &note);

    if (status != STATUS_OK && status != STATUS_CANCELLED) {
        log_warn("audit_failed", log_text("status", status_code(status)));
    }
}

enum status sign_in(const struct auth_call *call, const struct sign_in *in,
                    struct signed_in *out)
{
    struct user_password found = {0};
    struct slice why;
    enum status status;

    *out = (struct signed_in){0};
    if (!call->auth->settings.sign_in) {
        return STATUS_EMAIL_PASSWORD_DISABLED;
    }
    if (password_is_too_long(call, in->password)) {
        return STATUS_PASSWORD_TOO_LONG;
    }
    status = attempt(call, in, &found, out);
    why = why_not(&found, status);
    if (why.len > 0) {
        note_failure(call, in->email, why);
    }
    return status;
}
