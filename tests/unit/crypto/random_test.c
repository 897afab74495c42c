/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "crypto/random.h"

#define LIMIT ((size_t)1 << 22)

static void gives_the_length_asked_for(void **state)
{
    struct arena arena;
    struct slice text;

    (void)state;
    arena_init(&arena, LIMIT);
    for (size_t len = 0; len < 200; len++) {
        check_ok(random_id(len, &arena, &text));
        assert_int_equal(text.len, len);
        assert_int_equal(text.ptr[len], '\0');
        for (size_t i = 0; i < len; i++) {
            assert_true(slice_find(RANDOM_ID_ALPHABET, text.ptr[i]) < 62);
        }
    }
    arena_release(&arena);
}

/*
 * 62 letters, 1000 expected of each, deviation 31.4: a modulo without
 * rejection would give the first eight 1210. Six deviations fail by chance
 * once in ten million runs.
 */
static void favours_no_letter(void **state)
{
    unsigned counts[256] = {0};
    struct arena arena;
    struct slice text;

    (void)state;
    arena_init(&arena, LIMIT);
    for (int i = 0; i < 62; i++) {
        check_ok(random_id(1000, &arena, &text));
        for (size_t at = 0; at < text.len; at++) {
            counts[(unsigned char)text.ptr[at]]++;
        }
    }
    for (size_t i = 0; i < RANDOM_ID_ALPHABET.len; i++) {
        unsigned count = counts[(unsigned char)RANDOM_ID_ALPHABET.ptr[i]];

        assert_in_range(count, 811, 1189);
    }
    arena_release(&arena);
}

static void never_repeats_itself(void **state)
{
    unsigned char a[32] = {0};
    unsigned char b[32] = {0};

    (void)state;
    check_ok(random_bytes(a, sizeof(a)));
    check_ok(random_bytes(b, sizeof(b)));
    assert_memory_not_equal(a, b, sizeof(a));
    check_ok(random_bytes(a, 0));
}

static void refuses_impossible_requests(void **state)
{
    static char many[257];
    struct arena arena;
    struct slice text;

    (void)state;
    arena_init(&arena, LIMIT);
    check_status(random_text(SLICE("a"), 4, &arena, &text),
                 STATUS_INVALID_VALUE);
    check_status(random_text(slice_make(many, 257), 4, &arena, &text),
                 STATUS_INVALID_VALUE);
    check_status(random_id(RANDOM_TEXT_LIMIT + 1, &arena, &text),
                 STATUS_INVALID_VALUE);
    check_ok(random_text(slice_make(many, 256), 4, &arena, &text));
    arena_release(&arena);
    arena_init(&arena, 16);
    check_status(random_id(64, &arena, &text), STATUS_NO_MEMORY);
    arena_release(&arena);
}

RUN_TESTS(cmocka_unit_test(gives_the_length_asked_for),
          cmocka_unit_test(favours_no_letter),
          cmocka_unit_test(never_repeats_itself),
          cmocka_unit_test(refuses_impossible_requests))
