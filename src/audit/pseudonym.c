/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/pseudonym.h"

#include "base/buf.h"
#include "base/mem.h"
#include "codec/base64.h"
#include "crypto/hmac.h"

#define PREFIX SLICE("p_")
/* 128 bits of the HMAC: no two readers alike, and a line stays readable. */
#define NAME_BYTES ((size_t)16)
#define NAME_MAX   ((size_t)32)

struct audit_names {
    struct hmac_key *keys[AUDIT_KEYS_MAX];
    size_t count;
};

enum status audit_names_new(const struct audit_keys *keys,
                            struct audit_names **out)
{
    struct audit_names *names = mem_alloc(sizeof(*names));

    TRY_ALLOC(names);
    for (size_t i = 0; i < keys->count; i++) {
        struct slice key =
            slice_make((const char *)keys->bytes[i], AUDIT_KEY_BYTES);
        enum status status = hmac_key_new(key, &names->keys[i]);

        if (status != STATUS_OK) {
            audit_names_free(names);
            return status;
        }
        names->count++;
    }
    *out = names;
    return STATUS_OK;
}

void audit_names_free(struct audit_names *names)
{
    if (names == NULL) {
        return;
    }
    for (size_t i = 0; i < names->count; i++) {
        hmac_key_free(names->keys[i]);
    }
    mem_free(names);
}

size_t audit_names_count(const struct audit_names *names)
{
    return names->count;
}

enum status audit_name(const struct audit_names *names, size_t key,
                       struct slice user_id, struct arena *arena,
                       struct slice *out)
{
    unsigned char mac[HMAC_BYTES];
    struct buf buf;

    if (user_id.len == 0) {
        *out = SLICE_EMPTY;
        return STATUS_OK;
    }
    TRY(hmac_sign(names->keys[key], user_id, mac));
    buf_init(&buf, arena, NAME_MAX);
    buf_add(&buf, PREFIX);
    base64url_encode(&buf, slice_make((const char *)mac, NAME_BYTES));
    return buf_finish(&buf, out);
}
