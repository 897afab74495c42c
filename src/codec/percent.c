/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/percent.h"

#include "codec/hex.h"
#include "codec/utf8.h"

static bool is_kept(char c, struct slice kept)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') ||
           slice_find(kept, c) < kept.len;
}

static void add_escape(struct buf *buf, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char escape[] = {'%', digits[(uint8_t)c >> 4],
                           digits[(uint8_t)c & 15]};

    buf_add(buf, slice_make(escape, sizeof(escape)));
}

void percent_encode_except(struct buf *buf, struct slice text,
                           struct slice kept)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (is_kept(text.ptr[i], kept)) {
            continue;
        }
        buf_add(buf, slice_make(text.ptr + from, i - from));
        add_escape(buf, text.ptr[i]);
        from = i + 1;
    }
    buf_add(buf, slice_from(text, from));
}

void percent_encode(struct buf *buf, struct slice text)
{
    percent_encode_except(buf, text, SLICE("-_.!~*'()"));
}

void percent_encode_segment(struct buf *buf, struct slice text)
{
    percent_encode_except(buf, text, SLICE("-._~!$&'()*+,;=:@"));
}

/* The byte that begins at *at, which then stands on its last character. */
static enum status decode_one(struct slice text, size_t *at, char *out)
{
    int high;
    int low;

    *out = text.ptr[*at];
    if (*out != '%') {
        return STATUS_OK;
    }
    if (text.len - *at < 3) {
        return STATUS_INVALID_ENCODING;
    }
    high = hex_digit(text.ptr[*at + 1]);
    low = hex_digit(text.ptr[*at + 2]);
    if (high < 0 || low < 0) {
        return STATUS_INVALID_ENCODING;
    }
    *out = (char)(high << 4 | low);
    *at += 2;
    return STATUS_OK;
}

enum status percent_decode_with(struct arena *arena, struct slice text,
                                struct percent_rules rules, struct slice *out)
{
    char *bytes = arena_alloc_text(arena, text.len + 1);
    size_t len = 0;

    TRY_ALLOC(bytes);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '+' && rules.plus_is_space) {
            bytes[len++] = ' ';
            continue;
        }
        TRY(decode_one(text, &i, &bytes[len]));
        if (bytes[len] == '\0' && !rules.nul_allowed) {
            return STATUS_INVALID_ENCODING;
        }
        len++;
    }
    *out = slice_make(bytes, len);
    return utf8_is_valid(*out) ? STATUS_OK : STATUS_INVALID_ENCODING;
}

enum status percent_decode(struct arena *arena, struct slice text,
                           struct slice *out)
{
    return percent_decode_with(arena, text, (struct percent_rules){0}, out);
}
