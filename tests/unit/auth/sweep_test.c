/* SPDX-License-Identifier: Apache-2.0 */
#include "../store/sqlite_folder.h"
#include "../store/world.h"

#include "auth/remote.h"
#include "auth/sweep.h"
#include "base/clock.h"

#define MINUTE ((int64_t)60000)

static struct world world;

static int set_up(void **state)
{
    if (folder_set_up(state) != 0) {
        return -1;
    }
    world_open(&world, sqlite_url());
    return 0;
}

static int tear_down(void **state)
{
    world_close(&world);
    return folder_tear_down(state);
}

static void add_link(struct world *at, struct slice id, int64_t expires)
{
    check_ok(WRITE(at, STATUS_OK,
                   CALL(verification_insert, value_text(id), value_text(id),
                        T("somebody"), AT(expires), AT(0), AT(0))));
}

static void add_count(struct world *at, struct slice key, int64_t last)
{
    check_ok(WRITE(at, STATUS_OK,
                   CALL(rate_limit_hit, value_text(key), value_text(key),
                        I(last), I(MINUTE), I(3))));
}

static size_t count_of(struct world *at, const char *template)
{
    check_ok(world_select(at, template));
    return at->rows[0].count;
}

static void sweep_all(struct world *at)
{
    const struct auth auth = {.store = at->store, .schema = &at->schema};
    const struct sweep sweep = {.auth = &auth, .limits_ms = MINUTE};
    int64_t now = clock_wall_ms();

    add_link(at, SLICE("over"), now - 1);
    add_link(at, SLICE("good"), now + MINUTE);
    add_count(at, SLICE("old"), now - 2 * MINUTE);
    add_count(at, SLICE("new"), now);
    check_ok(sweep_run(&sweep));
    assert_int_equal(count_of(at, "SELECT {verification:id} "
                                  "FROM {verification}"),
                     1);
    check_text(at->rows[0].values[0].text, "good");
    assert_int_equal(count_of(at, "SELECT {rateLimit:key} FROM {rateLimit}"),
                     1);
    check_text(at->rows[0].values[0].text, "new");
}

static void takes_what_has_expired_and_nothing_else(void **state)
{
    (void)state;
    world_run(&world, sweep_all);
}

/* Another service sweeps its own tables; ours are nobody else's. */
static void sweep_external(struct world *at)
{
    const struct remote remote = {.keys = NULL};
    const struct auth auth = {
        .store = at->store, .schema = &at->schema, .remote = &remote};
    const struct sweep sweep = {.auth = &auth, .limits_ms = MINUTE};

    add_link(at, SLICE("over"), 1);
    add_count(at, SLICE("old"), 1);
    world_direct(at, "INSERT INTO bookplate_progress (user_id, page, state, "
                     "updated_at, stored_at) VALUES ('gone', '/a', 'read', 1, "
                     "1)");
    check_ok(sweep_run(&sweep));
    assert_int_equal(count_of(at, "SELECT 1 FROM {verification}"), 1);
    assert_int_equal(count_of(at, "SELECT 1 FROM {rateLimit}"), 1);
    assert_int_equal(count_of(at, "SELECT 1 FROM bookplate_progress"), 0);
}

static void leaves_the_tables_of_another_service(void **state)
{
    (void)state;
    world_run(&world, sweep_external);
}

#define NUMBERS(last)                                                          \
    "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 "           \
    "FROM number WHERE n < " last ") "

/* More readers than one look sees; every hundredth has gone. */
static void sweep_gone(struct world *at)
{
    const struct auth auth = {.store = at->store, .schema = &at->schema};
    const struct sweep sweep = {.auth = &auth, .limits_ms = MINUTE};

    world_direct(at, NUMBERS("1300") "INSERT INTO \"user\" (id, name, email, "
                                     "\"emailVerified\", \"createdAt\", "
                                     "\"updatedAt\") SELECT 'u' || n, 'Ann', "
                                     "'u' || n, 0, '2026', '2026' FROM number "
                                     "WHERE n % 100 > 0");
    world_direct(
        at,
        NUMBERS("1300") "INSERT INTO bookplate_progress (user_id, page, state, "
                        "updated_at, stored_at) SELECT 'u' || n, '/a', 'read', "
                        "1, 1 FROM number UNION ALL SELECT 'u' || n, '/b', "
                        "'read', 1, 1 FROM number");
    check_ok(sweep_run(&sweep));
    assert_int_equal(count_of(at, "SELECT 1 FROM bookplate_progress"), 2574);
    assert_int_equal(count_of(at, "SELECT 1 FROM bookplate_progress, {user} "
                                  "WHERE {user.id} = user_id"),
                     2574);
    assert_int_equal(count_of(at, "SELECT 1 FROM bookplate_audit WHERE "
                                  "event = 'erasure' AND actor = 'sweep'"),
                     13);
}

static void takes_what_is_left_of_those_who_have_gone(void **state)
{
    (void)state;
    world_run(&world, sweep_gone);
}

static void fail_each(struct world *at)
{
    const struct auth auth = {.store = at->store, .schema = &at->schema};
    const struct sweep sweep = {.auth = &auth, .limits_ms = MINUTE};

    for (int64_t n = 1; n <= 6; n++) {
        store_test_fail(at->store, n);
        check_status(sweep_run(&sweep), STATUS_UNAVAILABLE);
    }
    store_test_fail(at->store, 0);
    check_ok(sweep_run(&sweep));
}

static void says_when_the_database_is_away(void **state)
{
    (void)state;
    world_run(&world, fail_each);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(takes_what_has_expired_and_nothing_else),
          TEST(leaves_the_tables_of_another_service),
          TEST(takes_what_is_left_of_those_who_have_gone),
          TEST(says_when_the_database_is_away))
