/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Migrations on both engines, with each of their statements failing, and the
 * tables of ours that they make.
 */
#include "../http/folder.h"
#include "postgres_fixture.h"
#include "world.h"

#include "base/buf.h"
#include "base/log.h"
#include "crypto/init.h"
#include "store/migration.h"

#define BYTES_MAX ((size_t)64 << 20)
#define NOW       INT64_C(1795000000123)
#define MINUTE    INT64_C(60000)
/* Far more statements than a migration has. */
#define FAILURES_MAX 200

/* Tables, three indexes, the table of versions, one for each version. */
#define STEPS_WHEN_EMPTY (6 + 3 + 1 + store_migration_count)

static struct postgres_fixture server;
static bool has_server;
static struct world world;
static int files;

static struct slice new_url(bool on_postgres)
{
    struct slice url;

    if (on_postgres) {
        return slice_from_cstr(server.url);
    }
    check_ok(arena_format(&world.kept, &url, "sqlite://%s/migrate-%d.db",
                          folder, files++));
    return url;
}

/* A database without any table. */
static void open_empty(bool on_postgres)
{
    struct schema_settings tables = {
        .admin = true, .jwt = true, .rate_limit = true};
    struct store_settings settings = {
        .connections = 4, .timeout_ms = 5000, .schema = &world.schema};
    struct slice why = SLICE_EMPTY;

    world = (struct world){0};
    arena_init(&world.kept, BYTES_MAX);
    arena_init(&world.arena, BYTES_MAX);
    settings.url = new_url(on_postgres);
    check_ok(loop_new(&world.loop));
    check_ok(schema_make(&tables, &world.kept, &why, &world.schema));
    check_ok(store_open(&settings, &world.arena, &why, &world.store));
    if (on_postgres) {
        world_direct(&world, "DROP SCHEMA public CASCADE");
        world_direct(&world, "CREATE SCHEMA public");
    }
}

static size_t line_count(const struct buf *report)
{
    struct slice text = SLICE_EMPTY;
    size_t count = 0;

    check_ok(buf_finish(report, &text));
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == '\n';
    }
    return count;
}

static enum status migrate(size_t *lines)
{
    struct slice why = SLICE_EMPTY;
    struct buf report;
    enum status status;

    buf_init(&report, &world.arena, 65536);
    status = store_migrate(world.store, &world.arena, &report, &why);
    *lines = line_count(&report);
    assert_true(status == STATUS_OK || why.len > 0);
    return status;
}

static size_t missing(void)
{
    struct slice why = SLICE_EMPTY;
    struct buf report;

    buf_init(&report, &world.arena, 65536);
    check_ok(store_check(world.store, &world.arena, &report, &why));
    return line_count(&report);
}

/* The n-th statement fails, for every n: all is as before, or all is done. */
static void fail_each_statement(void)
{
    enum status status = STATUS_UNAVAILABLE;
    size_t lines;
    int64_t n;

    for (n = 1; status != STATUS_OK; n++) {
        assert_true(n < FAILURES_MAX);
        store_test_fail(world.store, n);
        status = migrate(&lines);
        store_test_fail(world.store, 0);
        if (status != STATUS_OK) {
            check_status(status, STATUS_UNAVAILABLE);
            assert_int_equal(missing(), STEPS_WHEN_EMPTY);
        }
    }
    assert_true((size_t)n > STEPS_WHEN_EMPTY);
    assert_int_equal(lines, STEPS_WHEN_EMPTY);
    assert_int_equal(missing(), 0);
    check_ok(migrate(&lines));
    assert_int_equal(lines, 0);
}

#define OUTBOX(id, at)                                                         \
    CALL(outbox_insert, T(id), T("verify"), T("a@example.org"),                \
         T("b@example.org"), T("Subject"), T("text\r\n"), I(at))

static int64_t next_at(struct world *at)
{
    check_ok(world_read(at, BARE(outbox_next)));
    assert_int_equal(at->rows[0].count, 1);
    return at->rows[0].values[0].kind == VALUE_NULL
               ? -1
               : at->rows[0].values[0].number;
}

/* The mails claimed, at most two, as letters. */
static struct slice claim(struct world *at, int64_t now)
{
    struct slice ids = SLICE_EMPTY;

    check_ok(WRITE(at, STATUS_OK,
                   CALL(outbox_claim, I(now), I(now + MINUTE), I(2))));
    for (size_t i = 0; i < at->rows[0].count; i++) {
        const struct value *row = &at->rows[0].values[i * at->rows[0].width];

        check_ok(arena_format(&at->arena, &ids, "%.*s%.*s", SLICE_ARG(ids),
                              SLICE_ARG(row[0].text)));
        check_text(row[1].text, "verify");
        check_text(row[2].text, "a@example.org");
        check_text(row[4].text, "text\r\n");
    }
    return ids;
}

static void use_outbox(struct world *at)
{
    assert_int_equal(next_at(at), -1);
    check_ok(WRITE(at, STATUS_OK, OUTBOX("a", NOW), OUTBOX("b", NOW + 1),
                   OUTBOX("c", NOW + 2)));
    assert_true(next_at(at) == NOW);
    check_text(claim(at, NOW - 1), "");
    /* The oldest two, for a minute; then only the third is left. */
    assert_int_equal(claim(at, NOW + 2).len, 2);
    assert_true(next_at(at) == NOW + 2);
    check_text(claim(at, NOW + 2), "c");
    assert_true(next_at(at) == NOW + 2 + MINUTE);
    check_text(claim(at, NOW + 3), "");
    check_ok(WRITE(at, STATUS_OK, CALL(outbox_done, T("a"))));
    check_ok(WRITE(at, STATUS_OK, CALL(outbox_retry, T("b"), I(NOW + 10))));
    assert_true(next_at(at) == NOW + 10);
    check_text(claim(at, NOW + 10), "b");
    assert_int_equal(at->rows[0].values[5].number, 1);
    /* Whoever held c has gone. */
    check_text(claim(at, NOW + 3 + MINUTE), "c");
    check_ok(WRITE(at, STATUS_TAKEN, OUTBOX("b", NOW)));
}

static void try_outbox(void)
{
    size_t lines;

    check_ok(migrate(&lines));
    world_run(&world, use_outbox);
}

static void on_engine(bool on_postgres, void (*test)(void))
{
    if (on_postgres && !has_server) {
        print_message("# skipped: PostgreSQL is not installed\n");
        return;
    }
    open_empty(on_postgres);
    test();
    world_close(&world);
}

static void sqlite_survives_each_failure(void **state)
{
    (void)state;
    on_engine(false, fail_each_statement);
}

static void postgres_survives_each_failure(void **state)
{
    (void)state;
    on_engine(true, fail_each_statement);
}

static void sqlite_keeps_mails_that_wait(void **state)
{
    (void)state;
    on_engine(false, try_outbox);
}

static void postgres_keeps_mails_that_wait(void **state)
{
    (void)state;
    on_engine(true, try_outbox);
}

static int set_up_all(void **state)
{
    log_set_level(LOG_ERROR);
    check_ok(crypto_init());
    has_server = postgres_fixture_start(&server);
    return folder_set_up(state);
}

static int tear_down_all(void **state)
{
    if (has_server) {
        postgres_fixture_stop(&server);
    }
    return folder_tear_down(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlite_survives_each_failure),
        cmocka_unit_test(postgres_survives_each_failure),
        cmocka_unit_test(sqlite_keeps_mails_that_wait),
        cmocka_unit_test(postgres_keeps_mails_that_wait),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
