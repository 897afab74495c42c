/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What SQLite's result codes mean to a caller, and one log line for each kind
 * of trouble instead of one for each request that met it.
 *
 * Any thread may note one. Never logs a value: SQLite's messages name tables,
 * columns and constraints only.
 */
#ifndef STORE_SQLITE_OUTAGE_H
#define STORE_SQLITE_OUTAGE_H

#include "base/status.h"

#include <sqlite3.h>
#include <stdatomic.h>

enum sqlite_trouble {
    TROUBLE_NONE, /* the caller's own value, or no memory */
    TROUBLE_LOCKED,
    TROUBLE_FULL,
    TROUBLE_IO,
    TROUBLE_CORRUPT,
    TROUBLE_READ_ONLY,
    TROUBLE_SLOW,      /* no answer in time */
    TROUBLE_STATEMENT, /* ours: wrong SQL, or tables that are missing */
    TROUBLE_COUNT
};

struct sqlite_outage {
    /* When each kind was last logged; 0: not in this outage. */
    _Atomic int64_t logged_ms[TROUBLE_COUNT];
};

enum sqlite_trouble sqlite_trouble_of(int code);
/* The status for an extended result code. */
enum status sqlite_status_of(int code);

/* Logs it, unless it was logged in this outage. */
void sqlite_outage_log(struct sqlite_outage *outage,
                       enum sqlite_trouble trouble, struct slice what,
                       struct slice reason);
/* As sqlite_status_of, for what `db` just failed at, with a line in the log. */
enum status sqlite_outage_note(struct sqlite_outage *outage, sqlite3 *db,
                               int code, struct slice what);
/* It works again: the next trouble is a new one. */
void sqlite_outage_end(struct sqlite_outage *outage);

#endif
