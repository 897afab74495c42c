/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check_keys.h"

#include "app/keys_open.h"
#include "app/secret_file.h"
#include "auth/jwks_row.h"
#include "crypto/key.h"
#include "reader/service.h"

/* What migrate would do; only whether there is anything is asked. */
#define MISSING_MAX ((size_t)64 * 1024)

enum status check_key_settings(const struct config *config, struct arena *arena,
                               struct slice *why)
{
    const struct master_settings given = {.data_keys = config->DATA_KEYS};
    const struct service_list *services;
    struct master master;
    enum status status;

    TRY(service_list_read(config->SERVICE_KEYS, arena, why, &services));
    if (given.data_keys.len == 0) {
        return STATUS_OK;
    }
    status = master_read(&given, arena, why, &master);
    master_wipe(&master);
    return status;
}

static enum status tables_are_there(const struct check_keys *check, bool *out,
                                    struct slice *why)
{
    struct slice text;
    struct buf missing;

    buf_init(&missing, check->arena, MISSING_MAX);
    TRY(store_check(check->store, check->arena, &missing, why));
    TRY(buf_finish(&missing, &text));
    *out = text.len == 0;
    return STATUS_OK;
}

static enum status open_row(const struct check_keys *check,
                            const struct secrets *secrets,
                            const struct record *record, bool *opens)
{
    const struct jwks_row row = {
        .id = record_text(record, JWKS_ID),
        .public_key = record_text(record, JWKS_PUBLIC_KEY),
        .private_key = record_text(record, JWKS_PRIVATE_KEY),
        .algorithm = record_text(record, JWKS_ALG),
        .curve = record_text(record, JWKS_CRV),
    };
    struct key *key = NULL;
    enum status status = jwks_row_open_public(&row, check->arena, &key);

    *opens = true;
    key_free(key);
    /* Of a kind that only the original uses. */
    if (status == STATUS_UNREADABLE) {
        return STATUS_OK;
    }
    TRY(status);
    key = NULL;
    status = jwks_row_open(secrets, &row, check->arena, &key);
    key_free(key);
    *opens = status == STATUS_OK;
    return status == STATUS_UNREADABLE ? STATUS_OK : status;
}

static enum status look_at_row(const struct check_keys *check,
                               const struct secrets *secrets,
                               const struct record *record, bool *sound)
{
    bool opens;

    TRY(open_row(check, secrets, record, &opens));
    if (!opens) {
        *sound = false;
        buf_format(check->report,
                   "problem: signing key %.*s was sealed with another secret; "
                   "give that in BETTER_AUTH_SECRETS\n",
                   SLICE_ARG(record_text(record, JWKS_ID)));
    }
    return STATUS_OK;
}

static enum status look_at_rows(const struct check_keys *check,
                                const struct secrets *secrets, bool *sound,
                                struct slice *why)
{
    const struct statement statement = {.query = QUERY_jwks_all};
    const struct table *table = &store_schema(check->store)->tables[TABLE_JWKS];
    struct rows rows;

    if (!table->exists) {
        return STATUS_OK;
    }
    TRY(store_run_blocking(check->store, &statement, check->arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct record record;

        TRY(record_take(table, &rows, i, 0, check->arena, &record));
        TRY(look_at_row(check, secrets, &record, sound));
    }
    if (*sound) {
        buf_format(check->report, "signing keys: %zu\n", rows.count);
    }
    return STATUS_OK;
}

static enum status look_at_signing(const struct check_keys *check, bool *sound,
                                   struct slice *why)
{
    struct secrets *secrets = NULL;
    enum status status =
        keys_open_secrets(check->config, check->arena, why, &secrets);

    if (status == STATUS_OK) {
        status = look_at_rows(check, secrets, sound, why);
        secrets_free(secrets);
    }
    return status;
}

static enum status look_at_data(const struct check_keys *check, bool *sound,
                                struct slice *why)
{
    struct vault *vault = NULL;
    enum status status = keys_look_at_vault(check->config, check->store,
                                            check->arena, why, &vault);

    vault_free(vault);
    if (status == STATUS_UNREADABLE) {
        *sound = false;
        buf_format(check->report, "problem: %.*s\n", SLICE_ARG(*why));
        return STATUS_OK;
    }
    TRY(status);
    buf_add(check->report, SLICE("data keys: all of them open\n"));
    return STATUS_OK;
}

enum status check_keys(const struct check_keys *check, bool *sound,
                       struct slice *why)
{
    const struct config *config = check->config;
    bool are_there;

    *sound = true;
    TRY(secret_file_suits(config, why));
    TRY(tables_are_there(check, &are_there, why));
    if (!are_there) {
        buf_add(check->report,
                SLICE("keys: not looked at before the tables are there\n"));
        return STATUS_OK;
    }
    if (config->BETTER_AUTH_SECRET.len == 0 &&
        config->BETTER_AUTH_SECRETS.len == 0 &&
        !secret_file_is_there(config, check->arena)) {
        buf_add(check->report, SLICE("keys: no secret yet, the first start "
                                     "makes one\n"));
        return STATUS_OK;
    }
    TRY(look_at_signing(check, sound, why));
    return look_at_data(check, sound, why);
}
