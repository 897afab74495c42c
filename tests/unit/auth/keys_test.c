/* SPDX-License-Identifier: Apache-2.0 */
/* On SQLite, and on PostgreSQL where that is installed. */
#include "keys_lab.h"

#include "../store/postgres_fixture.h"
#include "jwks_rows.h"

#include <sys/wait.h>

#define CROWD 50

static const struct slice rsa[2] = {SLICE_INIT(RSA_PUBLIC),
                                    SLICE_INIT(RSA_PRIVATE)};

/* A fiber of a crowd, and the key it was given. */
struct asker {
    enum keys_need need;
    enum status status;
    char id[KEY_ID_LIMIT + 1];
};

static struct asker askers[CROWD];
static int asking;

static void ask(void *arg)
{
    struct asker *asker = arg;
    CLEANUP(arena_release) struct arena arena;
    struct auth_call call = lab_call();
    const struct key_ring *ring;

    arena_init(&arena, 1 << 20);
    call.arena = &arena;
    asking++;
    asker->status = keys_take(&call, asker->need, &ring);
    if (asker->status == STATUS_OK) {
        struct slice id = key_id(key_ring_signing(ring, call.now));

        snprintf(asker->id, sizeof(asker->id), "%.*s", SLICE_ARG(id));
    }
    if (--asking == 0) {
        loop_stop(lab_world.loop);
    }
}

static void ask_all(void)
{
    for (int i = 0; i < CROWD; i++) {
        askers[i] =
            (struct asker){.need = i % 2 == 0 ? KEYS_TO_SIGN : KEYS_TO_LIST};
        check_ok(fiber_start(lab_world.loop, ask, &askers[i]));
    }
    loop_run(lab_world.loop);
    for (int i = 0; i < CROWD; i++) {
        check_status(askers[i].status, STATUS_OK);
        assert_string_equal(askers[i].id, askers[0].id);
    }
}

static void expect_one_row(struct world *world)
{
    (void)world;
    assert_int_equal(lab_rows(), 1);
    check_slice(world_record(world, TABLE_JWKS, 0, 0).values[JWKS_ID].text,
                slice_from_cstr(askers[0].id));
}

static void a_crowd_of_first_requests_makes_one_key(void **state)
{
    (void)state;
    lab_restart(KEY_RS256, 0);
    ask_all();
    world_run(&lab_world, expect_one_row);
}

/* The child's whole life: wait for the word, ask, tell which key it was. */
static void be_another_process(int go, int told)
{
    char word;

    lab_open();
    lab_restart(KEY_RS256, 0);
    if (write(told, "r", 1) != 1 || read(go, &word, 1) != 1) {
        _exit(2);
    }
    ask_all();
    _exit(write(told, askers[0].id, 32) == 32 ? 0 : 3);
}

static void two_processes_make_one_key(void **state)
{
    char id[2][33] = {{0}};
    int go[2];
    int told[2][2];
    pid_t pids[2];
    char ready;

    (void)state;
    assert_int_equal(pipe(go), 0);
    /* No thread of ours is in them: the database is opened there. */
    world_close(&lab_world);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(told[i]), 0);
        pids[i] = fork();
        if (pids[i] == 0) {
            be_another_process(go[0], told[i][1]);
        }
        assert_int_equal(read(told[i][0], &ready, 1), 1);
    }
    assert_int_equal(write(go[1], "go", 2), 2);
    for (int i = 0; i < 2; i++) {
        int status;

        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
        assert_int_equal(read(told[i][0], id[i], 32), 32);
    }
    assert_string_equal(id[0], id[1]);
    lab_open();
}

static bool lists(struct slice id)
{
    return slice_contains(lab_jwks(), id);
}

static void rotate(struct world *world)
{
    struct slice first = SLICE_EMPTY;
    struct slice now = SLICE_EMPTY;

    (void)world;
    check_ok(lab_signing(&first));
    /* Nine minutes before its end the next one is known, but waits. */
    lab_later(51 * HOUR / 60);
    lab_settle();
    check_ok(lab_signing(&now));
    check_slice(now, first);
    assert_int_equal(lab_rows(), 2);
    /* Known for long enough. */
    lab_later(8 * HOUR / 60);
    lab_settle();
    check_ok(lab_signing(&now));
    assert_false(slice_equal(now, first));
    assert_true(lists(first) && lists(now));
    /* Over, but within its grace. */
    lab_later(HOUR);
    lab_settle();
    assert_true(lists(first));
    lab_later(2 * HOUR);
    lab_settle();
    check_ok(lab_signing(&now));
    assert_false(lists(first));
}

static void a_key_is_followed_and_kept_in_grace(void **state)
{
    (void)state;
    lab_restart(KEY_ES256, HOUR);
    world_run(&lab_world, rotate);
    lab_later(0);
}

static void outlast(struct world *world)
{
    struct slice before = SLICE_EMPTY;
    struct slice after = SLICE_EMPTY;
    struct slice listed;

    check_ok(lab_signing(&before));
    listed = lab_jwks();
    lab_later(2 * 60000);
    lab_settle();
    store_test_fail(world->store, 1);
    check_slice(lab_jwks(), listed);
    check_ok(lab_signing(&after));
    check_slice(after, before);
    store_test_fail(world->store, 0);
}

static void what_was_read_serves_while_the_database_is_away(void **state)
{
    (void)state;
    lab_restart(KEY_EDDSA, 0);
    world_run(&lab_world, outlast);
    lab_later(0);
}

/* Whichever statement fails, there is no second key, and then it goes on. */
static void fail_each(struct world *world)
{
    struct slice id;

    for (int n = 1; n <= 4; n++) {
        store_test_fail(world->store, n);
        check_status(lab_signing(&id), STATUS_UNAVAILABLE);
        store_test_fail(world->store, 0);
        /* Left alone for a moment. */
        check_status(lab_signing(&id), STATUS_UNAVAILABLE);
        lab_later(1000);
    }
    check_ok(lab_signing(&id));
    assert_int_equal(lab_rows(), 1);
}

static void a_first_key_survives_a_failing_database(void **state)
{
    (void)state;
    lab_restart(KEY_EDDSA, 0);
    world_run(&lab_world, fail_each);
    lab_later(0);
}

static void use_foreign(struct world *world)
{
    struct slice id;

    (void)world;
    lab_insert(SLICE("theirs"), rsa, SLICE("RS256"), 0);
    check_ok(lab_signing(&id));
    check_text(id, "theirs");
    assert_int_equal(lab_rows(), 1);
}

static void the_originals_key_signs(void **state)
{
    (void)state;
    lab_restart(KEY_RS256, 0);
    world_run(&lab_world, use_foreign);
}

static void use_locked(struct world *world)
{
    struct slice id;

    (void)world;
    lab_insert(SLICE("sealed"), rsa, SLICE("RS256"), 0);
    check_status(lab_signing(&id), STATUS_UNREADABLE);
    assert_true(lists(SLICE("sealed")));
    assert_int_equal(lab_rows(), 1);
}

static void a_wrong_secret_replaces_no_key(void **state)
{
    (void)state;
    secrets_free((struct secrets *)lab.secrets);
    lab.secrets = lab_foreign();
    lab_restart(KEY_RS256, 0);
    world_run(&lab_world, use_locked);
}

static void list_others(struct world *world)
{
    const struct slice other[2] = {
        SLICE("{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AQ\",\"y\":\"Ag\","
              "\"d\":\"secret-part\"}"),
        SLICE("\"00\"")};
    const struct slice broken[2] = {SLICE("{not json"), SLICE("\"00\"")};
    struct slice id;

    (void)world;
    lab_insert(SLICE("es512"), other, SLICE("ES512"), 0);
    lab_insert(SLICE("ps256"), rsa, SLICE("PS256"), 0);
    lab_insert(SLICE("broken"), broken, SLICE("PS512"), 0);
    check_ok(lab_signing(&id));
    assert_true(lists(SLICE("es512")) && lists(SLICE("ps256")) && lists(id));
    assert_false(lists(SLICE("broken")) || lists(SLICE("secret-part")));
    assert_int_equal(lab_rows(), 4);
}

static void keys_of_other_kinds_are_listed_and_never_sign(void **state)
{
    (void)state;
    lab_restart(KEY_RS256, 0);
    world_run(&lab_world, list_others);
}

static void find_new(struct world *world)
{
    struct auth_call call = lab_call();
    const struct key *key = NULL;
    struct slice id;

    (void)world;
    check_ok(lab_signing(&id));
    lab_insert(SLICE("younger"), rsa, SLICE("RS256"), 0);
    check_ok(keys_find(&call, SLICE("younger"), &key));
    assert_null(key); /* just looked */
    lab_later(5000);
    lab_settle();
    check_ok(keys_find(&call, SLICE("younger"), &key));
    assert_non_null(key);
    check_ok(keys_find(&call, SLICE("../../etc/passwd"), &key));
    assert_null(key);
}

static void a_key_of_another_process_is_found_when_asked_for(void **state)
{
    (void)state;
    lab_restart(KEY_EDDSA, 0);
    world_run(&lab_world, find_new);
    lab_later(0);
}

static void rotate_by_hand(struct world *world)
{
    struct auth_call call;
    struct slice first = SLICE_EMPTY;
    struct slice second = SLICE_EMPTY;
    struct slice third = SLICE_EMPTY;
    int64_t signs_at;

    (void)world;
    check_ok(lab_signing(&first));
    lab_later(HOUR);
    lab_settle();
    call = lab_call();
    check_ok(keys_rotate(&call, false, &signs_at));
    assert_true(signs_at > call.now);
    /* Published now, and the old one signs until key sets are read anew. */
    lab_later(6000);
    lab_settle();
    assert_int_equal(lab_rows(), 2);
    check_ok(lab_signing(&second));
    check_slice(second, first);
    lab_later(signs_at - call.now);
    lab_settle();
    check_ok(lab_signing(&second));
    assert_false(slice_equal(second, first));
    call = lab_call();
    check_ok(keys_rotate(&call, true, &signs_at));
    assert_int_equal(signs_at, call.now);
    lab_later(6000);
    lab_settle();
    check_ok(lab_signing(&third));
    assert_false(slice_equal(third, second));
    assert_true(slice_contains(lab_jwks(), first));
    assert_true(slice_contains(lab_jwks(), second));
}

static void a_key_is_rotated_by_hand(void **state)
{
    (void)state;
    lab_restart(KEY_EDDSA, 0);
    world_run(&lab_world, rotate_by_hand);
    lab_later(0);
}

/* Made under the older secret; read by who has the newer one alone. */
static void reseal_all(struct world *world)
{
    struct auth_call call = lab_call();
    struct slice id;
    size_t count;

    (void)world;
    check_ok(keys_reseal(&call, &count));
    assert_int_equal(count, 1);
    check_ok(keys_reseal(&call, &count));
    assert_int_equal(count, 0);
    check_ok(lab_signing(&id));
}

static void sign_one(struct world *world)
{
    struct slice id;

    (void)world;
    check_ok(lab_signing(&id));
}

static void restart_with(struct secrets *secrets)
{
    lab_drop_keys();
    secrets_free((struct secrets *)lab.secrets);
    lab.secrets = secrets;
    lab_restart(KEY_EDDSA, 0);
}

static void an_old_secret_can_be_given_up(void **state)
{
    (void)state;
    lab_restart(KEY_EDDSA, 0);
    world_run(&lab_world, sign_one);
    restart_with(lab_rotated());
    world_run(&lab_world, reseal_all);
    restart_with(lab_secrets(
        SLICE("2:another-lab-secret-9876543210-zyxwvutsrq"), SLICE_EMPTY));
    world_run(&lab_world, sign_one);
}

static struct postgres_fixture server;

static int set_up_on_postgres(void **state)
{
    return lab_set_up_at(state, slice_from_cstr(server.url));
}

#define ON_SQLITE(test)                                                        \
    cmocka_unit_test_setup_teardown(test, lab_set_up, lab_tear_down)
#define ON_POSTGRES(test)                                                      \
    {                                                                          \
        "postgres: " #test, test, set_up_on_postgres, lab_close, NULL          \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(a_crowd_of_first_requests_makes_one_key),
        ON_SQLITE(two_processes_make_one_key),
        ON_SQLITE(a_key_is_followed_and_kept_in_grace),
        ON_SQLITE(what_was_read_serves_while_the_database_is_away),
        ON_SQLITE(a_first_key_survives_a_failing_database),
        ON_SQLITE(the_originals_key_signs),
        ON_SQLITE(a_wrong_secret_replaces_no_key),
        ON_SQLITE(keys_of_other_kinds_are_listed_and_never_sign),
        ON_SQLITE(a_key_of_another_process_is_found_when_asked_for),
        ON_SQLITE(a_key_is_rotated_by_hand),
        ON_SQLITE(an_old_secret_can_be_given_up),
        ON_POSTGRES(a_crowd_of_first_requests_makes_one_key),
        ON_POSTGRES(two_processes_make_one_key),
        ON_POSTGRES(a_key_is_followed_and_kept_in_grace),
        ON_POSTGRES(what_was_read_serves_while_the_database_is_away),
        ON_POSTGRES(a_first_key_survives_a_failing_database),
        ON_POSTGRES(the_originals_key_signs),
        ON_POSTGRES(a_wrong_secret_replaces_no_key),
        ON_POSTGRES(keys_of_other_kinds_are_listed_and_never_sign),
        ON_POSTGRES(a_key_of_another_process_is_found_when_asked_for),
        ON_POSTGRES(a_key_is_rotated_by_hand),
        ON_POSTGRES(an_old_secret_can_be_given_up),
    };
    size_t count = sizeof(tests) / sizeof(*tests);
    bool with_postgres;
    int failed;

    check_ok(crypto_init());
    with_postgres = postgres_fixture_start(&server);
    if (!with_postgres) {
        print_message("# skipped: the half that needs PostgreSQL\n");
        count /= 2;
    }
    failed = _cmocka_run_group_tests("keys", tests, count, NULL, NULL);
    if (with_postgres) {
        postgres_fixture_stop(&server);
    }
    return failed;
}
