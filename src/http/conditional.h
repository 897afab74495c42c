/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditional requests (RFC 9110 section 13) on something that exists, with a
 * strong entity-tag and a date.
 *
 * A field that is not well formed never wins anything for the client: an
 * If-None-Match then matches nothing (the file is sent), an If-Match neither
 * (nothing is changed), a date is ignored as section 13.1.3 asks. Borrows
 * everything, keeps nothing.
 */
#ifndef HTTP_CONDITIONAL_H
#define HTTP_CONDITIONAL_H

#include "base/slice.h"

/* The fields of the request; ptr NULL: the field is absent. */
struct conditional {
    struct slice if_match;
    struct slice if_none_match;
    struct slice if_modified_since;
    struct slice if_unmodified_since;
    struct slice if_range;
};

/* What is stored now. */
struct validator {
    struct slice etag; /* with its quotes, never weak */
    int64_t modified;  /* seconds since 1970 */
};

enum conditional_result {
    CONDITIONAL_SERVE,
    CONDITIONAL_NOT_MODIFIED, /* 304 */
    CONDITIONAL_FAILED        /* 412, STATUS_PRECONDITION_FAILED */
};

/* In the order of section 13.2.2; `is_read` for GET and HEAD. */
enum conditional_result conditional_evaluate(const struct conditional *fields,
                                             bool is_read,
                                             const struct validator *current);

/*
 * Whether a Range may be honoured: no If-Range, or one with the current
 * entity-tag. A date never holds: it is a weak validator (section 8.8.2.2),
 * and every file has an entity-tag to offer instead.
 */
bool conditional_range_holds(const struct conditional *fields,
                             const struct validator *current);

#endif
