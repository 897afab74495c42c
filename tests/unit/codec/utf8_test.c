/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/utf8.h"

static const struct slice bad[] = {
    SLICE_INIT("\x80"),             /* a tail without a head */
    SLICE_INIT("\xc0\x80"),         /* overlong NUL */
    SLICE_INIT("\xc1\xbf"),         /* overlong */
    SLICE_INIT("\xe0\x9f\xbf"),     /* overlong */
    SLICE_INIT("\xf0\x8f\xbf\xbf"), /* overlong */
    SLICE_INIT("\xed\xa0\x80"),     /* a high surrogate */
    SLICE_INIT("\xed\xbf\xbf"),     /* a low surrogate */
    SLICE_INIT("\xf4\x90\x80\x80"), /* above U+10FFFF */
    SLICE_INIT("\xf5\x80\x80\x80"),
    SLICE_INIT("\xfe"),
    SLICE_INIT("\xff"),
    SLICE_INIT("\xc3("),
    SLICE_INIT("abcdefgh\xe2\x82"),
    SLICE_INIT("\xf0\x9f\x98x"),
};

static void accepts_every_character(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char text[4] = {(char)code, 0, 0, 0};
        size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 65536 ? 3 : 4;
        uint32_t read;

        for (size_t i = 0; len > 1 && i < len; i++) {
            uint32_t bits = code >> (6 * (len - 1 - i));
            uint32_t head = 0xf00U >> len & 0xff;

            text[i] = (char)(i == 0 ? head | bits : 0x80 | (bits & 63));
        }
        assert_int_equal(utf8_is_valid(slice_make(text, len)),
                         code < 0xd800 || code > 0xdfff);
        if (utf8_is_valid(slice_make(text, len))) {
            assert_int_equal(utf8_decode(slice_make(text, len), &read), len);
            assert_int_equal(read, code);
        }
    }
}

static void refuses_every_ill_formed_part(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct slice text = alone(bad[i]);

        assert_false(utf8_is_valid(text));
        alone_end(text);
    }
}

static void refuses_a_character_cut_anywhere(void **state)
{
    struct slice text = SLICE("\xf0\x9f\x98\x80");

    (void)state;
    for (size_t len = 1; len < text.len; len++) {
        struct slice cut = alone(slice_head(text, len));

        assert_false(utf8_is_valid(cut));
        alone_end(cut);
    }
    assert_true(utf8_is_valid(text));
    assert_true(utf8_is_valid(SLICE_EMPTY));
}

/* The example of the Unicode standard, section 3.9, table 3-8. */
static void replaces_maximal_parts_as_browsers_do(void **state)
{
    (void)state;
    utf8_add_valid(&buf, SLICE("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80"
                               "\xbf\x64"));
    check_text(written(), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                          "b\xef\xbf\xbd"
                          "c\xef\xbf\xbd\xef\xbf\xbd"
                          "d");
    utf8_add_valid(&buf, SLICE("gr\xc3\xbc\xc3\x9f"));
    check_text(written(), "gr\xc3\xbc\xc3\x9f");
}

static void counts_what_javascript_counts(void **state)
{
    (void)state;
    assert_int_equal(utf8_count_utf16(SLICE_EMPTY), 0);
    assert_int_equal(utf8_count_utf16(SLICE("password")), 8);
    assert_int_equal(utf8_count_utf16(SLICE("gr\xc3\xbc\xc3\x9f")), 4);
    assert_int_equal(utf8_count_utf16(SLICE("\xf0\x9f\x98\x80!")), 3);
    assert_int_equal(utf8_count_utf16(SLICE("\xff\xff")), 2);
}

static void cuts_between_characters(void **state)
{
    struct slice text = SLICE("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80");
    const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

    (void)state;
    for (size_t max = 0; max < sizeof(want) / sizeof(want[0]); max++) {
        assert_int_equal(utf8_truncate(text, max).len, want[max]);
    }
}

static void normalises_to_form_kc(void **state)
{
    struct slice out;

    (void)state;
    check_ok(utf8_nfkc(&arena, SLICE("plain"), 64, &out));
    check_text(out, "plain");
    check_ok(utf8_nfkc(&arena, SLICE_EMPTY, 64, &out));
    check_text(out, "");
    check_ok(utf8_nfkc(&arena, SLICE("u\xcc\x88"), 64, &out));
    check_text(out, "\xc3\xbc");
    check_ok(utf8_nfkc(&arena, SLICE("\xef\xac\x81\xe2\x91\xa0"), 64, &out));
    check_text(out, "fi1");
    check_ok(utf8_nfkc(&arena, SLICE("\xef\xbc\xa1\xe3\x80\x80\xe2\x84\xab"),
                       64, &out));
    check_text(out, "A \xc3\x85");
    check_ok(utf8_nfkc(&arena, SLICE("a\0\xc2\xaa"), 64, &out));
    check_text(out, "a\0a");
}

static void refuses_to_normalise_what_is_invalid(void **state)
{
    struct slice out;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        check_status(utf8_nfkc(&arena, bad[i], 64, &out),
                     STATUS_INVALID_ENCODING);
    }
}

/* U+FDFA: 3 bytes in, 33 bytes out. */
static void keeps_normalised_text_within_the_limit(void **state)
{
    struct slice ligature = SLICE("\xef\xb7\xba");
    struct slice out;

    (void)state;
    check_status(utf8_nfkc(&arena, SLICE("12345"), 4, &out), STATUS_TOO_LARGE);
    check_status(utf8_nfkc(&arena, ligature, 32, &out), STATUS_TOO_LARGE);
    check_ok(utf8_nfkc(&arena, ligature, 33, &out));
    assert_int_equal(out.len, 33);
}

RUN_TESTS(TEST(accepts_every_character), TEST(refuses_every_ill_formed_part),
          TEST(refuses_a_character_cut_anywhere),
          TEST(replaces_maximal_parts_as_browsers_do),
          TEST(counts_what_javascript_counts), TEST(cuts_between_characters),
          TEST(normalises_to_form_kc),
          TEST(refuses_to_normalise_what_is_invalid),
          TEST(keeps_normalised_text_within_the_limit))
