/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/master.h"

#include "codec/base64.h"
#include "crypto/digest.h"
#include "crypto/hkdf.h"
#include "crypto/secret.h"

/* 32 bytes in base64, with padding and without. */
#define ENCODED_LEN    ((size_t)44)
#define ENCODED_LEN_NO ((size_t)43)

struct reading {
    struct master *master;
    struct arena *arena;
    struct slice *why;
    size_t entry; /* of the list, from 1 */
    uint64_t versions[MASTER_LIST_MAX];
};

static enum status refuse_entry(const struct reading *reading, const char *what)
{
    TRY(arena_format(reading->arena, reading->why, "DATA_KEYS: entry %zu %s",
                     reading->entry, what));
    return STATUS_INVALID_VALUE;
}

static enum status name_key(struct seal_key *key)
{
    unsigned char digest[SHA256_BYTES];

    TRY(digest_sha256(slice_make(key->bytes, sizeof(key->bytes)), digest));
    key->id = (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 |
              (uint32_t)digest[2] << 8 | digest[3];
    return STATUS_OK;
}

static bool is_known(const struct master *master, uint32_t id)
{
    for (size_t i = 0; i < master->count; i++) {
        if (master->keys[i].id == id) {
            return true;
        }
    }
    return false;
}

/* Of either alphabet, since both are what tools print. */
static enum status decode(const struct reading *reading, struct slice text,
                          struct slice *out)
{
    enum status status = STATUS_INVALID_ENCODING;

    if (text.len == ENCODED_LEN) {
        status = base64_decode(reading->arena, text, out);
    }
    if (text.len == ENCODED_LEN_NO) {
        status = base64url_decode(reading->arena, text, out);
    }
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    return status == STATUS_OK && out->len == SEAL_KEY_BYTES
               ? STATUS_OK
               : refuse_entry(reading,
                              "is not 32 bytes in base64; make one with "
                              "bookplate key new");
}

static enum status read_version(struct reading *reading, struct slice entry,
                                struct slice *key)
{
    size_t colon = slice_find(entry, ':');
    uint64_t version;

    if (colon == entry.len ||
        !slice_to_u64(slice_trim(slice_head(entry, colon)), UINT32_MAX,
                      &version)) {
        return refuse_entry(reading,
                            "does not begin with a number, such as 2:");
    }
    for (size_t i = 0; i + 1 < reading->entry; i++) {
        if (reading->versions[i] == version) {
            return refuse_entry(reading, "has the number of an earlier one");
        }
    }
    reading->versions[reading->entry - 1] = version;
    *key = slice_trim(slice_from(entry, colon + 1));
    return STATUS_OK;
}

static enum status add_entry(struct reading *reading, struct slice entry)
{
    struct master *master = reading->master;
    struct seal_key *key = &master->keys[master->count];
    struct slice text;
    struct slice bytes;

    if (++reading->entry > MASTER_LIST_MAX) {
        return refuse_entry(reading, "is one more than can be kept");
    }
    TRY(read_version(reading, entry, &text));
    TRY(decode(reading, text, &bytes));
    memcpy(key->bytes, bytes.ptr, sizeof(key->bytes));
    secret_wipe((void *)bytes.ptr, bytes.len);
    TRY(name_key(key));
    if (is_known(master, key->id)) {
        return refuse_entry(reading, "is the same key as an earlier one");
    }
    master->count++;
    return STATUS_OK;
}

/* Of one secret; one that is written twice makes one key. */
static enum status derive(struct master *master, struct slice secret)
{
    const struct hkdf_input input = {
        .secret = secret,
        .salt = SLICE("bookplate"),
        .info = SLICE("bookplate data keys, version 1"),
    };
    struct seal_key *key = &master->keys[master->count];

    if (secret.len == 0 || master->count == MASTER_KEYS_MAX) {
        return STATUS_OK;
    }
    TRY(hkdf_sha256(&input, key->bytes, sizeof(key->bytes)));
    TRY(name_key(key));
    if (!is_known(master, key->id)) {
        master->count++;
    }
    return STATUS_OK;
}

enum status master_read(const struct master_settings *settings,
                        struct arena *arena, struct slice *why,
                        struct master *out)
{
    struct reading reading = {.master = out, .arena = arena, .why = why};
    struct slice rest = settings->data_keys;
    struct slice entry;

    *out = (struct master){0};
    while (settings->data_keys.len > 0 && slice_split(&rest, ',', &entry)) {
        TRY(add_entry(&reading, entry));
    }
    out->given = out->count;
    rest = settings->secrets;
    while (settings->secrets.len > 0 && slice_split(&rest, ',', &entry)) {
        /* What is wrong with the list says auth/secrets.h. */
        size_t colon = slice_find(entry, ':');

        TRY(derive(out, slice_trim(slice_from(entry, colon + 1))));
    }
    TRY(derive(out, settings->secret));
    if (out->count == 0) {
        *why = SLICE("DATA_KEYS: there is neither a key nor a secret");
        return STATUS_INVALID_VALUE;
    }
    return STATUS_OK;
}

void master_wipe(struct master *master)
{
    secret_wipe(master, sizeof(*master));
}

struct seal_ring master_ring(const struct master *master)
{
    return (struct seal_ring){.keys = master->keys, .count = master->count};
}
