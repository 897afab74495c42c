/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/jwe.h"

#include "codec/base64.h"
#include "codec/json_read.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/secret.h"

/* A header with more members than this is not one. */
#define HEADER_VALUES 32

/* The key as base64url, and what stands around it in the JWK. */
#define KEY_TEXT_LEN 86
#define JWK_LIMIT    (KEY_TEXT_LEN + 32)

/* The fields of the compact form, in their order. */
enum {
    HEADER,
    ENCRYPTED_KEY,
    IV,
    CIPHERTEXT,
    TAG,
    FIELDS
};

/* Every failure but want of memory is the token's. */
static enum status as_token_failure(enum status status)
{
    return status == STATUS_OK || status == STATUS_NO_MEMORY
               ? status
               : STATUS_INVALID_TOKEN;
}

static enum status name_key(struct jwe_key *key, struct buf *jwk)
{
    char digits[JWE_KEY_ID_LEN + 1]; /* the encoder works in fours */
    struct buf id = {
        .bytes = digits, .capacity = sizeof(digits), .limit = sizeof(digits)};
    unsigned char digest[SHA256_BYTES];
    struct slice whole;

    buf_add(jwk, SLICE("{\"k\":\""));
    base64url_encode(jwk, slice_make(key->bytes, sizeof(key->bytes)));
    buf_add(jwk, SLICE("\",\"kty\":\"oct\"}"));
    TRY(buf_finish(jwk, &whole));
    TRY(digest_sha256(whole, digest));
    base64url_encode(&id, slice_make(digest, sizeof(digest)));
    TRY(buf_finish(&id, &whole));
    memcpy(key->id, whole.ptr, sizeof(key->id));
    return STATUS_OK;
}

enum status jwe_key_name(struct jwe_key *key)
{
    /* Bytes of our own, lest the key stays behind in an arena. */
    char bytes[JWK_LIMIT];
    struct buf jwk = {
        .bytes = bytes, .capacity = sizeof(bytes), .limit = sizeof(bytes)};
    enum status status = name_key(key, &jwk);

    secret_wipe(bytes, sizeof(bytes));
    return status;
}

void jwe_key_release(struct jwe_key *key)
{
    secret_wipe(key, sizeof(*key));
}

/* Appends the fields behind the header, each after its dot. */
static enum status add_sealed(struct buf *buf, struct slice iv,
                              struct slice sealed)
{
    size_t len = sealed.len - AES_CBC_HS512_TAG_BYTES;

    /* Used directly, the key is not sent: its field is empty. */
    buf_add(buf, SLICE(".."));
    base64url_encode(buf, iv);
    buf_add_byte(buf, '.');
    base64url_encode(buf, slice_head(sealed, len));
    buf_add_byte(buf, '.');
    base64url_encode(buf, slice_from(sealed, len));
    return buf->failed;
}

enum status jwe_make(const struct jwe_key *key, struct slice payload,
                     struct arena *arena, struct slice *out)
{
    unsigned char iv[AES_CBC_HS512_IV_BYTES];
    struct aes_cbc_hs512 by = {.key = key->bytes, .iv = iv};
    struct slice header;
    struct slice sealed;
    struct buf buf;

    TRY(random_bytes(iv, sizeof(iv)));
    TRY(arena_format(
        arena, &header,
        "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"kid\":\"%.*s\"}",
        (int)JWE_KEY_ID_LEN, key->id));
    buf_init(&buf, arena, JWE_LIMIT);
    base64url_encode(&buf, header);
    TRY(buf_finish(&buf, &by.associated));
    TRY(aes_cbc_hs512_encrypt(&by, payload, arena, &sealed));
    TRY(add_sealed(&buf, slice_make(iv, sizeof(iv)), sealed));
    return buf_finish(&buf, out);
}

static bool is_text(const struct json *json, struct slice expected)
{
    struct slice text;

    return json_text(json, &text) == STATUS_OK && slice_equal(text, expected);
}

/* What asks for other rules, or would have us trust the token's own key. */
static bool has_forbidden_member(const struct json *header)
{
    static const struct slice forbidden[] = {
        SLICE_INIT("crit"), SLICE_INIT("zip"), SLICE_INIT("jwk"),
        SLICE_INIT("jku"),  SLICE_INIT("x5u"), SLICE_INIT("x5c"),
    };

    for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
        if (json_get(header, forbidden[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static enum status read_header(struct slice text, struct arena *arena,
                               struct jwe *jwe)
{
    const struct json_limits limits = {.bytes = JWE_HEADER_LIMIT,
                                       .values = HEADER_VALUES};
    const struct json *header;
    const struct json *key_id;
    struct slice decoded;

    TRY(base64url_decode(arena, text, &decoded));
    TRY(json_parse(arena, decoded, limits, &header));
    if (!is_text(json_get(header, SLICE("alg")), SLICE("dir")) ||
        !is_text(json_get(header, SLICE("enc")), SLICE("A256CBC-HS512")) ||
        has_forbidden_member(header)) {
        return STATUS_INVALID_TOKEN;
    }
    jwe->header_text = text;
    jwe->key_id = SLICE_EMPTY;
    key_id = json_get(header, SLICE("kid"));
    return key_id == NULL ? STATUS_OK : json_text(key_id, &jwe->key_id);
}

/* Each field is decoded by itself: none may lend bits to the next. */
static enum status read_sealed(struct slice text, struct slice tag,
                               struct arena *arena, struct slice *out)
{
    struct slice parts[2];
    struct buf buf;

    TRY(base64url_decode(arena, text, &parts[0]));
    TRY(base64url_decode(arena, tag, &parts[1]));
    if (parts[1].len != AES_CBC_HS512_TAG_BYTES) {
        return STATUS_INVALID_TOKEN;
    }
    buf_init(&buf, arena, JWE_LIMIT);
    buf_add(&buf, parts[0]);
    buf_add(&buf, parts[1]);
    return buf_finish(&buf, out);
}

static enum status parse(struct slice token, struct arena *arena,
                         struct jwe *out)
{
    struct slice rest = token;
    struct slice fields[FIELDS];

    if (token.len > JWE_LIMIT) {
        return STATUS_INVALID_TOKEN;
    }
    for (size_t i = 0; i < FIELDS; i++) {
        if (!slice_split(&rest, '.', &fields[i])) {
            return STATUS_INVALID_TOKEN;
        }
    }
    if (rest.ptr != NULL || fields[ENCRYPTED_KEY].len > 0) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(read_header(fields[HEADER], arena, out));
    TRY(base64url_decode(arena, fields[IV], &out->iv));
    if (out->iv.len != AES_CBC_HS512_IV_BYTES) {
        return STATUS_INVALID_TOKEN;
    }
    return read_sealed(fields[CIPHERTEXT], fields[TAG], arena, &out->sealed);
}

enum status jwe_parse(struct slice token, struct arena *arena, struct jwe *out)
{
    return as_token_failure(parse(token, arena, out));
}

enum status jwe_open(const struct jwe *jwe, const struct jwe_key *key,
                     struct arena *arena, struct slice *payload)
{
    const struct aes_cbc_hs512 by = {
        .key = key->bytes,
        .iv = (const unsigned char *)jwe->iv.ptr,
        .associated = jwe->header_text,
    };

    if (jwe->key_id.len > 0 &&
        !slice_equal(jwe->key_id, slice_make(key->id, JWE_KEY_ID_LEN))) {
        return STATUS_INVALID_TOKEN;
    }
    return as_token_failure(
        aes_cbc_hs512_decrypt(&by, jwe->sealed, arena, payload));
}
