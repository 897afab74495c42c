/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/session_cache.h"

#include "auth/secret_jwt.h"
#include "auth/secrets.h"
#include "auth/token_random.h"
#include "codec/base64.h"
#include "codec/iso_date.h"
#include "codec/json_read.h"
#include "codec/json_write.h"
#include "crypto/equal.h"

#include <inttypes.h>

#define COMPACT_HEAD   SLICE("{\"session\":")
#define EXPIRES_HEAD   SLICE(",\"expiresAt\":")
#define SIGNATURE_HEAD SLICE(",\"signature\":\"")
#define COMPACT_END    SLICE("\"}")
/* HMAC_BYTES in base64url. */
#define SIGNATURE_LEN ((size_t)43)
/* The largest integer JavaScript keeps exactly. */
#define TIME_MAX (((uint64_t)1 << 53) - 1)
/* Session and user with all the fields an operator may add. */
#define VALUES_MAX 2048
/* How long a copy counts whose cookie has no age; the forms differ. */
#define COMPACT_AGE_S 60
#define TOKEN_AGE_S   300

/* The payload without its closing brace: each form adds its own members. */
static enum status write_payload(const struct session_cache_input *input,
                                 struct arena *arena, struct slice *out)
{
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, arena, SESSION_CACHE_LIMIT);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    json_write_name(&json, SLICE("session"));
    json_write_raw(&json, input->session);
    json_write_name(&json, SLICE("user"));
    json_write_raw(&json, input->user);
    json_write_name(&json, SLICE("updatedAt"));
    json_write_int64(&json, input->now_ms);
    json_write_name(&json, SLICE("version"));
    json_write_text(&json, input->version);
    json_write_end(&json);
    TRY(json_write_finish(&json, out));
    out->len--;
    return STATUS_OK;
}

/*
 * What the compact form signs: the payload, the expiry being its last member.
 * `expires` begins with its comma.
 */
static enum status join_signed(struct slice payload, struct slice expires,
                               struct arena *arena, struct slice *out)
{
    struct buf buf;

    buf_init(&buf, arena, SESSION_CACHE_LIMIT);
    buf_add(&buf, payload);
    buf_add(&buf, expires);
    buf_add_byte(&buf, '}');
    return buf_finish(&buf, out);
}

static enum status make_compact(const struct secrets *secrets,
                                const struct session_cache_input *input,
                                struct slice payload, struct arena *arena,
                                struct slice *out)
{
    int64_t age = input->max_age_s > 0 ? input->max_age_s : COMPACT_AGE_S;
    unsigned char mac[HMAC_BYTES];
    struct slice expires;
    struct slice text;
    struct buf buf;

    TRY(arena_format(arena, &expires, ",\"expiresAt\":%" PRId64,
                     input->now_ms + age * 1000));
    TRY(join_signed(payload, expires, arena, &text));
    TRY(secrets_sign(secrets, text, mac));
    buf_init(&buf, arena, SESSION_CACHE_LIMIT);
    buf_add(&buf, COMPACT_HEAD);
    buf_add(&buf, payload);
    buf_add_byte(&buf, '}');
    buf_add(&buf, expires);
    buf_add(&buf, SIGNATURE_HEAD);
    base64url_encode(&buf, slice_make(mac, sizeof(mac)));
    buf_add(&buf, COMPACT_END);
    TRY(buf_finish(&buf, &text));
    buf_init(&buf, arena, SESSION_CACHE_LIMIT);
    base64url_encode(&buf, text);
    return buf_finish(&buf, out);
}

static enum status make_jwt(const struct secrets *secrets, struct slice claims,
                            struct arena *arena, struct slice *out)
{
    struct slice payload;

    TRY(arena_format(arena, &payload, "%.*s}", SLICE_ARG(claims)));
    return secret_jwt_make(secrets, payload, arena, out);
}

static enum status make_jwe(const struct secrets *secrets, struct slice claims,
                            struct arena *arena, struct slice *out)
{
    struct slice payload;
    struct slice id;

    TRY(token_random_uuid(arena, &id));
    TRY(arena_format(arena, &payload, "%.*s,\"jti\":\"%.*s\"}",
                     SLICE_ARG(claims), SLICE_ARG(id)));
    return jwe_make(&secrets->keys[0].session_cache, payload, arena, out);
}

enum status session_cache_make(const struct secrets *secrets,
                               enum session_cache_form form,
                               const struct session_cache_input *input,
                               struct arena *arena, struct slice *out)
{
    int64_t age = input->max_age_s > 0 ? input->max_age_s : TOKEN_AGE_S;
    int64_t issued = input->now_ms / 1000;
    struct slice payload;
    struct slice claims;

    TRY(write_payload(input, arena, &payload));
    if (form == SESSION_CACHE_COMPACT) {
        return make_compact(secrets, input, payload, arena, out);
    }
    TRY(arena_format(arena, &claims,
                     "%.*s,\"iat\":%" PRId64 ",\"exp\":%" PRId64,
                     SLICE_ARG(payload), issued, issued + age));
    return form == SESSION_CACHE_JWT ? make_jwt(secrets, claims, arena, out)
                                     : make_jwe(secrets, claims, arena, out);
}

/* Every failure but want of memory is the copy's. */
static enum status as_token_failure(enum status status)
{
    return status == STATUS_OK || status == STATUS_NO_MEMORY
               ? status
               : STATUS_INVALID_TOKEN;
}

static bool take_end(struct slice *text, struct slice end)
{
    bool found = slice_ends_with(*text, end);

    text->len -= found ? end.len : 0;
    return found;
}

static struct slice take_last(struct slice *text, size_t len)
{
    size_t kept = text->len > len ? text->len - len : 0;
    struct slice last = slice_from(*text, kept);

    text->len = kept;
    return last;
}

static size_t count_last_digits(struct slice text)
{
    size_t count = 0;

    while (count < text.len && ascii_is_digit(text.ptr[text.len - 1 - count])) {
        count++;
    }
    return count;
}

/* The compact form taken apart; all but `at` point into it. */
struct compact {
    struct slice payload; /* an object */
    struct slice expires; /* with its name and comma */
    struct slice signature;
    uint64_t at;
};

/*
 * From its end, where the members are of a known shape: so no byte of the
 * payload is looked at before its signature.
 */
static bool split_compact(struct slice text, struct compact *out)
{
    struct slice digits;

    if (!slice_starts_with(text, COMPACT_HEAD) ||
        !take_end(&text, COMPACT_END)) {
        return false;
    }
    text = slice_from(text, COMPACT_HEAD.len);
    out->signature = take_last(&text, SIGNATURE_LEN);
    if (!take_end(&text, SIGNATURE_HEAD)) {
        return false;
    }
    digits = take_last(&text, count_last_digits(text));
    if (!slice_to_u64(digits, TIME_MAX, &out->at) ||
        !take_end(&text, EXPIRES_HEAD)) {
        return false;
    }
    out->expires = slice_make(digits.ptr - EXPIRES_HEAD.len,
                              EXPIRES_HEAD.len + digits.len);
    out->payload = text;
    return text.len > 2 && text.ptr[text.len - 1] == '}';
}

/* Appendix E of the reference: the text is signed, not what it means. */
static enum status open_compact(const struct secrets *secrets,
                                struct slice value, struct arena *arena,
                                struct slice *payload, int64_t *expires_ms)
{
    struct compact compact;
    struct slice text;
    struct slice mac;

    TRY(base64url_decode(arena, value, &text));
    if (!split_compact(text, &compact)) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(base64url_decode(arena, compact.signature, &mac));
    TRY(join_signed(slice_head(compact.payload, compact.payload.len - 1),
                    compact.expires, arena, &text));
    TRY(secrets_verify(secrets, text, mac));
    *payload = compact.payload;
    *expires_ms = (int64_t)compact.at;
    return STATUS_OK;
}

static enum status open_jwe(const struct secrets *secrets, struct slice value,
                            struct arena *arena, struct slice *payload)
{
    enum status status = STATUS_INVALID_TOKEN;
    struct jwe jwe;

    TRY(jwe_parse(value, arena, &jwe));
    for (size_t i = 0; i < secrets->count && status == STATUS_INVALID_TOKEN;
         i++) {
        status =
            jwe_open(&jwe, &secrets->keys[i].session_cache, arena, payload);
    }
    return status;
}

static size_t count_dots(struct slice value)
{
    size_t count = 0;

    for (size_t i = 0; i < value.len; i++) {
        count += value.ptr[i] == '.' ? 1 : 0;
    }
    return count;
}

static enum status parse_payload(struct slice payload, struct arena *arena,
                                 const struct json **out)
{
    const struct json_limits limits = {.bytes = SESSION_CACHE_LIMIT,
                                       .values = VALUES_MAX};

    return json_parse(arena, payload, limits, out);
}

/* A payload one of the secrets vouches for. */
struct opened {
    const struct json *payload;
    int64_t expires_ms;
};

/* The forms tell themselves apart: no dot, two, or four. */
static enum status open_form(const struct secrets *secrets, struct slice value,
                             int64_t now_ms, struct arena *arena,
                             struct opened *out)
{
    size_t dots = count_dots(value);
    struct slice text;

    if (dots == 0) {
        TRY(open_compact(secrets, value, arena, &text, &out->expires_ms));
        TRY(parse_payload(text, arena, &out->payload));
        return out->expires_ms > now_ms ? STATUS_OK : STATUS_INVALID_TOKEN;
    }
    TRY(dots == 4 ? open_jwe(secrets, value, arena, &text)
                  : secret_jwt_open(secrets, value, arena, &text));
    TRY(parse_payload(text, arena, &out->payload));
    return secret_jwt_check_time(out->payload, now_ms, &out->expires_ms);
}

/* As in the original, a copy without a version is of version 1. */
static bool has_version(const struct json *payload, struct slice expected)
{
    const struct json *member = json_get(payload, SLICE("version"));
    struct slice version = SLICE("1");

    if (member != NULL && json_text(member, &version) != STATUS_OK) {
        return false;
    }
    return slice_equal(version.len == 0 ? SLICE("1") : version, expected);
}

static enum status check_payload(const struct json *payload,
                                 const struct session_cache_rules *rules,
                                 struct session_cache *out)
{
    struct slice date;
    struct slice token;
    int64_t expires_ms;

    out->session = json_get(payload, SLICE("session"));
    out->user = json_get(payload, SLICE("user"));
    if (json_kind_of(out->session) != JSON_KIND_OBJECT ||
        json_kind_of(out->user) != JSON_KIND_OBJECT ||
        !has_version(payload, rules->version)) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(json_text(json_get(out->session, SLICE("token")), &token));
    TRY(json_text(json_get(out->session, SLICE("expiresAt")), &date));
    TRY(iso_date_parse(date, &expires_ms));
    return equal_in_constant_time(token, rules->token) &&
                   expires_ms >= rules->now_ms
               ? STATUS_OK
               : STATUS_INVALID_TOKEN;
}

enum status session_cache_open(const struct secrets *secrets,
                               struct slice value,
                               const struct session_cache_rules *rules,
                               struct arena *arena, struct session_cache *out)
{
    struct session_cache found;
    struct opened opened;

    if (value.len > SESSION_CACHE_LIMIT) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(as_token_failure(
        open_form(secrets, value, rules->now_ms, arena, &opened)));
    TRY(as_token_failure(check_payload(opened.payload, rules, &found)));
    found.expires_ms = opened.expires_ms;
    *out = found;
    return STATUS_OK;
}
