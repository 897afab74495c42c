/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite/tidy.h"

#include <sys/stat.h>

/* A second on a busy machine; as much memory, for a moment. */
#define TIDY_BYTES_MAX ((off_t)64 << 20)

static bool is_small(struct sqlite_connection *connection)
{
    struct stat about;

    return stat(sqlite3_db_filename(connection->db, "main"), &about) == 0 &&
           about.st_size <= TIDY_BYTES_MAX;
}

int sqlite_tidy(struct sqlite_connection *connection)
{
    int limit;
    int code;

    if (!is_small(connection)) {
        return SQLITE_OK;
    }
    /* It works in a database that it attaches for the time. */
    limit = sqlite3_limit(connection->db, SQLITE_LIMIT_ATTACHED, 1);
    code = sqlite_script(connection, "VACUUM");
    (void)sqlite3_limit(connection->db, SQLITE_LIMIT_ATTACHED, limit);
    return code;
}
