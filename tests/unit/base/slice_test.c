/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

static void compares_bytes_and_length(void **state)
{
    (void)state;
    assert_true(slice_equal(SLICE("ab"), SLICE("ab")));
    assert_false(slice_equal(SLICE("ab"), SLICE("abc")));
    assert_true(slice_equal(SLICE_EMPTY, slice_make(NULL, 0)));
    assert_true(slice_equal(SLICE("a\0b"), SLICE("a\0b")));
    assert_false(slice_equal(SLICE("a\0b"), SLICE("a\0c")));
    assert_true(
        slice_equal_nocase(SLICE("Content-LENGTH"), SLICE("content-length")));
    assert_false(slice_equal_nocase(SLICE("@"), SLICE("`")));
}

static void finds_prefix_suffix_and_part(void **state)
{
    (void)state;
    assert_true(slice_starts_with(SLICE("/api/x"), SLICE("/api/")));
    assert_false(slice_starts_with(SLICE("/a"), SLICE("/api/")));
    assert_true(slice_ends_with(SLICE("a.html"), SLICE(".html")));
    assert_false(slice_ends_with(SLICE("html"), SLICE(".html")));
    assert_int_equal(slice_find(SLICE("a,b"), ','), 1);
    assert_int_equal(slice_find(SLICE("ab"), ','), 2);
    assert_int_equal(slice_find(SLICE_EMPTY, ','), 0);
    assert_true(slice_contains(SLICE("hello"), SLICE("ell")));
    assert_false(slice_contains(SLICE_EMPTY, SLICE("x")));
}

static void cuts_within_bounds(void **state)
{
    (void)state;
    check_text(slice_from(SLICE("abc"), 1), "bc");
    check_text(slice_from(SLICE("abc"), 9), "");
    check_text(slice_head(SLICE("abc"), 9), "abc");
    check_text(slice_trim(SLICE(" \t a b\t ")), "a b");
    check_text(slice_trim(SLICE("\n")), "\n");
}

static void splits_into_every_part(void **state)
{
    struct slice rest = SLICE("a,,b,");
    struct slice part;

    (void)state;
    assert_true(slice_split(&rest, ',', &part));
    check_text(part, "a");
    assert_true(slice_split(&rest, ',', &part));
    check_text(part, "");
    assert_true(slice_split(&rest, ',', &part));
    check_text(part, "b");
    assert_true(slice_split(&rest, ',', &part));
    check_text(part, "");
    assert_false(slice_split(&rest, ',', &part));
}

static void reads_only_plain_decimals(void **state)
{
    static const char *const bad[] = {"",   "+1", "-1", " 1", "1 ",
                                      "01", "1a", "a",  "00", "1\0"};
    uint64_t n = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        size_t len = i == 9 ? 2 : strlen(bad[i]);

        assert_false(slice_to_u64(slice_make(bad[i], len), UINT64_MAX, &n));
        assert_int_equal(n, 7);
    }
    assert_true(slice_to_u64(SLICE("0"), 9, &n));
    assert_int_equal(n, 0);
    assert_true(slice_to_u64(SLICE("18446744073709551615"), UINT64_MAX, &n));
    assert_true(n == UINT64_MAX);
    assert_false(slice_to_u64(SLICE("18446744073709551616"), UINT64_MAX, &n));
    assert_false(slice_to_u64(SLICE("6"), 5, &n));
    assert_false(slice_to_u64(SLICE("65536"), 65535, &n));
    assert_true(slice_to_u64(SLICE("65535"), 65535, &n));
}

RUN_TESTS(cmocka_unit_test(compares_bytes_and_length),
          cmocka_unit_test(finds_prefix_suffix_and_part),
          cmocka_unit_test(cuts_within_bounds),
          cmocka_unit_test(splits_into_every_part),
          cmocka_unit_test(reads_only_plain_decimals))
