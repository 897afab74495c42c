/* SPDX-License-Identifier: Apache-2.0 */
#include "app/setting_net.h"

#include "codec/url.h"
#include "http/client_address.h"

#define HOST_MAX_BYTES  ((size_t)255)
#define LABEL_MAX_BYTES ((size_t)63)

static bool is_alphanumeric(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z');
}

static bool is_label(struct slice label)
{
    if (label.len == 0 || label.len > LABEL_MAX_BYTES || label.ptr[0] == '-' ||
        label.ptr[label.len - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < label.len; i++) {
        if (!is_alphanumeric(label.ptr[i]) && label.ptr[i] != '-' &&
            label.ptr[i] != '_') {
            return false;
        }
    }
    return true;
}

/*
 * A name whose last label is a number is an IPv4 address or nothing: 1.2.3
 * and 127.1 mean different things to different readers (WHATWG URL, 3.5).
 */
static bool is_host_name(struct slice text)
{
    struct slice rest = text;
    struct slice label = SLICE_EMPTY;
    uint64_t number;

    if (text.len == 0 || text.len > HOST_MAX_BYTES) {
        return false;
    }
    while (slice_split(&rest, '.', &label)) {
        if (!is_label(label)) {
            return false;
        }
    }
    return !ascii_is_digit(label.ptr[0]) ||
           !slice_to_u64(label, UINT64_MAX, &number);
}

bool net_text_is_address(struct slice text)
{
    struct client_address address;

    return client_address_read(text, &address) || is_host_name(text);
}

enum status net_text_check_url(struct arena *arena, struct slice text)
{
    struct url url;

    TRY(url_parse(arena, text, &url));
    return url.query.ptr == NULL && url.fragment.ptr == NULL
               ? STATUS_OK
               : STATUS_INVALID_VALUE;
}

/*
 * An origin with "*." at `star`, checked as if it were not there. Only whole
 * labels may be left open: "*example.org" would match evilexample.org.
 */
static enum status check_wildcard(struct arena *arena, struct slice text,
                                  size_t star)
{
    struct slice before = slice_head(text, star);
    struct slice behind = slice_from(text, star + 2);
    struct slice whole;
    struct url url;

    TRY(arena_format(arena, &whole, "%.*s%.*s", SLICE_ARG(before),
                     SLICE_ARG(behind)));
    TRY(url_parse_origin(arena, whole, &url));
    return is_host_name(url.host) ? STATUS_OK : STATUS_INVALID_VALUE;
}

enum status net_text_check_origin(struct arena *arena, struct slice text)
{
    size_t star = slice_find(text, '*');
    struct url url;

    if (slice_ends_with(slice_head(text, star), SLICE("://")) &&
        slice_starts_with(slice_from(text, star), SLICE("*."))) {
        return check_wildcard(arena, text, star);
    }
    return url_parse_origin(arena, text, &url);
}

enum status net_text_check_block(struct arena *arena, struct slice text)
{
    struct network_list list;
    struct slice problem;

    if (text.len == 0) { /* to a list's reader, nothing; here, a slip */
        return STATUS_INVALID_VALUE;
    }
    return network_list_parse(arena, text, &problem, &list);
}
