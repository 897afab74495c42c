/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/iso_date.h"

#define DAY_MS      INT64_C(86400000)
#define ERA_DAYS    146097 /* of 400 years */
#define EPOCH_DAYS  719468 /* from 0000-03-01 to 1970-01-01 */
#define FIRST_MS    INT64_C(-62167219200000)
#define LAST_MS     INT64_C(253402300799999)
#define FRACTION    9 /* digits; PostgreSQL prints 6 */
#define OFFSET_HOUR 23

struct day {
    int64_t year;
    int64_t month; /* from 1 */
    int64_t day;
};

/*
 * Years are counted from March, so that the leap day is the last of its year
 * and (153 m + 2) / 5 gives the day on which each month begins.
 */
static int64_t days_of(const struct day *day)
{
    int64_t year = day->year + 400 - (day->month < 3); /* never below 0 */
    int64_t month = (day->month + 9) % 12;

    return year * 365 + year / 4 - year / 100 + year / 400 +
           (month * 153 + 2) / 5 + day->day - 1 - EPOCH_DAYS - ERA_DAYS;
}

static struct day day_of(int64_t days)
{
    int64_t from = days + EPOCH_DAYS + ERA_DAYS; /* never below 0 */
    int64_t era = from / ERA_DAYS;
    int64_t rest = from % ERA_DAYS;
    int64_t year = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    int64_t at = rest - (year * 365 + year / 4 - year / 100);
    int64_t month = (at * 5 + 2) / 153;

    return (struct day){
        .year = year + (era - 1) * 400 + (month > 9),
        .month = month > 9 ? month - 9 : month + 3,
        .day = at - (month * 153 + 2) / 5 + 1,
    };
}

static void put(char *out, int64_t number, size_t width)
{
    while (width-- > 0) {
        out[width] = (char)('0' + number % 10);
        number /= 10;
    }
}

void iso_date_print(int64_t ms, char out[static ISO_DATE_SIZE])
{
    int64_t at = ms < FIRST_MS ? FIRST_MS : ms > LAST_MS ? LAST_MS : ms;
    int64_t days = (at - FIRST_MS) / DAY_MS + FIRST_MS / DAY_MS;
    int64_t rest = at - days * DAY_MS;
    struct day day = day_of(days);

    memcpy(out, "0000-00-00T00:00:00.000Z", ISO_DATE_SIZE);
    put(out, day.year, 4);
    put(out + 5, day.month, 2);
    put(out + 8, day.day, 2);
    put(out + 11, rest / 3600000, 2);
    put(out + 14, rest / 60000 % 60, 2);
    put(out + 17, rest / 1000 % 60, 2);
    put(out + 20, rest % 1000, 3);
}

static bool take_byte(struct slice *rest, char byte)
{
    if (rest->len == 0 || rest->ptr[0] != byte) {
        return false;
    }
    *rest = slice_from(*rest, 1);
    return true;
}

/* Exactly `width` digits. */
static bool take_number(struct slice *rest, size_t width, int64_t *out)
{
    int64_t number = 0;

    if (rest->len < width) {
        return false;
    }
    for (size_t i = 0; i < width; i++) {
        if (!ascii_is_digit(rest->ptr[i])) {
            return false;
        }
        number = number * 10 + (rest->ptr[i] - '0');
    }
    *rest = slice_from(*rest, width);
    *out = number;
    return true;
}

static bool take_day(struct slice *rest, int64_t *days)
{
    struct day day;
    struct day there;

    if (!take_number(rest, 4, &day.year) || !take_byte(rest, '-') ||
        !take_number(rest, 2, &day.month) || !take_byte(rest, '-') ||
        !take_number(rest, 2, &day.day) || day.month < 1 || day.month > 12 ||
        day.day < 1) {
        return false;
    }
    *days = days_of(&day);
    there = day_of(*days);
    return there.month == day.month; /* not so for the 30th of February */
}

/* Behind the point: one digit at least. */
static bool take_fraction(struct slice *rest, int64_t *ms)
{
    int64_t weight = 100;
    size_t len = 0;

    *ms = 0;
    while (len < rest->len && len < FRACTION &&
           ascii_is_digit(rest->ptr[len])) {
        *ms += weight * (rest->ptr[len] - '0');
        weight /= 10;
        len++;
    }
    *rest = slice_from(*rest, len);
    return len > 0;
}

static bool take_seconds(struct slice *rest, int64_t *ms)
{
    int64_t second;
    int64_t fraction = 0;

    *ms = 0;
    if (!take_byte(rest, ':')) {
        return true;
    }
    if (!take_number(rest, 2, &second) || second > 59 ||
        (take_byte(rest, '.') && !take_fraction(rest, &fraction))) {
        return false;
    }
    *ms = second * 1000 + fraction;
    return true;
}

static bool take_hour_and_minute(struct slice *rest, int64_t *ms)
{
    int64_t hour;
    int64_t minute;

    if (!take_number(rest, 2, &hour) || !take_byte(rest, ':') ||
        !take_number(rest, 2, &minute) || hour > OFFSET_HOUR || minute > 59) {
        return false;
    }
    *ms = (hour * 60 + minute) * 60000;
    return true;
}

static bool take_offset(struct slice *rest, int64_t *ms)
{
    bool behind;

    *ms = 0;
    if (rest->len == 0 || take_byte(rest, 'Z')) {
        return true;
    }
    behind = take_byte(rest, '-');
    if ((!behind && !take_byte(rest, '+')) || !take_hour_and_minute(rest, ms)) {
        return false;
    }
    *ms = behind ? -*ms : *ms;
    return true;
}

static bool take_time(struct slice *rest, int64_t *ms)
{
    int64_t seconds;
    int64_t offset;

    if (rest->len == 0) {
        *ms = 0;
        return true;
    }
    if ((!take_byte(rest, 'T') && !take_byte(rest, ' ')) ||
        !take_hour_and_minute(rest, ms) || !take_seconds(rest, &seconds) ||
        !take_offset(rest, &offset)) {
        return false;
    }
    *ms += seconds - offset;
    return true;
}

enum status iso_date_parse(struct slice text, int64_t *ms)
{
    int64_t days;
    int64_t time;

    if (!take_day(&text, &days) || !take_time(&text, &time) || text.len > 0) {
        return STATUS_INVALID_VALUE;
    }
    *ms = days * DAY_MS + time;
    return STATUS_OK;
}
