/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the settings to the database, for every command alike.
 *
 * A line for the operator names the setting that is wrong and never holds the
 * database's address, which may have a password in it.
 */
#ifndef APP_DATABASE_H
#define APP_DATABASE_H

#include "app/config.h"
#include "store/store.h"

/* AUTH_SCHEMA, COLUMN_NAMES, ID_TYPE and what the plugins need. */
MUST_USE enum status database_schema(const struct config *config,
                                     struct arena *arena, struct slice *why,
                                     struct schema *out);

/*
 * `schema` is filled; it and the arena outlive the store, which the caller
 * closes. STATUS_INVALID_VALUE for a wrong setting.
 */
MUST_USE enum status database_open(const struct config *config,
                                   struct arena *arena, struct slice *why,
                                   struct schema *schema, struct store **store);

/* For CLEANUP; it may be NULL. */
void database_close(struct store **store);

/*
 * Before serving: a database of one's own is brought up to date, a server's
 * is the operator's to migrate, and only looked at.
 */
MUST_USE enum status database_prepare(struct store *store, struct arena *arena,
                                      struct slice *why);

/* False for an SQLite file that nobody made yet. */
bool database_is_there(const struct config *config);

#endif
