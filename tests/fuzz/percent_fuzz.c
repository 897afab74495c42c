/* SPDX-License-Identifier: Apache-2.0 */
/* Text survives both encoders; what decodes is UTF-8 without NUL. */
#include "fuzz.h"

#include "codec/percent.h"
#include "codec/utf8.h"

static struct arena arena;

static void check_round_trip(void (*encode)(struct buf *, struct slice),
                             struct slice text)
{
    struct buf buf;
    struct slice out;

    buf_init(&buf, &arena, FUZZ_BUF);
    encode(&buf, text);
    must_be_ok(percent_decode(&arena, fuzz_text(&buf), &out));
    must(slice_equal(out, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct slice out;

    arena_init(&arena, FUZZ_ARENA);
    if (utf8_is_valid(in) && slice_find(in, '\0') == in.len) {
        check_round_trip(percent_encode, in);
        check_round_trip(percent_encode_segment, in);
    }
    if (percent_decode(&arena, in, &out) == STATUS_OK) {
        must(utf8_is_valid(out));
        must(slice_find(out, '\0') == out.len);
        check_round_trip(percent_encode, out);
    }
    arena_release(&arena);
    return 0;
}
