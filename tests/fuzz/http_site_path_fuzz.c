/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A decoded path has the segments it was sent with: no slash, backslash or
 * control byte comes out of an escape, and nothing grows.
 */
#include "fuzz.h"

#include "http/site_path.h"

#define INPUT_MAX ((size_t)65536)

static size_t count_structure(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];

        count += byte == '/' || byte == '\\' || byte < 0x20 || byte == 0x7f;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char room[INPUT_MAX];
    struct slice path = slice_make(data, size);
    struct slice name;

    if (size > INPUT_MAX || site_path_decode(path, room, &name) != STATUS_OK) {
        return 0;
    }
    must(name.len <= path.len);
    must(count_structure(name) == count_structure(path));
    must(slice_find(path, '%') < path.len || slice_equal(name, path));
    return 0;
}
