/* SPDX-License-Identifier: Apache-2.0 */
#include "app/refuse.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_MAX_BYTES ((size_t)512)

enum status refuse(struct arena *arena, struct slice *why, const char *format,
                   ...)
{
    char *line = arena_alloc_text(arena, LINE_MAX_BYTES + 1);
    va_list args;

    *why = REFUSE_NO_MEMORY;
    TRY_ALLOC(line);
    va_start(args, format);
    (void)vsnprintf(line, LINE_MAX_BYTES + 1, format, args);
    va_end(args);
    *why = slice_from_cstr(line);
    for (size_t i = 0; i < why->len; i++) {
        line[i] = refuse_is_control(line[i]) ? '?' : line[i];
    }
    return STATUS_INVALID_VALUE;
}
