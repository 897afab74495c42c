/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a chunked body: it never gives more than its limit, always
 * moves on, and what it gives lies in the input. Byte 0 is the limit.
 */
#include "fuzz.h"

#include "http/chunked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice input = slice_make(data, size);
    const char *end = input.ptr + size;
    struct chunked chunked;
    struct slice run;
    uint64_t given = 0;
    bool done = false;

    if (size == 0) {
        return 0;
    }
    input = slice_make(input.ptr + 1, size - 1);
    chunked_init(&chunked, data[0]);
    do {
        size_t before = input.len;

        if (chunked_next(&chunked, &input, &run, &done) != STATUS_OK) {
            must(!done && run.len == 0);
            return 0;
        }
        must(before == 0 || input.len < before);
        must(run.len == 0 || run.ptr + run.len <= end);
        given += run.len;
        must(given <= data[0]);
    } while (!done && run.len > 0);
    must(done || input.len == 0);
    return 0;
}
