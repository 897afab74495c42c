/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every harness shares. A harness is one function that must survive any
 * bytes; beyond that it states properties with `must`, such as that what was
 * encoded decodes to itself. The same file runs under libFuzzer and, without
 * it, under tests/fuzz/replay.c.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

/* Room for any input within -max_len, however it grows. */
#define FUZZ_ARENA ((size_t)16 << 20)
#define FUZZ_BUF   ((size_t)4 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property: ends the program, like a crash, when it does not hold. */
#define must(condition)                                                        \
    do {                                                                       \
        if (!(condition)) {                                                    \
            (void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__,      \
                          __LINE__, #condition);                               \
            abort();                                                           \
        }                                                                      \
    } while (0)

#define must_be_ok(call) must((call) == STATUS_OK)

/* What `buf` holds; appending within FUZZ_BUF never fails. */
static inline struct slice fuzz_text(const struct buf *buf)
{
    struct slice text = SLICE_EMPTY;

    must_be_ok(buf_finish(buf, &text));
    return text;
}

#endif
