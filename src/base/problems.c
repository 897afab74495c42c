/* SPDX-License-Identifier: Apache-2.0 */
#include "base/problems.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_MAX ((size_t)512)

void problems_init(struct problems *problems, struct arena *arena)
{
    problems->arena = arena;
    problems->count = 0;
}

static bool is_known(const struct problems *problems, struct slice field)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (slice_equal(problems->items[i].field, field)) {
            return true;
        }
    }
    return false;
}

enum status problems_add(struct problems *problems, struct slice field,
                         const char *format, ...)
{
    struct problem *problem = &problems->items[problems->count];
    char text[TEXT_MAX];
    va_list args;
    int len;

    field = slice_head(field, PROBLEM_NAME_MAX);
    if (problems->count == PROBLEMS_MAX || is_known(problems, field)) {
        return STATUS_OK;
    }
    va_start(args, format);
    len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0) {
        return STATUS_INTERNAL;
    }
    len = len < (int)sizeof(text) ? len : (int)sizeof(text) - 1;
    TRY(slice_dup(problems->arena, field, &problem->field));
    TRY(slice_dup(problems->arena, slice_make(text, (size_t)len),
                  &problem->text));
    problems->count++;
    return STATUS_OK;
}
