/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine must do, said once: each program that runs it names a
 * database of its own. Every test runs as it is, and again with the first,
 * second, third ... statement failing, until none is left to fail.
 */
#ifndef TESTS_UNIT_STORE_ENGINE_SUITE_H
#define TESTS_UNIT_STORE_ENGINE_SUITE_H

#include "base/slice.h"

struct engine_fixture {
    const char *name;
    struct slice url; /* of a database that may be emptied */
};

/* What main() returns. */
int engine_suite_run(const struct engine_fixture *fixture);

#endif
