/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/buf.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void grows_and_keeps_what_was_written(void **state)
{
    struct buf buf;
    struct slice text;

    (void)state;
    buf_init(&buf, &arena, 100000);
    for (int i = 0; i < 1000; i++) {
        buf_add(&buf, SLICE("0123456789"));
        /* another tenant of the arena forces the buf to move */
        assert_non_null(arena_alloc_text(&arena, 1));
    }
    check_ok(buf_finish(&buf, &text));
    assert_int_equal(text.len, 10000);
    for (size_t i = 0; i < text.len; i++) {
        assert_int_equal(text.ptr[i], '0' + (int)(i % 10));
    }
}

static void refuses_to_pass_its_limit(void **state)
{
    struct buf buf;
    struct slice text = SLICE("untouched");

    (void)state;
    buf_init(&buf, &arena, 10);
    buf_add(&buf, SLICE("0123456789"));
    check_ok(buf_finish(&buf, &text));
    check_text(text, "0123456789");
    buf_add_byte(&buf, 'x');
    check_status(buf_finish(&buf, &text), STATUS_TOO_LARGE);
    buf_clear(&buf);
    buf_add(&buf, SLICE("again"));
    check_ok(buf_finish(&buf, &text));
    check_text(text, "again");
}

static void the_first_failure_sticks(void **state)
{
    struct arena tiny;
    struct buf buf;
    struct slice text;

    (void)state;
    arena_init(&tiny, 5000);
    buf_init(&buf, &tiny, 100000);
    buf_format(&buf, "%6000d", 1);
    check_status(buf_finish(&buf, &text), STATUS_NO_MEMORY);
    buf_add(&buf, SLICE("x"));
    assert_null(buf_reserve(&buf, 1));
    check_status(buf_finish(&buf, &text), STATUS_NO_MEMORY);
    arena_release(&tiny);
}

static void prints_numbers_and_formats(void **state)
{
    struct buf buf;
    struct slice text;

    (void)state;
    buf_init(&buf, &arena, 1000);
    buf_add_u64(&buf, 0);
    buf_add_byte(&buf, ' ');
    buf_add_u64(&buf, UINT64_MAX);
    buf_format(&buf, " %s", "end");
    check_ok(buf_finish(&buf, &text));
    check_text(text, "0 18446744073709551615 end");
}

static void reserves_and_commits(void **state)
{
    struct buf buf;
    struct slice text;
    char *room;

    (void)state;
    buf_init(&buf, &arena, 1000);
    check_ok(buf_finish(&buf, &text));
    check_text(text, "");
    room = buf_reserve(&buf, 4);
    assert_non_null(room);
    memcpy(room, "abcd", 4);
    buf_commit(&buf, 3);
    check_ok(buf_finish(&buf, &text));
    check_text(text, "abc");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(grows_and_keeps_what_was_written),
          TEST(refuses_to_pass_its_limit), TEST(the_first_failure_sticks),
          TEST(prints_numbers_and_formats), TEST(reserves_and_commits))
