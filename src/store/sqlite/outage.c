/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite/outage.h"

#include "base/clock.h"
#include "base/log.h"

/* Of a trouble that lasts, or comes and goes. */
#define LOG_AGAIN_MS ((int64_t)60000)

enum sqlite_trouble sqlite_trouble_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
        return TROUBLE_NONE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return TROUBLE_LOCKED;
    case SQLITE_FULL:
        return TROUBLE_FULL;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return code == SQLITE_IOERR_NOMEM ? TROUBLE_NONE : TROUBLE_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return TROUBLE_CORRUPT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return TROUBLE_READ_ONLY;
    default:
        return TROUBLE_STATEMENT;
    }
}

static enum status status_of_value(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return STATUS_TAKEN;
    case SQLITE_NOMEM:
    case SQLITE_IOERR_NOMEM:
        return STATUS_NO_MEMORY;
    default:
        return STATUS_INVALID_VALUE;
    }
}

enum status sqlite_status_of(int code)
{
    switch (sqlite_trouble_of(code)) {
    case TROUBLE_NONE:
        return status_of_value(code);
    case TROUBLE_STATEMENT:
        return STATUS_INTERNAL;
    default:
        return STATUS_UNAVAILABLE;
    }
}

static bool is_news(struct sqlite_outage *outage, enum sqlite_trouble trouble)
{
    int64_t now = clock_mono_ms() + 1; /* never 0 */
    int64_t last = atomic_load(&outage->logged_ms[trouble]);

    /* Of several threads one writes the line. */
    return (last == 0 || now - last >= LOG_AGAIN_MS) &&
           atomic_compare_exchange_strong(&outage->logged_ms[trouble], &last,
                                          now);
}

void sqlite_outage_log(struct sqlite_outage *outage,
                       enum sqlite_trouble trouble, struct slice what,
                       struct slice reason)
{
    if (is_news(outage, trouble)) {
        log_error("database_failed", log_text("what", what),
                  log_text("reason", reason));
    }
}

enum status sqlite_outage_note(struct sqlite_outage *outage, sqlite3 *db,
                               int code, struct slice what)
{
    enum sqlite_trouble trouble = sqlite_trouble_of(code);
    const char *reason = sqlite3_errmsg(db);

    if (trouble != TROUBLE_NONE) {
        sqlite_outage_log(outage, trouble, what, slice_from_cstr(reason));
    }
    return sqlite_status_of(code);
}

void sqlite_outage_end(struct sqlite_outage *outage)
{
    for (size_t i = 0; i < TROUBLE_COUNT; i++) {
        atomic_store(&outage->logged_ms[i], 0);
    }
}
