/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the command line and the configuration say no: one line for a person.
 *
 * Invariant: whatever the values hold, the line has no control characters,
 * so it stays one line and cannot drive a terminal, and at most 512 bytes.
 */
#ifndef APP_REFUSE_H
#define APP_REFUSE_H

#include "base/arena.h"

/* What callers leave in *why while they allocate. */
#define REFUSE_NO_MEMORY SLICE("out of memory while reading the settings")

/* Would end the line, or drive a terminal. */
static inline bool refuse_is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

/*
 * STATUS_INVALID_VALUE, so that callers read "return refuse(...)"; or
 * STATUS_NO_MEMORY.
 * *why lives as long as the arena; it is a constant when memory is out.
 */
MUST_USE enum status refuse(struct arena *arena, struct slice *why,
                            const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
