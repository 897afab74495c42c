/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/hex.h"

static void reads_back_what_it_wrote(void **state)
{
    char bytes[256];
    struct slice text;
    struct slice out;

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (char)i;
    }
    hex_encode(&buf, slice_make(bytes, sizeof(bytes)));
    text = written();
    assert_int_equal(text.len, 512);
    check_ok(hex_decode(&arena, text, &out));
    check_slice(out, slice_make(bytes, sizeof(bytes)));
}

static void writes_lower_case_and_reads_both(void **state)
{
    struct slice out;

    (void)state;
    hex_encode(&buf, SLICE("\x00\xab\xff"));
    check_text(written(), "00abff");
    check_ok(hex_decode(&arena, SLICE("00AbfF"), &out));
    check_text(out, "\x00\xab\xff");
}

static void nothing_is_nothing(void **state)
{
    struct slice out;

    (void)state;
    hex_encode(&buf, SLICE_EMPTY);
    check_text(written(), "");
    check_ok(hex_decode(&arena, SLICE_EMPTY, &out));
    check_text(out, "");
}

static void refuses_odd_counts_and_foreign_characters(void **state)
{
    struct slice out;

    (void)state;
    check_status(hex_decode(&arena, SLICE("abc"), &out),
                 STATUS_INVALID_ENCODING);
    for (int c = 0; c < 256; c++) {
        char pairs[4] = {(char)c, '0', '0', (char)c};
        bool digit = strchr("0123456789abcdefABCDEF", c) != NULL && c != 0;
        enum status want = digit ? STATUS_OK : STATUS_INVALID_ENCODING;

        check_status(hex_decode(&arena, slice_make(pairs, 2), &out), want);
        check_status(hex_decode(&arena, slice_make(pairs + 2, 2), &out), want);
    }
}

static void refuses_to_pass_the_limit_of_the_buffer(void **state)
{
    struct buf small;
    struct slice out;

    (void)state;
    buf_init(&small, &arena, 5);
    hex_encode(&small, SLICE("abc"));
    check_status(buf_finish(&small, &out), STATUS_TOO_LARGE);
}

RUN_TESTS(TEST(reads_back_what_it_wrote),
          TEST(writes_lower_case_and_reads_both), TEST(nothing_is_nothing),
          TEST(refuses_odd_counts_and_foreign_characters),
          TEST(refuses_to_pass_the_limit_of_the_buffer))
