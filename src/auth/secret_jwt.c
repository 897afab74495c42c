/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/secret_jwt.h"

#include "auth/secrets.h"
#include "codec/base64.h"
#include "codec/json_read.h"
#include "crypto/jws.h"

/* {"alg":"HS256"} */
#define HEADER SLICE("eyJhbGciOiJIUzI1NiJ9")
/* Seconds; later than any date, and exact in a double as milliseconds. */
#define TIME_MAX 1e12

enum status secret_jwt_make(const struct secrets *secrets, struct slice payload,
                            struct arena *arena, struct slice *out)
{
    unsigned char mac[HMAC_BYTES];
    struct slice signed_text;
    struct buf buf;

    buf_init(&buf, arena, JWS_LIMIT);
    buf_add(&buf, HEADER);
    buf_add_byte(&buf, '.');
    base64url_encode(&buf, payload);
    TRY(buf_finish(&buf, &signed_text));
    TRY(secrets_sign(secrets, signed_text, mac));
    buf_add_byte(&buf, '.');
    base64url_encode(&buf, slice_make(mac, sizeof(mac)));
    return buf_finish(&buf, out);
}

enum status secret_jwt_open(const struct secrets *secrets, struct slice token,
                            struct arena *arena, struct slice *payload)
{
    struct jws jws;
    enum status status;

    TRY(jws_parse(token, arena, &jws));
    if (!slice_equal(jws.algorithm, SLICE("HS256"))) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(secrets_verify(secrets, jws.signed_text, jws.signature));
    status = base64url_decode(arena, jws.payload_text, payload);
    return status == STATUS_INVALID_ENCODING ? STATUS_INVALID_TOKEN : status;
}

static bool read_time(const struct json *json, double *out)
{
    double seconds;

    if (json_number(json, &seconds) != STATUS_OK || seconds < 0 ||
        seconds > TIME_MAX) {
        return false;
    }
    *out = seconds * 1000;
    return true;
}

enum status secret_jwt_check_time(const struct json *payload, int64_t now_ms,
                                  int64_t *expires_ms)
{
    const struct json *not_before = json_get(payload, SLICE("nbf"));
    double now = (double)now_ms;
    double expires;
    double begins = 0;

    if (!read_time(json_get(payload, SLICE("exp")), &expires) ||
        (not_before != NULL && !read_time(not_before, &begins)) ||
        begins > now) {
        return STATUS_INVALID_TOKEN;
    }
    /* RFC 7519 section 4.1.4: "on or after" is too late. */
    if (expires <= now) {
        return STATUS_TOKEN_EXPIRED;
    }
    *expires_ms = (int64_t)expires;
    return STATUS_OK;
}
