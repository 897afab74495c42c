/* SPDX-License-Identifier: Apache-2.0 */
#include "app/keys_open.h"

#include "app/audit_keys.h"
#include "app/secret_file.h"
#include "crypto/secret.h"

/* The one of the settings, or of the file beside the database. */
static enum status find_secret(const struct config *config, struct arena *arena,
                               struct slice *why, struct slice *out)
{
    *out = config->BETTER_AUTH_SECRET;
    return out->len == 0 && config->BETTER_AUTH_SECRETS.len == 0
               ? secret_file_read(config, arena, why, out)
               : STATUS_OK;
}

enum status keys_open_secrets(const struct config *config, struct arena *arena,
                              struct slice *why, struct secrets **out)
{
    struct secrets_settings settings = {.list = config->BETTER_AUTH_SECRETS};
    struct secrets_problem problem = {0};
    enum status status;

    TRY(find_secret(config, arena, why, &settings.single));
    status = secrets_new(&settings, &problem, out);
    if (status == STATUS_INVALID_VALUE) {
        const char *name =
            problem.entry > 0 ? "BETTER_AUTH_SECRETS" : "BETTER_AUTH_SECRET";

        TRY(arena_format(arena, why, "%s: %.*s", name,
                         SLICE_ARG(problem.text)));
    }
    return status;
}

enum status keys_open_names(const struct config *config, struct arena *arena,
                            struct slice *why, struct audit_names **out)
{
    struct secrets_settings settings = {.list = config->BETTER_AUTH_SECRETS};
    struct audit_keys keys;
    enum status status;

    TRY(find_secret(config, arena, why, &settings.single));
    status = audit_keys_make(&settings, &keys);
    if (status == STATUS_OK) {
        status = audit_names_new(&keys, out);
    }
    secret_wipe(&keys, sizeof(keys));
    return status;
}

enum status keys_open_signing(const struct config *config,
                              const struct secrets *secrets,
                              struct slice issuer, struct keys **out)
{
    static const enum key_algorithm algorithms[] = {KEY_RS256, KEY_EDDSA,
                                                    KEY_ES256};
    const struct keys_settings settings = {
        .algorithm = algorithms[config->JWT_ALGORITHM],
        .rotation_ms = config->JWT_ROTATION,
        .grace_ms = config->JWT_GRACE,
        .expires_ms = config->JWT_EXPIRES_IN,
        .issuer = issuer,
        .secrets = secrets,
    };

    return keys_new(&settings, out);
}

static enum status describe(const struct config *config, struct store *store,
                            struct arena *arena, struct slice *why,
                            struct vault_settings *out)
{
    *out = (struct vault_settings){
        .store = store,
        .master = {.data_keys = config->DATA_KEYS,
                   .secrets = config->BETTER_AUTH_SECRETS},
    };
    return find_secret(config, arena, why, &out->master.secret);
}

enum status keys_open_vault(const struct config *config, struct store *store,
                            struct arena *arena, struct slice *why,
                            struct vault **out)
{
    struct vault_settings settings;

    TRY(describe(config, store, arena, why, &settings));
    return vault_new(&settings, arena, why, out);
}

enum status keys_look_at_vault(const struct config *config, struct store *store,
                               struct arena *arena, struct slice *why,
                               struct vault **out)
{
    struct vault_settings settings;

    TRY(describe(config, store, arena, why, &settings));
    settings.look_only = true;
    return vault_new(&settings, arena, why, out);
}
