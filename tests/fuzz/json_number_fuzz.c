/* SPDX-License-Identifier: Apache-2.0 */
/* Eight bytes as a double: what is printed reads back, and is not long. */
#include "fuzz.h"

#include "codec/json_write.h"

#include <math.h>

#define LONGEST 25 /* -1.2345678901234567e-308, or 0.000001 and 16 more */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char printed[LONGEST + 1];
    struct arena arena;
    struct buf buf;
    struct slice text;
    double number = 0;

    if (size > 0) {
        memcpy(&number, data, size < sizeof(number) ? size : sizeof(number));
    }
    arena_init(&arena, FUZZ_ARENA);
    buf_init(&buf, &arena, FUZZ_BUF);
    json_number_print(&buf, number);
    text = fuzz_text(&buf);
    must(text.len > 0 && text.len <= LONGEST);
    memcpy(printed, text.ptr, text.len);
    printed[text.len] = '\0';
    must(slice_equal(text, SLICE("null")) == !isfinite(number));
    must(!isfinite(number) || strtod(printed, NULL) == number);
    arena_release(&arena);
    return 0;
}
