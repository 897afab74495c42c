/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON out, append-only, byte for byte as JSON.stringify prints it.
 *
 * Sets the commas and colons itself, so that a page of calls reads as the
 * object it makes. Never prints invalid UTF-8 (bad parts become U+FFFD) nor
 * NaN or infinity (null). Calls in an order that makes no JSON are mistakes
 * of ours and end in an assertion; running out of room sticks in the buf.
 *
 * Inside a script element "</script>" and "<!--" would end the text: set
 * `for_script`, and <, >, & and U+2028, U+2029 are written as escapes.
 */
#ifndef CODEC_JSON_WRITE_H
#define CODEC_JSON_WRITE_H

#include "base/buf.h"

struct json;

/* Twice what the reader takes: a tree read fits into an answer. */
#define JSON_WRITE_DEPTH_MAX 64

struct json_writer {
    struct buf *buf;
    uint64_t objects; /* a bit a level: 1 object, 0 array */
    unsigned depth;
    bool need_comma;
    bool after_name;
    bool for_script;
};

/* Writes to `buf`, behind what it holds. Borrows it. */
void json_writer_init(struct json_writer *writer, struct buf *buf);

void json_write_object(struct json_writer *writer);
void json_write_array(struct json_writer *writer);
/* Closes the innermost array or object. */
void json_write_end(struct json_writer *writer);
/* The next call gives this member's value. */
void json_write_name(struct json_writer *writer, struct slice name);

void json_write_text(struct json_writer *writer, struct slice text);
void json_write_int64(struct json_writer *writer, int64_t number);
void json_write_uint64(struct json_writer *writer, uint64_t number);
void json_write_number(struct json_writer *writer, double number);
void json_write_bool(struct json_writer *writer, bool value);
void json_write_null(struct json_writer *writer);
/* One whole value that is JSON already; it is not looked at. */
void json_write_raw(struct json_writer *writer, struct slice json);
/* A value that was read. Reals print as JavaScript prints them. */
void json_write_json(struct json_writer *writer, const struct json *json);

/* The text; asserts that everything opened was closed. */
MUST_USE enum status json_write_finish(const struct json_writer *writer,
                                       struct slice *out);

/* As Number.prototype.toString, but "null" where JSON has no number. */
void json_number_print(struct buf *buf, double number);

#endif
