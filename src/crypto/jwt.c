/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/jwt.h"

#include "codec/json_read.h"
#include "crypto/jws.h"

/* More audiences than this no issuer of ours names. */
#define AUDIENCES 16

/* RFC 7515 section 4.1.9: "application/" may be left out, case is ignored. */
static bool type_is_right(struct slice type, struct slice wanted)
{
    struct slice prefix = SLICE("application/");

    if (wanted.len == 0) {
        if (type.len == 0) {
            return true;
        }
        wanted = SLICE("JWT");
    }
    if (slice_equal_nocase(slice_head(type, prefix.len), prefix)) {
        type = slice_from(type, prefix.len);
    }
    return slice_equal_nocase(type, wanted);
}

static bool is_text(const struct json *json, struct slice wanted)
{
    struct slice text;

    return json_text(json, &text) == STATUS_OK && slice_equal(text, wanted);
}

static bool issuer_is_right(const struct json *all, struct slice wanted)
{
    return wanted.len == 0 || is_text(json_get(all, SLICE("iss")), wanted);
}

static bool audience_is_right(const struct json *all, struct slice wanted)
{
    const struct json *audience = json_get(all, SLICE("aud"));
    size_t count = json_count(audience);

    if (wanted.len == 0 || is_text(audience, wanted)) {
        return true;
    }
    for (size_t i = 0; i < count && i < AUDIENCES; i++) {
        if (is_text(json_at(audience, i), wanted)) {
            return true;
        }
    }
    return false;
}

/* Seconds, perhaps with a fraction (RFC 7519 section 2, NumericDate). */
static bool read_time(const struct json *all, struct slice name, double *out)
{
    double seconds;

    if (json_number(json_get(all, name), &seconds) != STATUS_OK ||
        seconds < 0 || seconds > 1e12) {
        return false;
    }
    *out = seconds * 1000;
    return true;
}

/* Absent, or not later than now. */
static bool has_begun(const struct json *all, struct slice name, double latest)
{
    double time;

    return json_get(all, name) == NULL ||
           (read_time(all, name, &time) && time <= latest);
}

static bool now_is_within(const struct json *all, const struct jwt_rules *rules)
{
    double earliest = (double)(rules->now_ms - rules->leeway_ms);
    double latest = (double)(rules->now_ms + rules->leeway_ms);
    double expires;

    /* RFC 7519 section 4.1.4: "on or after" is too late. */
    return read_time(all, SLICE("exp"), &expires) && earliest < expires &&
           has_begun(all, SLICE("nbf"), latest) &&
           has_begun(all, SLICE("iat"), latest);
}

enum status jwt_check(const struct jws *jws, struct slice payload,
                      const struct jwt_rules *rules, struct arena *arena,
                      struct jwt_claims *out)
{
    const struct json *all;
    const struct json *subject;
    enum status status = json_parse(arena, payload, JSON_LIMITS_DEFAULT, &all);

    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_INVALID_TOKEN;
    }
    if (json_kind_of(all) != JSON_KIND_OBJECT ||
        !type_is_right(jws->type, rules->type) ||
        !issuer_is_right(all, rules->issuer) ||
        !audience_is_right(all, rules->audience) ||
        !now_is_within(all, rules)) {
        return STATUS_INVALID_TOKEN;
    }
    *out = (struct jwt_claims){.all = all, .subject = SLICE_EMPTY};
    subject = json_get(all, SLICE("sub"));
    if (subject != NULL && json_text(subject, &out->subject) != STATUS_OK) {
        return STATUS_INVALID_TOKEN;
    }
    return STATUS_OK;
}
