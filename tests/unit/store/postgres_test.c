/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "net/fiber.h"
#include "postgres_case.h"

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

/* 64 fibers, each asking for its own row many times over. */

struct reader {
    int number;
    int rounds;
    int wrong;
    enum status status;
};

static void read_own_rows(void *arg)
{
    struct reader *reader = arg;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    for (int i = 0; i < reader->rounds; i++) {
        char token[32];
        struct value param;
        struct statement statement = {.query = QUERY_session_with_user,
                                      .params = &param,
                                      .param_count = 1};
        struct rows rows;

        snprintf(token, sizeof(token), "token-%d",
                 (reader->number * 31 + i) % POSTGRES_CASE_SESSIONS);
        param = value_text(slice_from_cstr(token));
        reader->status =
            store_read(postgres_case.store, &statement, &arena, &rows);
        if (reader->status != STATUS_OK) {
            break;
        }
        reader->wrong +=
            rows.count != 1 ||
            !slice_equal(rows.values[SESSION_TOKEN].text, param.text);
        arena_reset(&arena);
    }
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void gives_each_fiber_its_own_rows(void **state)
{
    struct reader readers[64] = {0};

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    for (int i = 0; i < 64; i++) {
        readers[i].number = i;
        readers[i].rounds = 100;
        postgres_case_fiber(read_own_rows, &readers[i]);
    }
    postgres_case_run();
    for (int i = 0; i < 64; i++) {
        check_ok(readers[i].status);
        assert_int_equal(readers[i].wrong, 0);
    }
    postgres_case_close();
}

/* Others ask for nonsense in the same turn; nobody else notices. */

static void ask_for_nonsense(void *arg)
{
    struct reader *reader = arg;
    struct arena arena;
    struct rows out;

    arena_init(&arena, 1 << 20);
    for (int i = 0; i < reader->rounds; i++) {
        struct query query;
        struct statement statement = {.query = QUERY_BUILT, .built = &query};

        reader->status = store_build(postgres_case.store, SLICE("SELECT 1 / 0"),
                                     &arena, &query);
        reader->status =
            store_read(postgres_case.store, &statement, &arena, &out);
        reader->wrong += reader->status != STATUS_INVALID_VALUE;
        arena_reset(&arena);
    }
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void keeps_errors_apart(void **state)
{
    struct reader readers[64] = {0};

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    for (int i = 0; i < 64; i++) {
        readers[i].number = i;
        readers[i].rounds = 50;
        postgres_case_fiber(i % 2 == 0 ? read_own_rows : ask_for_nonsense,
                            &readers[i]);
    }
    postgres_case_run();
    for (int i = 0; i < 64; i++) {
        check_status(readers[i].status,
                     i % 2 == 0 ? STATUS_OK : STATUS_INVALID_VALUE);
        assert_int_equal(readers[i].wrong, 0);
    }
    postgres_case_close();
}

/* Values. */

static enum status read_one(const char *sql, const struct value *params,
                            size_t count, struct rows *out)
{
    struct statement statement = postgres_case_statement(sql);

    statement.params = params;
    statement.param_count = count;
    return postgres_case_read(&statement, out);
}

static struct value value_of(const char *sql)
{
    struct rows out;

    check_ok(read_one(sql, NULL, 0, &out));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.width, 1);
    return out.values[0];
}

static void check_integer(const char *sql, int64_t expected)
{
    struct value value = value_of(sql);

    assert_int_equal(value.kind, VALUE_INTEGER);
    assert_int_equal(value.number, expected);
}

static void check_real(const char *sql, double expected)
{
    struct value value = value_of(sql);

    assert_int_equal(value.kind, VALUE_REAL);
    assert_true(value.real == expected);
}

static void check_time(const char *sql, int64_t expected)
{
    struct value value = value_of(sql);

    assert_int_equal(value.kind, VALUE_TIME);
    assert_int_equal(value.number, expected);
}

static void check_text_of(const char *sql, const char *expected)
{
    struct value value = value_of(sql);

    assert_int_equal(value.kind, VALUE_TEXT);
    check_slice(value.text, slice_from_cstr(expected));
}

static void reads_numbers(void **state)
{
    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    check_integer("SELECT (-32768)::int2", -32768);
    check_integer("SELECT (-2147483648)::int4", INT32_MIN);
    check_integer("SELECT 9223372036854775807::int8", INT64_MAX);
    check_integer("SELECT 4294967295::oid", 4294967295);
    check_real("SELECT 1.5::float4", 1.5);
    check_real("SELECT -1e300::float8", -1e300);
    check_integer("SELECT 0::numeric", 0);
    check_integer("SELECT 12340000::numeric", 12340000);
    check_integer("SELECT (-9223372036854775808)::numeric", INT64_MIN);
    check_real("SELECT 9223372036854775808::numeric", 9223372036854775808.0);
    check_real("SELECT 1.5::numeric", 1.5);
    check_real("SELECT -0.00001234::numeric", -0.00001234);
    check_real("SELECT 123456.789::numeric(12,3)", 123456.789);
    postgres_case_close();
}

static void reads_times_and_texts(void **state)
{
    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    check_time("SELECT '2026-01-31T08:15:00.123Z'::timestamptz",
               INT64_C(1769847300123));
    check_time("SELECT '1969-12-31T23:59:59.9999Z'::timestamptz", -1);
    check_time("SELECT '2000-01-01 00:00:00'::timestamp", 946684800000);
    check_time("SELECT '1970-01-02'::date", 86400000);
    check_time("SELECT 'infinity'::timestamptz", INT64_C(8640000000000000));
    check_text_of("SELECT 'a'::varchar", "a");
    check_text_of("SELECT 'a'::bpchar(2)", "a ");
    check_text_of("SELECT 'pg_class'::name", "pg_class");
    check_text_of("SELECT '0a1B2c3d-4e5f-6071-8293-a4b5c6d7e8f9'::uuid",
                  "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
    check_text_of("SELECT json_build_object('a', 1)", "{\"a\" : 1}");
    check_text_of("SELECT jsonb_build_object('a', 1)", "{\"a\": 1}");
    check_text_of("SELECT ARRAY['a', NULL, 'b\"c']", "[\"a\",null,\"b\\\"c\"]");
    check_text_of("SELECT ARRAY[]::text[]", "[]");
    assert_int_equal(value_of("SELECT true").number, 1);
    assert_int_equal(value_of("SELECT NULL::text").kind, VALUE_NULL);
    postgres_case_close();
}

static void refuses_what_it_does_not_know(void **state)
{
    struct rows out;

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    check_status(read_one("SELECT '1.2.3.4'::inet", NULL, 0, &out),
                 STATUS_INVALID_VALUE);
    check_status(read_one("SELECT ARRAY[ARRAY['a']]", NULL, 0, &out),
                 STATUS_INVALID_VALUE);
    check_status(read_one("SELECT 'NaN'::numeric", NULL, 0, &out),
                 STATUS_INVALID_VALUE);
    check_status(
        read_one("SELECT 1 FROM generate_series(1, 10001)", NULL, 0, &out),
        STATUS_TOO_LARGE);
    check_status(read_one("SELECT nonsense", NULL, 0, &out), STATUS_INTERNAL);
    postgres_case_close();
}

static void sends_every_kind_of_value(void **state)
{
    const struct value params[] = {value_text(SLICE("it's \xc3\xa9")),
                                   value_integer(INT64_MIN),
                                   {.kind = VALUE_REAL, .real = 0.1},
                                   value_boolean(true),
                                   value_time(INT64_C(1769847300123)),
                                   VALUE_NOTHING,
                                   value_time(-1)};
    struct rows out;

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    check_ok(read_one("SELECT $1::text, $2::int8, $3::float8, $4::bool,"
                      " $5::timestamptz, $6::text, $7::timestamptz",
                      params, 7, &out));
    check_slice(out.values[0].text, params[0].text);
    assert_int_equal(out.values[1].number, INT64_MIN);
    assert_true(out.values[2].real == 0.1);
    assert_int_equal(out.values[3].number, 1);
    assert_int_equal(out.values[4].number, params[4].number);
    assert_int_equal(out.values[5].kind, VALUE_NULL);
    assert_int_equal(out.values[6].number, -1);
    postgres_case_close();
}

static void refuses_values_no_database_takes(void **state)
{
    const struct value nul = value_text(SLICE("a\0b"));
    const struct value bytes = value_text(SLICE("\xff"));
    const struct value word = value_text(SLICE("1; DROP TABLE x"));
    const struct value late = value_time(INT64_MAX);
    const struct value result = value_result(0, 0);
    struct rows out;

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    check_status(read_one("SELECT $1::text", &nul, 1, &out),
                 STATUS_INVALID_VALUE);
    check_status(read_one("SELECT $1::text", &bytes, 1, &out),
                 STATUS_INVALID_VALUE);
    check_status(read_one("SELECT $1::int4", &word, 1, &out),
                 STATUS_INVALID_VALUE);
    check_status(read_one("SELECT $1::timestamptz", &late, 1, &out),
                 STATUS_INVALID_VALUE);
    check_status(read_one("SELECT $1::text", &result, 1, &out),
                 STATUS_INVALID_VALUE);
    postgres_case_close();
}

/* Writes. */

static struct statement with_id(const char *sql, const struct value *id)
{
    struct statement statement = postgres_case_statement(sql);

    statement.params = id;
    statement.param_count = 1;
    return statement;
}

#define INSERT                                                                 \
    "INSERT INTO {rateLimit} ({rateLimit:id}, {rateLimit:key}, "               \
    "{rateLimit:count}, {rateLimit:lastRequest}) VALUES ($1, $1, 1, 2) "       \
    "RETURNING {rateLimit:key}"
#define COUNT "SELECT count(*) FROM \"rateLimit\""

static void writes_one_statement(void **state)
{
    const struct value id = value_text(SLICE("one"));
    struct statement statement;
    struct rows out;

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    postgres_case_sql("TRUNCATE \"rateLimit\"");
    statement = with_id(INSERT, &id);
    check_ok(postgres_case_write(&statement, 1, &out));
    check_slice(out.values[0].text, id.text);
    assert_int_equal(out.changed, 1);
    check_status(postgres_case_write(&statement, 1, NULL), STATUS_TAKEN);
    statement =
        with_id("DELETE FROM {rateLimit} WHERE {rateLimit.id} = $1", &id);
    statement.must_change = true;
    check_ok(postgres_case_write(&statement, 1, &out));
    assert_int_equal(out.changed, 1);
    assert_int_equal(out.count, 0);
    check_status(postgres_case_write(&statement, 1, NULL), STATUS_NOT_FOUND);
    postgres_case_close();
}

static void writes_all_or_nothing(void **state)
{
    const struct value ids[] = {value_text(SLICE("a")), value_text(SLICE("b")),
                                value_text(SLICE("none"))};
    struct statement list[3];

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    postgres_case_sql("TRUNCATE \"rateLimit\"");
    list[0] = with_id(INSERT, &ids[0]);
    list[1] = with_id(INSERT, &ids[1]);
    list[2] = with_id(INSERT, &ids[0]);
    check_status(postgres_case_write(list, 3, NULL), STATUS_TAKEN);
    assert_int_equal(postgres_case_number(COUNT), 0);
    list[2] =
        with_id("DELETE FROM {rateLimit} WHERE {rateLimit.id} = $1", &ids[2]);
    list[2].must_change = true;
    check_status(postgres_case_write(list, 3, NULL), STATUS_NOT_FOUND);
    assert_int_equal(postgres_case_number(COUNT), 0);
    /* In the middle, where the connection must be rolled back and reused. */
    check_status(postgres_case_write(list + 1, 2, NULL), STATUS_NOT_FOUND);
    list[2].must_change = false;
    check_ok(postgres_case_write(list, 3, NULL));
    assert_int_equal(postgres_case_number(COUNT), 2);
    postgres_case_close();
}

static void passes_results_on(void **state)
{
    const struct value first = value_text(SLICE("first"));
    const struct value earlier = value_result(0, 0);
    const struct value own = value_result(1, 0);
    struct statement list[2];
    struct rows out[2];

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    postgres_case_sql("TRUNCATE \"rateLimit\"");
    list[0] = with_id(INSERT, &first);
    list[1] = with_id("UPDATE {rateLimit} SET {rateLimit:count} = 7 "
                      "WHERE {rateLimit.key} = $1",
                      &earlier);
    list[1].must_change = true;
    check_ok(postgres_case_write(list, 2, out));
    assert_int_equal(out[1].changed, 1);
    assert_int_equal(
        postgres_case_number("SELECT \"count\" FROM \"rateLimit\""), 7);
    list[1].params = &own;
    check_status(postgres_case_write(list, 2, out), STATUS_TAKEN);
    postgres_case_sql("TRUNCATE \"rateLimit\"");
    check_status(postgres_case_write(list, 2, out), STATUS_INVALID_VALUE);
    assert_int_equal(postgres_case_number(COUNT), 0);
    postgres_case_close();
}

/* Every statement of a list fails once, as if the database had gone. */
static void leaves_nothing_when_a_statement_fails(void **state)
{
    const struct value ids[] = {value_text(SLICE("a")), value_text(SLICE("b")),
                                value_result(1, 0)};
    struct statement list[3];

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    postgres_case_sql("TRUNCATE \"rateLimit\"");
    list[0] = with_id(INSERT, &ids[0]);
    list[1] = with_id(INSERT, &ids[1]);
    list[2] = with_id("UPDATE {rateLimit} SET {rateLimit:count} = 7 "
                      "WHERE {rateLimit.key} = $1",
                      &ids[2]);
    for (int64_t n = 1; n <= 3; n++) {
        store_test_fail(postgres_case.store, n);
        check_status(postgres_case_write(list, 3, NULL), STATUS_UNAVAILABLE);
        assert_int_equal(postgres_case_number(COUNT), 0);
    }
    store_test_fail(postgres_case.store, 0);
    check_ok(postgres_case_write(list, 3, NULL));
    assert_int_equal(postgres_case_number(COUNT), 2);
    postgres_case_close();
}

static void says_what_the_database_refuses(void **state)
{
    static const struct {
        const char *sql;
        enum status status;
    } cases[] = {
        {"INSERT INTO {session} SELECT 'x', now(), 'x', now(), now(), NULL, "
         "NULL, 'nobody'",
         STATUS_INVALID_VALUE},
        {"INSERT INTO {jwks} ({jwks:id}) VALUES ('x')", STATUS_INVALID_VALUE},
        {"UPDATE {rateLimit} SET {rateLimit:count} = 1 / 0",
         STATUS_INVALID_VALUE},
        {"UPDATE {user} SET {user:email} = 'same'", STATUS_TAKEN},
        {"DO 'BEGIN RAISE SQLSTATE ''40001''; END'", STATUS_UNAVAILABLE},
        {"DO 'BEGIN RAISE SQLSTATE ''53100''; END'", STATUS_UNAVAILABLE},
        {"DO 'BEGIN RAISE SQLSTATE ''25006''; END'", STATUS_UNAVAILABLE},
        {"DO 'BEGIN RAISE SQLSTATE ''XX000''; END'", STATUS_INTERNAL},
    };

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    postgres_case_sql("TRUNCATE \"rateLimit\";"
                      "INSERT INTO \"rateLimit\" VALUES ('a', 'a', 1, 1)");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct statement statement = postgres_case_statement(cases[i].sql);

        check_status(postgres_case_write(&statement, 1, NULL), cases[i].status);
    }
    postgres_case_close();
}

/* Two lists that lock each other out: the loser is tried again. */

struct pair {
    struct statement list[3];
    struct value ids[2];
    enum status status;
};

static void write_pair(void *arg)
{
    struct pair *pair = arg;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    pair->status =
        store_write(postgres_case.store, pair->list, 3, &arena, NULL);
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void tries_again_after_a_deadlock(void **state)
{
    static const char add[] = "UPDATE {rateLimit} SET {rateLimit:count} = "
                              "{rateLimit.count} + 1 WHERE {rateLimit.id} = $1";
    struct pair pairs[2];

    (void)state;
    if (!postgres_case_open("?options=-cdeadlock_timeout%3D50ms")) {
        return;
    }
    postgres_case_sql("TRUNCATE \"rateLimit\"; INSERT INTO \"rateLimit\" "
                      "VALUES ('a', 'a', 0, 1), ('b', 'b', 0, 1)");
    for (int i = 0; i < 2; i++) {
        pairs[i].ids[0] = value_text(i == 0 ? SLICE("a") : SLICE("b"));
        pairs[i].ids[1] = value_text(i == 0 ? SLICE("b") : SLICE("a"));
        pairs[i].list[0] = with_id(add, &pairs[i].ids[0]);
        pairs[i].list[1] = postgres_case_statement("SELECT pg_sleep(0.2)");
        pairs[i].list[2] = with_id(add, &pairs[i].ids[1]);
        postgres_case_fiber(write_pair, &pairs[i]);
    }
    postgres_case_run();
    check_ok(pairs[0].status);
    check_ok(pairs[1].status);
    assert_int_equal(
        postgres_case_number("SELECT min(\"count\") FROM \"rateLimit\""), 2);
    postgres_case_close();
}

/* A fiber that leaves: nobody gets its answer, its transaction is undone. */

struct leaver {
    struct fiber *fiber;
    struct statement list[2];
    size_t count; /* 0: it reads */
    enum status status;
};

static void leave_early(void *arg)
{
    struct leaver *leaver = arg;
    struct arena arena;
    struct rows out;

    arena_init(&arena, 1 << 20);
    leaver->fiber = fiber_current();
    leaver->status =
        leaver->count == 0
            ? store_read(postgres_case.store, leaver->list, &arena, &out)
            : store_write(postgres_case.store, leaver->list, leaver->count,
                          &arena, NULL);
    arena_release(&arena);
    postgres_case_fiber_ends();
}

struct canceller {
    struct leaver *leavers;
    int count;
};

static void cancel_them(void *arg)
{
    struct canceller *canceller = arg;

    (void)!fiber_park(50);
    for (int i = 0; i < canceller->count; i++) {
        fiber_cancel(canceller->leavers[i].fiber);
    }
    postgres_case_fiber_ends();
}

static void run_and_cancel(struct leaver *leavers, int count)
{
    struct canceller canceller = {leavers, count};

    for (int i = 0; i < count; i++) {
        postgres_case_fiber(leave_early, &leavers[i]);
    }
    postgres_case_fiber(cancel_them, &canceller);
    postgres_case_run();
    for (int i = 0; i < count; i++) {
        check_status(leavers[i].status, STATUS_CANCELLED);
    }
}

static void forgets_who_left(void **state)
{
    struct leaver leavers[8] = {0};
    struct reader readers[16] = {0};

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    for (int i = 0; i < 8; i++) {
        leavers[i].list[0] =
            postgres_case_statement("SELECT 'wrong', pg_sleep(0.05)");
    }
    run_and_cancel(leavers, 8);
    for (int i = 0; i < 16; i++) {
        readers[i].number = i;
        readers[i].rounds = 5;
        postgres_case_fiber(read_own_rows, &readers[i]);
    }
    postgres_case_run();
    for (int i = 0; i < 16; i++) {
        check_ok(readers[i].status);
        assert_int_equal(readers[i].wrong, 0);
    }
    postgres_case_close();
}

static void undoes_what_was_left(void **state)
{
    const struct value ids[] = {value_text(SLICE("a")), value_text(SLICE("b"))};
    struct leaver leavers[6] = {0};
    struct statement insert;

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    postgres_case_sql("TRUNCATE \"rateLimit\"");
    insert = with_id(INSERT, &ids[0]);
    for (int i = 0; i < 6; i++) {
        leavers[i].list[0] = insert;
        leavers[i].list[1] = postgres_case_statement("SELECT pg_sleep(0.1)");
        leavers[i].list[1].must_change = true;
        leavers[i].count = 2;
    }
    run_and_cancel(leavers, 6);
    /* Waits for the same row, and gets it: no transaction stayed open. */
    check_ok(postgres_case_write(&insert, 1, NULL));
    assert_int_equal(postgres_case_number(COUNT), 1);
    assert_int_equal(
        postgres_case_number("SELECT count(*) FROM pg_stat_activity "
                             "WHERE state = 'idle in transaction'"),
        0);
    postgres_case_close();
}

static void is_named_and_bounded(void **state)
{
    struct reader readers[64] = {0};

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    for (int i = 0; i < 64; i++) {
        readers[i].number = i;
        readers[i].rounds = 20;
        postgres_case_fiber(read_own_rows, &readers[i]);
    }
    postgres_case_run();
    assert_in_range(
        postgres_case_number("SELECT count(*) FROM pg_stat_activity WHERE "
                             "application_name = 'bookplate'"),
        2, 3); /* two that read, and the one that asks */
    assert_int_equal(store_state(postgres_case.store), STORE_READY);
    postgres_case_close();
}

/* URLs. */

static void check_url(const char *url, enum status expected)
{
    const struct store_settings settings = {.url = slice_from_cstr(url),
                                            .connections = 4,
                                            .timeout_ms = 2000,
                                            .schema = &postgres_case.schema};
    struct slice why = SLICE_EMPTY;
    struct store *store;
    enum status status =
        store_open(&settings, &postgres_case.arena, &why, &store);

    check_status(status, expected);
    assert_false(slice_contains(why, SLICE("secret")));
    if (status == STATUS_OK) {
        assert_int_equal(store_state(store), STORE_STARTING);
        store_close(store);
    } else {
        assert_true(why.len > 0);
    }
}

static void reads_urls(void **state)
{
    char hosts[1024] = "postgresql://a";

    (void)state;
    for (int i = 0; i < 16; i++) {
        strcat(hosts, ",a");
    }
    check_url("postgresql://u:secret@h/db", STATUS_OK);
    check_url("postgres://h:1,[::1]:2/db?sslmode=verify-full", STATUS_OK);
    check_url("postgresql://h/db?prepare=off&sslmode=require", STATUS_OK);
    check_url("postgresql://h/db?sslmode=require&prepare=on", STATUS_OK);
    check_url("postgresql://h/db?prepare=secret", STATUS_INVALID_VALUE);
    check_url("postgresql://u:secret%zz@h/db", STATUS_INVALID_VALUE);
    check_url("postgresql://h/db?nonsense=secret", STATUS_INVALID_VALUE);
    check_url("postgresql://[::1/secret", STATUS_INVALID_VALUE);
    check_url(hosts, STATUS_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_fiber_its_own_rows),
        cmocka_unit_test(keeps_errors_apart),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(reads_times_and_texts),
        cmocka_unit_test(refuses_what_it_does_not_know),
        cmocka_unit_test(sends_every_kind_of_value),
        cmocka_unit_test(refuses_values_no_database_takes),
        cmocka_unit_test(writes_one_statement),
        cmocka_unit_test(writes_all_or_nothing),
        cmocka_unit_test(passes_results_on),
        cmocka_unit_test(leaves_nothing_when_a_statement_fails),
        cmocka_unit_test(says_what_the_database_refuses),
        cmocka_unit_test(tries_again_after_a_deadlock),
        cmocka_unit_test(forgets_who_left),
        cmocka_unit_test(undoes_what_was_left),
        cmocka_unit_test(is_named_and_bounded),
        cmocka_unit_test(reads_urls),
    };

    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
