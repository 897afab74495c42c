/* SPDX-License-Identifier: Apache-2.0 */
#include "app/audit_keys.h"

#include "crypto/hkdf.h"

static enum status add_key(struct slice secret, unsigned char *out)
{
    const struct hkdf_input input = {.secret = secret,
                                     .salt = SLICE("bookplate"),
                                     .info = SLICE("audit pseudonyms")};

    return hkdf_sha256(&input, out, AUDIT_KEY_BYTES);
}

/* "2:newest,1:older", the newest first: to be taken from the end. */
static enum status add_list(struct slice list, struct audit_keys *out)
{
    struct slice entries[AUDIT_KEYS_MAX];
    struct slice entry;
    size_t count = 0;

    while (list.len > 0 && slice_split(&list, ',', &entry)) {
        if (count == AUDIT_KEYS_MAX - out->count) {
            return STATUS_INVALID_VALUE;
        }
        entries[count++] =
            slice_trim(slice_from(entry, slice_find(entry, ':') + 1));
    }
    while (count > 0) {
        TRY(add_key(entries[--count], out->bytes[out->count]));
        out->count++;
    }
    return STATUS_OK;
}

enum status audit_keys_make(const struct secrets_settings *secrets,
                            struct audit_keys *out)
{
    *out = (struct audit_keys){.count = 0};
    if (secrets->single.len > 0) {
        TRY(add_key(secrets->single, out->bytes[0]));
        out->count = 1;
    }
    return add_list(secrets->list, out);
}
