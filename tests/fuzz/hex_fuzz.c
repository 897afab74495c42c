/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes survive; a text that decodes is its encoding but for case. */
#include "fuzz.h"

#include "codec/hex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct arena arena;
    struct buf buf;
    struct slice out;

    arena_init(&arena, FUZZ_ARENA);
    buf_init(&buf, &arena, FUZZ_BUF);
    hex_encode(&buf, in);
    must_be_ok(hex_decode(&arena, fuzz_text(&buf), &out));
    must(slice_equal(out, in));
    buf_clear(&buf);
    if (hex_decode(&arena, in, &out) == STATUS_OK) {
        hex_encode(&buf, out);
        must(slice_equal_nocase(fuzz_text(&buf), in));
    }
    arena_release(&arena);
    return 0;
}
