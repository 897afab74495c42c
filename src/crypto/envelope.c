/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/envelope.h"

#include "codec/hex.h"
#include "crypto/aead.h"
#include "crypto/algorithms.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#define NONCE_BYTES ((size_t)24)
#define OVERHEAD    (NONCE_BYTES + AEAD_TAG_BYTES)

enum status envelope_key_init(struct slice secret, struct envelope_key *out)
{
    return digest_sha256(secret, out->bytes);
}

void envelope_key_release(struct envelope_key *key)
{
    secret_wipe(key->bytes, sizeof(key->bytes));
}

static uint32_t load_word(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
           (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void store_word(unsigned char *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (unsigned char)(word >> (8 * i));
    }
}

static uint32_t rotate(uint32_t x, unsigned bits)
{
    return x << bits | x >> (32 - bits);
}

/* RFC 8439 section 2.1, on the words a, b, c and d of x. */
static void quarter_round(uint32_t *x, const unsigned char at[4])
{
    uint32_t *a = &x[at[0]];
    uint32_t *b = &x[at[1]];
    uint32_t *c = &x[at[2]];
    uint32_t *d = &x[at[3]];

    *a += *b;
    *d = rotate(*d ^ *a, 16);
    *c += *d;
    *b = rotate(*b ^ *c, 12);
    *a += *b;
    *d = rotate(*d ^ *a, 8);
    *c += *d;
    *b = rotate(*b ^ *c, 7);
}

/*
 * HChaCha20 (draft-irtf-cfrg-xchacha section 2.2), which OpenSSL does not
 * offer: a key of its own from the key and the first 16 bytes of the nonce.
 */
static void derive_key(const struct envelope_key *key,
                       const unsigned char *nonce,
                       unsigned char out[ENVELOPE_KEY_BYTES])
{
    static const unsigned char quarters[8][4] = {
        {0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
        {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};
    /* "expand 32-byte k" */
    uint32_t x[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    for (size_t i = 0; i < 8; i++) {
        x[4 + i] = load_word(key->bytes + 4 * i);
    }
    for (size_t i = 0; i < 4; i++) {
        x[12 + i] = load_word(nonce + 4 * i);
    }
    for (int round = 0; round < 80; round++) {
        quarter_round(x, quarters[round % 8]);
    }
    for (size_t i = 0; i < 4; i++) {
        store_word(out + 4 * i, x[i]);
        store_word(out + 16 + 4 * i, x[12 + i]);
    }
    secret_wipe(x, sizeof(x));
}

/* The inner cipher: RFC 8439 with four zero bytes before the nonce's rest. */
struct inner {
    unsigned char key[AEAD_KEY_BYTES];
    unsigned char nonce[AEAD_NONCE_BYTES];
};

static void inner_release(struct inner *inner)
{
    secret_wipe(inner, sizeof(*inner));
}

static struct aead inner_init(struct inner *inner,
                              const struct envelope_key *key,
                              const unsigned char *nonce)
{
    derive_key(key, nonce, inner->key);
    memset(inner->nonce, 0, 4);
    memcpy(inner->nonce + 4, nonce + 16, 8);
    return (struct aead){.cipher = crypto_algorithms.chacha20_poly1305,
                         .key = inner->key,
                         .nonce = inner->nonce};
}

enum status envelope_make(const struct envelope_key *key, struct slice text,
                          struct arena *arena, struct slice *out)
{
    CLEANUP(inner_release) struct inner inner = {0};
    unsigned char *bytes;
    struct aead aead;
    struct buf hex;

    if (text.len > ENVELOPE_TEXT_LIMIT) {
        return STATUS_TOO_LARGE;
    }
    bytes = arena_alloc(arena, text.len + OVERHEAD);
    TRY_ALLOC(bytes);
    TRY(random_bytes(bytes, NONCE_BYTES));
    aead = inner_init(&inner, key, bytes);
    TRY(aead_encrypt(&aead, text, bytes + NONCE_BYTES));
    buf_init(&hex, arena, 2 * (text.len + OVERHEAD));
    hex_encode(&hex, slice_make(bytes, text.len + OVERHEAD));
    return buf_finish(&hex, out);
}

enum status envelope_open(const struct envelope_key *key, struct slice envelope,
                          struct arena *arena, struct slice *out)
{
    CLEANUP(inner_release) struct inner inner = {0};
    struct slice sealed;
    unsigned char *text;
    enum status status;
    size_t len;
    struct aead aead;

    if (envelope.len < 2 * OVERHEAD ||
        envelope.len > 2 * (ENVELOPE_TEXT_LIMIT + OVERHEAD) ||
        envelope.len % 2 != 0) {
        return STATUS_UNREADABLE;
    }
    status = hex_decode(arena, envelope, &sealed);
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_UNREADABLE;
    }
    len = sealed.len - OVERHEAD;
    text = arena_alloc(arena, len + 1);
    TRY_ALLOC(text);
    aead = inner_init(&inner, key, (const unsigned char *)sealed.ptr);
    TRY(aead_decrypt(&aead, slice_from(sealed, NONCE_BYTES), text));
    text[len] = '\0';
    *out = slice_make(text, len);
    return STATUS_OK;
}
