/* SPDX-License-Identifier: Apache-2.0 */
#include "app/accounts_settings.h"

#include "app/external.h"
#include "codec/url.h"
#include "limit/limiter.h"

/* Names in one comma list. */
#define WORDS_MAX ((size_t)64)

/* The order of CHOICES(SESSION_CACHE) behind "off". */
static enum session_cache_form copy_form(int64_t choice)
{
    switch (choice) {
    case 2:
        return SESSION_CACHE_JWT;
    case 3:
        return SESSION_CACHE_JWE;
    default:
        return SESSION_CACHE_COMPACT;
    }
}

/* The trimmed parts of a comma list that are not empty. */
static enum status read_words(struct arena *arena, struct slice text,
                              struct setting_words *out)
{
    struct slice *words = arena_alloc(arena, WORDS_MAX * sizeof(*words));
    struct slice part;

    TRY_ALLOC(words);
    out->words = words;
    out->count = 0;
    while (slice_split(&text, ',', &part)) {
        part = slice_trim(part);
        if (part.len > 0 && out->count == WORDS_MAX) {
            return STATUS_TOO_LARGE;
        }
        if (part.len > 0) {
            words[out->count++] = part;
        }
    }
    return STATUS_OK;
}

static bool can_mail(const struct config *config)
{
    return config->SMTP_URL.len > 0 || config->MAIL_SPOOL.len > 0;
}

/* The public URL without a slash at its end, or where we listen. */
static enum status public_url(const struct config *config, uint16_t port,
                              struct arena *arena, struct slice *out)
{
    struct slice url = external_public_url(config);

    if (url.len == 0) {
        return arena_format(arena, out, "http://localhost:%u", port);
    }
    while (url.len > 0 && url.ptr[url.len - 1] == '/') {
        url.len--;
    }
    *out = url;
    return STATUS_OK;
}

static enum status base_url(const struct config *config, uint16_t port,
                            struct arena *arena, struct slice *out)
{
    struct slice url;

    TRY(public_url(config, port, arena, &url));
    if (slice_ends_with(url, BETTER_AUTH_BASE)) {
        *out = url;
        return STATUS_OK;
    }
    return arena_format(arena, out, "%.*s%.*s", SLICE_ARG(url),
                        SLICE_ARG(BETTER_AUTH_BASE));
}

static enum status origin(const struct config *config, uint16_t port,
                          struct arena *arena, struct slice *out)
{
    struct slice text;
    struct url url;

    TRY(public_url(config, port, arena, &text));
    TRY(url_parse(arena, text, &url));
    return url_origin_text(arena, &url, out);
}

static void fill_accounts(const struct config *config,
                          struct auth_settings *out)
{
    bool automatic = config->SEND_ON_SIGN_UP == 0;

    out->sign_up = config->SIGN_UP;
    out->sign_in = config->SIGN_IN;
    out->auto_sign_in = config->AUTO_SIGN_IN;
    out->require_verification = config->REQUIRE_EMAIL_VERIFICATION;
    out->send_on_sign_up = automatic ? config->REQUIRE_EMAIL_VERIFICATION
                                     : config->SEND_ON_SIGN_UP == 1;
    out->send_on_sign_in = config->SEND_ON_SIGN_IN;
    out->sign_in_after_verification = config->AUTO_SIGN_IN_AFTER_VERIFICATION;
    out->can_mail = can_mail(config) && !external_is_on(config);
    out->blocklist = config->PASSWORD_BLOCKLIST;
    out->min_password = (size_t)config->MIN_PASSWORD_LENGTH;
    out->max_password = (size_t)config->MAX_PASSWORD_LENGTH;
    out->reset_revokes_sessions = config->RESET_REVOKES_SESSIONS;
    out->change_email = config->CHANGE_EMAIL;
    out->change_email_confirmation = config->CHANGE_EMAIL_CONFIRMATION;
    out->change_email_unverified = config->CHANGE_EMAIL_UNVERIFIED;
    out->delete_user = config->DELETE_USER;
    out->delete_user_verification = config->DELETE_USER_VERIFICATION;
    out->default_role = config->DEFAULT_ROLE;
}

static void fill_times(const struct config *config, struct auth_settings *out)
{
    out->verification_ms = config->VERIFICATION_EXPIRES_IN;
    out->reset_ms = config->RESET_EXPIRES_IN;
    out->delete_ms = config->DELETE_EXPIRES_IN;
    out->impersonation_ms = config->IMPERSONATION_EXPIRES_IN;
    out->session_ms = config->SESSION_EXPIRES_IN;
    out->session_update_ms = config->SESSION_UPDATE_AGE;
    out->session_fresh_ms = config->SESSION_FRESH_AGE;
    out->session_refresh =
        config->SESSION_REFRESH != 2 && !external_is_on(config);
    out->session_refresh_deferred = config->SESSION_REFRESH == 1;
    out->session_limit = (size_t)config->SESSION_LIMIT;
}

enum status accounts_settings(const struct config *config, uint16_t port,
                              struct arena *arena, struct auth *out)
{
    fill_accounts(config, &out->settings);
    fill_times(config, &out->settings);
    TRY(read_words(arena, config->ADMIN_ROLES, &out->settings.admin_roles));
    TRY(read_words(arena, config->ADMIN_USER_IDS, &out->settings.admin_users));
    return base_url(config, port, arena, &out->base_url);
}

static bool is_secure(const struct config *config)
{
    return config->COOKIE_SECURE == 1 ||
           (config->COOKIE_SECURE == 0 &&
            slice_starts_with(config->BETTER_AUTH_URL, SLICE("https://")));
}

static enum status fill_cookies(const struct config *config,
                                struct arena *arena, struct slice *why,
                                struct better_auth *out)
{
    static const enum cookie_same_site same_sites[] = {
        COOKIE_SAME_SITE_LAX, COOKIE_SAME_SITE_STRICT, COOKIE_SAME_SITE_NONE};

    if (same_sites[config->COOKIE_SAME_SITE] == COOKIE_SAME_SITE_NONE &&
        !is_secure(config)) {
        *why = SLICE("COOKIE_SAME_SITE: none needs https, since no browser "
                     "keeps such cookies otherwise; set BETTER_AUTH_URL to the "
                     "https address");
        return STATUS_INVALID_VALUE;
    }
    out->look = (struct cookie_look){
        .domain = config->COOKIE_DOMAIN,
        .secure = is_secure(config),
        .partitioned = config->COOKIE_PARTITIONED,
        .same_site = same_sites[config->COOKIE_SAME_SITE],
    };
    out->copy = (struct session_copy){
        .on = config->SESSION_CACHE > 0,
        .form = copy_form(config->SESSION_CACHE),
        .age_ms = config->SESSION_CACHE_AGE,
        .version = config->SESSION_CACHE_VERSION,
    };
    return better_auth_name_cookies(arena, config->COOKIE_PREFIX,
                                    out->look.secure, &out->cookies);
}

static enum status fill_plugins(const struct config *config,
                                struct arena *arena, struct slice *why,
                                struct better_auth *out)
{
    static const struct slice names[] = {
        [JWT] = SLICE_INIT("jwt"),
        [ADMIN] = SLICE_INIT("admin"),
        [OPEN_API] = SLICE_INIT("open-api"),
    };
    struct setting_words words;

    out->plugins[CORE] = true;
    TRY(read_words(arena, external_plugins(config), &words));
    for (size_t i = 0; i < words.count; i++) {
        bool known = slice_equal(words.words[i], SLICE("bearer"));

        out->bearer |= known;
        for (size_t p = JWT; p <= OPEN_API; p++) {
            if (slice_equal(words.words[i], names[p])) {
                out->plugins[p] = true;
                known = true;
            }
        }
        if (!known) {
            TRY(arena_format(arena, why,
                             "AUTH_PLUGINS: \"%.*s\" is not one of bearer, "
                             "jwt, admin, open-api",
                             SLICE_ARG(words.words[i])));
            return STATUS_INVALID_VALUE;
        }
    }
    return STATUS_OK;
}

static enum status fill_trusted(const struct config *config, uint16_t port,
                                struct arena *arena, struct slice *why,
                                struct better_auth *out)
{
    struct trusted_settings settings = {
        .patterns = config->BETTER_AUTH_TRUSTED_ORIGINS,
    };
    struct slice problem = SLICE_EMPTY;
    enum status status;

    TRY(external_origins(config, port, arena, &settings.origins));
    status = trusted_init(arena, &settings, &problem, &out->trusted);
    if (status == STATUS_INVALID_VALUE) {
        TRY(arena_format(arena, why, "BETTER_AUTH_TRUSTED_ORIGINS: %.*s",
                         SLICE_ARG(problem)));
    }
    return status;
}

enum status accounts_kit(const struct config *config, uint16_t port,
                         struct arena *arena, struct slice *why,
                         struct better_auth *out)
{
    struct setting_words disabled;

    TRY(fill_cookies(config, arena, why, out));
    TRY(fill_plugins(config, arena, why, out));
    if (external_is_on(config)) {
        out->bearer = true; /* where it makes no tokens, sessions are ours */
        out->plugins[OPEN_API] = false;
    }
    TRY(fill_trusted(config, port, arena, why, out));
    TRY(read_words(arena, config->DISABLED_PATHS, &disabled));
    out->disabled_paths = disabled.words;
    out->disabled_count = disabled.count;
    out->jwt_header = (enum jwt_header)config->JWT_HEADER;
    out->error_url = config->ERROR_URL;
    return origin(config, port, arena, &out->origin);
}

enum status accounts_limits(const struct config *config, struct arena *arena,
                            struct slice *why, struct better_auth *out)
{
    const struct limit_settings settings = {
        .window_ms = config->RATE_LIMIT_WINDOW,
        .max = config->RATE_LIMIT_MAX,
        .rules = config->RATE_LIMIT_RULES,
    };
    struct slice problem = SLICE_EMPTY;
    enum status status =
        limit_rules_make(arena, &settings, &problem, &out->limits);

    if (status == STATUS_INVALID_VALUE) {
        TRY(arena_format(arena, why, "RATE_LIMIT_RULES: %.*s",
                         SLICE_ARG(problem)));
    }
    TRY(status);
    out->limits_in_database = config->RATE_LIMIT == 1;
    return config->RATE_LIMIT == 2 ? STATUS_OK : limiter_new(&out->limiter);
}

void accounts_limits_release(struct better_auth *kit)
{
    limiter_free(kit->limiter);
}
