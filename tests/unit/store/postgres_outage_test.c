/* SPDX-License-Identifier: Apache-2.0 */
/* The database stops answering, dies, ends connections, and comes back. */
#include "../check.h"

#include "base/clock.h"
#include "net/fiber.h"
#include "postgres_case.h"

#include <pthread.h>
#include <signal.h>

/* Over the store's timeout, for a machine that is busy with other things. */
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

/* Reads its own rows until told to stop. */
struct reader {
    int number;
    int rounds; /* left; -1: until `stopping` */
    int answered;
    int failed;
    int wrong;
    int odd; /* failed otherwise than it should */
    int64_t longest_ms;
    int64_t last_answer_ms;
};

static bool stopping;

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

static void note_answer(struct reader *reader, enum status status, bool wrong,
                        int64_t began_ms)
{
    int64_t now_ms = clock_mono_ms();

    if (now_ms - began_ms > reader->longest_ms) {
        reader->longest_ms = now_ms - began_ms;
    }
    if (status == STATUS_OK) {
        reader->answered++;
        reader->last_answer_ms = now_ms;
    } else {
        reader->failed++;
        reader->odd += status != STATUS_UNAVAILABLE;
    }
    reader->wrong += wrong;
}

static void keep_reading(void *arg)
{
    struct reader *reader = arg;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    for (int i = 0; reader->rounds < 0 ? !stopping : i < reader->rounds; i++) {
        int64_t began_ms = clock_mono_ms();
        bool wrong = false;
        enum status status =
            read_token(reader->number * 31 + i, &arena, &wrong);

        note_answer(reader, status, wrong, began_ms);
        arena_reset(&arena);
    }
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void open_server(int64_t timeout_ms)
{
    postgres_case_open_at(postgres_case.server.url, 8, timeout_ms);
}

static bool has_server(void)
{
    if (!postgres_case.has_server) {
        print_message("# skipped: there is no PostgreSQL\n");
    }
    return postgres_case.has_server;
}

static void read_once_more(enum status expected)
{
    struct reader reader = {.rounds = 1};

    postgres_case_run_one(keep_reading, &reader);
    assert_int_equal(reader.answered, expected == STATUS_OK);
}

static void gives_up_where_nobody_listens(void **state)
{
    struct reader readers[64] = {0};
    char url[64];

    (void)state;
    snprintf(url, sizeof(url), "postgresql://u:p@127.0.0.1:%d/x",
             postgres_fixture_free_port());
    postgres_case_open_at(url, 4, 300);
    for (int i = 0; i < 64; i++) {
        readers[i].rounds = 1;
        postgres_case_fiber(keep_reading, &readers[i]);
    }
    postgres_case_run();
    for (int i = 0; i < 64; i++) {
        assert_int_equal(readers[i].failed, 1);
        assert_int_equal(readers[i].odd, 0);
        assert_true(readers[i].longest_ms <= 300 + SLACK_MS);
    }
    assert_int_equal(store_state(postgres_case.store), STORE_AWAY);
    postgres_case_close();
}

static void refuses_a_wrong_password(void **state)
{
    char url[96];

    (void)state;
    if (!has_server()) {
        return;
    }
    snprintf(url, sizeof(url), "postgresql://bookplate:no@127.0.0.1:%d/x",
             postgres_case.server.port);
    postgres_case_open_at(url, 4, 300);
    read_once_more(STATUS_UNAVAILABLE);
    assert_int_equal(store_state(postgres_case.store), STORE_AWAY);
    postgres_case_close();
}

/* Answers later than asked for: they reach nobody. */
static void drops_what_is_late(void **state)
{
    struct statement statement;
    struct rows out;
    int64_t began_ms;

    (void)state;
    if (!has_server()) {
        return;
    }
    open_server(300);
    statement = postgres_case_statement("SELECT 'wrong', pg_sleep(0.6)");
    for (int i = 0; i < 3; i++) {
        began_ms = clock_mono_ms();
        check_status(postgres_case_read(&statement, &out), STATUS_UNAVAILABLE);
        assert_true(clock_mono_ms() - began_ms <= 300 + SLACK_MS);
        read_once_more(STATUS_OK);
        check_status(postgres_case_write(&statement, 1, NULL),
                     STATUS_UNAVAILABLE);
        read_once_more(STATUS_OK);
    }
    postgres_case_close();
}

/* Half a second for each: some are answered, and then all is well at once. */

static void read_slowly(void *arg)
{
    struct reader *reader = arg;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    for (int i = 0; i < reader->rounds; i++) {
        struct query query = {.exists = false};
        struct statement statement = {.query = QUERY_BUILT, .built = &query};
        int64_t began_ms = clock_mono_ms();
        struct rows rows;
        enum status status =
            store_build(postgres_case.store, SLICE("SELECT 1, pg_sleep(0.5)"),
                        &arena, &query);

        status = status != STATUS_OK ? status
                                     : store_read(postgres_case.store,
                                                  &statement, &arena, &rows);
        note_answer(reader, status, false, began_ms);
        arena_reset(&arena);
    }
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void recovers_from_slow_statements(void **state)
{
    struct reader readers[64] = {0};
    struct reader after = {.rounds = 1};

    (void)state;
    if (!has_server()) {
        return;
    }
    open_server(1200);
    for (int i = 0; i < 64; i++) {
        readers[i].rounds = 2;
        postgres_case_fiber(read_slowly, &readers[i]);
    }
    postgres_case_run();
    for (int i = 0; i < 64; i++) {
        assert_int_equal(readers[i].odd, 0);
        assert_true(readers[i].longest_ms <= 1200 + SLACK_MS);
    }
    postgres_case_run_one(keep_reading, &after);
    assert_int_equal(after.answered, 1);
    assert_true(after.longest_ms <= SLACK_MS);
    postgres_case_close();
}

/* Takes the server away for a while, from a fiber, while others read. */

struct outage {
    void (*leave)(void);
    void (*come_back)(void);
    int away_ms;
    pthread_t thread;
    _Atomic int64_t back_ms; /* when it took connections again */
};

static void freeze(void)
{
    postgres_fixture_signal(&postgres_case.server, SIGSTOP);
}

static void thaw(void)
{
    postgres_fixture_signal(&postgres_case.server, SIGCONT);
}

static void pull_the_plug(void)
{
    postgres_fixture_signal(&postgres_case.server, SIGKILL);
    postgres_fixture_bury(&postgres_case.server);
}

static void start_again(void)
{
    postgres_fixture_launch(&postgres_case.server);
}

static enum status pause_fiber(int64_t ms)
{
    enum status status = fiber_park(ms);

    return status == STATUS_TIMEOUT ? STATUS_OK : status;
}

static void *await_server(void *arg)
{
    struct outage *outage = arg;

    postgres_fixture_await_answer(&postgres_case.server);
    outage->back_ms = clock_mono_ms();
    return NULL;
}

/* Another thread asks, so that the loop goes on. */
static void start_awaiting(struct outage *outage)
{
    if (pthread_create(&outage->thread, NULL, await_server, outage) != 0) {
        abort();
    }
}

static void take_away(void *arg)
{
    struct outage *outage = arg;

    if (pause_fiber(300) == STATUS_OK) {
        outage->leave();
    }
    if (pause_fiber(outage->away_ms) == STATUS_OK) {
        outage->come_back();
        start_awaiting(outage);
    }
    postgres_case_fiber_ends();
}

struct watcher {
    struct outage *outage;
    struct reader *readers;
    int count;
    bool was_away;
    int64_t back_after_ms;
};

/* Until all of them have been answered again, or for long. */
static void await_return(void *arg)
{
    struct watcher *watcher = arg;
    int back = 0;

    for (int i = 0; i < 1500 && back < watcher->count; i++) {
        (void)!pause_fiber(10);
        watcher->was_away =
            watcher->was_away || store_state(postgres_case.store) == STORE_AWAY;
        back = 0;
        for (int k = 0; k < watcher->count; k++) {
            back +=
                watcher->outage->back_ms != 0 &&
                watcher->readers[k].last_answer_ms > watcher->outage->back_ms;
        }
    }
    watcher->back_after_ms = clock_mono_ms() - watcher->outage->back_ms;
    stopping = true;
    postgres_case_fiber_ends();
}

static void run_through(struct outage *outage, struct watcher *watcher,
                        int64_t timeout_ms)
{
    stopping = false;
    watcher->outage = outage;
    for (int i = 0; i < watcher->count; i++) {
        watcher->readers[i].number = i;
        watcher->readers[i].rounds = -1;
        postgres_case_fiber(keep_reading, &watcher->readers[i]);
    }
    postgres_case_fiber(await_return, watcher);
    postgres_case_fiber(take_away, outage);
    postgres_case_run();
    pthread_join(outage->thread, NULL);
    for (int i = 0; i < watcher->count; i++) {
        assert_int_equal(watcher->readers[i].wrong, 0);
        assert_int_equal(watcher->readers[i].odd, 0);
        assert_true(watcher->readers[i].longest_ms <= timeout_ms + SLACK_MS);
    }
    assert_true(watcher->was_away);
    assert_true(watcher->back_after_ms <= 3000);
    assert_int_equal(store_state(postgres_case.store), STORE_READY);
}

static void survives_a_frozen_server(void **state)
{
    struct outage outage = {freeze, thaw, .away_ms = 3000};
    struct reader readers[16] = {0};
    struct watcher watcher = {.readers = readers, .count = 16};
    int failed = 0;

    (void)state;
    if (!has_server()) {
        return;
    }
    open_server(1000);
    run_through(&outage, &watcher, 1000);
    for (int i = 0; i < 16; i++) {
        failed += readers[i].failed;
    }
    assert_true(failed >= 16);
    postgres_case_close();
}

/* The plug is pulled while rows are written: what was acknowledged stays. */

static size_t acknowledged;

static enum status write_row(int number, struct arena *arena)
{
    struct value params[5];
    struct statement statement = {.query = QUERY_rate_limit_hit,
                                  .params = params,
                                  .param_count = 5,
                                  .must_change = true};
    struct slice text;

    TRY(arena_format(arena, &text, "row-%d", number));
    params[0] = value_text(text);
    params[1] = value_text(text);
    params[2] = value_integer(1);
    params[3] = value_integer(1000);
    params[4] = value_integer(1000);
    return store_write(postgres_case.store, &statement, 1, arena, NULL);
}

static void keep_writing(void *arg)
{
    const int *number = arg;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    for (int i = 0; !stopping; i++) {
        enum status status = write_row(*number * 1000000 + i, &arena);

        acknowledged += status == STATUS_OK;
        arena_reset(&arena);
    }
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void loses_nothing_acknowledged(void **state)
{
    struct outage outage = {pull_the_plug, start_again, .away_ms = 300};
    struct reader readers[8] = {0};
    struct watcher watcher = {.readers = readers, .count = 8};
    int numbers[8];

    (void)state;
    if (!has_server()) {
        return;
    }
    postgres_case_sql("TRUNCATE \"rateLimit\"");
    open_server(POSTGRES_CASE_TIMEOUT);
    acknowledged = 0;
    stopping = false;
    for (int i = 0; i < 8; i++) {
        numbers[i] = i;
        postgres_case_fiber(keep_writing, &numbers[i]);
    }
    run_through(&outage, &watcher, POSTGRES_CASE_TIMEOUT);
    assert_true(acknowledged > 10);
    assert_true((size_t)postgres_case_number(
                    "SELECT count(*) FROM \"rateLimit\"") >= acknowledged);
    postgres_case_close();
}

/* Connections are ended under the readers: no read fails, none is wrong. */

static void *end_connections(void *arg)
{
    (void)arg;
    for (int i = 0; i < 5; i++) {
        postgres_case_psql("SELECT pg_terminate_backend(pid) "
                           "FROM pg_stat_activity "
                           "WHERE application_name = 'bookplate'");
    }
    stopping = true;
    return NULL;
}

static void reads_on_when_connections_end(void **state)
{
    struct reader readers[64] = {0};
    pthread_t thread;

    (void)state;
    if (!has_server()) {
        return;
    }
    open_server(POSTGRES_CASE_TIMEOUT);
    stopping = false;
    for (int i = 0; i < 64; i++) {
        readers[i].number = i;
        readers[i].rounds = -1;
        postgres_case_fiber(keep_reading, &readers[i]);
    }
    assert_int_equal(pthread_create(&thread, NULL, end_connections, NULL), 0);
    postgres_case_run();
    pthread_join(thread, NULL);
    for (int i = 0; i < 64; i++) {
        assert_int_equal(readers[i].failed, 0);
        assert_int_equal(readers[i].wrong, 0);
        assert_true(readers[i].answered > 0);
    }
    postgres_case_close();
}

/* Nobody asks, and still it is noticed both times. */

static void await_state(void *arg)
{
    const enum store_state *wanted = arg;

    for (int i = 0; i < 800 && store_state(postgres_case.store) != *wanted;
         i++) {
        (void)!pause_fiber(10);
    }
    postgres_case_fiber_ends();
}

static void check_state(enum store_state wanted)
{
    postgres_case_run_one(await_state, &wanted);
    assert_int_equal(store_state(postgres_case.store), wanted);
}

static void notices_without_being_asked(void **state)
{
    (void)state;
    if (!has_server()) {
        return;
    }
    open_server(POSTGRES_CASE_TIMEOUT);
    read_once_more(STATUS_OK);
    postgres_fixture_signal(&postgres_case.server, SIGINT);
    postgres_fixture_bury(&postgres_case.server);
    check_state(STORE_AWAY);
    postgres_fixture_boot(&postgres_case.server);
    check_state(STORE_READY);
    read_once_more(STATUS_OK);
    postgres_case_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_up_where_nobody_listens),
        cmocka_unit_test(refuses_a_wrong_password),
        cmocka_unit_test(drops_what_is_late),
        cmocka_unit_test(recovers_from_slow_statements),
        cmocka_unit_test(survives_a_frozen_server),
        cmocka_unit_test(loses_nothing_acknowledged),
        cmocka_unit_test(reads_on_when_connections_end),
        cmocka_unit_test(notices_without_being_asked),
    };

    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
