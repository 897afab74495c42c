/* SPDX-License-Identifier: Apache-2.0 */
#include "http/date.h"

#include "base/clock.h"

#define DAY_SECONDS  86400
#define LAST_SECOND  253402300799 /* the last of the year 9999 */
#define IMF_FORM     "eee, dd nnn yyyy hh:mm:ss GMT"
#define ASCTIME_FORM "eee nnn pd hh:mm:ss yyyy"
#define RFC850_FORM  ", dd-nnn-yy hh:mm:ss GMT"

static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static const struct slice day_names[] = {
    SLICE_INIT("Sunday"),    SLICE_INIT("Monday"),   SLICE_INIT("Tuesday"),
    SLICE_INIT("Wednesday"), SLICE_INIT("Thursday"), SLICE_INIT("Friday"),
    SLICE_INIT("Saturday"),
};

/* A date taken apart; month from 0, weekday from Sunday = 0. */
struct parts {
    int64_t year;
    int64_t month;
    int64_t day;
    int64_t hour;
    int64_t minute;
    int64_t second;
    int64_t weekday;
};

/*
 * Days from 1970-01-01. Years are counted from March, so that the leap day is
 * the last of its year and every month before it begins at a fixed day.
 */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = year + 400 - (month < 2); /* + 400: never below 0 */
    int64_t m = (month + 10) % 12;        /* March = 0 */
    int64_t days = y * 365 + y / 4 - y / 100 + y / 400;

    return days + (m * 153 + 2) / 5 + day - 1 - (719468 + 146097);
}

static int64_t month_length(int64_t year, int64_t month)
{
    return days_of(year + month / 11, (month + 1) % 12, 1) -
           days_of(year, month, 1);
}

/* 1970-01-01 was a Thursday; the second term keeps the sum positive. */
static int64_t weekday_of(int64_t days)
{
    return (days + 4 + (int64_t)7 * 200000) % 7;
}

static int64_t year_of(int64_t days)
{
    int64_t year = 1970 + days / 366; /* never too late */

    while (days_of(year + 1, 0, 1) <= days) {
        year++;
    }
    return year;
}

static void write_digits(char *out, int64_t number, size_t width)
{
    while (width-- > 0) {
        out[width] = (char)('0' + number % 10);
        number /= 10;
    }
}

void http_date_write(int64_t seconds, char out[static HTTP_DATE_SIZE])
{
    int64_t at = seconds < 0 ? 0 : seconds;
    int64_t days;
    int64_t year;
    int64_t month = 11;

    at = at > LAST_SECOND ? LAST_SECOND : at;
    days = at / DAY_SECONDS;
    year = year_of(days);
    while (days_of(year, month, 1) > days) {
        month--;
    }
    memcpy(out, IMF_FORM, HTTP_DATE_SIZE);
    memcpy(out, day_names[weekday_of(days)].ptr, 3);
    write_digits(out + 5, days - days_of(year, month, 1) + 1, 2);
    memcpy(out + 8, month_names + 3 * month, 3);
    write_digits(out + 12, year, 4);
    write_digits(out + 17, at % DAY_SECONDS / 3600, 2);
    write_digits(out + 20, at % 3600 / 60, 2);
    write_digits(out + 23, at % 60, 2);
}

static int64_t *field_of(struct parts *parts, char letter)
{
    switch (letter) {
    case 'd':
        return &parts->day;
    case 'y':
        return &parts->year;
    case 'h':
        return &parts->hour;
    case 'm':
        return &parts->minute;
    case 's':
        return &parts->second;
    default:
        return NULL;
    }
}

/* One byte against one letter of a form; names are read elsewhere. */
static bool read_byte(char byte, char letter, struct parts *parts)
{
    int64_t *field = field_of(parts, letter);

    if (letter == 'e' || letter == 'n') {
        return true;
    }
    if (letter == 'p') { /* asctime pads the day with a space */
        parts->day = byte == ' ' ? 0 : byte - '0';
        return byte == ' ' || ascii_is_digit(byte);
    }
    if (field == NULL) {
        return byte == letter;
    }
    *field = *field * 10 + (byte - '0');
    return ascii_is_digit(byte);
}

static bool read_month(struct slice name, int64_t *month)
{
    for (int64_t i = 0; i < 12; i++) {
        if (slice_equal(name, slice_make(month_names + 3 * i, 3))) {
            *month = i;
            return true;
        }
    }
    return false;
}

/* The day whose name, cut at `length` bytes, is all of `name`. */
static bool read_weekday(struct slice name, size_t length, int64_t *weekday)
{
    for (int64_t i = 0; i < 7; i++) {
        if (slice_equal(name, slice_head(day_names[i], length))) {
            *weekday = i;
            return true;
        }
    }
    return false;
}

/* The letters of a form: e weekday, n month, d y h m s digits, p padding. */
static bool read_form(struct slice text, struct slice form, struct parts *parts)
{
    size_t weekday = slice_find(form, 'e');
    size_t month = slice_find(form, 'n');

    if (text.len != form.len) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!read_byte(text.ptr[i], form.ptr[i], parts)) {
            return false;
        }
    }
    if (weekday < form.len &&
        !read_weekday(slice_head(text, 3), 3, &parts->weekday)) {
        return false;
    }
    return read_month(slice_head(slice_from(text, month), 3), &parts->month);
}

/*
 * The two digits of a year that is not more than 50 years ahead of today
 * (RFC 9110 section 5.6.7).
 */
static int64_t full_year(int64_t two_digits)
{
    int64_t now = year_of(clock_wall_ms() / 1000 / DAY_SECONDS);
    int64_t year = now - now % 100 + two_digits;

    if (year > now + 50) {
        return year - 100;
    }
    return year <= now - 50 ? year + 100 : year;
}

static bool read_rfc850(struct slice text, struct parts *parts)
{
    size_t comma = slice_find(text, ',');

    if (!read_weekday(slice_head(text, comma), SIZE_MAX, &parts->weekday) ||
        !read_form(slice_from(text, comma), SLICE(RFC850_FORM), parts)) {
        return false;
    }
    parts->year = full_year(parts->year);
    return true;
}

static bool read_parts(struct slice text, struct parts *parts)
{
    if (text.len == sizeof(IMF_FORM) - 1 && text.ptr[3] == ',') {
        return read_form(text, SLICE(IMF_FORM), parts);
    }
    if (text.len == sizeof(ASCTIME_FORM) - 1) {
        return read_form(text, SLICE(ASCTIME_FORM), parts);
    }
    return read_rfc850(text, parts);
}

bool http_date_read(struct slice text, int64_t *seconds)
{
    struct parts parts = {0};
    int64_t days;

    if (!read_parts(text, &parts)) {
        return false;
    }
    /* A 60th second is grammatical, for leap seconds. */
    if (parts.day < 1 || parts.day > month_length(parts.year, parts.month) ||
        parts.hour > 23 || parts.minute > 59 || parts.second > 60) {
        return false;
    }
    days = days_of(parts.year, parts.month, parts.day);
    if (weekday_of(days) != parts.weekday) {
        return false;
    }
    *seconds = days * DAY_SECONDS + parts.hour * 3600 + parts.minute * 60 +
               parts.second;
    return true;
}
