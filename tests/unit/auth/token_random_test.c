/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "auth/token_random.h"

#define ROUNDS 4000

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)4 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/*
 * ROUNDS texts of `len` out of `letters`, each letter about as often as the
 * others: a modulo would favour some by a quarter.
 */
static void check_texts(enum status (*make)(struct arena *, struct slice *),
                        size_t len, struct slice letters)
{
    size_t counts[256] = {0};
    size_t mean = ROUNDS * len / letters.len;
    struct slice last = SLICE_EMPTY;
    struct slice text;

    for (int round = 0; round < ROUNDS; round++) {
        check_ok(make(&arena, &text));
        assert_int_equal(text.len, len);
        assert_false(slice_equal(text, last));
        last = text;
        for (size_t i = 0; i < len; i++) {
            counts[(unsigned char)text.ptr[i]]++;
        }
    }
    for (size_t i = 0; i < letters.len; i++) {
        size_t count = counts[(unsigned char)letters.ptr[i]];

        assert_in_range(count, mean - mean / 8, mean + mean / 8);
        counts[(unsigned char)letters.ptr[i]] = 0;
    }
    for (size_t i = 0; i < 256; i++) {
        assert_int_equal(counts[i], 0);
    }
}

static void texts_are_of_their_alphabet(void **state)
{
    const struct slice letters =
        SLICE("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    (void)state;
    check_texts(token_random_id, 32, letters);
    check_texts(token_random_reset, 24, letters);
    check_texts(token_random_delete, 32,
                SLICE("0123456789abcdefghijklmnopqrstuvwxyz"));
}

static bool is_lower_hex(char c)
{
    return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

static void check_uuid(struct slice text)
{
    assert_int_equal(text.len, 36);
    for (size_t i = 0; i < text.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        assert_true(dash ? text.ptr[i] == '-' : is_lower_hex(text.ptr[i]));
    }
    assert_int_equal(text.ptr[14], '4');
    assert_true(slice_find(SLICE("89ab"), text.ptr[19]) < 4);
}

static void uuids_are_of_version_four(void **state)
{
    struct slice last = SLICE_EMPTY;
    bool seen[256] = {false};
    struct slice text;

    (void)state;
    for (int i = 0; i < 200; i++) {
        check_ok(token_random_uuid(&arena, &text));
        check_uuid(text);
        assert_false(slice_equal(text, last));
        seen[(unsigned char)text.ptr[19]] = true;
        last = text;
    }
    assert_true(seen['8'] && seen['9'] && seen['a'] && seen['b']);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_of_their_alphabet),
        cmocka_unit_test(uuids_are_of_version_four),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
