/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/seal.h"

#include "crypto/aead.h"
#include "crypto/algorithms.h"
#include "crypto/random.h"

#define VERSION      1
#define HEADER_BYTES 5
#define TEXT_AT      (HEADER_BYTES + AEAD_NONCE_BYTES)

_Static_assert(SEAL_OVERHEAD == TEXT_AT + AEAD_TAG_BYTES,
               "the overhead of the format");

static struct aead describe(const struct seal_key *key,
                            const unsigned char *sealed,
                            struct slice associated)
{
    return (struct aead){
        .cipher = crypto_algorithms.aes_256_gcm,
        .key = key->bytes,
        .nonce = sealed + HEADER_BYTES,
        .associated = {slice_make(sealed, HEADER_BYTES), associated},
    };
}

enum status seal_make(const struct seal_ring *ring, struct slice text,
                      struct slice associated, struct arena *arena,
                      struct slice *out)
{
    const struct seal_key *key = &ring->keys[0];
    unsigned char *sealed;
    struct aead aead;

    if (text.len > AEAD_LIMIT) {
        return STATUS_TOO_LARGE;
    }
    sealed = arena_alloc(arena, text.len + SEAL_OVERHEAD);
    TRY_ALLOC(sealed);
    sealed[0] = VERSION;
    for (unsigned i = 0; i < 4; i++) {
        sealed[1 + i] = (unsigned char)(key->id >> (24 - 8 * i));
    }
    TRY(random_bytes(sealed + HEADER_BYTES, AEAD_NONCE_BYTES));
    aead = describe(key, sealed, associated);
    TRY(aead_encrypt(&aead, text, sealed + TEXT_AT));
    *out = slice_make(sealed, text.len + SEAL_OVERHEAD);
    return STATUS_OK;
}

bool seal_key_id(struct slice sealed, uint32_t *id)
{
    const unsigned char *bytes = (const unsigned char *)sealed.ptr;

    if (sealed.len < SEAL_OVERHEAD || bytes[0] != VERSION) {
        return false;
    }
    *id = 0;
    for (unsigned i = 0; i < 4; i++) {
        *id = *id << 8 | bytes[1 + i];
    }
    return true;
}

/* NULL: it is not on the ring. */
static const struct seal_key *find_key(const struct seal_ring *ring,
                                       struct slice sealed)
{
    uint32_t id;

    if (!seal_key_id(sealed, &id)) {
        return NULL;
    }
    for (size_t i = 0; i < ring->count; i++) {
        if (ring->keys[i].id == id) {
            return &ring->keys[i];
        }
    }
    return NULL;
}

enum status seal_open(const struct seal_ring *ring, struct slice sealed,
                      struct slice associated, struct arena *arena,
                      struct slice *out)
{
    const struct seal_key *key = find_key(ring, sealed);
    size_t len;
    unsigned char *text;
    struct aead aead;

    if (key == NULL) {
        return STATUS_UNREADABLE;
    }
    len = sealed.len - SEAL_OVERHEAD;
    text = arena_alloc(arena, len + 1);
    TRY_ALLOC(text);
    aead = describe(key, (const unsigned char *)sealed.ptr, associated);
    TRY(aead_decrypt(&aead, slice_from(sealed, TEXT_AT), text));
    text[len] = '\0';
    *out = slice_make(text, len);
    return STATUS_OK;
}

bool seal_is_current(const struct seal_ring *ring, struct slice sealed)
{
    return find_key(ring, sealed) == &ring->keys[0];
}
