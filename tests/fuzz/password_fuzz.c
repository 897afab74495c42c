/* SPDX-License-Identifier: Apache-2.0 */
/* A stored password that can be read has one spelling. */
#include "fuzz.h"

#include "crypto/password.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct password_hash hash;
    struct arena arena;
    struct slice text;

    arena_init(&arena, FUZZ_ARENA);
    if (password_hash_parse(in, &hash) == STATUS_OK) {
        must_be_ok(password_hash_format(&hash, &arena, &text));
        must(slice_equal(text, in));
    }
    arena_release(&arena);
    return 0;
}
