/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/numeric.h"

#include "base/buf.h"

#include <stdlib.h>

/* The widest one may declare: 131072 digits before the point. */
#define NUMERIC_TEXT_MAX ((size_t)160000)

#define SIGN_PLUS  0x0000
#define SIGN_MINUS 0x4000

#define HEAD_BYTES 8

struct numeric {
    struct slice digits; /* two bytes each, 0 to 9999 */
    size_t count;
    int weight; /* of the first digit, as a power of 10000 */
    uint16_t sign;
};

static uint16_t read_word(struct slice bytes, size_t at)
{
    const unsigned char *byte = (const unsigned char *)bytes.ptr + at;

    return (uint16_t)(byte[0] << 8 | byte[1]);
}

static bool read_head(struct slice bytes, struct numeric *out)
{
    if (bytes.len < HEAD_BYTES) {
        return false;
    }
    out->count = read_word(bytes, 0);
    out->weight = (int16_t)read_word(bytes, 2);
    out->sign = read_word(bytes, 4);
    out->digits = slice_from(bytes, HEAD_BYTES);
    return out->digits.len == 2 * out->count &&
           (out->sign == SIGN_PLUS || out->sign == SIGN_MINUS);
}

static unsigned digit_at(const struct numeric *numeric, int power)
{
    int at = numeric->weight - power;

    return at < 0 || (size_t)at >= numeric->count
               ? 0
               : read_word(numeric->digits, 2 * (size_t)at);
}

/* "-12340000.0567" */
static void print(const struct numeric *numeric, struct buf *buf)
{
    int last = numeric->weight - (int)numeric->count + 1;

    buf_add(buf, numeric->sign == SIGN_MINUS ? SLICE("-") : SLICE_EMPTY);
    buf_add(buf, numeric->weight < 0 ? SLICE("0") : SLICE_EMPTY);
    for (int power = numeric->weight; power >= 0; power--) {
        buf_format(buf, power == numeric->weight ? "%u" : "%04u",
                   digit_at(numeric, power));
    }
    buf_add(buf, last < 0 ? SLICE(".") : SLICE_EMPTY);
    for (int power = -1; power >= last; power--) {
        buf_format(buf, "%04u", digit_at(numeric, power));
    }
    buf_add_byte(buf, '\0');
}

static bool to_integer(const struct numeric *numeric, int64_t *out)
{
    int64_t number = 0;

    if (numeric->count > 0 && numeric->weight - (int)numeric->count + 1 < 0) {
        return false;
    }
    for (int power = numeric->weight; power >= 0; power--) {
        int64_t digit = (int64_t)digit_at(numeric, power);

        digit = numeric->sign == SIGN_MINUS ? -digit : digit;
        if (__builtin_mul_overflow(number, 10000, &number) ||
            __builtin_add_overflow(number, digit, &number)) {
            return false;
        }
    }
    *out = number;
    return true;
}

enum status postgres_numeric_take(struct slice bytes, struct arena *arena,
                                  struct value *out)
{
    struct numeric numeric;
    struct slice text;
    struct buf buf;
    int64_t whole;

    if (!read_head(bytes, &numeric)) {
        return STATUS_INVALID_VALUE;
    }
    if (to_integer(&numeric, &whole)) {
        *out = value_integer(whole);
        return STATUS_OK;
    }
    buf_init(&buf, arena, NUMERIC_TEXT_MAX);
    print(&numeric, &buf);
    TRY(buf_finish(&buf, &text));
    *out = (struct value){.kind = VALUE_REAL, .real = strtod(text.ptr, NULL)};
    return STATUS_OK;
}
