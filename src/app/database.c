/* SPDX-License-Identifier: Apache-2.0 */
#include "app/database.h"

#include "app/external.h"
#include "app/refuse.h"
#include "base/log.h"

#include <limits.h>
#include <sys/stat.h>

/* What a migration did, or what is missing: a line a table or column. */
#define REPORT_MAX ((size_t)64 * 1024)
/* To look and to write, given back before anything is served. */
#define MEMORY_MAX ((size_t)8 << 20)

enum {
    RATE_LIMIT_IN_DATABASE = 1, /* the words of RATE_LIMIT, from 0 */
    NAMES_SNAKE = 1
};

static bool has_plugin(const struct config *config, struct slice plugin)
{
    struct slice rest = external_plugins(config);
    struct slice word;

    while (slice_split(&rest, ',', &word)) {
        if (slice_equal(slice_trim(word), plugin)) {
            return true;
        }
    }
    return false;
}

enum status database_schema(const struct config *config, struct arena *arena,
                            struct slice *why, struct schema *out)
{
    const struct schema_settings settings = {
        .description = config->AUTH_SCHEMA,
        .snake_case = config->COLUMN_NAMES == NAMES_SNAKE,
        .id_type = (enum id_type)config->ID_TYPE,
        .admin = has_plugin(config, SLICE("admin")),
        /* Their keys come by their address. */
        .jwt = has_plugin(config, SLICE("jwt")) && !external_is_on(config),
        .rate_limit = config->RATE_LIMIT == RATE_LIMIT_IN_DATABASE,
    };
    struct slice problem = SLICE_EMPTY;
    enum status status = schema_make(&settings, arena, &problem, out);

    if (status == STATUS_INVALID_VALUE) {
        return refuse(arena, why, "%.*s: AUTH_SCHEMA: %.*s",
                      SLICE_ARG(config->origins[SETTING_AUTH_SCHEMA].where),
                      SLICE_ARG(problem));
    }
    *why = problem;
    return status;
}

enum status database_open(const struct config *config, struct arena *arena,
                          struct slice *why, struct schema *schema,
                          struct store **store)
{
    const struct store_settings settings = {
        .url = config->DATABASE_URL,
        .connections = (size_t)config->DATABASE_CONNECTIONS,
        .timeout_ms = config->DATABASE_TIMEOUT,
        .schema = schema,
        .adopts = external_is_on(config),
    };
    struct slice problem = SLICE("out of memory");
    enum status status;
    enum status told;

    TRY(external_suits(config, why));
    TRY(database_schema(config, arena, why, schema));
    status = store_open(&settings, arena, &problem, store);
    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    told = refuse(arena, why, "%.*s: DATABASE_URL: %.*s",
                  SLICE_ARG(config->origins[SETTING_DATABASE_URL].where),
                  SLICE_ARG(problem));
    return told == STATUS_NO_MEMORY ? told : status;
}

void database_close(struct store **store)
{
    store_close(*store);
    *store = NULL;
}

/* Each line of it; it is the operator's file that was changed. */
static enum status log_report(const struct buf *report)
{
    struct slice text;
    struct slice line;
    int64_t steps = 0;
    bool made;

    TRY(buf_finish(report, &text));
    made = slice_contains(text, SLICE("create table user"));
    while (slice_split(&text, '\n', &line)) {
        if (line.len > 0) {
            steps++;
            log_debug("database_step", log_text("did", line));
        }
    }
    /* One that was not there is no news. */
    if (steps > 0 && !made) {
        log_info("database_migrated", log_number("steps", steps));
    }
    return STATUS_OK;
}

static enum status refuse_missing(const struct buf *missing,
                                  struct arena *arena, struct slice *why)
{
    struct slice text;
    struct slice first;
    size_t count = 0;
    enum status told;

    TRY(buf_finish(missing, &text));
    if (text.len == 0) {
        return STATUS_OK;
    }
    first = slice_head(text, slice_find(text, '\n'));
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == '\n';
    }
    told = refuse(arena, why,
                  "the database is not up to date (%zu to do: %.*s%s); "
                  "run: bookplate migrate",
                  count, SLICE_ARG(first), count > 1 ? ", ..." : "");
    return told == STATUS_NO_MEMORY ? told : STATUS_PRECONDITION_FAILED;
}

static enum status prepare(struct store *store, struct arena *arena,
                           struct slice *why)
{
    struct buf report;

    buf_init(&report, arena, REPORT_MAX);
    if (store_engine(store) == QUERY_SQLITE) {
        TRY(store_migrate(store, arena, &report, why));
        return log_report(&report);
    }
    TRY(store_check(store, arena, &report, why));
    return refuse_missing(&report, arena, why);
}

enum status database_prepare(struct store *store, struct arena *arena,
                             struct slice *why)
{
    struct slice problem = SLICE("out of memory");
    struct arena own;
    enum status status;

    arena_init(&own, MEMORY_MAX);
    status = prepare(store, &own, &problem);
    *why = SLICE_EMPTY;
    if (status != STATUS_OK && slice_dup(arena, problem, why) != STATUS_OK) {
        status = STATUS_NO_MEMORY;
    }
    arena_release(&own);
    return status;
}

bool database_is_there(const struct config *config)
{
    struct slice url = config->DATABASE_URL;
    struct slice path = slice_from(url, SLICE("sqlite:").len);
    char name[PATH_MAX];
    struct stat info;

    if (!slice_starts_with(url, SLICE("sqlite:")) || path.len >= sizeof(name)) {
        return true;
    }
    path = slice_from(path, slice_starts_with(path, SLICE("//")) ? 2 : 0);
    memcpy(name, path.ptr, path.len);
    name[path.len] = '\0';
    return stat(name, &info) == 0;
}
