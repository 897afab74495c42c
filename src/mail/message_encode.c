/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/message_encode.h"

#include "codec/base64.h"
#include "codec/utf8.h"

#define LINE_MAX_BYTES 76
/* "=?UTF-8?B?" and "?=" leave 63 of an encoded word's 75 for base64. */
#define WORD_BYTES     ((size_t)45)
#define WORD_FIRST     ((size_t)30) /* behind the name of the field */
#define HEADER_COLUMNS ((size_t)76)

/*
 * Controls, and what Unicode calls format characters in so far as it is
 * invisible: soft hyphen, Arabic letter mark, zero-width and directional
 * characters, invisible operators, byte order mark, tags.
 */
static bool is_unseen(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0xad ||
           code == 0x34f || code == 0x61c || code == 0x115f || code == 0x1160 ||
           code == 0x3164 || code == 0xffa0 ||
           (code >= 0x180b && code <= 0x180f) ||
           (code >= 0x200b && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
           (code >= 0xfff9 && code <= 0xfffb) ||
           (code >= 0xe0000 && code <= 0xe0fff);
}

enum status mail_text_clean(struct arena *arena, struct slice text, size_t max,
                            struct slice *out)
{
    struct buf buf;
    uint32_t code;

    buf_init(&buf, arena, max);
    while (text.len > 0) {
        size_t len = utf8_decode(text, &code);
        struct slice character =
            code == UTF8_INVALID ? UTF8_REPLACEMENT : slice_head(text, len);

        text = slice_from(text, len);
        /* A line break or a tab parted two words: so does a space. */
        if (code == '\n' || code == '\t') {
            character = SLICE(" ");
        } else if (is_unseen(code)) {
            continue;
        }
        if (character.len > max - buf.len) {
            break;
        }
        buf_add(&buf, character);
    }
    TRY(buf_finish(&buf, out));
    *out = slice_trim(*out);
    return STATUS_OK;
}

static bool is_ascii(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x7f) {
            return false;
        }
    }
    return true;
}

/* A folded line of plain words could be cut where there is no space, and
 * "=?" could be taken for an encoded word. */
static bool needs_words(struct slice text, size_t column)
{
    return !is_ascii(text) || slice_contains(text, SLICE("=?")) ||
           column + text.len + 2 > HEADER_COLUMNS;
}

static void add_words(struct buf *buf, struct slice text)
{
    size_t max = WORD_FIRST;

    while (text.len > 0) {
        struct slice word = utf8_truncate(text, max);

        buf_add(buf, SLICE("=?UTF-8?B?"));
        base64_encode(buf, word);
        buf_add(buf, SLICE("?="));
        text = slice_from(text, word.len);
        if (text.len > 0) {
            buf_add(buf, SLICE("\r\n "));
        }
        max = WORD_BYTES;
    }
}

void mail_header_add(struct buf *buf, struct slice text, size_t column,
                     bool quoted)
{
    if (needs_words(text, column)) {
        add_words(buf, text);
        return;
    }
    if (!quoted) {
        buf_add(buf, text);
        return;
    }
    buf_add_byte(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\') {
            buf_add_byte(buf, '\\');
        }
        buf_add_byte(buf, text.ptr[i]);
    }
    buf_add_byte(buf, '"');
}

/* One line, without its end. A space or tab at the end would be lost, "From "
 * and a lone dot would be changed by mail systems on the way. */
static void add_line(struct buf *buf, struct slice line)
{
    size_t column = 0;

    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        bool last = i + 1 == line.len;
        bool plain = (c > 0x20 && c < 0x7f && c != '=') ||
                     ((c == ' ' || c == '\t') && !last);

        if (i == 0 && (c == '.' || slice_starts_with(line, SLICE("From ")))) {
            plain = false;
        }
        if (column + (plain ? 1 : 3) > LINE_MAX_BYTES - 1) {
            buf_add(buf, SLICE("=\r\n"));
            column = 0;
            plain = plain && c != '.'; /* it begins a line now */
        }
        if (plain) {
            buf_add_byte(buf, (char)c);
        } else {
            buf_format(buf, "=%02X", (unsigned)c);
        }
        column += plain ? 1 : 3;
    }
    buf_add(buf, SLICE("\r\n"));
}

void mail_quoted_printable_add(struct buf *buf, struct slice text)
{
    struct slice line;

    if (slice_ends_with(text, SLICE("\n"))) {
        text.len--;
    }
    while (slice_split(&text, '\n', &line)) {
        if (slice_ends_with(line, SLICE("\r"))) {
            line.len--;
        }
        add_line(buf, line);
    }
}
