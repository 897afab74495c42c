/* SPDX-License-Identifier: Apache-2.0 */
#include "http/range.h"

#include <inttypes.h>

/*
 * 1*DIGIT. What does not fit stays at the highest number: it lies beyond the
 * end of every file, which is all that matters.
 */
static bool read_position(struct slice text, uint64_t *out)
{
    uint64_t value = 0;

    for (size_t i = 0; i < text.len; i++) {
        uint64_t digit = (uint64_t)(text.ptr[i] - '0');

        if (!ascii_is_digit(text.ptr[i])) {
            return false;
        }
        value =
            value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    *out = value;
    return text.len > 0;
}

/* The last `count` bytes. */
static enum range_result suffix(uint64_t count, uint64_t size,
                                struct range *out)
{
    if (count == 0) {
        return RANGE_UNSATISFIABLE;
    }
    if (size == 0) {
        return RANGE_WHOLE; /* satisfiable, but Content-Range cannot say it */
    }
    out->length = count < size ? count : size;
    out->first = size - out->length;
    return RANGE_PART;
}

enum range_result range_parse(struct slice value, uint64_t size,
                              struct range *out)
{
    struct slice spec = slice_trim(slice_from(value, sizeof("bytes=") - 1));
    size_t dash = slice_find(spec, '-');
    struct slice after = slice_from(spec, dash + 1);
    uint64_t first;
    uint64_t last = UINT64_MAX;

    if (!slice_equal_nocase(slice_head(value, 6), SLICE("bytes=")) ||
        dash == spec.len || (after.len > 0 && !read_position(after, &last))) {
        return RANGE_WHOLE;
    }
    if (dash == 0) {
        return after.len > 0 ? suffix(last, size, out) : RANGE_WHOLE;
    }
    if (!read_position(slice_head(spec, dash), &first) || last < first) {
        return RANGE_WHOLE;
    }
    if (first >= size) {
        return RANGE_UNSATISFIABLE;
    }
    out->first = first;
    out->length = (last < size ? last + 1 : size) - first;
    return RANGE_PART;
}

enum status range_content_range(struct arena *arena, const struct range *part,
                                uint64_t size, struct slice *out)
{
    if (part == NULL) {
        return arena_format(arena, out, "bytes */%" PRIu64, size);
    }
    return arena_format(arena, out, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64,
                        part->first, part->first + part->length - 1, size);
}
