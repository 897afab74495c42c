/* SPDX-License-Identifier: Apache-2.0 */
/* The migrator's and the checker's own connection: it blocks. */
#include "store/postgres/postgres.h"

#include "store/postgres/fault.h"
#include "store/postgres/library.h"
#include "store/postgres/result.h"

/* An operator is waiting; a suspended database needs a few seconds. */
#define CONNECT_SECONDS "10"

struct store_direct {
    PGconn *link;
};

static void discard_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

/* The first line of what libpq says; it never quotes a password. */
static enum status tell(const PGconn *link, struct arena *arena,
                        struct slice *why)
{
    struct slice text = slice_from_cstr(pq.errorMessage(link));

    return slice_dup(arena, slice_head(text, slice_find(text, '\n')), why);
}

static enum status connect_blocking(struct store_direct *direct,
                                    const struct postgres_options *options,
                                    struct arena *arena, struct slice *why)
{
    direct->link = pq.connectdbParams(options->keywords, options->values, 0);
    TRY_ALLOC(direct->link);
    (void)pq.setNoticeProcessor(direct->link, discard_notice, NULL);
    if (pq.status(direct->link) == CONNECTION_OK) {
        return STATUS_OK;
    }
    TRY(tell(direct->link, arena, why));
    return STATUS_UNAVAILABLE;
}

enum status postgres_direct_open(struct store *store, struct arena *arena,
                                 struct slice *why, struct store_direct **out)
{
    const struct postgres *postgres = store->state;
    struct postgres_options options = postgres->address.options;
    struct store_direct *direct = ARENA_NEW(arena, struct store_direct);
    enum status status;

    *why = SLICE("out of memory");
    TRY_ALLOC(direct);
    TRY(postgres_options_set(&options, "connect_timeout", CONNECT_SECONDS));
    status = connect_blocking(direct, &options, arena, why);
    if (status != STATUS_OK) {
        postgres_direct_close(direct);
        return status;
    }
    *out = direct;
    return STATUS_OK;
}

void postgres_direct_close(struct store_direct *direct)
{
    if (direct != NULL) {
        pq.finish(direct->link);
        direct->link = NULL;
    }
}

static enum status take(struct store_direct *direct, const PGresult *result,
                        struct arena *arena, struct rows *rows,
                        struct slice *why)
{
    struct postgres_fault fault = postgres_fault_of(result);

    if (fault.status != STATUS_OK) {
        TRY(tell(direct->link, arena, why));
        return fault.status;
    }
    *why = SLICE("it answered with what cannot be read");
    return rows == NULL ? STATUS_OK : postgres_result_take(result, arena, rows);
}

/* At worst a text in quotes is taken for the end of a statement. */
static bool is_script(struct slice sql)
{
    return slice_find(sql, ';') + 1 < sql.len;
}

enum status postgres_direct_run(struct store_direct *direct, struct slice sql,
                                struct arena *arena, struct rows *rows,
                                struct slice *why)
{
    struct slice text;
    PGresult *result;
    enum status status;

    *why = SLICE("out of memory");
    TRY(slice_dup(arena, sql, &text));
    /* Rows come binary, as everywhere, when it is one statement alone. */
    result = rows == NULL || is_script(sql)
                 ? pq.exec(direct->link, text.ptr)
                 : pq.execParams(direct->link, text.ptr, 0, NULL, NULL, NULL,
                                 NULL, 1);
    status = take(direct, result, arena, rows, why);
    pq.clear(result);
    return status;
}
