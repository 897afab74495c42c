/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#define LIMIT ((size_t)1 << 20)

static void gives_aligned_zeroed_memory(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, LIMIT);
    for (size_t size = 0; size < 3000; size += 7) {
        char *text = arena_alloc_text(&arena, 3);
        char *p = arena_alloc_zero(&arena, size);

        assert_non_null(text);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(p[i], 0);
        }
        memset(p, 0xff, size);
    }
    arena_release(&arena);
}

static void stops_at_its_limit(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, 10000);
    assert_null(arena_alloc(&arena, 10001));
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_alloc(&arena, SIZE_MAX - 8));
    assert_non_null(arena_alloc(&arena, 9000));
    assert_null(arena_alloc(&arena, 9000));
    arena_reset(&arena);
    arena_release(&arena);
}

static void reset_keeps_the_first_chunk(void **state)
{
    struct arena arena;
    void *first;

    (void)state;
    arena_init(&arena, LIMIT);
    first = arena_alloc(&arena, 10);
    assert_non_null(arena_alloc(&arena, 100000));
    arena_reset(&arena);
    assert_true(arena.held <= 4096);
    assert_ptr_equal(arena_alloc(&arena, 10), first);
    arena_release(&arena);
    assert_int_equal(arena.held, 0);
}

static char trace[8];

static void note_a(void *arg)
{
    (void)arg;
    strcat(trace, "a");
}

static void note_b(void *arg)
{
    (void)arg;
    strcat(trace, "b");
}

static void runs_cleanups_newest_first_and_once(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, LIMIT);
    check_ok(arena_on_reset(&arena, note_a, NULL));
    check_ok(arena_on_reset(&arena, note_b, NULL));
    arena_reset(&arena);
    arena_release(&arena);
    assert_string_equal(trace, "ba");
}

static void extends_only_the_newest_block(void **state)
{
    struct arena arena;
    char *a;
    char *b;

    (void)state;
    arena_init(&arena, LIMIT);
    a = arena_alloc_text(&arena, 10);
    assert_true(arena_extend(&arena, a, 10, 5));
    b = arena_alloc_text(&arena, 10);
    assert_ptr_equal(b, a + 15);
    assert_false(arena_extend(&arena, a, 15, 5));
    assert_false(arena_extend(&arena, b, 10, 1 << 20));
    arena_release(&arena);
}

static void copies_and_formats_text(void **state)
{
    struct arena arena;
    struct slice s;

    (void)state;
    arena_init(&arena, LIMIT);
    check_ok(slice_dup(&arena, SLICE("abc"), &s));
    check_text(s, "abc");
    assert_int_equal(s.ptr[3], '\0');
    check_ok(slice_dup(&arena, slice_make(NULL, 0), &s));
    check_text(s, "");
    check_ok(arena_format(&arena, &s, "%d-%s", 42, "x"));
    check_text(s, "42-x");
    arena_release(&arena);
}

RUN_TESTS(cmocka_unit_test(gives_aligned_zeroed_memory),
          cmocka_unit_test(stops_at_its_limit),
          cmocka_unit_test(reset_keeps_the_first_chunk),
          cmocka_unit_test(runs_cleanups_newest_first_and_once),
          cmocka_unit_test(extends_only_the_newest_block),
          cmocka_unit_test(copies_and_formats_text))
