/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres_case.h"

#include "../check.h"
#include "crypto/init.h"
#include "net/fiber.h"

struct postgres_case postgres_case;

/* Better Auth's own, in short. */
static const char tables[] =
    "CREATE TABLE \"user\" (\"id\" text PRIMARY KEY, \"name\" text NOT NULL,"
    " \"email\" text NOT NULL UNIQUE, \"emailVerified\" boolean NOT NULL,"
    " \"image\" text, \"createdAt\" timestamptz NOT NULL,"
    " \"updatedAt\" timestamptz NOT NULL);"
    "CREATE TABLE \"session\" (\"id\" text PRIMARY KEY,"
    " \"expiresAt\" timestamptz NOT NULL, \"token\" text NOT NULL UNIQUE,"
    " \"createdAt\" timestamptz NOT NULL, \"updatedAt\" timestamptz NOT NULL,"
    " \"ipAddress\" text, \"userAgent\" text, \"userId\" text NOT NULL"
    " REFERENCES \"user\" (\"id\") ON DELETE CASCADE);"
    "CREATE TABLE \"account\" (\"id\" text PRIMARY KEY,"
    " \"accountId\" text NOT NULL, \"providerId\" text NOT NULL,"
    " \"userId\" text NOT NULL REFERENCES \"user\" (\"id\") ON DELETE CASCADE,"
    " \"accessToken\" text, \"refreshToken\" text, \"idToken\" text,"
    " \"accessTokenExpiresAt\" timestamptz,"
    " \"refreshTokenExpiresAt\" timestamptz, \"scope\" text,"
    " \"password\" text, \"createdAt\" timestamptz NOT NULL,"
    " \"updatedAt\" timestamptz NOT NULL);"
    "CREATE TABLE \"verification\" (\"id\" text PRIMARY KEY,"
    " \"identifier\" text NOT NULL, \"value\" text NOT NULL,"
    " \"expiresAt\" timestamptz NOT NULL, \"createdAt\" timestamptz NOT NULL,"
    " \"updatedAt\" timestamptz NOT NULL);"
    "CREATE TABLE \"jwks\" (\"id\" text PRIMARY KEY,"
    " \"publicKey\" text NOT NULL, \"privateKey\" text NOT NULL,"
    " \"createdAt\" timestamptz NOT NULL, \"expiresAt\" timestamptz,"
    " \"alg\" text, \"crv\" text);"
    "CREATE TABLE \"rateLimit\" (\"id\" text PRIMARY KEY,"
    " \"key\" text NOT NULL UNIQUE, \"count\" integer NOT NULL,"
    " \"lastRequest\" bigint NOT NULL);";

static const char rows[] =
    "INSERT INTO \"user\" SELECT 'user-' || n, 'Name', 'u' || n || '@x.org',"
    " n % 2 = 0, NULL, '2026-01-31T08:15:00.123Z', now()"
    " FROM generate_series(0, 499) AS n;"
    "INSERT INTO \"session\" SELECT 'session-' || n, now() + interval '1 day',"
    " 'token-' || n, now(), now(), NULL, NULL, 'user-' || n"
    " FROM generate_series(0, 499) AS n;";

void postgres_case_open_at(const char *url, size_t connections,
                           int64_t timeout_ms)
{
    const struct store_settings settings = {.url = slice_from_cstr(url),
                                            .connections = connections,
                                            .timeout_ms = timeout_ms,
                                            .schema = &postgres_case.schema};
    struct slice why = SLICE_EMPTY;

    check_ok(loop_new(&postgres_case.loop));
    check_ok(store_open(&settings, &postgres_case.arena, &why,
                        &postgres_case.store));
    postgres_case.fibers = 0;
}

bool postgres_case_open(const char *options)
{
    char url[256];

    if (!postgres_case.has_server) {
        print_message("# skipped: there is no PostgreSQL\n");
        return false;
    }
    snprintf(url, sizeof(url), "%s%s", postgres_case.server.url, options);
    postgres_case_open_at(url, 8, POSTGRES_CASE_TIMEOUT);
    return true;
}

void postgres_case_close(void)
{
    store_close(postgres_case.store);
    postgres_case.store = NULL;
    assert_int_equal(fiber_count(), 0);
    fiber_thread_end();
    loop_free(postgres_case.loop);
}

void postgres_case_fiber(void (*fn)(void *arg), void *arg)
{
    postgres_case.fibers++;
    check_ok(fiber_start(postgres_case.loop, fn, arg));
}

void postgres_case_fiber_ends(void)
{
    if (--postgres_case.fibers == 0) {
        loop_stop(postgres_case.loop);
    }
}

void postgres_case_run(void)
{
    loop_run(postgres_case.loop);
    assert_int_equal(postgres_case.fibers, 0);
}

void postgres_case_run_one(void (*fn)(void *arg), void *arg)
{
    postgres_case_fiber(fn, arg);
    postgres_case_run();
}

struct call {
    const struct statement *statements;
    size_t count; /* 0: it reads */
    struct rows *out;
    enum status status;
};

static void make_call(void *arg)
{
    struct call *call = arg;

    call->status =
        call->count == 0
            ? store_read(postgres_case.store, call->statements,
                         &postgres_case.arena, call->out)
            : store_write(postgres_case.store, call->statements, call->count,
                          &postgres_case.arena, call->out);
    postgres_case_fiber_ends();
}

enum status postgres_case_read(const struct statement *statement,
                               struct rows *out)
{
    struct call call = {.statements = statement, .out = out};

    postgres_case_run_one(make_call, &call);
    return call.status;
}

enum status postgres_case_write(const struct statement *statements,
                                size_t count, struct rows *out)
{
    struct call call = {.statements = statements, .count = count, .out = out};

    postgres_case_run_one(make_call, &call);
    return call.status;
}

struct statement postgres_case_statement(const char *template)
{
    struct query *query = ARENA_NEW(&postgres_case.arena, struct query);

    assert_non_null(query);
    check_ok(store_build(postgres_case.store, slice_from_cstr(template),
                         &postgres_case.arena, query));
    return (struct statement){.query = QUERY_BUILT, .built = query};
}

static void direct(const char *sql, struct rows *out)
{
    const struct store_settings settings = {
        .url = slice_from_cstr(postgres_case.server.url),
        .connections = 4,
        .timeout_ms = POSTGRES_CASE_TIMEOUT,
        .schema = &postgres_case.schema};
    struct slice why = SLICE_EMPTY;
    struct store_direct *connection;
    struct store *store;

    check_ok(store_open(&settings, &postgres_case.arena, &why, &store));
    check_ok(store->engine->direct_open(store, &postgres_case.arena, &why,
                                        &connection));
    if (store->engine->direct_run(connection, slice_from_cstr(sql),
                                  &postgres_case.arena, out,
                                  &why) != STATUS_OK) {
        fail_msg("%.*s", SLICE_ARG(why));
    }
    store->engine->direct_close(connection);
    store_close(store);
}

void postgres_case_sql(const char *sql)
{
    direct(sql, NULL);
}

int64_t postgres_case_number(const char *sql)
{
    struct rows out;

    direct(sql, &out);
    assert_int_equal(out.count, 1);
    return out.values[0].number;
}

void postgres_case_psql(const char *sql)
{
    const char *const words[] = {"/usr/lib/postgresql/15/bin/psql", "-qc", sql,
                                 postgres_case.server.url, NULL};

    assert_int_equal(postgres_fixture_run(&postgres_case.server, words), 0);
}

void postgres_case_begin(void)
{
    const struct schema_settings settings = {.jwt = true, .rate_limit = true};
    struct slice why = SLICE_EMPTY;

    check_ok(crypto_init());
    arena_init(&postgres_case.arena, (size_t)16 << 20);
    check_ok(schema_make(&settings, &postgres_case.arena, &why,
                         &postgres_case.schema));
    postgres_case.has_server = postgres_fixture_start(&postgres_case.server);
    if (postgres_case.has_server) {
        postgres_case_sql(tables);
        postgres_case_sql(rows);
    }
}

void postgres_case_end(void)
{
    if (postgres_case.has_server) {
        postgres_fixture_stop(&postgres_case.server);
    }
    arena_release(&postgres_case.arena);
}
