/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A base that was taken leads below itself and nowhere else: it begins with
 * one slash, ends without one, and has neither empty parts nor dot segments.
 */
#include "fuzz.h"

#include "http/site_base.h"

static void check_taken(struct slice text, struct slice base)
{
    must(base.len + 1 == text.len && text.len <= SITE_BASE_MAX);
    must(base.len == 0 || base.ptr[0] == '/');
    must(base.len == 0 || base.ptr[base.len - 1] != '/');
    must(!slice_contains(text, SLICE("//")));
    must(!slice_contains(text, SLICE("/./")));
    must(!slice_contains(text, SLICE("/../")));
    for (size_t i = 0; i < text.len; i++) {
        must(text.ptr[i] > ' ' && text.ptr[i] < 0x7f);
        must(slice_find(SLICE("%?#\\:@\"<>"), text.ptr[i]) == 9);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_make(data, size);
    struct slice problem = SLICE_EMPTY;
    struct arena arena;
    struct slice base;

    if (site_base_parse(text, &problem, &base) == STATUS_OK) {
        check_taken(text, base);
    } else {
        must(problem.len > 0);
    }
    arena_init(&arena, (size_t)1 << 20);
    problem = SLICE_EMPTY;
    if (site_base_of_book(text, &arena, &problem, &base) != STATUS_OK) {
        must(problem.len > 0);
    }
    arena_release(&arena);
    return 0;
}
