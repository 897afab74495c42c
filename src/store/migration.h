/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own tables, step by step: the numbered files of db/, which the build
 * puts into the program. Once released a file never changes.
 */
#ifndef STORE_MIGRATION_H
#define STORE_MIGRATION_H

#include "base/slice.h"

struct migration {
    int64_t version; /* 1, 2, 3 ... */
    struct slice name;
    struct slice sql; /* a template, as query.h has them */
};

extern const struct migration store_migrations[];
extern const size_t store_migration_count;

#endif
