/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/url.h"

#include "codec/hex.h"
#include "codec/url_host.h"

#define PORT_MAX 65535

/*
 * RFC 3986 pchar, "/" and "?", and the brackets that queries of forms carry.
 * Not here: controls, space, bytes beyond ASCII, and "<>\^`{|}#.
 */
static bool is_url_char(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') ||
           (c != '\0' && strchr("-._~!$&'()*+,;=:@/?[]%", c) != NULL);
}

static bool is_escaped_well(struct slice text, size_t at)
{
    return text.len - at >= 3 && hex_digit(text.ptr[at + 1]) >= 0 &&
           hex_digit(text.ptr[at + 2]) >= 0;
}

static bool is_clean(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_url_char(text.ptr[i]) ||
            (text.ptr[i] == '%' && !is_escaped_well(text, i))) {
            return false;
        }
    }
    return true;
}

/* ".", "..", and the same with dots written as %2e. */
static bool is_dots(struct slice segment)
{
    size_t dots = 0;

    while (segment.len > 0) {
        if (segment.ptr[0] == '.') {
            segment = slice_from(segment, 1);
        } else if (slice_equal_nocase(slice_head(segment, 3), SLICE("%2e"))) {
            segment = slice_from(segment, 3);
        } else {
            return false;
        }
        dots++;
    }
    return dots == 1 || dots == 2;
}

static bool is_path(struct slice path)
{
    struct slice segment;

    if (!is_clean(path)) {
        return false;
    }
    while (slice_split(&path, '/', &segment)) {
        if (is_dots(segment)) {
            return false;
        }
    }
    return true;
}

/* Cuts `text` before the first `mark`; what follows it, or a NULL pointer. */
static struct slice cut(struct slice *text, char mark)
{
    struct slice front;
    struct slice rest = *text;

    (void)slice_split(&rest, mark, &front);
    *text = front;
    return rest;
}

/* Path, query and fragment. */
static bool parse_tail(struct slice text, struct url *out)
{
    out->fragment = cut(&text, '#');
    out->query = cut(&text, '?');
    out->path = text;
    return is_path(out->path) && is_clean(out->query) &&
           is_clean(out->fragment);
}

static bool parse_scheme(struct slice *text, struct url *out)
{
    if (slice_equal_nocase(slice_head(*text, 8), SLICE("https://"))) {
        out->scheme = SLICE("https");
        out->port = 443;
    } else if (slice_equal_nocase(slice_head(*text, 7), SLICE("http://"))) {
        out->scheme = SLICE("http");
        out->port = 80;
    } else {
        return false;
    }
    *text = slice_from(*text, out->scheme.len + 3);
    return true;
}

/* A colon inside the brackets of an IPv6 address begins no port. */
static bool parse_port(struct slice *authority, struct url *out)
{
    size_t bracket = slice_find(*authority, ']');
    size_t from = bracket == authority->len ? 0 : bracket;
    struct slice rest = slice_from(*authority, from);
    size_t colon = slice_find(rest, ':');
    uint64_t port;

    if (colon == rest.len) {
        return true;
    }
    if (!slice_to_u64(slice_from(rest, colon + 1), PORT_MAX, &port) ||
        port == 0) {
        return false;
    }
    out->port = (uint16_t)port;
    *authority = slice_head(*authority, from + colon);
    return true;
}

static size_t authority_length(struct slice text)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] != '/' && text.ptr[len] != '?' &&
           text.ptr[len] != '#') {
        len++;
    }
    return len;
}

enum status url_parse(struct arena *arena, struct slice text, struct url *out)
{
    struct url url = {0};
    struct slice authority;

    if (text.len > URL_LENGTH_MAX || !parse_scheme(&text, &url)) {
        return STATUS_INVALID_VALUE;
    }
    authority = slice_head(text, authority_length(text));
    if (!parse_tail(slice_from(text, authority.len), &url) ||
        !parse_port(&authority, &url)) {
        return STATUS_INVALID_VALUE;
    }
    TRY(url_host_parse(arena, authority, &url.host));
    *out = url;
    return STATUS_OK;
}

enum status url_parse_origin(struct arena *arena, struct slice text,
                             struct url *out)
{
    struct url url;

    TRY(url_parse(arena, text, &url));
    if (url.path.len > 0 || url.query.ptr != NULL || url.fragment.ptr != NULL) {
        return STATUS_INVALID_VALUE;
    }
    *out = url;
    return STATUS_OK;
}

static bool has_own_port(const struct url *url)
{
    return url->port != (url->scheme.len == 5 ? 443 : 80);
}

enum status url_origin_text(struct arena *arena, const struct url *url,
                            struct slice *out)
{
    if (has_own_port(url)) {
        return arena_format(arena, out, "%.*s://%.*s:%u",
                            SLICE_ARG(url->scheme), SLICE_ARG(url->host),
                            (unsigned)url->port);
    }
    return arena_format(arena, out, "%.*s://%.*s", SLICE_ARG(url->scheme),
                        SLICE_ARG(url->host));
}

bool url_origin_equal(const struct url *a, const struct url *b)
{
    return slice_equal(a->scheme, b->scheme) && slice_equal(a->host, b->host) &&
           a->port == b->port;
}

/* An encoded slash or backslash in second place is decoded by some proxies. */
bool url_is_path(struct slice text)
{
    struct slice second = slice_head(slice_from(text, 1), 3);
    struct url url;

    return text.len > 0 && text.len <= URL_LENGTH_MAX && text.ptr[0] == '/' &&
           !slice_starts_with(second, SLICE("/")) &&
           !slice_equal_nocase(second, SLICE("%2f")) &&
           !slice_equal_nocase(second, SLICE("%5c")) && parse_tail(text, &url);
}
