/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is FRONTEND_URL, the second an Origin. What is allowed can
 * be echoed into a header; "null" and what no URL is are never allowed.
 */
#include "fuzz.h"

#include "http/origin.h"

static void check_origin(const struct origin_rules *rules, struct arena *arena,
                         struct slice origin)
{
    bool allowed = false;

    must(origin_allowed(rules, arena, origin, &allowed) == STATUS_OK);
    if (!allowed) {
        return;
    }
    must(slice_contains(origin, SLICE("://")));
    for (size_t i = 0; i < origin.len; i++) {
        must(origin.ptr[i] > 0x20 && origin.ptr[i] < 0x7f);
        must(origin.ptr[i] != '*' && origin.ptr[i] != '@');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size);
    struct origin_settings settings = {SLICE_INIT("https://book.example.com"),
                                       SLICE_INIT(""), 3001};
    struct origin_rules rules;
    struct slice problem;
    struct slice origin = SLICE_EMPTY;
    struct arena arena;
    bool allowed = false;

    arena_init(&arena, FUZZ_ARENA);
    (void)slice_split(&rest, '\n', &settings.frontend_urls);
    (void)slice_split(&rest, '\n', &origin);
    if (origin_rules_make(&arena, &settings, &problem, &rules) == STATUS_OK) {
        check_origin(&rules, &arena, origin);
        (void)origin_host_allowed(&rules, origin);
        must(origin_allowed(&rules, &arena, SLICE("https://book.example.com"),
                            &allowed) == STATUS_OK);
        must(allowed);
    }
    arena_release(&arena);
    return 0;
}
