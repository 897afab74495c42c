/* SPDX-License-Identifier: Apache-2.0 */
/* Every value has one spelling: what decodes encodes to the same text. */
#include "fuzz.h"

#include "codec/base64.h"

static struct arena arena;

static struct buf fresh(void)
{
    struct buf buf;

    buf_init(&buf, &arena, FUZZ_BUF);
    return buf;
}

static void check_text(struct slice text)
{
    struct buf padded = fresh();
    struct buf bare = fresh();
    struct slice out;

    if (base64_decode(&arena, text, &out) == STATUS_OK) {
        base64_encode(&padded, out);
        must(slice_equal(fuzz_text(&padded), text));
    }
    if (base64url_decode(&arena, text, &out) == STATUS_OK) {
        base64url_encode(&bare, out);
        must(slice_equal(fuzz_text(&bare), text));
    }
}

static void check_bytes(struct slice bytes)
{
    struct buf padded = fresh();
    struct buf bare = fresh();
    struct slice out;

    base64_encode(&padded, bytes);
    must_be_ok(base64_decode(&arena, fuzz_text(&padded), &out));
    must(slice_equal(out, bytes));
    base64url_encode(&bare, bytes);
    must_be_ok(base64url_decode(&arena, fuzz_text(&bare), &out));
    must(slice_equal(out, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_init(&arena, FUZZ_ARENA);
    check_text(slice_make(data, size));
    check_bytes(slice_make(data, size));
    arena_release(&arena);
    return 0;
}
