/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "codec/iso_date.h"

#include <time.h>

struct vector {
    const char *text;
    int64_t ms;
};

static struct slice print(int64_t ms, char bytes[static ISO_DATE_SIZE])
{
    iso_date_print(ms, bytes);
    return slice_make(bytes, ISO_DATE_SIZE);
}

static void prints_what_to_iso_string_prints(void **state)
{
    static const struct vector vectors[] = {
        {"1970-01-01T00:00:00.000Z", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2026-11-21T01:53:54.657Z", 1795226034657},
        {"2000-02-29T12:00:00.001Z", 951825600001},
        {"2100-02-28T23:59:59.999Z", 4107542399999},
        {"0000-01-01T00:00:00.000Z", -62167219200000},
        {"9999-12-31T23:59:59.999Z", 253402300799999},
    };
    char bytes[ISO_DATE_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        int64_t ms;

        check_slice(print(vectors[i].ms, bytes),
                    slice_from_cstr(vectors[i].text));
        check_ok(iso_date_parse(slice_from_cstr(vectors[i].text), &ms));
        assert_int_equal(ms, vectors[i].ms);
    }
}

static void prints_the_nearest_date_that_has_a_form(void **state)
{
    char bytes[ISO_DATE_SIZE];

    (void)state;
    check_text(print(INT64_MIN, bytes), "0000-01-01T00:00:00.000Z");
    check_text(print(INT64_MAX, bytes), "9999-12-31T23:59:59.999Z");
}

static void reads_every_form_it_names(void **state)
{
    static const struct vector vectors[] = {
        {"2020-01-01", 1577836800000},
        {"2020-01-01T00:00Z", 1577836800000},
        {"2020-01-01T00:00", 1577836800000},
        {"2020-01-01 00:00:01", 1577836801000},
        {"2020-01-01T00:00:00.5Z", 1577836800500},
        {"2020-01-01T00:00:00.123456Z", 1577836800123},
        {"2020-01-01T00:00:00.999999999Z", 1577836800999},
        {"2020-01-01T05:30:00+05:30", 1577836800000},
        {"2019-12-31T19:00:00-05:00", 1577836800000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        int64_t ms;

        check_ok(iso_date_parse(slice_from_cstr(vectors[i].text), &ms));
        assert_int_equal(ms, vectors[i].ms);
    }
}

static void refuses_everything_else(void **state)
{
    static const char *const texts[] = {
        "",
        "2020",
        "2020-1-1",
        "2020-13-01",
        "2020-00-01",
        "2020-01-00",
        "2020-01-32",
        "2019-02-29",
        "2100-02-29",
        "2020-04-31",
        "2020-01-01T",
        "2020-01-01T24:00",
        "2020-01-01T00:60",
        "2020-01-01T00:00:60Z",
        "2020-01-01T00:00:00.Z",
        "2020-01-01T00:00:00.1234567890Z",
        "2020-01-01T00:00:00z",
        "2020-01-01t00:00:00Z",
        "2020-01-01T00Z",
        "2020-01-01T00:00:00Z ",
        " 2020-01-01",
        "2020-01-01  00:00:00",
        "2020-01-01T00:00:00+5:30",
        "2020-01-01T00:00:00+05:60",
        "2020-01-01T00:00:00+24:00",
        "2020-01-01T00:00:00+0530",
        "2020-01-01T00:00:00ZZ",
        "2020-01-01Z",
        "+2020-01-01",
        "-2020-01-01",
        "12020-01-01",
        "0x20-01-01",
        "2020-01-01T00:00:00,5Z",
        "1577836800000",
        "tomorrow",
        "2020-01-01T-1:00",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        int64_t ms;

        check_status(iso_date_parse(slice_from_cstr(texts[i]), &ms),
                     STATUS_INVALID_VALUE);
    }
}

/* Every day of the calendar, against the C library's. */
static void agrees_with_the_c_library_on_every_day(void **state)
{
    char bytes[ISO_DATE_SIZE];
    char want[ISO_DATE_SIZE + 1];

    (void)state;
    for (time_t day = -719528; day <= 2932896; day++) {
        time_t at = day * 86400 + 86399;
        struct tm tm;

        assert_non_null(gmtime_r(&at, &tm));
        strftime(want, sizeof(want), "0000-%m-%dT%H:%M:%S.000Z", &tm);
        for (int i = 3, year = tm.tm_year + 1900; i >= 0; i--, year /= 10) {
            want[i] = (char)('0' + year % 10);
        }
        check_slice(print((int64_t)at * 1000, bytes), slice_from_cstr(want));
    }
}

RUN_TESTS(cmocka_unit_test(prints_what_to_iso_string_prints),
          cmocka_unit_test(prints_the_nearest_date_that_has_a_form),
          cmocka_unit_test(reads_every_form_it_names),
          cmocka_unit_test(refuses_everything_else),
          cmocka_unit_test(agrees_with_the_c_library_on_every_day))
