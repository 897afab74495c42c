/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/conditional.h"

#define SAME   "Sun, 06 Nov 1994 08:49:37 GMT"
#define BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define LATER  "Sun, 06 Nov 1994 08:49:38 GMT"

static const struct validator current = {SLICE_INIT("\"abc\""), 784111777};

#define FIELDS(...) (&(const struct conditional){__VA_ARGS__})
#define TEXT(text)  SLICE_INIT(text)

static void check_read(const struct conditional *fields,
                       enum conditional_result want)
{
    assert_int_equal(conditional_evaluate(fields, true, &current), want);
}

static void serves_without_conditions(void **state)
{
    (void)state;
    check_read(FIELDS(.if_match = {NULL, 0}), CONDITIONAL_SERVE);
}

static void if_none_match_compares_weakly(void **state)
{
    static const struct slice hits[] = {
        TEXT("\"abc\""),
        TEXT("W/\"abc\""),
        TEXT("*"),
        TEXT(" * "),
        TEXT("\"x\",\"abc\""),
        TEXT("\"abc\" , W/\"x\""),
        TEXT("\"a,b\",\"abc\""),
        TEXT(", ,\"abc\",,"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(hits) / sizeof(*hits); i++) {
        check_read(FIELDS(.if_none_match = hits[i]), CONDITIONAL_NOT_MODIFIED);
        assert_int_equal(conditional_evaluate(FIELDS(.if_none_match = hits[i]),
                                              false, &current),
                         CONDITIONAL_FAILED);
    }
}

static void a_malformed_list_matches_nothing(void **state)
{
    static const struct slice misses[] = {
        TEXT(""),
        TEXT("abc"),
        TEXT("\"abc"),
        TEXT("\""),
        TEXT("\"ab\""),
        TEXT("\"ABC\""),
        TEXT("w/\"abc\""),
        TEXT("W/ \"abc\""),
        TEXT("W/"),
        TEXT("\"abc\" \"x\""),
        TEXT("\"abc\"\"x\""),
        TEXT("\"abc\", x"),
        TEXT("\"abc\", *"),
        TEXT("**"),
        TEXT("\"abc\", \"x y\""),
        TEXT("\"abc\", \"\x7f\""),
        TEXT("\"a\0c\", \"abc\""),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(misses) / sizeof(*misses); i++) {
        check_read(FIELDS(.if_none_match = misses[i]), CONDITIONAL_SERVE);
        check_read(FIELDS(.if_match = misses[i]), CONDITIONAL_FAILED);
    }
}

static void every_cut_of_a_list_matches_nothing(void **state)
{
    struct slice list = SLICE("W/\"x\", \"abc\"");

    (void)state;
    check_read(FIELDS(.if_none_match = list), CONDITIONAL_NOT_MODIFIED);
    for (size_t cut = 0; cut < list.len; cut++) {
        check_read(FIELDS(.if_none_match = slice_head(list, cut)),
                   CONDITIONAL_SERVE);
    }
}

static void if_match_compares_strongly(void **state)
{
    (void)state;
    check_read(FIELDS(.if_match = TEXT("\"x\", \"abc\"")), CONDITIONAL_SERVE);
    check_read(FIELDS(.if_match = TEXT("*")), CONDITIONAL_SERVE);
    check_read(FIELDS(.if_match = TEXT("W/\"abc\"")), CONDITIONAL_FAILED);
    check_read(FIELDS(.if_match = TEXT("\"x\"")), CONDITIONAL_FAILED);
}

static void dates_compare_by_the_second(void **state)
{
    (void)state;
    check_read(FIELDS(.if_modified_since = TEXT(SAME)),
               CONDITIONAL_NOT_MODIFIED);
    check_read(FIELDS(.if_modified_since = TEXT(LATER)),
               CONDITIONAL_NOT_MODIFIED);
    check_read(FIELDS(.if_modified_since = TEXT(BEFORE)), CONDITIONAL_SERVE);
    check_read(FIELDS(.if_modified_since = TEXT("yesterday")),
               CONDITIONAL_SERVE);
    check_read(FIELDS(.if_unmodified_since = TEXT(SAME)), CONDITIONAL_SERVE);
    check_read(FIELDS(.if_unmodified_since = TEXT(BEFORE)), CONDITIONAL_FAILED);
    check_read(FIELDS(.if_unmodified_since = TEXT("yesterday")),
               CONDITIONAL_SERVE);
}

/* RFC 9110 section 13.2.2: tags before dates, If-Match before all. */
static void keeps_the_order_of_the_rfc(void **state)
{
    (void)state;
    check_read(FIELDS(.if_match = TEXT("\"abc\""),
                      .if_unmodified_since = TEXT(BEFORE)),
               CONDITIONAL_SERVE);
    check_read(
        FIELDS(.if_match = TEXT("\"abc\""), .if_none_match = TEXT("\"abc\"")),
        CONDITIONAL_NOT_MODIFIED);
    check_read(
        FIELDS(.if_match = TEXT("\"x\""), .if_none_match = TEXT("\"abc\"")),
        CONDITIONAL_FAILED);
    check_read(FIELDS(.if_none_match = TEXT("\"x\""),
                      .if_modified_since = TEXT(LATER)),
               CONDITIONAL_SERVE);
    check_read(FIELDS(.if_unmodified_since = TEXT(BEFORE),
                      .if_none_match = TEXT("\"abc\"")),
               CONDITIONAL_FAILED);
    assert_int_equal(
        conditional_evaluate(FIELDS(.if_modified_since = TEXT(LATER)), false,
                             &current),
        CONDITIONAL_SERVE);
}

static void a_range_needs_the_very_same_tag(void **state)
{
    static const struct slice no[] = {TEXT("W/\"abc\""),
                                      TEXT("\"x\""),
                                      TEXT("*"),
                                      TEXT(""),
                                      TEXT(SAME),
                                      TEXT(LATER),
                                      TEXT("\"abc\",\"abc\"")};

    (void)state;
    assert_true(
        conditional_range_holds(FIELDS(.if_match = {NULL, 0}), &current));
    assert_true(
        conditional_range_holds(FIELDS(.if_range = TEXT("\"abc\"")), &current));
    for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
        assert_false(
            conditional_range_holds(FIELDS(.if_range = no[i]), &current));
    }
}

RUN_TESTS(cmocka_unit_test(serves_without_conditions),
          cmocka_unit_test(if_none_match_compares_weakly),
          cmocka_unit_test(a_malformed_list_matches_nothing),
          cmocka_unit_test(every_cut_of_a_list_matches_nothing),
          cmocka_unit_test(if_match_compares_strongly),
          cmocka_unit_test(dates_compare_by_the_second),
          cmocka_unit_test(keeps_the_order_of_the_rfc),
          cmocka_unit_test(a_range_needs_the_very_same_tag))
