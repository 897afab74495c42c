/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/base64.h"

#define ALPHABET                                                               \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char standard[] = ALPHABET "+/";
static const char for_urls[] = ALPHABET "-_";

/* Three bytes, of which the last may be missing and then count as zero. */
static uint32_t read_group(struct slice bytes, size_t at)
{
    uint32_t group = (uint32_t)(uint8_t)bytes.ptr[at] << 16;

    if (at + 1 < bytes.len) {
        group |= (uint32_t)(uint8_t)bytes.ptr[at + 1] << 8;
    }
    if (at + 2 < bytes.len) {
        group |= (uint8_t)bytes.ptr[at + 2];
    }
    return group;
}

/* Always writes whole groups of four; gives how many of them are digits. */
static size_t write_digits(char *to, struct slice bytes, const char *alphabet)
{
    size_t at;

    for (at = 0; at < bytes.len; at += 3) {
        uint32_t group = read_group(bytes, at);

        *to++ = alphabet[group >> 18];
        *to++ = alphabet[group >> 12 & 63];
        *to++ = alphabet[group >> 6 & 63];
        *to++ = alphabet[group & 63];
    }
    return bytes.len / 3 * 4 + (bytes.len % 3 == 0 ? 0 : bytes.len % 3 + 1);
}

static void encode(struct buf *buf, struct slice bytes, const char *alphabet,
                   bool padded)
{
    size_t whole = (bytes.len / 3 + 1) * 4;
    size_t digits;
    char *to;

    if (bytes.len == 0) {
        return;
    }
    whole = bytes.len % 3 == 0 ? whole - 4 : whole;
    /* Past three quarters of the address space: let the buffer refuse. */
    to = buf_reserve(buf, whole < bytes.len ? SIZE_MAX : whole);
    if (to == NULL) {
        return;
    }
    digits = write_digits(to, bytes, alphabet);
    memset(to + digits, '=', whole - digits);
    buf_commit(buf, padded ? whole : digits);
}

void base64_encode(struct buf *buf, struct slice bytes)
{
    encode(buf, bytes, standard, true);
}

void base64url_encode(struct buf *buf, struct slice bytes)
{
    encode(buf, bytes, for_urls, false);
}

/* 0 to 63, or 64 and more for a character outside the alphabet. */
static uint32_t digit_value(char c, const char *alphabet)
{
    if (c >= 'A' && c <= 'Z') {
        return (uint32_t)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (uint32_t)(c - 'a' + 26);
    }
    if (ascii_is_digit(c)) {
        return (uint32_t)(c - '0' + 52);
    }
    return c == alphabet[62] ? 62 : c == alphabet[63] ? 63 : 64;
}

/* `digits` without padding. */
static enum status decode(struct arena *arena, struct slice digits,
                          const char *alphabet, struct slice *out)
{
    size_t len = digits.len / 4 * 3 + digits.len % 4 * 3 / 4;
    char *bytes = arena_alloc_text(arena, len + 1);
    uint32_t bits = 0;
    size_t to = 0;

    TRY_ALLOC(bytes);
    if (digits.len % 4 == 1) {
        return STATUS_INVALID_ENCODING;
    }
    for (size_t i = 0; i < digits.len; i++) {
        uint32_t value = digit_value(digits.ptr[i], alphabet);

        if (value > 63) {
            return STATUS_INVALID_ENCODING;
        }
        bits = bits << 6 | value;
        if (i % 4 != 0) {
            bytes[to++] = (char)(bits >> (6 - i % 4 * 2));
        }
    }
    /* One digit too few for another byte leaves 4 or 2 bits: zero, or lies. */
    if ((digits.len % 4 == 2 && (bits & 15) != 0) ||
        (digits.len % 4 == 3 && (bits & 3) != 0)) {
        return STATUS_INVALID_ENCODING;
    }
    *out = slice_make(bytes, len);
    return STATUS_OK;
}

enum status base64_decode(struct arena *arena, struct slice text,
                          struct slice *out)
{
    struct slice digits = text;

    if (text.len % 4 != 0) {
        return STATUS_INVALID_ENCODING;
    }
    if (slice_ends_with(text, SLICE("=="))) {
        digits = slice_head(text, text.len - 2);
    } else if (slice_ends_with(text, SLICE("="))) {
        digits = slice_head(text, text.len - 1);
    }
    return decode(arena, digits, standard, out);
}

enum status base64url_decode(struct arena *arena, struct slice text,
                             struct slice *out)
{
    return decode(arena, text, for_urls, out);
}
