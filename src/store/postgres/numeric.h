/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL's "numeric" on the wire: digits to the base of 10000. Whole
 * numbers that fit come out exact, all others as the nearest real.
 */
#ifndef STORE_POSTGRES_NUMERIC_H
#define STORE_POSTGRES_NUMERIC_H

#include "store/store.h"

/* NaN and the infinities are refused: JSON has no word for them. */
MUST_USE enum status postgres_numeric_take(struct slice bytes,
                                           struct arena *arena,
                                           struct value *out);

#endif
