/* SPDX-License-Identifier: Apache-2.0 */
#include "http/trusted.h"

#include "codec/wildcard.h"
#include "http/client_address.h"
#include "http/trusted_target.h"

enum pattern_kind {
    PATTERN_HOST,   /* wildcards over host and port */
    PATTERN_WHOLE,  /* wildcards over the origin, or the address */
    PATTERN_ORIGIN, /* of the web */
    PATTERN_CUSTOM  /* of another scheme */
};

struct trusted_pattern {
    enum pattern_kind kind;
    struct wildcard wildcard;
    bool only_ipv4; /* its host is made of numbers and wildcards */
    struct url url;
    struct trusted_parts parts;
};

static bool has_wildcard(struct slice text)
{
    return slice_find(text, '*') < text.len || slice_find(text, '?') < text.len;
}

static struct slice host_of(struct slice text)
{
    for (size_t i = 0; i + 2 < text.len; i++) {
        if (memcmp(text.ptr + i, "://", 3) == 0) {
            text = slice_from(text, i + 3);
            break;
        }
    }
    text = slice_head(text, slice_find(text, '/'));
    return text.len > 0 && text.ptr[0] == '['
               ? text
               : slice_head(text, slice_find(text, ':'));
}

static bool is_numeric(struct slice host)
{
    bool digits = false;

    for (size_t i = 0; i < host.len; i++) {
        digits = digits || ascii_is_digit(host.ptr[i]);
        if (!ascii_is_digit(host.ptr[i]) && host.ptr[i] != '.' &&
            host.ptr[i] != '*' && host.ptr[i] != '?') {
            return false;
        }
    }
    return digits;
}

static bool is_ipv4(struct slice host)
{
    struct client_address address;

    return slice_find(host, ':') == host.len &&
           client_address_read(host, &address);
}

static enum status make_wildcard(struct arena *arena, struct slice text,
                                 struct trusted_pattern *out)
{
    out->kind =
        slice_contains(text, SLICE("://")) ? PATTERN_WHOLE : PATTERN_HOST;
    out->only_ipv4 = is_numeric(host_of(text));
    return wildcard_compile(arena, text, &out->wildcard);
}

/* The original compares with an origin, so a path would never match; one
 * slash at the end is forgiven. */
static enum status make_origin(struct arena *arena, struct slice text,
                               struct trusted_pattern *out)
{
    struct slice origin = slice_ends_with(text, SLICE("/"))
                              ? slice_head(text, text.len - 1)
                              : text;

    out->kind = PATTERN_ORIGIN;
    return url_parse_origin(arena, origin, &out->url);
}

static enum status make_custom(struct arena *arena, struct trusted_parts *parts,
                               struct trusted_pattern *out)
{
    bool has_dots;

    out->kind = PATTERN_CUSTOM;
    TRY(trusted_lower(arena, parts->scheme, &out->parts.scheme));
    TRY(trusted_lower(arena, parts->authority, &out->parts.authority));
    return trusted_path_resolve(arena, parts->path, &has_dots,
                                &out->parts.path);
}

static enum status fail(struct arena *arena, struct slice text,
                        const char *what, struct slice *problem)
{
    TRY(arena_format(arena, problem, "\"%.*s\" %s",
                     SLICE_ARG(slice_head(text, 100)), what));
    return STATUS_INVALID_VALUE;
}

static enum status make_pattern(struct arena *arena, struct slice text,
                                struct slice *problem,
                                struct trusted_pattern *out)
{
    struct trusted_parts parts;
    bool has_scheme = slice_contains(text, SLICE("://"));

    *out = (struct trusted_pattern){0};
    if (text.len > WILDCARD_LENGTH_MAX) {
        return fail(arena, text, "is too long", problem);
    }
    if (has_scheme && trusted_parts_split(text, &parts) &&
        trusted_scheme_is_dangerous(parts.scheme)) {
        return fail(arena, text, "has a scheme nobody may be sent to", problem);
    }
    if (has_wildcard(text)) {
        return make_wildcard(arena, text, out);
    }
    if (!has_scheme || !trusted_parts_split(text, &parts)) {
        return fail(arena, text, "has no scheme such as https://", problem);
    }
    if (!slice_equal_nocase(parts.scheme, SLICE("http")) &&
        !slice_equal_nocase(parts.scheme, SLICE("https"))) {
        return make_custom(arena, &parts, out);
    }
    if (make_origin(arena, text, out) != STATUS_OK) {
        return fail(arena, text, "is not an origin such as https://host",
                    problem);
    }
    return STATUS_OK;
}

enum status trusted_init(struct arena *arena,
                         const struct trusted_settings *settings,
                         struct slice *problem, struct trusted_rules *out)
{
    struct trusted_pattern *patterns =
        arena_alloc(arena, TRUSTED_PATTERNS_MAX * sizeof(*patterns));
    struct slice rest;
    struct slice part;
    size_t count = 0;

    TRY_ALLOC(patterns);
    TRY(origin_rules_make(arena, &settings->origins, problem, &out->origins));
    TRY(slice_dup(arena, settings->patterns, &rest));
    while (slice_split(&rest, ',', &part)) {
        part = slice_trim(part);
        if (part.len == 0) {
            continue;
        }
        if (count == TRUSTED_PATTERNS_MAX) {
            return fail(arena, part, "is one pattern too many", problem);
        }
        TRY(make_pattern(arena, part, problem, &patterns[count]));
        count++;
    }
    out->patterns = patterns;
    out->count = count;
    return STATUS_OK;
}

static bool matches_custom(const struct trusted_parts *pattern,
                           const struct trusted_target *target)
{
    if (target->is_web || !slice_equal(pattern->scheme, target->scheme) ||
        (pattern->authority.len > 0 &&
         !slice_equal(pattern->authority, target->authority))) {
        return false;
    }
    return slice_starts_with(target->path, pattern->path) &&
           (pattern->path.len == 0 || target->path.len == pattern->path.len ||
            target->path.ptr[pattern->path.len] == '/');
}

/* Dots could lead out of the path that a wildcard describes. */
static bool matches_wildcard(const struct trusted_pattern *pattern,
                             const struct trusted_target *target)
{
    struct slice whole = target->is_web ? target->origin : target->text;

    if (target->has_dots || target->host.len == 0 ||
        (pattern->only_ipv4 && !is_ipv4(host_of(target->host)))) {
        return false;
    }
    return wildcard_match(&pattern->wildcard, pattern->kind == PATTERN_WHOLE
                                                  ? whole
                                                  : target->host);
}

static bool matches(const struct trusted_pattern *pattern,
                    const struct trusted_target *target)
{
    switch (pattern->kind) {
    case PATTERN_ORIGIN:
        return target->is_web && url_origin_equal(&pattern->url, &target->url);
    case PATTERN_CUSTOM:
        return matches_custom(&pattern->parts, target);
    default:
        return matches_wildcard(pattern, target);
    }
}

static enum status is_trusted(const struct trusted_rules *rules,
                              struct arena *arena,
                              const struct trusted_target *target,
                              bool *trusted)
{
    *trusted = false;
    if (target->is_web) {
        TRY(origin_allowed(&rules->origins, arena, target->origin, trusted));
    }
    for (size_t i = 0; i < rules->count && !*trusted; i++) {
        *trusted = matches(&rules->patterns[i], target);
    }
    return STATUS_OK;
}

enum status trusted_origin(const struct trusted_rules *rules,
                           struct arena *arena, struct slice origin,
                           bool *trusted)
{
    struct trusted_target target;
    enum status status = trusted_target_read(arena, origin, &target);

    *trusted = false;
    if (status != STATUS_OK || target.scheme.len == 0) {
        return status == STATUS_NO_MEMORY ? status : STATUS_OK;
    }
    return is_trusted(rules, arena, &target, trusted);
}

enum status trusted_url(const struct trusted_rules *rules, struct arena *arena,
                        struct slice url, struct slice *location)
{
    struct trusted_target target;
    enum status status = trusted_target_read(arena, url, &target);
    bool trusted = true;

    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_FORBIDDEN_ORIGIN;
    }
    if (target.scheme.len > 0) {
        TRY(is_trusted(rules, arena, &target, &trusted));
    }
    *location = target.location;
    return trusted ? STATUS_OK : STATUS_FORBIDDEN_ORIGIN;
}
