/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only what exists is chosen, and whatever was said before, a coding that is
 * refused at the end is not sent.
 */
#include "fuzz.h"

#include "http/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct slice field = slice_make(data, size);
    struct slice refused = SLICE_EMPTY;

    arena_init(&arena, FUZZ_ARENA);
    for (unsigned available = 1; available < 1U << ENCODING_COUNT;
         available += 2) {
        must((available & (1U << encoding_choose(field, available))) != 0);
    }
    must_be_ok(
        arena_format(&arena, &refused, "br;q=0,%.*s,br;q=0", SLICE_ARG(field)));
    must(encoding_choose(refused, UINT32_MAX) != ENCODING_BR);
    arena_release(&arena);
    return 0;
}
