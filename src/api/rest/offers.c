/* SPDX-License-Identifier: Apache-2.0 */
/* /api/offers: what a screen has to know before anybody has signed in. */
#include "api/rest/offers.h"

#include "api/rest/endpoints.h"
#include "auth/remote.h"

/* It changes with a restart only; so long an old one may be shown then. */
#define CACHE_CONTROL SLICE("public, max-age=60")
#define OFFERS_MAX    ((size_t)4096)
#define SECOND_MS     1000

static const struct slice accounts_words[] = {SLICE_INIT("builtin"),
                                              SLICE_INIT("external")};
static const struct slice verify_words[] = {
    SLICE_INIT("off"), SLICE_INIT("offered"), SLICE_INIT("required")};
static const struct slice delete_words[] = {
    SLICE_INIT("off"), SLICE_INIT("password"), SLICE_INIT("mail")};

#define SHAPE_OF_WORDS(list)                                                   \
    {                                                                          \
        .kind = SHAPE_TEXT, .words = (list),                                   \
        .word_count = sizeof(list) / sizeof(*(list))                           \
    }

static const struct shape accounts_shape = SHAPE_OF_WORDS(accounts_words);
static const struct shape verify_shape = SHAPE_OF_WORDS(verify_words);
static const struct shape delete_shape = SHAPE_OF_WORDS(delete_words);
/* Any word: plugins to come add theirs. */
static const struct shape methods_shape = {.kind = SHAPE_ARRAY,
                                           .of = &shape_text};

static const struct shape_field password_fields[] = {
    {SLICE_INIT("min"), &shape_count, true,
     SLICE_INIT("The shortest that may be chosen, in characters.")},
    {SLICE_INIT("max"), &shape_count, true, SLICE_INIT("The longest.")},
};
static const struct shape password_shape = {
    SHAPE_OF(password_fields),
    .example = SLICE_INIT("{\"min\":8,\"max\":128}")};

static const struct shape_field offers_fields[] = {
    {SLICE_INIT("accounts"), &accounts_shape, true,
     SLICE_INIT("Who keeps the accounts: this server, or another service.")},
    {SLICE_INIT("accounts_url"), &shape_text, false,
     SLICE_INIT("With external accounts: where that service answers.")},
    {SLICE_INIT("sign_up"), &shape_flag, true,
     SLICE_INIT("Whether strangers may make themselves an account.")},
    {SLICE_INIT("methods"), &methods_shape, true,
     SLICE_INIT("The ways to sign in, such as password.")},
    {SLICE_INIT("password"), &password_shape, false,
     SLICE_INIT("How long a password may be, where this server decides it.")},
    {SLICE_INIT("reset_password"), &shape_flag, true,
     SLICE_INIT("Whether a forgotten password is replaced by mail.")},
    {SLICE_INIT("verify_email"), &verify_shape, true,
     SLICE_INIT("Whether addresses are proved by mail: required before an "
                "account opens, offered, or off.")},
    {SLICE_INIT("change_email"), &shape_flag, true,
     SLICE_INIT("Whether readers may change their address.")},
    {SLICE_INIT("delete_account"), &delete_shape, true,
     SLICE_INIT("Whether readers may delete their account, and by what: their "
                "password, or a link in a mail.")},
    {SLICE_INIT("bearer"), &shape_flag, true,
     SLICE_INIT("Whether a session's own token opens what a cookie does.")},
    {SLICE_INIT("session_expires_in"), &shape_count, false,
     SLICE_INIT("Seconds a session lives after it was last extended, where "
                "this server decides it.")},
};
static const struct shape offers_shape = {SHAPE_OF(offers_fields),
                                          .name = SLICE_INIT("Offers")};

static void write_text(struct json_writer *json, struct slice name,
                       struct slice text)
{
    json_write_name(json, name);
    json_write_text(json, text);
}

static void write_flag(struct json_writer *json, struct slice name, bool on)
{
    json_write_name(json, name);
    json_write_bool(json, on);
}

static void write_number(struct json_writer *json, struct slice name,
                         int64_t number)
{
    json_write_name(json, name);
    json_write_int64(json, number);
}

static bool is_open(const struct better_auth *kit, struct slice path)
{
    return !better_auth_is_disabled(kit, path);
}

static bool may_sign_up(const struct better_auth *kit)
{
    const struct auth_settings *settings = &kit->auth->settings;

    return settings->sign_up && settings->sign_in &&
           is_open(kit, SLICE("/sign-up/email"));
}

static bool has_password(const struct better_auth *kit)
{
    return kit->auth->settings.sign_in && is_open(kit, SLICE("/sign-in/email"));
}

static bool may_reset(const struct better_auth *kit)
{
    return has_password(kit) && kit->auth->settings.can_mail &&
           is_open(kit, SLICE("/request-password-reset")) &&
           is_open(kit, SLICE("/reset-password"));
}

static struct slice verify_word(const struct better_auth *kit)
{
    const struct auth_settings *settings = &kit->auth->settings;

    if (settings->require_verification) {
        return SLICE("required");
    }
    return settings->can_mail && is_open(kit, SLICE("/send-verification-email"))
               ? SLICE("offered")
               : SLICE("off");
}

/* Without mail only addresses that were never proved change, if any. */
static bool may_change_email(const struct better_auth *kit)
{
    const struct auth_settings *settings = &kit->auth->settings;

    return settings->change_email &&
           (settings->can_mail || settings->change_email_unverified) &&
           is_open(kit, SLICE("/change-email"));
}

static struct slice delete_word(const struct better_auth *kit)
{
    const struct auth_settings *settings = &kit->auth->settings;

    if (!settings->delete_user || !is_open(kit, SLICE("/delete-user"))) {
        return SLICE("off");
    }
    return settings->delete_user_verification && settings->can_mail
               ? SLICE("mail")
               : SLICE("password");
}

static void write_ways(const struct better_auth *kit, struct json_writer *json)
{
    write_flag(json, SLICE("sign_up"), may_sign_up(kit));
    json_write_name(json, SLICE("methods"));
    json_write_array(json);
    if (has_password(kit)) {
        json_write_text(json, SLICE("password"));
    }
    json_write_end(json);
}

static void write_own(const struct better_auth *kit, struct json_writer *json)
{
    const struct auth_settings *settings = &kit->auth->settings;

    write_text(json, SLICE("accounts"), SLICE("builtin"));
    write_ways(kit, json);
    json_write_name(json, SLICE("password"));
    json_write_object(json);
    write_number(json, SLICE("min"), (int64_t)settings->min_password);
    write_number(json, SLICE("max"), (int64_t)settings->max_password);
    json_write_end(json);
    write_flag(json, SLICE("reset_password"), may_reset(kit));
    write_text(json, SLICE("verify_email"), verify_word(kit));
    write_flag(json, SLICE("change_email"), may_change_email(kit));
    write_text(json, SLICE("delete_account"), delete_word(kit));
    write_flag(json, SLICE("bearer"), kit->bearer);
    write_number(json, SLICE("session_expires_in"),
                 settings->session_ms / SECOND_MS);
}

static void write_elsewhere(const struct better_auth *kit,
                            struct json_writer *json)
{
    write_text(json, SLICE("accounts"), SLICE("external"));
    write_text(json, SLICE("accounts_url"), kit->auth->remote->base_url);
    write_ways(kit, json);
    write_flag(json, SLICE("reset_password"), false);
    write_text(json, SLICE("verify_email"), SLICE("off"));
    write_flag(json, SLICE("change_email"), false);
    write_text(json, SLICE("delete_account"), SLICE("off"));
    write_flag(json, SLICE("bearer"), kit->bearer);
}

void offers_write(const struct better_auth *kit, struct json_writer *json)
{
    json_write_object(json);
    if (kit->auth->remote == NULL) {
        write_own(kit, json);
    } else {
        write_elsewhere(kit, json);
    }
    json_write_end(json);
}

static enum status get(struct rest *rest)
{
    struct response *response = rest->visit.response;
    struct json_writer json;
    struct slice etag;
    struct slice text;
    struct buf buf;

    buf_init(&buf, rest->visit.arena, OFFERS_MAX);
    json_writer_init(&json, &buf);
    offers_write(rest->visit.kit, &json);
    TRY(json_write_finish(&json, &text));
    TRY(rest_tag(rest->visit.arena, text, &etag));
    response->cache_control = CACHE_CONTROL;
    if (!rest_is_unchanged(rest, etag)) {
        response_text(response, SLICE("application/json"), text);
    }
    return STATUS_OK;
}

const struct rest_endpoint rest_offers = {
    .handle = get,
    .who = REST_ANYONE,
    .name = SLICE_INIT("getOffers"),
    .summary = SLICE_INIT("What this server offers: ways to sign in, and what "
                          "may be done with an account."),
    .success = 200,
    .output = &offers_shape,
    .cacheable = true,
};
