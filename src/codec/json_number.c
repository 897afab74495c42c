/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Doubles as JavaScript prints them: the shortest digits that read back as
 * the same number, and of those the nearest (ECMA-262, Number::toString).
 *
 * The C library's conversions are exact, and the program never leaves the C
 * locale, so their point is a point.
 */
#include "codec/json_write.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS_MAX 17 /* enough for any double */
#define SCRATCH    32
#define EXACT_MAX  9007199254740992.0 /* 2^53: integers below are exact */

/* 0.DIGITS times ten to the `point`. */
struct decimal {
    char digits[DIGITS_MAX + 1];
    size_t len;
    int point;
};

/* What "%.*e" printed, as digits and exponent: "d.ddde-07". */
static void take_apart(const char *printed, struct decimal *out)
{
    const char *exponent = strchr(printed, 'e');

    out->len = 0;
    for (const char *at = printed; at < exponent; at++) {
        if (ascii_is_digit(*at)) {
            out->digits[out->len++] = *at;
        }
    }
    while (out->len > 1 && out->digits[out->len - 1] == '0') {
        out->len--;
    }
    out->digits[out->len] = '\0';
    out->point = (int)strtol(exponent + 1, NULL, 10) + 1;
}

static bool reads_back(const struct decimal *decimal, double number)
{
    char text[SCRATCH];

    (void)snprintf(text, sizeof(text), "%se%d", decimal->digits,
                   decimal->point - (int)decimal->len);
    return strtod(text, NULL) == number;
}

/*
 * The next decimal of as many digits. Below a power of two doubles stand twice
 * as close as above it, so the decimal next above may read back where the
 * nearest one, below, does not.
 */
static void step_up(struct decimal *decimal, size_t len)
{
    size_t at;

    while (decimal->len < len) {
        decimal->digits[decimal->len++] = '0';
    }
    decimal->digits[decimal->len] = '\0';
    for (at = decimal->len; at > 0 && decimal->digits[at - 1] == '9'; at--) {
        decimal->digits[at - 1] = '0';
    }
    if (at > 0) {
        decimal->digits[at - 1]++;
        return;
    }
    decimal->digits[0] = '1';
    decimal->point++;
}

static bool try_digits(double number, size_t len, struct decimal *out)
{
    char printed[SCRATCH];

    (void)snprintf(printed, sizeof(printed), "%.*e", (int)len - 1, number);
    take_apart(printed, out);
    if (reads_back(out, number)) {
        return true;
    }
    step_up(out, len);
    return reads_back(out, number);
}

/*
 * 15 digits survive the way through a normal double, so anything shorter than
 * that shows as zeros at the end of 15; subnormals hold fewer digits.
 */
static void shorten(double number, struct decimal *out)
{
    size_t len = number < DBL_MIN ? 1 : DBL_DIG;

    while (len < DIGITS_MAX && !try_digits(number, len, out)) {
        len++;
    }
    if (len == DIGITS_MAX) {
        (void)try_digits(number, len, out);
    }
}

static void add_zeros(struct buf *buf, int count)
{
    for (int i = 0; i < count; i++) {
        buf_add_byte(buf, '0');
    }
}

/* One digit, then perhaps a point and more; then the exponent with a sign. */
static void print_scientific(struct buf *buf, const struct decimal *decimal)
{
    int exponent = decimal->point - 1;

    buf_add_byte(buf, decimal->digits[0]);
    if (decimal->len > 1) {
        buf_add_byte(buf, '.');
        buf_add(buf, slice_make(decimal->digits + 1, decimal->len - 1));
    }
    buf_add(buf, exponent < 0 ? SLICE("e-") : SLICE("e+"));
    buf_add_u64(buf, (uint64_t)abs(exponent));
}

/* The cases of Number::toString, steps 6 to 10, in their order. */
static void print_decimal(struct buf *buf, const struct decimal *decimal)
{
    struct slice digits = slice_make(decimal->digits, decimal->len);
    int len = (int)decimal->len;
    int point = decimal->point;

    if (len <= point && point <= 21) {
        buf_add(buf, digits);
        add_zeros(buf, point - len);
    } else if (0 < point && point <= 21) {
        buf_add(buf, slice_head(digits, (size_t)point));
        buf_add_byte(buf, '.');
        buf_add(buf, slice_from(digits, (size_t)point));
    } else if (-6 < point && point <= 0) {
        buf_add(buf, SLICE("0."));
        add_zeros(buf, -point);
        buf_add(buf, digits);
    } else {
        print_scientific(buf, decimal);
    }
}

void json_number_print(struct buf *buf, double number)
{
    struct decimal decimal;

    if (!isfinite(number)) {
        buf_add(buf, SLICE("null"));
        return;
    }
    if (number == 0) { /* minus zero too */
        buf_add_byte(buf, '0');
        return;
    }
    if (number < 0) {
        buf_add_byte(buf, '-');
        number = -number;
    }
    if (number < EXACT_MAX && number == (double)(uint64_t)number) {
        buf_add_u64(buf, (uint64_t)number);
        return;
    }
    shorten(number, &decimal);
    print_decimal(buf, &decimal);
}
