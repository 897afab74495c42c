/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/text_width.h"

static void counts_columns(void **state)
{
    (void)state;
    assert_int_equal(text_width(SLICE("")), 0);
    assert_int_equal(text_width(SLICE("abc")), 3);
    assert_int_equal(text_width(SLICE("\xc3\xa9t\xc3\xa9")), 3); /* été */
    assert_int_equal(text_width(SLICE("e\xcc\x81")), 1);         /* e + ´ */
    assert_int_equal(text_width(SLICE("\xe6\x9d\x8e")), 2);      /* 李 */
    assert_int_equal(text_width(SLICE("\xff")), 1);
}

static void cuts_between_characters(void **state)
{
    struct slice name = SLICE("a\xe6\x9d\x8e\xe6\x98\x8e");

    (void)state;
    check_text(text_head(name, 0), "");
    check_text(text_head(name, 2), "a");
    check_text(text_head(name, 3), "a\xe6\x9d\x8e");
    check_text(text_head(name, 9), "a\xe6\x9d\x8e\xe6\x98\x8e");
    /* What combines stays with its letter. */
    check_text(text_head(SLICE("e\xcc\x81x"), 1), "e\xcc\x81");
}

static void check_visible(struct slice text, const char *shown)
{
    text_add_visible(&buf, text);
    check_slice(written(), slice_from_cstr(shown));
}

static void cannot_drive_a_terminal(void **state)
{
    (void)state;
    check_visible(SLICE("plain \xc3\xa9"), "plain \xc3\xa9");
    check_visible(SLICE("\x1b[31mred\x1b]0;title\x07"), "?[31mred?]0;title?");
    check_visible(SLICE("a\r\nb\tc\x7f"), "a??b?c?");
    check_visible(SLICE("\xc2\x9b"
                        "31m"),
                  "?31m"); /* C1 CSI */
    check_visible(SLICE("\xe2\x80\xae"
                        "abc"),
                  "?abc");                                  /* right to left */
    check_visible(SLICE("\xe2\x80\xa8\xe2\x80\x8b"), "??"); /* LS, ZWSP */
    check_visible(SLICE("\xe2\x80\x8d"), "\xe2\x80\x8d");   /* the joiner */
    check_visible(SLICE("\xff\xc3"), "\xef\xbf\xbd\xef\xbf\xbd");
}

RUN_TESTS(TEST(counts_columns), TEST(cuts_between_characters),
          TEST(cannot_drive_a_terminal))
