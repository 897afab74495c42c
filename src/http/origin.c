/* SPDX-License-Identifier: Apache-2.0 */
#include "http/origin.h"

/* A list longer than this is a mistake, and is walked by every request. */
#define RULES_MAX ((size_t)64)

/* Ten minutes: short enough that a removed origin is soon locked out. */
#define PREFLIGHT_FIELDS                                                       \
    "Access-Control-Allow-Methods: GET, POST, PUT, PATCH, DELETE\r\n"          \
    "Access-Control-Allow-Headers: content-type, authorization, "              \
    "if-match, if-none-match, last-event-id\r\n"                               \
    "Access-Control-Max-Age: 600\r\n"
#define ANSWER_FIELDS                                                          \
    "Access-Control-Expose-Headers: set-auth-token, set-auth-jwt, "            \
    "x-retry-after, retry-after, etag\r\n"

/* What making the rules needs and asking them does not. */
struct maker {
    struct arena *arena;
    struct slice *problem;
    struct origin_rule *rules; /* room for RULES_MAX */
    size_t count;
};

static enum status fail(struct maker *maker, struct slice entry,
                        const char *what)
{
    TRY(arena_format(maker->arena, maker->problem, "\"%.*s\" %s",
                     SLICE_ARG(slice_head(entry, 100)), what));
    return STATUS_INVALID_VALUE;
}

static bool is_plain_url(struct maker *maker, struct slice text,
                         struct url *out)
{
    return slice_find(text, '*') == text.len &&
           url_parse(maker->arena, text, out) == STATUS_OK &&
           out->query.ptr == NULL && out->fragment.ptr == NULL;
}

/*
 * At least two labels, so that nobody trusts all of "com", and no address,
 * which has no names below it.
 */
static bool may_have_names_below(struct slice host)
{
    return slice_equal(host, SLICE("localhost")) ||
           (slice_find(host, '.') < host.len && host.ptr[0] != '[' &&
            !ascii_is_digit(host.ptr[host.len - 1]));
}

/* A scheme, a star as first label, a host, and a port or a star perhaps. */
static enum status read_pattern(struct maker *maker, struct slice text,
                                struct origin_rule *rule)
{
    size_t star = slice_find(text, '*');
    struct slice rest = slice_from(text, star + 1);
    struct slice plain;

    rule->any_below = true;
    rule->any_port = slice_ends_with(rest, SLICE(":*"));
    if (rule->any_port) {
        rest = slice_head(rest, rest.len - 2);
    }
    if (!slice_ends_with(slice_head(text, star), SLICE("://")) ||
        !slice_starts_with(rest, SLICE("."))) {
        return fail(maker, text, "is not of the form https://*.example.com");
    }
    TRY(arena_format(maker->arena, &plain, "%.*s%.*s", (int)star, text.ptr,
                     SLICE_ARG(slice_from(rest, 1))));
    if (!is_plain_url(maker, plain, &rule->url) || rule->url.path.len > 0 ||
        !may_have_names_below(rule->url.host)) {
        return fail(maker, text, "is not of the form https://*.example.com");
    }
    return arena_format(maker->arena, &rule->url.host, ".%.*s",
                        SLICE_ARG(rule->url.host));
}

static enum status add_rule(struct maker *maker, struct slice text)
{
    struct origin_rule *rule = &maker->rules[maker->count];

    if (maker->count == RULES_MAX) {
        return fail(maker, text, "is one origin too many");
    }
    *rule = (struct origin_rule){0};
    if (slice_find(text, '*') < text.len) {
        TRY(read_pattern(maker, text, rule));
    } else if (!is_plain_url(maker, text, &rule->url)) {
        return fail(maker, text, "is not an http or https URL");
    }
    maker->count++;
    return STATUS_OK;
}

static enum status add_public_url(struct maker *maker,
                                  const struct origin_settings *settings)
{
    struct slice text = slice_trim(settings->public_url);

    if (text.len == 0) {
        TRY(arena_format(maker->arena, &text, "http://localhost:%u",
                         settings->port));
        TRY(add_rule(maker, text));
        TRY(arena_format(maker->arena, &text, "http://127.0.0.1:%u",
                         settings->port));
    }
    if (slice_find(text, '*') < text.len) {
        return fail(maker, text, "must be one address, not a pattern");
    }
    TRY(slice_dup(maker->arena, text, &text));
    return add_rule(maker, text);
}

enum status origin_rules_make(struct arena *arena,
                              const struct origin_settings *settings,
                              struct slice *problem, struct origin_rules *out)
{
    struct slice rest = slice_trim(settings->frontend_urls);
    struct maker maker = {arena, problem, NULL, 0};
    struct slice copy;
    struct slice part;

    maker.rules = arena_alloc(arena, RULES_MAX * sizeof(*maker.rules));
    TRY_ALLOC(maker.rules);
    TRY(add_public_url(&maker, settings));
    if (rest.len == 0) {
        rest.ptr = NULL; /* an empty setting, not a list of one empty entry */
    }
    while (slice_split(&rest, ',', &part)) {
        TRY(slice_dup(arena, slice_trim(part), &copy));
        TRY(add_rule(&maker, copy));
    }
    *out = (struct origin_rules){maker.rules, maker.count,
                                 slice_trim(settings->public_url).len == 0};
    return STATUS_OK;
}

static bool rule_matches(const struct origin_rule *rule, const struct url *url)
{
    if (!rule->any_below) {
        return url_origin_equal(&rule->url, url);
    }
    return slice_equal(rule->url.scheme, url->scheme) &&
           (rule->any_port || rule->url.port == url->port) &&
           url->host.len > rule->url.host.len &&
           slice_ends_with(url->host, rule->url.host);
}

enum status origin_allowed(const struct origin_rules *rules,
                           struct arena *arena, struct slice origin,
                           bool *allowed)
{
    struct url url;
    enum status status = url_parse_origin(arena, origin, &url);

    *allowed = false;
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_OK;
    }
    for (size_t i = 0; i < rules->count && !*allowed; i++) {
        *allowed = rule_matches(&rules->rules[i], &url);
    }
    return STATUS_OK;
}

/* The name and the port of a Host header; *port is 0 when it has none. */
static bool split_host(struct slice host, struct slice *name, uint64_t *port)
{
    size_t bracket = slice_find(host, ']');
    size_t from = bracket < host.len ? bracket : 0;
    size_t colon = from + slice_find(slice_from(host, from), ':');

    *name = slice_head(host, colon);
    *port = 0;
    return colon == host.len ||
           slice_to_u64(slice_from(host, colon + 1), UINT16_MAX, port);
}

bool origin_host_allowed(const struct origin_rules *rules, struct slice host)
{
    struct slice name;
    uint64_t port;

    if (rules->any_host) {
        return true;
    }
    if (!split_host(host, &name, &port)) {
        return false;
    }
    for (size_t i = 0; i < rules->count; i++) {
        const struct origin_rule *rule = &rules->rules[i];
        bool is_https = slice_equal(rule->url.scheme, SLICE("https"));
        uint64_t asked = port != 0 ? port : (is_https ? 443 : 80);

        if (!rule->any_below && asked == rule->url.port &&
            slice_equal_nocase(name, rule->url.host)) {
            return true;
        }
    }
    return false;
}

enum status origin_cors_decide(const struct origin_rules *rules,
                               struct arena *arena,
                               const struct origin_cors_request *asked,
                               struct origin_cors *out)
{
    bool allowed = false;

    out->is_preflight = asked->is_options && asked->origin.ptr != NULL &&
                        asked->request_method.ptr != NULL;
    out->fields = SLICE("Vary: Origin\r\n");
    if (asked->origin.ptr == NULL) {
        return STATUS_OK;
    }
    TRY(origin_allowed(rules, arena, asked->origin, &allowed));
    if (!allowed) {
        return STATUS_OK;
    }
    return arena_format(arena, &out->fields,
                        "Vary: Origin\r\n"
                        "Access-Control-Allow-Origin: %.*s\r\n"
                        "Access-Control-Allow-Credentials: true\r\n%s",
                        SLICE_ARG(asked->origin),
                        out->is_preflight ? PREFLIGHT_FIELDS : ANSWER_FIELDS);
}
