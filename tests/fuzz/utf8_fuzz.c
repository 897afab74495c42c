/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Repaired text is valid, and valid text repairs to itself; cutting leaves it
 * valid; normalising twice is normalising once.
 */
#include "fuzz.h"

#include "codec/utf8.h"

#define NFKC_LIMIT 4096

static struct arena arena;

static void check_nfkc(struct slice text)
{
    struct slice once;
    struct slice twice;

    if (utf8_nfkc(&arena, text, NFKC_LIMIT, &once) != STATUS_OK) {
        return;
    }
    must(utf8_is_valid(text) && utf8_is_valid(once));
    must(once.len <= NFKC_LIMIT);
    must_be_ok(utf8_nfkc(&arena, once, NFKC_LIMIT, &twice));
    must(slice_equal(once, twice));
}

static void check_cuts(struct slice text)
{
    for (size_t max = 0; max <= text.len && max < 64; max++) {
        struct slice cut = utf8_truncate(text, max);

        must(cut.len <= max && cut.len + 4 > max);
        must(utf8_is_valid(cut));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct buf buf;
    struct slice valid;

    arena_init(&arena, FUZZ_ARENA);
    buf_init(&buf, &arena, FUZZ_BUF);
    utf8_add_valid(&buf, in);
    valid = fuzz_text(&buf);
    must(utf8_is_valid(valid));
    must(utf8_is_valid(in) == slice_equal(in, valid));
    must(utf8_count_utf16(in) == utf8_count_utf16(valid));
    check_cuts(valid);
    check_nfkc(in);
    arena_release(&arena);
    return 0;
}
