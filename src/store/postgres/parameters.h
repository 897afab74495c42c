/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameters as PostgreSQL takes them: text whose types it infers itself, so
 * that the same statement fits a column of text, uuid or integer.
 *
 * Never sends a NUL: libpq would cut the text there in silence. The result
 * lives as long as the arena.
 */
#ifndef STORE_POSTGRES_PARAMETERS_H
#define STORE_POSTGRES_PARAMETERS_H

#include "store/store.h"

/*
 * One C string a parameter, NULL for NULL. `earlier` are the rows of the
 * `earlier_count` statements of the same write that VALUE_RESULT may name.
 * STATUS_NOT_FOUND when that one returned no row, STATUS_INVALID_VALUE for what
 * no parameter can be.
 */
MUST_USE enum status postgres_parameters(const struct statement *statement,
                                         const struct rows *earlier,
                                         size_t earlier_count,
                                         struct arena *arena,
                                         const char *const **out);

#endif
