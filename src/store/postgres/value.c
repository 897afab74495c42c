/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/result.h"

#include "codec/json_write.h"
#include "store/postgres/numeric.h"

#include <stdlib.h>

/* Types by their numbers in pg_type.dat, which never change. */
enum type {
    TYPE_BOOL = 16,
    TYPE_CHAR = 18,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_OID = 26,
    TYPE_JSON = 114,
    TYPE_FLOAT4 = 700,
    TYPE_FLOAT8 = 701,
    TYPE_UNKNOWN = 705,
    TYPE_TEXT_ARRAY = 1009,
    TYPE_VARCHAR_ARRAY = 1015,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043,
    TYPE_DATE = 1082,
    TYPE_TIMESTAMP = 1114,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_NUMERIC = 1700,
    TYPE_VOID = 2278,
    TYPE_UUID = 2950,
    TYPE_JSONB = 3802
};

#define MS_PER_DAY INT64_C(86400000)
/* From 1970, where we count from, to 2000, where PostgreSQL does. */
#define EPOCH_MS INT64_C(946684800000)
/* The furthest a JavaScript date goes; stands for "infinity". */
#define TIME_LIMIT_MS INT64_C(8640000000000000)

/* The longest list in one column, as JSON. */
#define ARRAY_JSON_MAX ((size_t)1 << 20)

static uint64_t read_big_endian(struct slice bytes)
{
    uint64_t number = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        number = number << 8 | (unsigned char)bytes.ptr[i];
    }
    return number;
}

static enum status take_integer(struct slice bytes, size_t size,
                                struct value *out)
{
    uint64_t number = read_big_endian(bytes);

    if (bytes.len != size) {
        return STATUS_INVALID_VALUE;
    }
    switch (size) {
    case 2:
        *out = value_integer((int16_t)number);
        break;
    case 4:
        *out = value_integer((int32_t)number);
        break;
    default:
        *out = value_integer((int64_t)number);
        break;
    }
    return STATUS_OK;
}

static enum status take_real(struct slice bytes, struct value *out)
{
    uint64_t wide = read_big_endian(bytes);
    uint32_t narrow = (uint32_t)wide;
    float single;

    *out = (struct value){.kind = VALUE_REAL};
    if (bytes.len == sizeof(single)) {
        memcpy(&single, &narrow, sizeof(single));
        out->real = (double)single;
        return STATUS_OK;
    }
    memcpy(&out->real, &wide, sizeof(out->real));
    return bytes.len == sizeof(out->real) ? STATUS_OK : STATUS_INVALID_VALUE;
}

static enum status take_timestamp(struct slice bytes, struct value *out)
{
    int64_t us = (int64_t)read_big_endian(bytes);
    int64_t part = ((us % 1000) + 1000) % 1000;

    if (bytes.len != sizeof(us)) {
        return STATUS_INVALID_VALUE;
    }
    if (us == INT64_MAX || us == INT64_MIN) {
        *out = value_time(us > 0 ? TIME_LIMIT_MS : -TIME_LIMIT_MS);
        return STATUS_OK;
    }
    /* Rounded down, so that two reads of one instant are equal. */
    *out = value_time((us - part) / 1000 + EPOCH_MS);
    return STATUS_OK;
}

static enum status take_date(struct slice bytes, struct value *out)
{
    int32_t days = (int32_t)read_big_endian(bytes);

    if (bytes.len != sizeof(days)) {
        return STATUS_INVALID_VALUE;
    }
    if (days == INT32_MAX || days == INT32_MIN) {
        *out = value_time(days > 0 ? TIME_LIMIT_MS : -TIME_LIMIT_MS);
        return STATUS_OK;
    }
    *out = value_time(days * MS_PER_DAY + EPOCH_MS);
    return STATUS_OK;
}

static enum status take_text(struct slice bytes, struct arena *arena,
                             struct value *out)
{
    out->kind = VALUE_TEXT;
    return slice_dup(arena, bytes, &out->text);
}

static enum status take_uuid(struct slice bytes, struct arena *arena,
                             struct value *out)
{
    uint64_t high = read_big_endian(slice_head(bytes, 8));
    uint64_t low = read_big_endian(slice_from(bytes, 8));

    if (bytes.len != 16) {
        return STATUS_INVALID_VALUE;
    }
    out->kind = VALUE_TEXT;
    return arena_format(arena, &out->text, "%08x-%04x-%04x-%04x-%012llx",
                        (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
                        (unsigned)(high & 0xffff), (unsigned)(low >> 48),
                        (unsigned long long)(low & 0xffffffffffff));
}

/* Behind a version byte it is the text. */
static enum status take_jsonb(struct slice bytes, struct arena *arena,
                              struct value *out)
{
    if (bytes.len == 0 || bytes.ptr[0] != 1) {
        return STATUS_INVALID_VALUE;
    }
    return take_text(slice_from(bytes, 1), arena, out);
}

static bool take_word(struct slice *bytes, uint32_t *out)
{
    if (bytes->len < sizeof(*out)) {
        return false;
    }
    *out = (uint32_t)read_big_endian(slice_head(*bytes, sizeof(*out)));
    *bytes = slice_from(*bytes, sizeof(*out));
    return true;
}

/* An element: its length, -1 for NULL, and its bytes. */
static bool write_element(struct json_writer *json, struct slice *bytes)
{
    uint32_t len;

    if (!take_word(bytes, &len)) {
        return false;
    }
    if (len == UINT32_MAX) {
        json_write_null(json);
        return true;
    }
    if (len > bytes->len) {
        return false;
    }
    json_write_text(json, slice_head(*bytes, len));
    *bytes = slice_from(*bytes, len);
    return true;
}

/* One dimension, or none when it is empty; behind it its size and start. */
static enum status take_text_array(struct slice bytes, struct arena *arena,
                                   struct value *out)
{
    uint32_t dimensions, ignored, count = 0;
    struct json_writer json;
    struct buf buf;

    if (!take_word(&bytes, &dimensions) || !take_word(&bytes, &ignored) ||
        !take_word(&bytes, &ignored) || dimensions > 1 ||
        (dimensions == 1 &&
         (!take_word(&bytes, &count) || !take_word(&bytes, &ignored)))) {
        return STATUS_INVALID_VALUE;
    }
    buf_init(&buf, arena, ARRAY_JSON_MAX);
    json_writer_init(&json, &buf);
    json_write_array(&json);
    for (uint32_t i = 0; i < count; i++) {
        if (!write_element(&json, &bytes)) {
            return STATUS_INVALID_VALUE;
        }
    }
    json_write_end(&json);
    out->kind = VALUE_TEXT;
    return json_write_finish(&json, &out->text);
}

enum status postgres_value_read(uint32_t type, struct slice text,
                                struct arena *arena, struct value *out)
{
    switch (type) {
    case TYPE_BOOL:
        *out = value_boolean(slice_equal(text, SLICE("t")));
        return STATUS_OK;
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_OID:
        /* libpq puts a NUL behind each. */
        *out = value_integer(strtoll(text.ptr, NULL, 10));
        return STATUS_OK;
    default:
        return take_text(text, arena, out);
    }
}

enum status postgres_value_take(uint32_t type, struct slice bytes,
                                struct arena *arena, struct value *out)
{
    switch (type) {
    case TYPE_BOOL:
        *out = value_boolean(bytes.len == 1 && bytes.ptr[0] != 0);
        return STATUS_OK;
    case TYPE_INT2:
        return take_integer(bytes, 2, out);
    case TYPE_INT4:
        return take_integer(bytes, 4, out);
    case TYPE_INT8:
        return take_integer(bytes, 8, out);
    case TYPE_OID:
        *out = value_integer((int64_t)read_big_endian(bytes));
        return STATUS_OK;
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
        return take_real(bytes, out);
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_BPCHAR:
    case TYPE_NAME:
    case TYPE_CHAR:
    case TYPE_UNKNOWN:
    case TYPE_JSON:
        return take_text(bytes, arena, out);
    case TYPE_JSONB:
        return take_jsonb(bytes, arena, out);
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
        return take_timestamp(bytes, out);
    case TYPE_DATE:
        return take_date(bytes, out);
    case TYPE_UUID:
        return take_uuid(bytes, arena, out);
    case TYPE_NUMERIC:
        return postgres_numeric_take(bytes, arena, out);
    case TYPE_TEXT_ARRAY:
    case TYPE_VARCHAR_ARRAY:
        return take_text_array(bytes, arena, out);
    case TYPE_VOID:
        *out = VALUE_NOTHING;
        return STATUS_OK;
    default:
        return STATUS_INVALID_VALUE;
    }
}
