/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/data_keys.h"

#include "reader/vault_ring.h"

#include "codec/base64.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#include <inttypes.h>

static const char *const counts[] = {
#define SEALED(table, column)                                                  \
    "SELECT key_id, COUNT(*) FROM " table " GROUP BY key_id",
#include "reader/sealed.def"
#undef SEALED
};

/* $1: until when a later one must have been made. */
static const char idle[] =
    "DELETE FROM bookplate_key WHERE kind = 'data' AND id < "
    "(SELECT MAX(id) FROM bookplate_key WHERE kind = 'data' "
    "AND created_at <= $1)"
#define SEALED(table, column)                                                  \
    " AND NOT EXISTS (SELECT 1 FROM " table " WHERE key_id = "                 \
    "bookplate_key.id)"
#include "reader/sealed.def"
#undef SEALED
    ;

static enum status read_rows(const struct auth_call *call, struct rows *out)
{
    return auth_read(call, QUERY_data_keys_all, NULL, 0, out);
}

static const struct value *row_of(const struct rows *rows, size_t at)
{
    return rows->values + at * rows->width;
}

static enum status master_of(const struct value row[], struct arena *arena,
                             uint32_t *out)
{
    struct slice sealed;
    enum status status =
        base64url_decode(arena, row[DATA_KEY_SEALED].text, &sealed);

    *out = 0;
    if (status == STATUS_OK && !seal_key_id(sealed, out)) {
        return STATUS_UNREADABLE;
    }
    return status == STATUS_INVALID_ENCODING ? STATUS_UNREADABLE : status;
}

static void add_count(struct data_key *keys, size_t count,
                      const struct value row[])
{
    for (size_t i = 0; i < count; i++) {
        if (keys[i].id == row[0].number) {
            keys[i].values += row[1].number;
        }
    }
}

static enum status count_values(const struct auth_call *call,
                                struct data_key *keys, size_t count)
{
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        struct query built;
        const struct statement statement = {.query = QUERY_BUILT,
                                            .built = &built};
        struct rows rows;

        TRY(store_build(call->auth->store, slice_from_cstr(counts[i]),
                        call->arena, &built));
        TRY(store_read(call->auth->store, &statement, call->arena, &rows));
        for (size_t j = 0; j < rows.count; j++) {
            add_count(keys, count, row_of(&rows, j));
        }
    }
    return STATUS_OK;
}

enum status data_keys_list(const struct auth_call *call,
                           struct data_key_list *out)
{
    struct data_key *keys;
    struct rows rows;

    TRY(read_rows(call, &rows));
    keys = arena_alloc_zero(call->arena, (rows.count + 1) * sizeof(*keys));
    TRY_ALLOC(keys);
    for (size_t i = 0; i < rows.count; i++) {
        const struct value *row = row_of(&rows, i);
        enum status status = master_of(row, call->arena, &keys[i].master_id);

        keys[i].id = row[DATA_KEY_ID].number;
        keys[i].created_at = row[DATA_KEY_CREATED_AT].number;
        TRY(status == STATUS_UNREADABLE ? STATUS_OK : status);
    }
    *out = (struct data_key_list){keys, rows.count};
    return count_values(call, keys, rows.count);
}

static enum status insert_key(struct vault *vault, const struct auth_call *call,
                              int64_t id)
{
    struct seal_key key = {.id = (uint32_t)id};
    struct value values[3];
    struct statement statement = STATEMENT(data_key_insert, values);
    struct audit_note note = {.event = AUDIT_KEY};
    struct slice sealed;
    enum status status;

    TRY(random_bytes(key.bytes, sizeof(key.bytes)));
    status = vault_key_wrap(vault_master(vault), &key, call->arena, &sealed);
    secret_wipe(&key, sizeof(key));
    TRY(status);
    TRY(arena_format(call->arena, &note.detail, "data key %" PRId64 " made",
                     id));
    values[0] = value_integer(id);
    values[1] = value_text(sealed);
    values[2] = value_integer(call->now);
    statement.must_change = true;
    return auth_write_noted(call, &statement, 1, NULL, &note);
}

enum status data_keys_make(struct vault *vault, const struct auth_call *call,
                           int64_t *id)
{
    struct rows rows;
    enum status status;

    TRY(read_rows(call, &rows));
    if (rows.count == VAULT_KEYS_MAX) {
        return STATUS_TOO_LARGE;
    }
    *id = rows.count == 0 ? 1 : rows.values[DATA_KEY_ID].number + 1;
    status = *id > UINT32_MAX ? STATUS_TOO_LARGE : insert_key(vault, call, *id);
    /* Of two at once one finds the row there. */
    TRY(status == STATUS_NOT_FOUND ? STATUS_OK : status);
    return vault_refresh(vault);
}

static enum status rewrap_row(struct vault *vault, const struct auth_call *call,
                              const struct value row[], size_t *rewrapped)
{
    const struct master *master = vault_master(vault);
    struct value values[] = {row[DATA_KEY_ID], row[DATA_KEY_SEALED],
                             VALUE_NOTHING};
    struct statement statement = STATEMENT(data_key_rewrap, values);
    struct seal_key key = {0};
    struct slice sealed = SLICE_EMPTY;
    struct rows changed;
    uint32_t now;
    enum status status;

    TRY(master_of(row, call->arena, &now));
    if (now == master->keys[0].id) {
        return STATUS_OK;
    }
    status = vault_key_unwrap(master, row, call->arena, &key);
    if (status == STATUS_OK) {
        status = vault_key_wrap(master, &key, call->arena, &sealed);
    }
    secret_wipe(&key, sizeof(key));
    TRY(status);
    values[2] = value_text(sealed);
    TRY(auth_write(call, &statement, 1, &changed));
    *rewrapped += changed.changed;
    return STATUS_OK;
}

enum status data_keys_rewrap(struct vault *vault, const struct auth_call *call,
                             size_t *rewrapped)
{
    struct rows rows;

    *rewrapped = 0;
    TRY(read_rows(call, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        TRY(rewrap_row(vault, call, row_of(&rows, i), rewrapped));
    }
    return STATUS_OK;
}

enum status data_keys_remove_idle(const struct auth_call *call, size_t *removed)
{
    const struct value before = value_integer(call->now - DATA_KEYS_IDLE_MS);
    struct query built;
    const struct statement statement = {.query = QUERY_BUILT,
                                        .built = &built,
                                        .params = &before,
                                        .param_count = 1};
    struct rows rows;

    TRY(store_build(call->auth->store, slice_from_cstr(idle), call->arena,
                    &built));
    TRY(auth_write(call, &statement, 1, &rows));
    *removed = rows.changed;
    return STATUS_OK;
}
