/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with something that was sent, field by field, in words that
 * say what to do next: what an answer's "fields" are made of.
 *
 * Of a field only the first problem is kept, and of all no more than fit:
 * nobody reads a hundred. Names and texts are copied; a text never repeats
 * what was sent in a field that may hold a secret.
 */
#ifndef BASE_PROBLEMS_H
#define BASE_PROBLEMS_H

#include "base/arena.h"

#define PROBLEMS_MAX 16
/* Of a name that was sent; the rest is cut. */
#define PROBLEM_NAME_MAX ((size_t)128)

struct problem {
    struct slice field; /* "email", "background.hardware_knowledge" */
    struct slice text;
};

struct problems {
    struct arena *arena;
    size_t count;
    struct problem items[PROBLEMS_MAX];
};

void problems_init(struct problems *problems, struct arena *arena);

/* STATUS_NO_MEMORY alone can fail; a full list is no failure. */
MUST_USE enum status problems_add(struct problems *problems, struct slice field,
                                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
