/* SPDX-License-Identifier: Apache-2.0 */
/* Keys seen and made; what rotates them is in command_key_rotate.c. */
#include "app/command_tools.h"
#include "app/keys_open.h"
#include "codec/base64.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "reader/data_keys.h"

#include <inttypes.h>

static const struct listing_column columns[] = {
    {SLICE_INIT("kind"), SLICE_INIT("kind"), true},
    {SLICE_INIT("id"), SLICE_INIT("id"), true},
    {SLICE_INIT("algorithm"), SLICE_INIT("algorithm"), true},
    {SLICE_INIT("created"), SLICE_INIT("createdAt"), true},
    {SLICE_INIT("state"), SLICE_INIT("state"), true},
    {SLICE_INIT("values"), SLICE_INIT("values"), true},
    {SLICE_INIT("sealed under"), SLICE_INIT("sealedUnder"), false},
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(*columns))

static enum status add(struct listing *listing, const char *kind,
                       const struct value values[COLUMN_COUNT - 1])
{
    struct value row[COLUMN_COUNT];

    row[0] = value_text(slice_from_cstr(kind));
    memcpy(row + 1, values, sizeof(row) - sizeof(*row));
    return listing_add(listing, row);
}

/* As others see it who verify by the published key set. */
static struct slice state_of(const struct command *command,
                             const struct record *row,
                             const struct key *signing)
{
    struct slice id = record_text(row, JWKS_ID);
    int64_t expires = record_number(row, JWKS_EXPIRES_AT);

    if (signing != NULL && slice_equal(id, key_id(signing))) {
        return SLICE("signs");
    }
    if (record_is_null(row, JWKS_EXPIRES_AT) || expires > command->call.now) {
        return SLICE("published");
    }
    return expires > command->call.now - command->config->JWT_GRACE
               ? SLICE("verifies")
               : SLICE("over");
}

static enum status add_signing(struct command *command, struct listing *listing)
{
    const struct table *table = &command->schema.tables[TABLE_JWKS];
    const struct key_ring *ring;
    const struct key *signing;
    struct record row;
    struct rows rows;

    TRY(keys_take(&command->call, KEYS_TO_VERIFY, &ring));
    signing = key_ring_signing(ring, command->call.now);
    TRY(auth_read(&command->call, QUERY_jwks_all, NULL, 0, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        TRY(record_take(table, &rows, i, 0, command->arena, &row));
        TRY(add(listing, "signing",
                (const struct value[]){
                    row.values[JWKS_ID], row.values[JWKS_ALG],
                    row.values[JWKS_CREATED_AT],
                    value_text(state_of(command, &row, signing)), VALUE_NOTHING,
                    value_text(SLICE("the secret"))}));
    }
    return STATUS_OK;
}

static enum status list_signing(struct command *command,
                                struct listing *listing)
{
    struct secrets *secrets = NULL;
    enum status status;

    if (!command->schema.tables[TABLE_JWKS].exists) {
        return STATUS_OK;
    }
    TRY(keys_open_secrets(command->config, command->arena, &command->why,
                          &secrets));
    status = keys_open_signing(command->config, secrets, SLICE_EMPTY,
                               &command->auth.keys);
    if (status == STATUS_OK) {
        status = add_signing(command, listing);
    }
    keys_free(command->auth.keys);
    command->auth.keys = NULL;
    secrets_free(secrets);
    return status;
}

static enum status name_master(struct command *command, uint32_t id,
                               struct value *out)
{
    struct slice text;

    TRY(arena_format(command->arena, &text, "%08" PRIx32, id));
    *out = value_text(text);
    return STATUS_OK;
}

static enum status add_data(struct command *command, struct listing *listing,
                            const struct data_key *key, bool seals)
{
    struct value under;
    struct slice id;

    TRY(name_master(command, key->master_id, &under));
    TRY(arena_format(command->arena, &id, "%" PRId64, key->id));
    return add(listing, "data",
               (const struct value[]){
                   value_text(id), value_text(SLICE("AES-256-GCM")),
                   value_time(key->created_at),
                   value_text(seals ? SLICE("seals") : SLICE("opens")),
                   value_integer(key->values), under});
}

static int64_t sealed_under(const struct data_key_list *list, uint32_t id)
{
    int64_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        count += list->keys[i].master_id == id;
    }
    return count;
}

static enum status add_masters(struct command *command, struct listing *listing,
                               const struct master *master,
                               const struct data_key_list *list)
{
    for (size_t i = 0; i < master->count; i++) {
        uint32_t id = master->keys[i].id;
        struct value name;

        TRY(name_master(command, id, &name));
        TRY(add(listing, "master",
                (const struct value[]){
                    name, value_text(SLICE("AES-256-GCM")), VALUE_NOTHING,
                    value_text(i == 0 ? SLICE("seals") : SLICE("opens")),
                    value_integer(sealed_under(list, id)),
                    value_text(i < master->given ? SLICE("DATA_KEYS")
                                                 : SLICE("a secret"))}));
    }
    return STATUS_OK;
}

static enum status list_data(struct command *command, struct listing *listing)
{
    struct data_key_list list;
    struct vault *vault;
    enum status status;

    TRY(data_keys_list(&command->call, &list));
    for (size_t i = 0; i < list.count; i++) {
        TRY(add_data(command, listing, &list.keys[i], i == 0));
    }
    TRY(keys_look_at_vault(command->config, command->auth.store, command->arena,
                           &command->why, &vault));
    status = add_masters(command, listing, vault_master(vault), &list);
    vault_free(vault);
    return status;
}

enum status command_key_list(struct command *command)
{
    struct listing listing;
    enum status status;

    listing_init(&listing, command->arena, columns, COLUMN_COUNT);
    TRY(list_signing(command, &listing));
    status = list_data(command, &listing);
    /* Who has the wrong master key sees at least what there is. */
    TRY(status == STATUS_UNREADABLE ? STATUS_OK : status);
    TRY(command_print_list(command, &listing));
    return status;
}

enum status command_key_new(struct command *command)
{
    unsigned char bytes[SEAL_KEY_BYTES];
    struct buf line;

    TRY(random_bytes(bytes, sizeof(bytes)));
    buf_init(&line, command->arena, 128);
    buf_add(&line, SLICE("1:"));
    base64_encode(&line, slice_make(bytes, sizeof(bytes)));
    buf_add_byte(&line, '\n');
    secret_wipe(bytes, sizeof(bytes));
    return command_print_buf(command, &line);
}
