/* SPDX-License-Identifier: Apache-2.0 */
/* A part lies within the file, whatever its size (the first eight bytes). */
#include "fuzz.h"

#include "http/range.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct range range = {0, 0};
    uint64_t length;

    if (size < sizeof(length)) {
        return 0;
    }
    memcpy(&length, data, sizeof(length));
    if (range_parse(slice_make(data + 8, size - 8), length, &range) ==
        RANGE_PART) {
        must(range.length > 0);
        must(range.first < length);
        must(range.length <= length - range.first);
    }
    return 0;
}
