/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/signed.h"

#include "auth/secrets.h"
#include "codec/base64.h"
#include "codec/percent.h"

/* HMAC_BYTES in base64, the last character being padding. */
#define SIGNATURE_LEN ((size_t)44)

enum status signed_make(const struct secrets *secrets, struct slice text,
                        struct arena *arena, struct slice *out)
{
    unsigned char mac[HMAC_BYTES];
    struct buf buf;

    TRY(secrets_sign(secrets, text, mac));
    buf_init(&buf, arena, SIGNED_LIMIT);
    buf_add(&buf, text);
    buf_add_byte(&buf, '.');
    base64_encode(&buf, slice_make(mac, sizeof(mac)));
    return buf_finish(&buf, out);
}

enum status signed_make_cookie(const struct secrets *secrets, struct slice text,
                               struct arena *arena, struct slice *out)
{
    struct slice value;
    struct buf buf;

    TRY(signed_make(secrets, text, arena, &value));
    buf_init(&buf, arena, SIGNED_LIMIT);
    percent_encode(&buf, value);
    return buf_finish(&buf, out);
}

static size_t find_last_dot(struct slice value)
{
    size_t at = value.len;

    while (at > 0 && value.ptr[at - 1] != '.') {
        at--;
    }
    return at == 0 ? value.len : at - 1;
}

enum status signed_open(const struct secrets *secrets, struct slice value,
                        struct arena *arena, struct slice *text)
{
    size_t dot = find_last_dot(value);
    struct slice digits = slice_from(value, dot + 1);
    struct slice signed_text = slice_head(value, dot);
    struct slice mac;
    enum status status;

    if (value.len > SIGNED_LIMIT || dot == 0 || digits.len != SIGNATURE_LEN) {
        return STATUS_INVALID_TOKEN;
    }
    status = base64_decode(arena, digits, &mac);
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_INVALID_TOKEN;
    }
    TRY(secrets_verify(secrets, signed_text, mac));
    *text = signed_text;
    return STATUS_OK;
}

enum status signed_decode(struct slice value, struct arena *arena,
                          struct slice *out)
{
    enum status status = STATUS_INVALID_ENCODING;

    if (slice_find(value, '%') < value.len) {
        status = percent_decode(arena, value, out);
    }
    if (status == STATUS_INVALID_ENCODING) {
        *out = value;
        return STATUS_OK;
    }
    return status;
}

enum status signed_open_cookie(const struct secrets *secrets,
                               struct slice value, struct arena *arena,
                               struct slice *text)
{
    struct slice decoded;

    /* Encoded, a character takes three. */
    if (value.len > 3 * SIGNED_LIMIT) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(signed_decode(value, arena, &decoded));
    return signed_open(secrets, decoded, arena, text);
}

enum status signed_open_bearer(const struct secrets *secrets,
                               struct slice header, struct arena *arena,
                               struct slice *token)
{
    const struct slice scheme = SLICE("Bearer ");
    struct slice value = slice_trim(slice_from(header, scheme.len));
    struct slice text;

    if (!slice_equal_nocase(slice_head(header, scheme.len), scheme) ||
        value.len == 0 || value.len > SIGNED_LIMIT) {
        return STATUS_INVALID_TOKEN;
    }
    if (slice_find(value, '.') == value.len) {
        *token = value;
        return STATUS_OK;
    }
    TRY(signed_open_cookie(secrets, value, arena, &text));
    /* No token has a dot; the original would read another text there. */
    if (slice_find(text, '.') < text.len) {
        return STATUS_INVALID_TOKEN;
    }
    *token = text;
    return STATUS_OK;
}
