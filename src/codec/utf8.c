/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/utf8.h"

#include <utf8proc.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static uint8_t byte_at(struct slice text, size_t at)
{
    return (uint8_t)text.ptr[at];
}

/* How many ASCII bytes follow from `at` on; eight at a time. */
static size_t ascii_run(struct slice text, size_t at)
{
    size_t from = at;
    uint64_t word;

    while (text.len - at >= sizeof(word)) {
        memcpy(&word, text.ptr + at, sizeof(word));
        if ((word & HIGH_BITS) != 0) {
            break;
        }
        at += sizeof(word);
    }
    while (at < text.len && byte_at(text, at) < 0x80) {
        at++;
    }
    return at - from;
}

/* How many bytes a character with this first byte has; 0: none begins so. */
static size_t length_of(uint8_t lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return 0;
    }
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/*
 * Unicode table 3-7: only the second byte has bounds of its own; they shut out
 * overlong forms, surrogates and what lies above U+10FFFF.
 */
static bool second_is_valid(uint8_t lead, uint8_t second)
{
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;

    return second >= low && second <= high;
}

static bool next_is_valid(struct slice text, size_t at)
{
    if (at == 1) {
        return second_is_valid(byte_at(text, 0), byte_at(text, 1));
    }
    return (byte_at(text, at) & 0xc0) == 0x80;
}

size_t utf8_decode(struct slice text, uint32_t *code)
{
    uint8_t lead = byte_at(text, 0);
    size_t len = length_of(lead);
    uint32_t value;

    *code = UTF8_INVALID;
    if (len <= 1) {
        *code = len == 1 ? lead : UTF8_INVALID;
        return 1;
    }
    value = lead & (0x7fU >> len);
    for (size_t at = 1; at < len; at++) {
        if (at >= text.len || !next_is_valid(text, at)) {
            return at;
        }
        value = value << 6 | (byte_at(text, at) & 0x3fU);
    }
    *code = value;
    return len;
}

bool utf8_is_valid(struct slice text)
{
    size_t at = ascii_run(text, 0);
    uint32_t code;

    while (at < text.len) {
        at += utf8_decode(slice_from(text, at), &code);
        if (code == UTF8_INVALID) {
            return false;
        }
        at += ascii_run(text, at);
    }
    return true;
}

void utf8_add_valid(struct buf *buf, struct slice text)
{
    size_t from = 0;
    size_t at = 0;

    while (at < text.len) {
        uint32_t code;
        size_t len = utf8_decode(slice_from(text, at), &code);

        if (code == UTF8_INVALID) {
            buf_add(buf, slice_make(text.ptr + from, at - from));
            buf_add(buf, UTF8_REPLACEMENT);
            from = at + len;
        }
        at += len;
    }
    buf_add(buf, slice_from(text, from));
}

size_t utf8_count_utf16(struct slice text)
{
    size_t at = ascii_run(text, 0);
    size_t units = at;

    while (at < text.len) {
        uint32_t code;

        at += utf8_decode(slice_from(text, at), &code);
        units += code > 0xffff && code != UTF8_INVALID ? 2 : 1;
    }
    return units;
}

struct slice utf8_truncate(struct slice text, size_t max)
{
    size_t len = max;

    if (text.len <= max) {
        return text;
    }
    while (len > 0 && (byte_at(text, len) & 0xc0) == 0x80) {
        len--;
    }
    return slice_head(text, len);
}

/*
 * The library decomposes into code points, then composes in place. Room for
 * twice `limit` of them is enough: no character of n bytes is composed of more
 * than 2n code points.
 */
static enum status compose(struct arena *arena, struct slice in, size_t limit,
                           struct slice *out)
{
    const utf8proc_option_t options =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)in.ptr;
    utf8proc_ssize_t len = (utf8proc_ssize_t)in.len;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, len, NULL, 0, options);
    utf8proc_int32_t *codes;

    if (count < 0) {
        return STATUS_INVALID_ENCODING;
    }
    if ((size_t)count / 2 > limit) {
        return STATUS_TOO_LARGE;
    }
    codes = arena_alloc(arena, ((size_t)count + 1) * sizeof(*codes));
    TRY_ALLOC(codes);
    count = utf8proc_decompose(bytes, len, codes, count, options);
    count = utf8proc_reencode(codes, count, options);
    if (count < 0) {
        return STATUS_INVALID_ENCODING;
    }
    *out = slice_make(codes, (size_t)count);
    return out->len <= limit ? STATUS_OK : STATUS_TOO_LARGE;
}

enum status utf8_nfkc(struct arena *arena, struct slice in, size_t limit,
                      struct slice *out)
{
    if (in.len > limit) {
        return STATUS_TOO_LARGE;
    }
    if (ascii_run(in, 0) == in.len) {
        return slice_dup(arena, in, out);
    }
    if (!utf8_is_valid(in)) {
        return STATUS_INVALID_ENCODING;
    }
    return compose(arena, in, limit, out);
}
