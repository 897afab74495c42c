/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_write.h"

#include "codec/json_read.h"
#include "codec/utf8.h"

#include <assert.h>

/* One in each byte of a word. */
#define EACH_BYTE ((uint64_t)0x0101010101010101)

void json_writer_init(struct json_writer *writer, struct buf *buf)
{
    *writer = (struct json_writer){.buf = buf};
}

static bool in_object(const struct json_writer *writer)
{
    return writer->depth > 0 &&
           (writer->objects >> (writer->depth - 1) & 1) != 0;
}

/* Before every value: the comma, and whether a value may stand here. */
static void begin_value(struct json_writer *writer)
{
    assert(writer->after_name || !in_object(writer));
    assert(writer->depth > 0 || !writer->need_comma);
    if (writer->need_comma && !writer->after_name) {
        buf_add_byte(writer->buf, ',');
    }
    writer->after_name = false;
    writer->need_comma = true;
}

static void open_level(struct json_writer *writer, uint64_t is_object)
{
    uint64_t bit;

    begin_value(writer);
    assert(writer->depth < JSON_WRITE_DEPTH_MAX);
    bit = UINT64_C(1) << writer->depth;
    writer->objects = (writer->objects & ~bit) | (is_object << writer->depth);
    writer->depth++;
    writer->need_comma = false;
    buf_add_byte(writer->buf, is_object != 0 ? '{' : '[');
}

void json_write_object(struct json_writer *writer)
{
    open_level(writer, 1);
}

void json_write_array(struct json_writer *writer)
{
    open_level(writer, 0);
}

void json_write_end(struct json_writer *writer)
{
    assert(writer->depth > 0 && !writer->after_name);
    buf_add_byte(writer->buf, in_object(writer) ? '}' : ']');
    writer->depth--;
    writer->need_comma = true;
}

static void add_code_unit(struct buf *buf, unsigned unit)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[] = {'\\',
                           'u',
                           digits[unit >> 12 & 15],
                           digits[unit >> 8 & 15],
                           digits[unit >> 4 & 15],
                           digits[unit & 15]};

    buf_add(buf, slice_make(escape, sizeof(escape)));
}

/* ECMA-262, QuoteJSONString: what must be escaped, and how. */
static void add_escape(struct buf *buf, uint8_t c)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; i < sizeof(shorts) - 1; i += 2) {
        if ((uint8_t)shorts[i] == c) {
            buf_add_byte(buf, '\\');
            buf_add_byte(buf, shorts[i + 1]);
            return;
        }
    }
    add_code_unit(buf, c);
}

static bool is_plain(uint8_t c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

/* The high bit of each byte below `least`; for bytes and bounds below 128. */
static uint64_t bytes_below(uint64_t word, uint8_t least)
{
    return (word - EACH_BYTE * least) & ~word & EACH_BYTE * 0x80;
}

/* Whether one of eight bytes is escaped, or is not ASCII. */
static bool is_odd(uint64_t word)
{
    return (bytes_below(word, 0x20) | bytes_below(word ^ EACH_BYTE * '"', 1) |
            bytes_below(word ^ EACH_BYTE * '\\', 1) |
            (word & EACH_BYTE * 0x80)) != 0;
}

/* How many bytes at the front are ASCII and stand for themselves. */
static size_t plain_run(struct slice text)
{
    size_t at = 0;
    uint64_t word;

    for (; text.len - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, text.ptr + at, sizeof(word));
        if (is_odd(word)) {
            break;
        }
    }
    while (at < text.len && (uint8_t)text.ptr[at] < 0x80 &&
           is_plain((uint8_t)text.ptr[at])) {
        at++;
    }
    return at;
}

static void add_quoted_run(struct buf *buf, struct slice text)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = (uint8_t)text.ptr[i];

        if (is_plain(c)) {
            continue;
        }
        buf_add(buf, slice_make(text.ptr + from, i - from));
        add_escape(buf, c);
        from = i + 1;
    }
    buf_add(buf, slice_from(text, from));
}

static bool is_special(uint32_t code, bool for_script)
{
    return code == UTF8_INVALID ||
           (for_script && (code == '<' || code == '>' || code == '&' ||
                           code == 0x2028 || code == 0x2029));
}

/* The slower walk, a character at a time. */
static void add_quoted_specials(struct buf *buf, struct slice text,
                                bool for_script)
{
    size_t from = 0;
    size_t at = 0;

    while (at < text.len) {
        uint32_t code;
        size_t len = utf8_decode(slice_from(text, at), &code);

        if (is_special(code, for_script)) {
            add_quoted_run(buf, slice_make(text.ptr + from, at - from));
            if (code == UTF8_INVALID) {
                buf_add(buf, UTF8_REPLACEMENT);
            } else {
                add_code_unit(buf, code);
            }
            from = at + len;
        }
        at += len;
    }
    add_quoted_run(buf, slice_from(text, from));
}

/* Most texts, and all names of ours. */
static void add_quoted_plain(struct buf *buf, struct slice text)
{
    char *to = buf_reserve(buf, text.len + 2);

    if (to != NULL) {
        *to++ = '"';
        to = mempcpy(to, text.ptr == NULL ? "" : text.ptr, text.len);
        *to = '"';
        buf_commit(buf, text.len + 2);
    }
}

static void add_quoted(const struct json_writer *writer, struct slice text)
{
    if (!writer->for_script && plain_run(text) == text.len) {
        add_quoted_plain(writer->buf, text);
        return;
    }
    buf_add_byte(writer->buf, '"');
    if (writer->for_script || !utf8_is_valid(text)) {
        add_quoted_specials(writer->buf, text, writer->for_script);
    } else {
        add_quoted_run(writer->buf, text);
    }
    buf_add_byte(writer->buf, '"');
}

void json_write_name(struct json_writer *writer, struct slice name)
{
    assert(in_object(writer) && !writer->after_name);
    if (writer->need_comma) {
        buf_add_byte(writer->buf, ',');
    }
    add_quoted(writer, name);
    buf_add_byte(writer->buf, ':');
    writer->after_name = true;
}

void json_write_text(struct json_writer *writer, struct slice text)
{
    begin_value(writer);
    add_quoted(writer, text);
}

void json_write_int64(struct json_writer *writer, int64_t number)
{
    begin_value(writer);
    if (number < 0) {
        buf_add_byte(writer->buf, '-');
        buf_add_u64(writer->buf, -(uint64_t)number);
        return;
    }
    buf_add_u64(writer->buf, (uint64_t)number);
}

void json_write_uint64(struct json_writer *writer, uint64_t number)
{
    begin_value(writer);
    buf_add_u64(writer->buf, number);
}

void json_write_number(struct json_writer *writer, double number)
{
    begin_value(writer);
    json_number_print(writer->buf, number);
}

void json_write_raw(struct json_writer *writer, struct slice json)
{
    begin_value(writer);
    buf_add(writer->buf, json);
}

void json_write_bool(struct json_writer *writer, bool value)
{
    json_write_raw(writer, value ? SLICE("true") : SLICE("false"));
}

void json_write_null(struct json_writer *writer)
{
    json_write_raw(writer, SLICE("null"));
}

static void write_scalar(struct json_writer *writer, const struct json *json)
{
    struct slice text;
    int64_t integer;
    double real;
    bool truth;

    if (json_text(json, &text) == STATUS_OK) {
        json_write_text(writer, text);
    } else if (json_int64(json, &integer) == STATUS_OK) {
        json_write_int64(writer, integer);
    } else if (json_number(json, &real) == STATUS_OK) {
        json_write_number(writer, real);
    } else if (json_bool(json, &truth) == STATUS_OK) {
        json_write_bool(writer, truth);
    } else {
        json_write_null(writer);
    }
}

/* Recursive, but no deeper than JSON_DEPTH_MAX: no deeper tree exists. */
void json_write_json(struct json_writer *writer, const struct json *json)
{
    struct json_member member = {0};

    if (json_kind_of(json) == JSON_KIND_ARRAY) {
        json_write_array(writer);
        for (size_t i = 0; i < json_count(json); i++) {
            json_write_json(writer, json_at(json, i));
        }
        json_write_end(writer);
        return;
    }
    if (json_kind_of(json) != JSON_KIND_OBJECT) {
        write_scalar(writer, json);
        return;
    }
    json_write_object(writer);
    while (json_next(json, &member)) {
        json_write_name(writer, member.name);
        json_write_json(writer, member.value);
    }
    json_write_end(writer);
}

enum status json_write_finish(const struct json_writer *writer,
                              struct slice *out)
{
    assert(writer->depth == 0 && writer->need_comma);
    return buf_finish(writer->buf, out);
}
