/* SPDX-License-Identifier: Apache-2.0 */
#include "http/chunked.h"

#include "codec/hex.h"
#include "http/chars.h"
#include "http/head_parts.h"

#define SIZE_DIGITS_MAX 16

void chunked_init(struct chunked *chunked, uint64_t limit)
{
    *chunked = (struct chunked){.room = limit};
}

static enum status size_step(struct chunked *chunked, char byte)
{
    int value = hex_digit(byte);

    if (byte == '\r' && chunked->digits > 0) {
        chunked->state = CHUNKED_SIZE_LF;
        return STATUS_OK;
    }
    if (value < 0 || chunked->digits == SIZE_DIGITS_MAX) {
        return STATUS_BAD_REQUEST;
    }
    chunked->digits++;
    chunked->size = chunked->size << 4 | (uint64_t)value;
    return STATUS_OK;
}

/* The size line is whole. */
static enum status size_settle(struct chunked *chunked)
{
    chunked->digits = 0;
    if (chunked->size > chunked->room) {
        return STATUS_TOO_LARGE;
    }
    chunked->room -= chunked->size;
    chunked->state = chunked->size == 0 ? CHUNKED_LINE : CHUNKED_DATA;
    return STATUS_OK;
}

/* The colon behind a trailer's name. */
static enum status name_settle(struct chunked *chunked)
{
    struct slice name = slice_make(chunked->name, chunked->name_len);

    chunked->state = CHUNKED_VALUE;
    if (chunked->name_len > CHUNKED_NAME_MAX) {
        return STATUS_OK;
    }
    switch (field_kind_of(name)) {
    case FIELD_HOST:
    case FIELD_LENGTH:
    case FIELD_CODING:
    case FIELD_DISGUISED:
        return STATUS_BAD_REQUEST;
    default:
        return STATUS_OK;
    }
}

static enum status name_step(struct chunked *chunked, char byte)
{
    if (byte == ':' && chunked->name_len > 0) {
        return name_settle(chunked);
    }
    if (!http_char_is(byte, HTTP_CHAR_TOKEN)) {
        return STATUS_BAD_REQUEST;
    }
    if (chunked->name_len < CHUNKED_NAME_MAX) {
        chunked->name[chunked->name_len] = byte;
    }
    chunked->name_len++;
    return STATUS_OK;
}

static enum status line_step(struct chunked *chunked, char byte)
{
    if (byte == '\r') {
        chunked->state = CHUNKED_END_LF;
        return STATUS_OK;
    }
    if (++chunked->trailer_fields > CHUNKED_TRAILER_FIELDS) {
        return STATUS_HEADERS_TOO_LARGE;
    }
    chunked->state = CHUNKED_NAME;
    chunked->name_len = 0;
    return name_step(chunked, byte);
}

static enum status value_step(struct chunked *chunked, char byte)
{
    if (byte == '\r') {
        chunked->state = CHUNKED_VALUE_LF;
        return STATUS_OK;
    }
    return http_text_run(slice_make(&byte, 1)) == 1 ? STATUS_OK
                                                    : STATUS_BAD_REQUEST;
}

static enum status trailer_step(struct chunked *chunked, char byte)
{
    if (chunked->state == CHUNKED_LINE) {
        return line_step(chunked, byte);
    }
    return chunked->state == CHUNKED_NAME ? name_step(chunked, byte)
                                          : value_step(chunked, byte);
}

static enum status expect_byte(struct chunked *chunked, char byte, char wanted,
                               enum chunked_state next)
{
    if (byte != wanted) {
        return STATUS_BAD_REQUEST;
    }
    chunked->state = next;
    return STATUS_OK;
}

/* One byte of framing; never called in DATA or DONE. */
static enum status framing_step(struct chunked *chunked, char byte)
{
    if (chunked->state >= CHUNKED_LINE &&
        ++chunked->trailer_len > CHUNKED_TRAILER_MAX) {
        return STATUS_HEADERS_TOO_LARGE;
    }
    switch (chunked->state) {
    case CHUNKED_SIZE:
        return size_step(chunked, byte);
    case CHUNKED_SIZE_LF:
        TRY(expect_byte(chunked, byte, '\n', CHUNKED_DATA));
        return size_settle(chunked);
    case CHUNKED_DATA_CR:
        return expect_byte(chunked, byte, '\r', CHUNKED_DATA_LF);
    case CHUNKED_DATA_LF:
        return expect_byte(chunked, byte, '\n', CHUNKED_SIZE);
    case CHUNKED_VALUE_LF:
        return expect_byte(chunked, byte, '\n', CHUNKED_LINE);
    case CHUNKED_END_LF:
        return expect_byte(chunked, byte, '\n', CHUNKED_DONE);
    default:
        return trailer_step(chunked, byte);
    }
}

static struct slice take_data(struct chunked *chunked, struct slice *input)
{
    size_t len =
        chunked->size < input->len ? (size_t)chunked->size : input->len;
    struct slice data = slice_head(*input, len);

    *input = slice_make(input->ptr + len, input->len - len);
    chunked->size -= len;
    if (chunked->size == 0) {
        chunked->state = CHUNKED_DATA_CR;
    }
    return data;
}

enum status chunked_next(struct chunked *chunked, struct slice *input,
                         struct slice *data, bool *done)
{
    *data = SLICE_EMPTY;
    *done = chunked->state == CHUNKED_DONE;
    while (chunked->refused == STATUS_OK && input->len > 0 && !*done) {
        if (chunked->state == CHUNKED_DATA) {
            *data = take_data(chunked, input);
            return STATUS_OK;
        }
        chunked->refused = framing_step(chunked, *input->ptr);
        input->ptr++;
        input->len--;
        *done = chunked->state == CHUNKED_DONE;
    }
    return chunked->refused;
}
