/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite/connection.h"

#include "base/clock.h"

#include <time.h>

/* Of one value and one statement; bodies are limited far below. */
#define VALUE_BYTES_MAX (16 << 20)
/* SQLite's own waits reach 100 ms, in which another process's writer comes
 * round a hundred times and this one never. */
#define BUSY_WAIT_NS 1000000

#define TEXT_OF(number)  TEXT_OF_(number)
#define TEXT_OF_(number) #number
/* The log is cut back to this after a busy time. */
#define LOG_BYTES 67108864

static const char *const control_sql[CONTROL_COUNT] = {
    [CONTROL_BEGIN] = "BEGIN IMMEDIATE", [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",     [CONTROL_SAVE] = "SAVEPOINT job",
    [CONTROL_UNDO] = "ROLLBACK TO job",  [CONTROL_KEEP] = "RELEASE job",
};

/*
 * Readers keep 2 MiB of pages each; the kernel has the rest. They do not map
 * the file: that saves a quarter of a look-up's time, but a sector that cannot
 * be read would then end the process instead of one request, and each reader
 * would count the whole file as its memory.
 */
static const char *const settings_of[] = {
    [ROLE_READER] = "PRAGMA temp_store=MEMORY; PRAGMA query_only=ON",
    /* What is deleted is overwritten, whatever the library's default is. */
    [ROLE_WRITER] = ("PRAGMA temp_store=MEMORY; PRAGMA synchronous=FULL; "
                     "PRAGMA secure_delete=ON; "
                     "PRAGMA wal_autocheckpoint=0; "
                     "PRAGMA journal_size_limit=" TEXT_OF(LOG_BYTES)),
    [ROLE_DIRECT] = ("PRAGMA temp_store=MEMORY; PRAGMA synchronous=FULL; "
                     "PRAGMA secure_delete=ON"),
};

int sqlite_script(struct sqlite_connection *connection, const char *sql)
{
    return sqlite3_exec(connection->db, sql, NULL, NULL, NULL);
}

static int on_busy(void *arg, int tries)
{
    struct sqlite_connection *connection = arg;
    struct timespec wait = {.tv_nsec = BUSY_WAIT_NS};
    int64_t now = clock_mono_ms();

    if (tries == 0) {
        connection->busy_since_ms = now;
    }
    if (now - connection->busy_since_ms >= connection->timeout_ms) {
        return 0;
    }
    (void)nanosleep(&wait, NULL);
    return 1;
}

/* Nothing a file could bring along is run, and nothing can be loaded. */
static int harden(struct sqlite_connection *connection)
{
    static const struct {
        int option;
        int on;
    } options[] = {
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
        {SQLITE_DBCONFIG_DQS_DML, 0},
    };

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        int code = sqlite3_db_config(connection->db, options[i].option,
                                     options[i].on, NULL);

        if (code != SQLITE_OK) {
            return code;
        }
    }
    (void)sqlite3_extended_result_codes(connection->db, 1);
    (void)sqlite3_limit(connection->db, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
    (void)sqlite3_limit(connection->db, SQLITE_LIMIT_ATTACHED, 0);
    return sqlite3_busy_handler(connection->db, on_busy, connection);
}

/* Reads the head of the file, so that what is no database is found out. */
static int try_log(struct sqlite_connection *connection, bool *on)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(connection->db, "PRAGMA journal_mode=WAL", -1,
                                  &stmt, NULL);

    *on = false;
    if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
    }
    if (code == SQLITE_ROW) {
        const unsigned char *mode = sqlite3_column_text(stmt, 0);

        *on = mode != NULL && strcmp((const char *)mode, "wal") == 0;
        code = SQLITE_OK;
    }
    (void)sqlite3_finalize(stmt);
    return code;
}

/*
 * Of several processes that make the log at once SQLite tells all but one that
 * the file is busy, without asking the busy handler: each would wait for the
 * others.
 */
static int use_log(struct sqlite_connection *connection, bool *on)
{
    int tries = 0;
    int code;

    do {
        code = try_log(connection, on);
    } while ((code & 0xff) == SQLITE_BUSY && on_busy(connection, tries++) != 0);
    return code;
}

static enum status fail(struct sqlite_connection *connection, int code,
                        struct arena *arena, struct slice *why)
{
    const char *reason = connection->db == NULL
                             ? sqlite3_errstr(code)
                             : sqlite3_errmsg(connection->db);

    TRY(arena_format(arena, why, "the database cannot be opened: %s", reason));
    return sqlite_status_of(code) == STATUS_NO_MEMORY ? STATUS_NO_MEMORY
                                                      : STATUS_UNAVAILABLE;
}

static enum status prepare_file(struct sqlite_connection *connection,
                                struct arena *arena, struct slice *why)
{
    bool on;
    int code;

    if (sqlite3_db_readonly(connection->db, "main") != 0) {
        *why = SLICE("the database is read-only");
        return STATUS_UNAVAILABLE;
    }
    code = use_log(connection, &on);
    if (code != SQLITE_OK) {
        return fail(connection, code, arena, why);
    }
    if (!on) {
        *why = SLICE("the database cannot have a write-ahead log; is it on a "
                     "network drive, or in use in another mode?");
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

enum status sqlite_connection_open(struct sqlite_connection *connection,
                                   const char *path, enum sqlite_role role,
                                   struct arena *arena, struct slice *why)
{
    int flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
        (role == ROLE_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    int code = sqlite3_open_v2(path, &connection->db, flags, NULL);

    if (code == SQLITE_OK) {
        code = harden(connection);
    }
    if (code != SQLITE_OK) {
        return fail(connection, code, arena, why);
    }
    if (role != ROLE_READER) {
        TRY(prepare_file(connection, arena, why));
    }
    code = sqlite_script(connection, settings_of[role]);
    return code == SQLITE_OK ? STATUS_OK : fail(connection, code, arena, why);
}

void sqlite_connection_close(struct sqlite_connection *connection)
{
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        (void)sqlite3_finalize(connection->queries[i]);
        connection->queries[i] = NULL;
    }
    for (size_t i = 0; i < CONTROL_COUNT; i++) {
        (void)sqlite3_finalize(connection->controls[i]);
        connection->controls[i] = NULL;
    }
    (void)sqlite3_close(connection->db);
    connection->db = NULL;
}

int sqlite_control(struct sqlite_connection *connection,
                   enum sqlite_control control)
{
    sqlite3_stmt **stmt = &connection->controls[control];

    if (*stmt == NULL) {
        int code = sqlite3_prepare_v3(connection->db, control_sql[control], -1,
                                      SQLITE_PREPARE_PERSISTENT, stmt, NULL);

        if (code != SQLITE_OK) {
            return code;
        }
    }
    (void)sqlite3_step(*stmt);
    /* Says again what the step said, in full. */
    return sqlite3_reset(*stmt);
}
