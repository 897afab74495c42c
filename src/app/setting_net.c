/* SPDX-License-Identifier: Apache-2.0 */
#include "app/setting_net.h"

#include "codec/url.h"

#include <arpa/inet.h>

#define HOST_MAX_BYTES  ((size_t)255)
#define LABEL_MAX_BYTES ((size_t)63)

static bool is_alphanumeric(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z');
}

/* Fills `bytes` (16) and gives their number, 4 or 16; 0 for no address. */
static size_t address_bytes(struct slice text, unsigned char *bytes)
{
    char door[INET6_ADDRSTRLEN];

    /* A NUL inside would end the text early at inet_pton's door. */
    if (text.len >= sizeof(door) || slice_find(text, '\0') < text.len) {
        return 0;
    }
    if (text.len > 0) {
        memcpy(door, text.ptr, text.len);
    }
    door[text.len] = '\0';
    if (inet_pton(AF_INET, door, bytes) == 1) {
        return 4;
    }
    return inet_pton(AF_INET6, door, bytes) == 1 ? 16 : 0;
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
    unsigned char bytes[16];

    return address_bytes(text, bytes) > 0 || is_host_name(text);
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

static bool host_bits_are_zero(const unsigned char *bytes, size_t size,
                               size_t prefix)
{
    for (size_t bit = prefix; bit < size * 8; bit++) {
        if ((bytes[bit / 8] & (0x80u >> (bit % 8))) != 0) {
            return false;
        }
    }
    return true;
}

bool net_text_is_block(struct slice text)
{
    size_t slash = slice_find(text, '/');
    unsigned char bytes[16];
    size_t size = address_bytes(slice_head(text, slash), bytes);
    uint64_t prefix = size * 8;

    if (size == 0) {
        return false;
    }
    if (slash < text.len &&
        !slice_to_u64(slice_from(text, slash + 1), size * 8, &prefix)) {
        return false;
    }
    return host_bits_are_zero(bytes, size, (size_t)prefix);
}
