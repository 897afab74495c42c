/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is a pattern, the rest a text. What has nothing special in
 * it matches itself; "**" matches everything.
 */
#include "fuzz.h"

#include "codec/wildcard.h"

static bool is_plain(struct slice pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        if (strchr("*?\\/", pattern.ptr[i]) != NULL) {
            return false;
        }
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size < 2048 ? size : 2048);
    struct wildcard wildcard;
    struct slice pattern;
    struct arena arena;

    arena_init(&arena, FUZZ_ARENA);
    (void)slice_split(&rest, '\n', &pattern);
    if (wildcard_compile(&arena, pattern, &wildcard) == STATUS_OK) {
        bool matched = wildcard_match(&wildcard, rest);

        if (is_plain(pattern)) {
            must(wildcard_match(&wildcard, pattern));
            must(!matched || slice_starts_with(rest, pattern));
        }
        must(!slice_equal(pattern, SLICE("**")) || matched);
    } else {
        must(pattern.len > WILDCARD_LENGTH_MAX);
    }
    arena_release(&arena);
    return 0;
}
