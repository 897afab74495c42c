/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Range field of a request (RFC 9110 section 14): one range of bytes.
 *
 * Several ranges in one field are answered with the whole file, as section
 * 14.2 allows: no reader of books sends them, and multipart answers are how
 * small requests have been made to cost much. What is not a valid range is
 * ignored for the same reason.
 *
 * Invariant: RANGE_PART gives first + length <= size and length > 0.
 */
#ifndef HTTP_RANGE_H
#define HTTP_RANGE_H

#include "base/arena.h"

enum range_result {
    RANGE_WHOLE,        /* 200: as if there were no Range */
    RANGE_PART,         /* 206 with Content-Range */
    RANGE_UNSATISFIABLE /* 416 with Content-Range */
};

struct range {
    uint64_t first;
    uint64_t length;
};

/* Only for GET, and only when If-Range holds (http/conditional.h). */
enum range_result range_parse(struct slice value, uint64_t size,
                              struct range *out);

/* "bytes 0-99/1234"; with `part` NULL the form of a 416, no range but a star.
 */
MUST_USE enum status range_content_range(struct arena *arena,
                                         const struct range *part,
                                         uint64_t size, struct slice *out);

#endif
