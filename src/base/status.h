/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way calls report failure.
 *
 * A fallible function returns `enum status`, is marked MUST_USE, and gives its
 * results through a last pointer parameter. TRY() leaves on anything but OK,
 * so the main line of a function stays unindented. What a scope owns besides
 * memory carries CLEANUP(), so that leaving early never leaks.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "base/slice.h"

#define MUST_USE    __attribute__((warn_unused_result))
#define CLEANUP(fn) __attribute__((cleanup(fn)))

enum status {
#define STATUS(name, http, code, text) STATUS_##name,
#include "base/status.def"
#undef STATUS
    STATUS_COUNT
};

/* Leave the function with whatever failed. */
#define TRY(call)                                                              \
    do {                                                                       \
        enum status try_status_ = (call);                                      \
        if (__builtin_expect(try_status_ != STATUS_OK, 0)) {                   \
            return try_status_;                                                \
        }                                                                      \
    } while (0)

/* The same for allocators, whose only failure is NULL. */
#define TRY_ALLOC(pointer)                                                     \
    do {                                                                       \
        if (__builtin_expect((pointer) == NULL, 0)) {                          \
            return STATUS_NO_MEMORY;                                           \
        }                                                                      \
    } while (0)

/* The status code of the answer, or 0 when no answer is to be sent. */
int status_http(enum status status);
/* The stable machine-readable code, such as "NOT_FOUND". */
struct slice status_code(enum status status);
/* One sentence for a person. */
struct slice status_text(enum status status);

#endif
