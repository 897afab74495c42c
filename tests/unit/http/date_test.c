/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/clock.h"
#include "http/date.h"

#include <time.h>

static int64_t read_date(const char *text)
{
    int64_t seconds = INT64_MIN;

    return http_date_read(slice_from_cstr(text), &seconds) ? seconds
                                                           : INT64_MIN;
}

static void writes_imf_fixdate(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } vectors[] = {
        {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
        {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {-1, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {951782399, "Mon, 28 Feb 2000 23:59:59 GMT"},
        {951782400, "Tue, 29 Feb 2000 00:00:00 GMT"},
        {1709251199, "Thu, 29 Feb 2024 23:59:59 GMT"},
        {4107542400, "Mon, 01 Mar 2100 00:00:00 GMT"},
        {253402300799, "Fri, 31 Dec 9999 23:59:59 GMT"},
        {INT64_MAX, "Fri, 31 Dec 9999 23:59:59 GMT"},
    };
    char out[HTTP_DATE_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        http_date_write(vectors[i].seconds, out);
        check_slice(slice_make(out, sizeof(out)),
                    slice_from_cstr(vectors[i].text));
    }
}

static void agrees_with_the_c_library_and_reads_back(void **state)
{
    char want[64];
    char out[HTTP_DATE_SIZE];
    int64_t back;
    struct tm tm;

    (void)state;
    for (int64_t at = 0; at < 253402300799; at += 86400 * 37 + 12345) {
        time_t seconds = (time_t)at;

        gmtime_r(&seconds, &tm);
        strftime(want, sizeof(want), "%a, %d %b %Y %H:%M:%S GMT", &tm);
        http_date_write(at, out);
        check_slice(slice_make(out, sizeof(out)), slice_from_cstr(want));
        assert_true(http_date_read(slice_make(out, sizeof(out)), &back));
        assert_int_equal(back, at);
    }
}

static void reads_all_three_forms(void **state)
{
    (void)state;
    assert_int_equal(read_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    assert_int_equal(read_date("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
    assert_int_equal(read_date("Sun Nov  6 08:49:37 1994"), 784111777);
    assert_int_equal(read_date("Wed Nov 16 08:49:37 1994"), 784975777);
    assert_int_equal(read_date("Sat, 31 Dec 2016 23:59:60 GMT"), 1483228800);
    assert_int_equal(read_date("Wed, 31 Dec 1969 23:59:59 GMT"), -1);
}

/* RFC 9110 section 5.6.7, seen from the first day of 2000. */
static void two_digit_years_are_within_fifty_years(void **state)
{
    int64_t now = clock_wall_ms();
    int64_t at_2000 = 946684800000;

    (void)state;
    clock_test_shift(0, at_2000 - now);
    assert_int_equal(read_date("Saturday, 01-Jan-50 00:00:00 GMT"), 2524608000);
    assert_int_equal(read_date("Monday, 01-Jan-51 00:00:00 GMT"), -599616000);
    clock_test_shift(0, at_2000 - now - 86400000);
    assert_int_equal(read_date("Saturday, 01-Jan-00 00:00:00 GMT"), 946684800);
    clock_test_shift(0, 0);
}

static void refuses_what_is_not_a_date(void **state)
{
    static const char *const bad[] = {
        "",
        "0",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 gmt",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Wed, 29 Feb 2023 00:00:00 GMT",
        "Thu, 31 Nov 1994 08:49:37 GMT",
        "Wed, 00 Nov 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov +994 08:49:37 GMT",
        "Sun Nov 06 08:49:37 1994 GMT",
        "Sun Nov    08:49:37 1994",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Someday, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (read_date(bad[i]) != INT64_MIN) {
            fail_msg("took \"%s\"", bad[i]);
        }
    }
}

static void refuses_every_cut_and_every_flip_that_is_no_date(void **state)
{
    static const char *const good[] = {"Sun, 06 Nov 1994 08:49:37 GMT",
                                       "Sunday, 06-Nov-94 08:49:37 GMT",
                                       "Sun Nov  6 08:49:37 1994"};
    char text[40];
    int64_t seconds;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t len = strlen(good[i]);

        for (size_t cut = 0; cut < len; cut++) {
            assert_false(http_date_read(slice_make(good[i], cut), &seconds));
        }
        for (size_t at = 0; at < len; at++) {
            memcpy(text, good[i], len);
            text[at] = (char)(text[at] ^ 0x80);
            assert_false(http_date_read(slice_make(text, len), &seconds));
        }
    }
}

RUN_TESTS(cmocka_unit_test(writes_imf_fixdate),
          cmocka_unit_test(agrees_with_the_c_library_and_reads_back),
          cmocka_unit_test(reads_all_three_forms),
          cmocka_unit_test(two_digit_years_are_within_fifty_years),
          cmocka_unit_test(refuses_what_is_not_a_date),
          cmocka_unit_test(refuses_every_cut_and_every_flip_that_is_no_date))
