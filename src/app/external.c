/* SPDX-License-Identifier: Apache-2.0 */
#include "app/external.h"

#include "app/database.h"
#include "auth/remote.h"
#include "auth/remote_keys.h"
#include "auth/token_seen.h"
#include "codec/url.h"

enum {
    MODE_EXTERNAL = 1, /* the words of AUTH_MODE, from 0 */
    LIMITS_IN_DATABASE = 1
};

bool external_is_on(const struct config *config)
{
    return config->AUTH_MODE == MODE_EXTERNAL;
}

struct slice external_public_url(const struct config *config)
{
    struct slice rest = config->origins[SETTING_FRONTEND_URL].value;
    struct slice part;

    if (!external_is_on(config)) {
        return config->BETTER_AUTH_URL;
    }
    while (rest.len > 0 && slice_split(&rest, ',', &part)) {
        part = slice_trim(part);
        if (part.len > 0 && slice_find(part, '*') == part.len) {
            return part;
        }
    }
    return SLICE_EMPTY;
}

struct slice external_plugins(const struct config *config)
{
    const struct config_pair *pair = &config->origins[SETTING_AUTH_PLUGINS];

    return external_is_on(config) && pair->source == SOURCE_DEFAULT
               ? SLICE("bearer,jwt")
               : config->AUTH_PLUGINS;
}

enum status external_origins(const struct config *config, uint16_t port,
                             struct arena *arena, struct origin_settings *out)
{
    struct slice list = config->origins[SETTING_FRONTEND_URL].value;

    *out = (struct origin_settings){.public_url = external_public_url(config),
                                    .frontend_urls = list,
                                    .port = port};
    return external_is_on(config)
               ? arena_format(arena, &out->frontend_urls, "%.*s%s%.*s",
                              SLICE_ARG(config->BETTER_AUTH_URL),
                              list.len > 0 ? "," : "", SLICE_ARG(list))
               : STATUS_OK;
}

static enum status say(struct slice *why, struct slice line)
{
    *why = line;
    return STATUS_INVALID_VALUE;
}

enum status external_suits(const struct config *config, struct slice *why)
{
    if (!external_is_on(config)) {
        return config->JWT_ISSUER.len == 0 && config->JWT_AUDIENCE.len == 0
                   ? STATUS_OK
                   : say(why, SLICE("JWT_ISSUER and JWT_AUDIENCE are for "
                                    "AUTH_MODE=external; our own tokens name "
                                    "BETTER_AUTH_URL"));
    }
    if (config->BETTER_AUTH_URL.len == 0) {
        return say(why, SLICE("AUTH_MODE: external needs BETTER_AUTH_URL, the "
                              "address of the service that keeps the "
                              "accounts"));
    }
    if (config->RATE_LIMIT == LIMITS_IN_DATABASE) {
        return say(why, SLICE("RATE_LIMIT: database counts in a table of the "
                              "service's, which AUTH_MODE=external leaves "
                              "alone; use memory"));
    }
    if (config->JWT_ANSWERS.len > 0) {
        return say(why, SLICE("JWT_ANSWERS: with AUTH_MODE=external tokens are "
                              "made by the service that keeps the accounts; "
                              "answers cannot ride in them"));
    }
    return database_is_there(config)
               ? STATUS_OK
               : say(why, SLICE("DATABASE_URL: there is no such file; "
                                "AUTH_MODE=external needs the database of the "
                                "service that keeps the accounts"));
}

/* As the original does: an address with a path is its whole base. */
static enum status base_url(const struct config *config, struct arena *arena,
                            struct remote *remote)
{
    struct slice text = config->BETTER_AUTH_URL;
    struct url url;

    while (slice_ends_with(text, SLICE("/"))) {
        text.len--;
    }
    TRY(url_parse(arena, text, &url));
    TRY(url_origin_text(arena, &url, &remote->origin));
    return arena_format(arena, &remote->base_url, "%.*s%s", SLICE_ARG(text),
                        url.path.len == 0 ? "/api/auth" : "");
}

static struct slice or_origin(struct slice text, const struct remote *remote)
{
    return text.len > 0 ? text : remote->origin;
}

enum status external_open(const struct config *config, bool has_tokens,
                          struct client *client, struct arena *arena,
                          struct auth *auth)
{
    struct remote *remote;
    struct slice url;

    if (!external_is_on(config)) {
        return STATUS_OK;
    }
    remote = ARENA_NEW(arena, struct remote);
    TRY_ALLOC(remote);
    auth->remote = remote;
    remote->client = client;
    TRY(base_url(config, arena, remote));
    remote->issuer = or_origin(config->JWT_ISSUER, remote);
    remote->audience = or_origin(config->JWT_AUDIENCE, remote);
    if (!has_tokens) {
        return STATUS_OK;
    }
    TRY(arena_format(arena, &url, "%.*s/jwks", SLICE_ARG(remote->base_url)));
    TRY(token_seen_new(&remote->bound));
    return remote_keys_new(client, url, &remote->keys);
}

void external_close(struct auth *auth)
{
    if (auth->remote != NULL) {
        remote_keys_free(auth->remote->keys);
        token_seen_free(auth->remote->bound);
    }
}
