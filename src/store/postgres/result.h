/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PostgreSQL answered, as rows: binary columns by the number of their
 * type. A type that is not known here is refused, never guessed at.
 */
#ifndef STORE_POSTGRES_RESULT_H
#define STORE_POSTGRES_RESULT_H

#include "store/postgres/library.h"
#include "store/store.h"

/*
 * Copies everything into the arena. Of a script only numbers and booleans get
 * their types; the rest is text as PostgreSQL writes it. STATUS_INVALID_VALUE,
 * with one line in the log, for a column of an unknown type; STATUS_TOO_LARGE
 * past STORE_ROWS_MAX.
 */
MUST_USE enum status postgres_result_take(const PGresult *result,
                                          struct arena *arena,
                                          struct rows *out);

/* Did the statement insert, update, delete or return anything? */
bool postgres_result_is_change(const PGresult *result);

/* One column of a script's answer. */
MUST_USE enum status postgres_value_read(uint32_t type, struct slice text,
                                         struct arena *arena,
                                         struct value *out);

/* One binary column; the door for postgres_result_take and its tests. */
MUST_USE enum status postgres_value_take(uint32_t type, struct slice bytes,
                                         struct arena *arena,
                                         struct value *out);

#endif
