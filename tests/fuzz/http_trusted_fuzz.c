/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is BETTER_AUTH_TRUSTED_ORIGINS, the second an address. Where
 * a reader may be sent fits a header, is no other host than ours when it has
 * no scheme, and is trusted again, unchanged, when it comes back.
 */
#include "fuzz.h"

#include "http/trusted.h"

static void check_location(const struct trusted_rules *rules,
                           struct arena *arena, struct slice location)
{
    struct slice again = SLICE_EMPTY;

    must(location.len > 0);
    for (size_t i = 0; i < location.len; i++) {
        must(location.ptr[i] > 0x20 && location.ptr[i] < 0x7f);
        must(location.ptr[i] != '\\');
    }
    must(!slice_starts_with(location, SLICE("//")));
    must(location.ptr[0] == '/' || slice_find(location, ':') < location.len);
    must(!slice_equal_nocase(slice_head(location, 11), SLICE("javascript:")));
    if (location.len > URL_LENGTH_MAX || location.ptr[0] != '/') {
        return;
    }
    must_be_ok(trusted_url(rules, arena, location, &again));
    must(slice_equal(again, location));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size);
    struct trusted_settings settings = {
        {SLICE_INIT("https://book.example.com"), SLICE_INIT(""), 3001},
        SLICE_INIT("")};
    struct slice url = SLICE_EMPTY;
    struct slice location;
    struct slice problem;
    struct trusted_rules rules;
    struct arena arena;
    bool trusted;

    arena_init(&arena, FUZZ_ARENA);
    (void)slice_split(&rest, '\n', &settings.patterns);
    url = rest.ptr == NULL ? SLICE_EMPTY : rest;
    if (trusted_init(&arena, &settings, &problem, &rules) == STATUS_OK) {
        if (trusted_url(&rules, &arena, url, &location) == STATUS_OK) {
            check_location(&rules, &arena, location);
        }
        must_be_ok(trusted_origin(&rules, &arena, url, &trusted));
        must(!trusted || url.ptr[0] != '/');
    }
    arena_release(&arena);
    return 0;
}
