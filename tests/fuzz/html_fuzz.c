/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing that begins a tag or ends an attribute is left, nor bad UTF-8. */
#include "fuzz.h"

#include "codec/html.h"
#include "codec/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char never[] = "<>\"'"; /* and NUL, its last byte */
    struct arena arena;
    struct buf buf;
    struct slice text;

    arena_init(&arena, FUZZ_ARENA);
    buf_init(&buf, &arena, FUZZ_BUF);
    html_escape(&buf, slice_make(data, size));
    text = fuzz_text(&buf);
    must(utf8_is_valid(text));
    for (size_t i = 0; i < sizeof(never); i++) {
        must(slice_find(text, never[i]) == text.len);
    }
    arena_release(&arena);
    return 0;
}
