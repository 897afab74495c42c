/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/url_host.h"

#include "base/buf.h"

#include <arpa/inet.h>

#define NAME_MAX_LENGTH  253 /* RFC 1035 section 2.3.4, without the root */
#define LABEL_MAX_LENGTH 63
#define GROUPS           8

static bool is_name_char(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '-' ||
           c == '_';
}

static bool is_label(struct slice label)
{
    if (label.len == 0 || label.len > LABEL_MAX_LENGTH || label.ptr[0] == '-' ||
        label.ptr[label.len - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < label.len; i++) {
        if (!is_name_char(label.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* "127.1", "0x7f.1" and "2130706433" are addresses to a browser. */
static bool is_number(struct slice label)
{
    if (slice_equal_nocase(slice_head(label, 2), SLICE("0x"))) {
        return true;
    }
    for (size_t i = 0; i < label.len; i++) {
        if (!ascii_is_digit(label.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool is_quad(struct slice text)
{
    struct slice part;
    uint64_t number;
    size_t parts = 0;

    while (slice_split(&text, '.', &part)) {
        if (!slice_to_u64(part, 255, &number)) {
            return false;
        }
        parts++;
    }
    return parts == 4;
}

static bool is_name(struct slice text)
{
    struct slice rest = text;
    struct slice label = SLICE_EMPTY;

    if (text.len > NAME_MAX_LENGTH) {
        return false;
    }
    while (slice_split(&rest, '.', &label)) {
        if (!is_label(label)) {
            return false;
        }
    }
    return !is_number(label) || is_quad(text);
}

static enum status lower(struct arena *arena, struct slice text,
                         struct slice *out)
{
    char *copy = arena_alloc_text(arena, text.len);

    TRY_ALLOC(copy);
    for (size_t i = 0; i < text.len; i++) {
        copy[i] = ascii_lower(text.ptr[i]);
    }
    *out = slice_make(copy, text.len);
    return STATUS_OK;
}

/* The longest run of at least two zero groups, the first of equals. */
static void find_zeros(const uint16_t *groups, size_t *from, size_t *to)
{
    *from = GROUPS;
    *to = GROUPS;
    for (size_t i = 0; i < GROUPS; i++) {
        size_t end = i;

        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        if (end - i >= 2 && end - i > *to - *from) {
            *from = i;
            *to = end;
        }
    }
}

static void print_groups(struct buf *buf, const uint16_t *groups)
{
    size_t from;
    size_t to;

    find_zeros(groups, &from, &to);
    buf_add_byte(buf, '[');
    for (size_t i = 0; i < GROUPS; i++) {
        if (i == from) {
            buf_add(buf, SLICE("::"));
            i = to - 1;
            continue;
        }
        if (i > 0 && i != to) {
            buf_add_byte(buf, ':');
        }
        buf_format(buf, "%x", (unsigned)groups[i]);
    }
    buf_add_byte(buf, ']');
}

/* `text` without its brackets; a zone ("%eth0") is refused by inet_pton. */
static enum status parse_v6(struct arena *arena, struct slice text,
                            struct slice *out)
{
    char address[INET6_ADDRSTRLEN] = "";
    uint16_t groups[GROUPS];
    uint8_t bytes[2 * GROUPS];
    struct buf buf;

    if (text.len >= sizeof(address) || slice_find(text, '\0') < text.len) {
        return STATUS_INVALID_VALUE;
    }
    if (text.len > 0) {
        memcpy(address, text.ptr, text.len);
    }
    if (inet_pton(AF_INET6, address, bytes) != 1) {
        return STATUS_INVALID_VALUE;
    }
    for (size_t i = 0; i < GROUPS; i++) {
        groups[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
    }
    buf_init(&buf, arena, 64);
    print_groups(&buf, groups);
    return buf_finish(&buf, out);
}

enum status url_host_parse(struct arena *arena, struct slice text,
                           struct slice *out)
{
    if (text.len >= 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']') {
        return parse_v6(arena, slice_make(text.ptr + 1, text.len - 2), out);
    }
    if (!is_name(text)) {
        return STATUS_INVALID_VALUE;
    }
    return lower(arena, text, out);
}
