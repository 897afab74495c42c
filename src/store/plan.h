/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be done so that a database has everything its schema names and
 * our own tables besides: statements in order, each with a line for people.
 *
 * In a store that adopts, Better Auth's tables have to be there already, and
 * what is missing in them refuses.
 *
 * Only ever adds. Where a name that is missing is there in the other style
 * (email_verified for emailVerified) it refuses: the operator's settings do
 * not fit the database, and a second column would hide that.
 */
#ifndef STORE_PLAN_H
#define STORE_PLAN_H

#include "store/inspect.h"

struct plan_step {
    struct slice sql;
    struct slice line;
};

struct plan {
    struct plan_step *steps;
    size_t count;
    size_t capacity;
};

/* On failure the inspection's *why. */
MUST_USE enum status plan_make(const struct inspection *inspection,
                               struct plan *out);

/* For store_examine. */
MUST_USE enum status plan_examine(struct inspection *inspection,
                                  struct buf *report, bool *sound);

#endif
