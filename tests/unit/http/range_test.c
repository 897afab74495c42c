/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/range.h"

/* "first+length", "whole" or "416" */
static void check_range(const char *value, uint64_t size, const char *want)
{
    struct range range = {0, 0};
    char got[64];

    switch (range_parse(slice_from_cstr(value), size, &range)) {
    case RANGE_WHOLE:
        snprintf(got, sizeof(got), "whole");
        break;
    case RANGE_UNSATISFIABLE:
        snprintf(got, sizeof(got), "416");
        break;
    default:
        snprintf(got, sizeof(got), "%llu+%llu", (unsigned long long)range.first,
                 (unsigned long long)range.length);
    }
    if (strcmp(got, want) != 0) {
        fail_msg("%s of %llu: got %s, want %s", value, (unsigned long long)size,
                 got, want);
    }
}

static void gives_the_bytes_asked_for(void **state)
{
    (void)state;
    check_range("bytes=0-0", 10, "0+1");
    check_range("bytes=0-9", 10, "0+10");
    check_range("bytes=3-5", 10, "3+3");
    check_range("bytes=9-", 10, "9+1");
    check_range("bytes=0-", 10, "0+10");
    check_range("bytes=-1", 10, "9+1");
    check_range("bytes=-10", 10, "0+10");
    check_range("Bytes=1-2", 10, "1+2");
    check_range("bytes= 1-2 ", 10, "1+2");
    check_range("bytes=007-0008", 10, "7+2");
}

static void cuts_what_goes_beyond_the_end(void **state)
{
    (void)state;
    check_range("bytes=5-10", 10, "5+5");
    check_range("bytes=5-18446744073709551615", 10, "5+5");
    check_range("bytes=5-99999999999999999999999999", 10, "5+5");
    check_range("bytes=-11", 10, "0+10");
    check_range("bytes=-99999999999999999999999999", 10, "0+10");
    check_range("bytes=0-", UINT64_MAX, "0+18446744073709551615");
}

static void refuses_what_lies_outside(void **state)
{
    (void)state;
    check_range("bytes=10-", 10, "416");
    check_range("bytes=10-20", 10, "416");
    check_range("bytes=0-0", 0, "416");
    check_range("bytes=-0", 10, "416");
    check_range("bytes=-0", 0, "416");
    check_range("bytes=18446744073709551616-", 10, "416");
    check_range("bytes=-5", 0, "whole");
}

static void ignores_what_is_not_one_range(void **state)
{
    static const char *const ignored[] = {
        "",           "bytes",      "bytes=",       "bytes=-",
        "bytes=a-b",  "bytes=1",    "bytes=5-3",    "bytes=1-2,4-5",
        "bytes=1-2,", "bytes=,1-2", "bytes=--1",    "bytes=1--2",
        "bytes=+1-2", "bytes=1 -2", "bytes=0x1-2",  "bytes =1-2",
        "items=1-2",  "bytes:1-2",  "bytes=1-2-3",  "seconds=1-2",
        "bytes=1- 2", " bytes=1-2", "bytes=1-2;q=1"};

    (void)state;
    for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++) {
        check_range(ignored[i], 10, "whole");
    }
}

static void never_leaves_the_file(void **state)
{
    struct range range;
    char value[40];

    (void)state;
    for (unsigned size = 0; size < 6; size++) {
        for (unsigned i = 0; i < 64; i++) {
            snprintf(value, sizeof(value), "bytes=%u-%u", i / 8, i % 8);
            if (range_parse(slice_from_cstr(value), size, &range) ==
                RANGE_PART) {
                assert_true(range.length > 0);
                assert_true(range.first + range.length <= size);
            }
        }
    }
}

static void says_what_part_it_is(void **state)
{
    struct range range = {3, 4};
    struct arena arena;
    struct slice text;

    (void)state;
    arena_init(&arena, 10000);
    check_ok(range_content_range(&arena, &range, 10, &text));
    check_text(text, "bytes 3-6/10");
    check_ok(range_content_range(&arena, NULL, 10, &text));
    check_text(text, "bytes */10");
    arena_release(&arena);
}

RUN_TESTS(cmocka_unit_test(gives_the_bytes_asked_for),
          cmocka_unit_test(cuts_what_goes_beyond_the_end),
          cmocka_unit_test(refuses_what_lies_outside),
          cmocka_unit_test(ignores_what_is_not_one_range),
          cmocka_unit_test(never_leaves_the_file),
          cmocka_unit_test(says_what_part_it_is))
