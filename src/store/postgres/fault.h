/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an error of PostgreSQL means to us, by its SQLSTATE (the manual's
 * appendix A). Its text is never shown or logged: it may quote values.
 */
#ifndef STORE_POSTGRES_FAULT_H
#define STORE_POSTGRES_FAULT_H

#include "store/postgres/library.h"

struct postgres_fault {
    enum status status;
    bool repeatable;     /* nothing was done, and it may go well next time */
    bool ends_session;   /* nothing more is to be sent on this connection */
    bool skipped;        /* for another's error, before it on the way */
    bool loses_prepared; /* another session answered: a pooler is between */
};

/* STATUS_OK in it when `result` is no error. */
struct postgres_fault postgres_fault_of(const PGresult *result);
/*
 * Writes the line that an operator needs of it, if any; of what may go well
 * next time, none.
 */
void postgres_fault_log(const PGresult *result, struct slice query);

#endif
