/* SPDX-License-Identifier: Apache-2.0 */
/* What may lie between: distance, a pooler, TLS, a name to look up. */
#include "../check.h"

#include "base/clock.h"
#include "net/fiber.h"
#include "postgres_case.h"
#include "postgres_relay.h"
#include "store/postgres/postgres.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SLACK_MS 700

static int set_up_group(void **state)
{
    (void)state;
    postgres_case_begin();
    return 0;
}

static int tear_down_group(void **state)
{
    (void)state;
    postgres_case_end();
    return 0;
}

static bool has_server(void)
{
    if (!postgres_case.has_server) {
        print_message("# skipped: there is no PostgreSQL\n");
    }
    return postgres_case.has_server;
}

/* Reads its own rows, or writes them, so many times. */
struct caller {
    int number;
    int rounds;
    bool writes;
    int answered;
    int failed;
    int wrong;
    int odd;
    int64_t longest_ms;
};

static enum status read_token(int number, struct arena *arena, bool *wrong)
{
    char token[32];
    struct value param;
    struct statement statement = {
        .query = QUERY_session_with_user, .params = &param, .param_count = 1};
    struct rows rows;

    snprintf(token, sizeof(token), "token-%d", number % POSTGRES_CASE_SESSIONS);
    param = value_text(slice_from_cstr(token));
    TRY(store_read(postgres_case.store, &statement, arena, &rows));
    *wrong = rows.count != 1 ||
             !slice_equal(rows.values[SESSION_TOKEN].text, param.text);
    return STATUS_OK;
}

/* Both or none, and the second only with the first one's result. */
static enum status write_two(int number, struct arena *arena, bool *wrong)
{
    struct value name, params[4], touch[2];
    struct statement list[2];
    struct rows out[2];
    struct slice text;

    TRY(arena_format(arena, &text, "user-%d", number % POSTGRES_CASE_SESSIONS));
    name = value_text(text);
    params[0] = name;
    params[1] = value_time(INT64_C(1769847300123) + number);
    touch[0] = value_result(0, USER_ID);
    touch[1] = params[1];
    list[0] = (struct statement){.query = QUERY_user_touch,
                                 .params = params,
                                 .param_count = 2,
                                 .must_change = true};
    list[1] = list[0];
    list[1].params = touch;
    TRY(store_write(postgres_case.store, list, 2, arena, out));
    *wrong = !slice_equal(out[1].values[USER_ID].text, text) ||
             out[1].values[USER_UPDATED_AT].number != params[1].number;
    return STATUS_OK;
}

static void note(struct caller *caller, enum status status, bool wrong,
                 int64_t took_ms)
{
    caller->answered += status == STATUS_OK;
    caller->failed += status != STATUS_OK;
    caller->odd += status != STATUS_OK && status != STATUS_UNAVAILABLE;
    caller->wrong += wrong;
    caller->longest_ms =
        took_ms > caller->longest_ms ? took_ms : caller->longest_ms;
}

static void keep_calling(void *arg)
{
    struct caller *caller = arg;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    for (int i = 0; i < caller->rounds; i++) {
        int64_t began_ms = clock_mono_ms();
        int number = caller->number * 31 + i;
        bool wrong = false;
        enum status status = caller->writes
                                 ? write_two(number, &arena, &wrong)
                                 : read_token(number, &arena, &wrong);

        note(caller, status, wrong, clock_mono_ms() - began_ms);
        arena_reset(&arena);
    }
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void run_callers(struct caller *callers, int count)
{
    for (int i = 0; i < count; i++) {
        callers[i].number = i;
        postgres_case_fiber(keep_calling, &callers[i]);
    }
    postgres_case_run();
    for (int i = 0; i < count; i++) {
        assert_int_equal(callers[i].wrong, 0);
        assert_int_equal(callers[i].odd, 0);
        assert_true(callers[i].longest_ms <= POSTGRES_CASE_TIMEOUT + SLACK_MS);
    }
}

static int count_failed(const struct caller *callers, int count)
{
    int failed = 0;

    for (int i = 0; i < count; i++) {
        failed += callers[i].failed;
    }
    return failed;
}

static void nobody_is_stuck_far_from_the_database(void **state)
{
    struct postgres_relay relay;
    char url[128];

    (void)state;
    if (!has_server()) {
        return;
    }
    postgres_relay_start(&relay, postgres_case.server.port, 500);
    snprintf(url, sizeof(url),
             "postgresql://bookplate:correct%%20horse@127.0.0.1:%d/postgres",
             relay.port);
    postgres_case_open_at(url, 8, POSTGRES_CASE_TIMEOUT);
    {
        /* Connecting takes more than a second of its own. */
        struct caller first[64] = {0};
        struct caller readers[64] = {0};
        struct caller writers[64] = {0};

        for (int i = 0; i < 64; i++) {
            first[i].rounds = 2;
            readers[i].rounds = 3;
            writers[i].rounds = 1;
            writers[i].writes = true;
        }
        run_callers(first, 64);
        run_callers(readers, 64);
        assert_int_equal(count_failed(readers, 64), 0);
        /* Six at a time, each needs two trips: some have no turn. */
        run_callers(writers, 64);
        run_callers(readers, 64);
        assert_int_equal(count_failed(readers, 64), 0);
    }
    postgres_case_close();
    postgres_relay_stop(&relay);
}

/* PgBouncer in transaction mode, with fewer sessions than we have. */

static pid_t start_pooler(int port)
{
    const char *const words[] = {"/usr/sbin/pgbouncer", "pgbouncer.ini", NULL};
    char text[1024];
    pid_t pooler;

    snprintf(text, sizeof(text),
             "[databases]\n"
             "postgres = host=127.0.0.1 port=%d user=bookplate "
             "password='correct horse'\n"
             "[pgbouncer]\n"
             "listen_addr = 127.0.0.1\n"
             "listen_port = %d\n"
             "unix_socket_dir =\n"
             "auth_type = any\n"
             "pool_mode = transaction\n"
             "default_pool_size = 3\n",
             postgres_case.server.port, port);
    postgres_fixture_write(&postgres_case.server, "pgbouncer.ini", text);
    pooler = postgres_fixture_spawn(&postgres_case.server, "log", words);
    assert_true(postgres_fixture_await(port));
    return pooler;
}

static void call_through_pooler(const char *options, bool unnamed_at_first)
{
    int port = postgres_fixture_free_port();
    pid_t pooler = start_pooler(port);
    struct caller callers[64] = {0};
    struct postgres *postgres;
    char url[128];

    snprintf(url, sizeof(url), "postgresql://x@127.0.0.1:%d/postgres%s", port,
             options);
    postgres_case_open_at(url, 8, POSTGRES_CASE_TIMEOUT);
    postgres = postgres_case.store->state;
    assert_int_equal(postgres->unnamed, unnamed_at_first);
    for (int i = 0; i < 64; i++) {
        callers[i].rounds = 20;
        callers[i].writes = i % 4 == 0;
    }
    run_callers(callers, 64);
    assert_int_equal(count_failed(callers, 64), 0);
    assert_true(postgres->unnamed);
    postgres_case_close();
    kill(pooler, SIGKILL);
    assert_int_equal(waitpid(pooler, NULL, 0), pooler);
}

static void works_behind_a_pooler(void **state)
{
    (void)state;
    if (!has_server()) {
        return;
    }
    if (access("/usr/sbin/pgbouncer", X_OK) != 0) {
        print_message("# skipped: there is no PgBouncer\n");
        return;
    }
    call_through_pooler("", false);
    call_through_pooler("?prepare=off", true);
}

static void keeps_prepared_statements_without_one(void **state)
{
    struct caller callers[16] = {0};
    struct postgres *postgres;

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    for (int i = 0; i < 16; i++) {
        callers[i].rounds = 20;
    }
    run_callers(callers, 16);
    postgres = postgres_case.store->state;
    assert_false(postgres->unnamed);
    postgres_case_close();
}

/* After the tables change, plans kept under a name are not used any more. */
static void goes_on_when_tables_change(void **state)
{
    struct caller caller = {.rounds = 3};

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    run_callers(&caller, 1);
    postgres_case_sql("ALTER TABLE \"user\" ALTER \"name\" TYPE varchar(99)");
    run_callers(&caller, 1);
    postgres_case_sql("ALTER TABLE \"user\" ALTER \"name\" TYPE text");
    run_callers(&caller, 1);
    assert_int_equal(caller.failed, 0);
    postgres_case_close();
}

/* TLS, with an authority of our own. */

static const char make_keys[] =
    "set -e; umask 077; for name in authority other; do "
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
    "-keyout $name.key -out $name.crt -days 2 -subj /CN=$name; done; "
    "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
    "-keyout data/server.key -out server.csr -subj /CN=localhost; "
    "printf 'subjectAltName=DNS:localhost' >names; "
    "openssl x509 -req -in server.csr -CA authority.crt -CAkey authority.key "
    "-CAcreateserial -days 2 -extfile names -out data/server.crt";

static void open_tls(const char *host, const char *authority)
{
    char url[512];

    snprintf(url, sizeof(url),
             "postgresql://bookplate:correct%%20horse@%s:%d/postgres"
             "?sslmode=verify-full&sslrootcert=%s/%s",
             host, postgres_case.server.port, postgres_case.server.folder,
             authority);
    postgres_case_open_at(url, 4, POSTGRES_CASE_TIMEOUT / 4);
}

static enum status ask_for_tls(bool *on)
{
    struct statement statement = postgres_case_statement(
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    struct rows out = {0};
    enum status status = postgres_case_read(&statement, &out);

    *on = status == STATUS_OK && out.values[0].number != 0;
    return status;
}

static void check_tls(const char *host, const char *authority,
                      enum status expected)
{
    bool on;

    open_tls(host, authority);
    check_status(ask_for_tls(&on), expected);
    assert_int_equal(on, expected == STATUS_OK);
    postgres_case_close();
}

/* A reload is only asked for; the server does it when it comes to it. */
static void await_tls(void)
{
    const struct timespec moment = {.tv_nsec = 10000000};

    for (int i = 0; i < 500; i++) {
        if (postgres_case_number("SELECT count(*) FROM pg_stat_ssl WHERE ssl "
                                 "AND pid = pg_backend_pid()") == 1) {
            return;
        }
        nanosleep(&moment, NULL);
    }
    fail_msg("PostgreSQL does not take TLS");
}

static void verifies_who_it_talks_to(void **state)
{
    const char *const words[] = {"/bin/sh", "-c", make_keys, NULL};

    (void)state;
    if (!has_server()) {
        return;
    }
    assert_int_equal(postgres_fixture_run(&postgres_case.server, words), 0);
    postgres_case_sql("ALTER SYSTEM SET ssl = on");
    postgres_case_psql("SELECT pg_reload_conf()");
    await_tls();
    check_tls("localhost", "authority.crt", STATUS_OK);
    check_tls("localhost", "other.crt", STATUS_UNAVAILABLE);
    check_tls("127.0.0.1", "authority.crt", STATUS_UNAVAILABLE);
    check_tls("no.such.name.invalid", "authority.crt", STATUS_UNAVAILABLE);
    /* Of several, the first that can be reached. */
    check_tls("no.such.name.invalid,localhost", "authority.crt", STATUS_OK);
}

/* Closed while the name is still being looked up: nothing is left behind. */

static void read_one(void *arg)
{
    struct arena arena;
    bool wrong;

    (void)arg;
    arena_init(&arena, 1 << 20);
    (void)!read_token(1, &arena, &wrong);
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void closes_during_a_lookup(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        postgres_case_open_at("postgresql://u@localhost:1/x", 4, 1);
        postgres_case_run_one(read_one, NULL);
        postgres_case_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_stuck_far_from_the_database),
        cmocka_unit_test(works_behind_a_pooler),
        cmocka_unit_test(keeps_prepared_statements_without_one),
        cmocka_unit_test(goes_on_when_tables_change),
        cmocka_unit_test(verifies_who_it_talks_to),
        cmocka_unit_test(closes_during_a_lookup),
    };

    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
