/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes: cmocka, and checks in our own nouns. */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"

/* A slice must hold exactly this literal. */
#define check_text(actual, literal) check_slice(actual, SLICE(literal))

#define check_slice(actual, expected)                                          \
    check_slice_at((actual), (expected), __FILE__, __LINE__)

#define check_status(call, expected)                                           \
    check_status_at((call), (expected), __FILE__, __LINE__)

#define check_ok(call) check_status(call, STATUS_OK)

static inline void check_slice_at(struct slice actual, struct slice expected,
                                  const char *file, int line)
{
    if (!slice_equal(actual, expected)) {
        print_error("%s:%d: got \"%.*s\", want \"%.*s\"\n", file, line,
                    SLICE_ARG(actual), SLICE_ARG(expected));
        _fail(file, line);
    }
}

static inline void check_status_at(enum status actual, enum status expected,
                                   const char *file, int line)
{
    if (actual != expected) {
        struct slice got = status_code(actual);
        struct slice want = status_code(expected);

        print_error("%s:%d: got %.*s, want %.*s\n", file, line, SLICE_ARG(got),
                    SLICE_ARG(want));
        _fail(file, line);
    }
}

/* main() of a test program: RUN_TESTS(cmocka_unit_test(x), ...). */
#define RUN_TESTS(...)                                                         \
    int main(void)                                                             \
    {                                                                          \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                       \
        return cmocka_run_group_tests(tests, NULL, NULL);                      \
    }

#endif
