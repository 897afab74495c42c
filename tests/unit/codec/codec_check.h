/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of src/codec share: one arena a test, one buffer in it. */
#ifndef TESTS_UNIT_CODEC_CHECK_H
#define TESTS_UNIT_CODEC_CHECK_H

#include "../check.h"

#include "base/buf.h"

static struct arena arena;
static struct buf buf;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)16 << 20);
    buf_init(&buf, &arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* What was appended since the last call. */
static inline struct slice written(void)
{
    struct slice text = SLICE_EMPTY;
    struct slice copy = SLICE_EMPTY;

    check_ok(buf_finish(&buf, &text));
    check_ok(slice_dup(&arena, text, &copy));
    buf_clear(&buf);
    return copy;
}

/* An exact copy with nothing readable behind it: ASan sees a byte too far. */
static inline struct slice alone(struct slice text)
{
    char *copy = test_malloc(text.len);

    memcpy(copy, text.ptr, text.len);
    return slice_make(copy, text.len);
}

static inline void alone_end(struct slice text)
{
    test_free((void *)(uintptr_t)text.ptr);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

#endif
