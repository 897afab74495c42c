/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/jws.h"

#include "codec/base64.h"
#include "codec/json_read.h"
#include "codec/json_write.h"

/* A header with more members than this is not one. */
#define HEADER_VALUES 64

/* Every failure but want of memory is the token's. */
static enum status as_token_failure(enum status status)
{
    return status == STATUS_OK || status == STATUS_NO_MEMORY
               ? status
               : STATUS_INVALID_TOKEN;
}

static enum status write_header(const struct key *key, struct slice type,
                                struct arena *arena, struct slice *out)
{
    struct json_writer writer;
    struct buf buf;

    buf_init(&buf, arena, JWS_HEADER_LIMIT);
    json_writer_init(&writer, &buf);
    json_write_object(&writer);
    json_write_name(&writer, SLICE("alg"));
    json_write_text(&writer, key_algorithm_name(key));
    if (type.len > 0) {
        json_write_name(&writer, SLICE("typ"));
        json_write_text(&writer, type);
    }
    json_write_name(&writer, SLICE("kid"));
    json_write_text(&writer, key_id(key));
    json_write_end(&writer);
    return json_write_finish(&writer, out);
}

enum status jws_sign(const struct key *key, struct slice type,
                     struct slice payload, struct arena *arena,
                     struct slice *out)
{
    struct slice header;
    struct slice signed_text;
    struct slice signature;
    struct buf buf;

    TRY(write_header(key, type, arena, &header));
    buf_init(&buf, arena, JWS_LIMIT);
    base64url_encode(&buf, header);
    buf_add_byte(&buf, '.');
    base64url_encode(&buf, payload);
    TRY(buf_finish(&buf, &signed_text));
    TRY(key_sign(key, signed_text, arena, &signature));
    buf_add_byte(&buf, '.');
    base64url_encode(&buf, signature);
    return buf_finish(&buf, out);
}

/* What asks for other rules, or would have us trust the token's own key. */
static bool has_forbidden_member(const struct json *header)
{
    static const struct slice forbidden[] = {
        SLICE_INIT("crit"), SLICE_INIT("b64"), SLICE_INIT("jwk"),
        SLICE_INIT("jku"),  SLICE_INIT("x5u"), SLICE_INIT("x5c"),
    };

    for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
        if (json_get(header, forbidden[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static enum status optional_text(const struct json *header, struct slice name,
                                 struct slice *out)
{
    const struct json *member = json_get(header, name);

    *out = SLICE_EMPTY;
    return member == NULL ? STATUS_OK : json_text(member, out);
}

static enum status read_header(struct slice text, struct arena *arena,
                               struct jws *jws)
{
    const struct json_limits limits = {.bytes = JWS_HEADER_LIMIT,
                                       .values = HEADER_VALUES};
    const struct json *header;
    struct slice decoded;

    TRY(base64url_decode(arena, text, &decoded));
    TRY(json_parse(arena, decoded, limits, &header));
    if (has_forbidden_member(header)) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(json_text(json_get(header, SLICE("alg")), &jws->algorithm));
    TRY(optional_text(header, SLICE("kid"), &jws->key_id));
    return optional_text(header, SLICE("typ"), &jws->type);
}

static enum status parse(struct slice token, struct arena *arena,
                         struct jws *out)
{
    struct slice rest = token;
    struct slice header;
    struct slice payload;
    struct slice signature;

    if (token.len > JWS_LIMIT || !slice_split(&rest, '.', &header) ||
        !slice_split(&rest, '.', &payload) ||
        !slice_split(&rest, '.', &signature) || rest.ptr != NULL ||
        header.len == 0 || signature.len == 0 ||
        header.len > 2 * JWS_HEADER_LIMIT) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(read_header(header, arena, out));
    out->signed_text = slice_head(token, header.len + 1 + payload.len);
    out->payload_text = payload;
    return base64url_decode(arena, signature, &out->signature);
}

enum status jws_parse(struct slice token, struct arena *arena, struct jws *out)
{
    return as_token_failure(parse(token, arena, out));
}

enum status jws_verify(const struct jws *jws, const struct key *key,
                       struct arena *arena, struct slice *payload)
{
    if (!slice_equal(jws->algorithm, key_algorithm_name(key)) ||
        (jws->key_id.len > 0 && !slice_equal(jws->key_id, key_id(key)))) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(key_verify(key, jws->signed_text, jws->signature));
    return as_token_failure(
        base64url_decode(arena, jws->payload_text, payload));
}
