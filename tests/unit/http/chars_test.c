/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/chars.h"

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* The class holds these bytes and no others of all 256. */
static void check_class(enum http_char kind, const char *members)
{
    for (int i = 0; i < 256; i++) {
        bool wanted = i != 0 && strchr(members, i) != NULL;

        if (http_char_is((char)i, kind) != wanted) {
            print_error("class %d, byte 0x%02x\n", (int)kind, (unsigned)i);
            fail();
        }
    }
}

static void knows_each_class_byte_for_byte(void **state)
{
    (void)state;
    check_class(HTTP_CHAR_TOKEN, ALNUM "!#$%&'*+-.^_`|~");
    check_class(HTTP_CHAR_PATH, ALNUM "-._~!$&'()*+,;=:@/");
    check_class(HTTP_CHAR_QUERY, ALNUM "-._~!$&'()*+,;=:@/?[]");
    check_class(HTTP_CHAR_HOST, ALNUM "-._");
}

static void counts_a_run(void **state)
{
    (void)state;
    assert_int_equal(http_chars_run(SLICE("abc:d"), HTTP_CHAR_TOKEN), 3);
    assert_int_equal(http_chars_run(SLICE(":"), HTTP_CHAR_TOKEN), 0);
    assert_int_equal(http_chars_run(SLICE("abc"), HTTP_CHAR_TOKEN), 3);
    assert_int_equal(http_chars_run(SLICE_EMPTY, HTTP_CHAR_TOKEN), 0);
}

static bool is_text(int byte)
{
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/* Words of eight are taken at once: every byte at every place in three. */
static void finds_each_control_at_each_place(void **state)
{
    char line[24];

    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < sizeof(line); at++) {
            memset(line, '\t', at);
            memset(line + at, byte % 2 ? 'x' : '\xff', sizeof(line) - at);
            line[at] = (char)byte;
            assert_int_equal(http_text_run(slice_make(line, sizeof(line))),
                             is_text(byte) ? sizeof(line) : at);
            assert_int_equal(http_text_run(slice_make(line, at)), at);
        }
    }
}

/* A word's arithmetic may carry: a control before another is the first. */
static void finds_the_first_of_two_controls(void **state)
{
    char line[16];

    (void)state;
    for (size_t first = 0; first < sizeof(line); first++) {
        for (size_t second = first; second < sizeof(line); second++) {
            memset(line, ' ', sizeof(line));
            line[first] = '\x7f';
            line[second] = '\0';
            assert_int_equal(http_text_run(slice_make(line, sizeof(line))),
                             first);
        }
    }
}

RUN_TESTS(cmocka_unit_test(knows_each_class_byte_for_byte),
          cmocka_unit_test(counts_a_run),
          cmocka_unit_test(finds_each_control_at_each_place),
          cmocka_unit_test(finds_the_first_of_two_controls))
