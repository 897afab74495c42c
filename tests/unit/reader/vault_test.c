/* SPDX-License-Identifier: Apache-2.0 */
/* On SQLite, and on PostgreSQL where that is installed. */
#include "vault_lab.h"

#include "../store/postgres_fixture.h"

#include "reader/data_keys.h"
#include "reader/reseal.h"

#include <sys/wait.h>
#include <unistd.h>

#define CROWD 6
/* The first tests of main's list need no server. */
#define ON_SQLITE_COUNT 19

static const struct vault_place here = {SLICE_INIT("table.column"),
                                        SLICE_INIT("row")};
static struct vault *vault;
static struct vault *second;

static struct slice seal(struct vault *with, const char *text)
{
    struct auth_call call = lab_call();
    struct vault_sealed made = {0};

    check_ok(vault_seal(with, &call, &here, slice_from_cstr(text), &made));
    return made.text;
}

static enum status open_at(struct vault *with, struct slice column,
                           struct slice row, struct slice sealed)
{
    const struct vault_place place = {column, row};
    struct auth_call call = lab_call();
    struct slice text;

    return vault_open(with, &call, &place, sealed, &text);
}

static void expect_text(struct vault *with, struct slice sealed,
                        const char *text)
{
    struct auth_call call = lab_call();
    struct slice opened = SLICE_EMPTY;

    check_ok(vault_open(with, &call, &here, sealed, &opened));
    check_slice(opened, slice_from_cstr(text));
}

static void seal_and_open(struct world *world)
{
    struct slice sealed = seal(vault, "an answer");

    (void)world;
    expect_text(vault, sealed, "an answer");
    expect_text(vault, seal(vault, ""), "");
    assert_false(slice_contains(sealed, SLICE("answer")));
    assert_false(slice_equal(sealed, seal(vault, "an answer")));
    for (size_t i = 0; i < sealed.len; i++) {
        assert_true(sealed.ptr[i] != '+' && sealed.ptr[i] != '/' &&
                    sealed.ptr[i] != '=');
    }
}

static void a_value_opens_where_it_was_sealed(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, seal_and_open);
    vault_free(vault);
}

static void move_about(struct world *world)
{
    struct slice sealed = seal(vault, "an answer");
    struct slice unreadable[] = {SLICE(""), SLICE("AA"), SLICE("not base64!"),
                                 slice_head(sealed, sealed.len - 4)};

    (void)world;
    check_status(open_at(vault, here.column, SLICE("row2"), sealed),
                 STATUS_UNREADABLE);
    check_status(open_at(vault, SLICE("table.other"), here.row, sealed),
                 STATUS_UNREADABLE);
    /* What stands before and behind the border between them is no other. */
    check_status(open_at(vault, SLICE("table.columnr"), SLICE("ow"), sealed),
                 STATUS_UNREADABLE);
    for (size_t i = 0; i < sizeof(unreadable) / sizeof(*unreadable); i++) {
        check_status(open_at(vault, here.column, here.row, unreadable[i]),
                     STATUS_UNREADABLE);
    }
}

static void a_moved_value_does_not_open(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, move_about);
    vault_free(vault);
}

static void change_each_byte(struct world *world)
{
    struct slice sealed = seal(vault, "an answer");

    for (size_t i = 0; i < sealed.len; i++) {
        struct slice copy = SLICE_EMPTY;

        check_ok(slice_dup(&world->arena, sealed, &copy));
        ((char *)copy.ptr)[i] = copy.ptr[i] == 'A' ? 'B' : 'A';
        check_status(open_at(vault, here.column, here.row, copy),
                     STATUS_UNREADABLE);
    }
}

static void a_changed_value_does_not_open(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, change_each_byte);
    vault_free(vault);
}

static void seal_too_much(struct world *world)
{
    struct auth_call call = lab_call();
    struct slice text = {arena_alloc_zero(&world->arena, VAULT_TEXT_MAX + 1),
                         VAULT_TEXT_MAX};
    struct vault_sealed made = {0};
    struct slice opened;

    check_ok(vault_seal(vault, &call, &here, text, &made));
    check_ok(vault_open(vault, &call, &here, made.text, &opened));
    check_slice(opened, text);
    text.len++;
    check_status(vault_seal(vault, &call, &here, text, &made),
                 STATUS_TOO_LARGE);
}

static void the_longest_text_is_kept_and_a_longer_refused(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, seal_too_much);
    vault_free(vault);
}

static struct slice kept;

static void keep_one(struct world *world)
{
    struct slice sealed = seal(vault, "an answer");

    check_ok(slice_dup(&world->kept, sealed, &kept));
}

static void read_kept(struct world *world)
{
    (void)world;
    expect_text(vault, kept, "an answer");
}

static void keep_with(struct slice secret)
{
    vault = lab_vault_of(secret);
    world_run(&lab_world, keep_one);
    vault_free(vault);
}

static void expect_kept(struct slice data_keys, struct slice secrets,
                        struct slice secret)
{
    check_ok(lab_vault(data_keys, secrets, secret, &vault));
    world_run(&lab_world, read_kept);
    vault_free(vault);
}

static void another_secret_is_refused_at_the_start(void **state)
{
    (void)state;
    keep_with(VAULT_SECRET);
    check_status(lab_vault(SLICE_EMPTY, SLICE_EMPTY, VAULT_OTHER, &vault),
                 STATUS_UNREADABLE);
    check_status(lab_vault(SLICE("1:" KEY_A), SLICE_EMPTY, VAULT_OTHER, &vault),
                 STATUS_UNREADABLE);
    expect_kept(SLICE_EMPTY, SLICE_EMPTY, VAULT_SECRET);
}

static void an_older_secret_still_opens(void **state)
{
    (void)state;
    keep_with(VAULT_SECRET);
    expect_kept(SLICE_EMPTY,
                SLICE("2:"
                      "another-lab-secret-9876543210-zyxwvutsrqpon"),
                VAULT_SECRET);
    expect_kept(SLICE_EMPTY,
                SLICE("3:another-lab-secret-9876543210-zyxwvutsrqpon, "
                      "1:a-lab-secret-that-is-long-enough-0123456789"),
                SLICE_EMPTY);
    /* By now the newest seals the key, and the older can go. */
    expect_kept(SLICE_EMPTY, SLICE_EMPTY, VAULT_OTHER);
    /* DATA_KEYS set later: the secret's key stands behind. */
    expect_kept(SLICE("1:" KEY_A), SLICE_EMPTY, VAULT_OTHER);
}

static void the_order_and_numbers_of_keys_may_change(void **state)
{
    (void)state;
    check_ok(lab_vault(SLICE("1:" KEY_A), SLICE_EMPTY, VAULT_SECRET, &vault));
    world_run(&lab_world, keep_one);
    vault_free(vault);
    expect_kept(SLICE("2:" KEY_B ",1:" KEY_A), SLICE_EMPTY, VAULT_SECRET);
    expect_kept(SLICE("7:" KEY_A), SLICE_EMPTY, VAULT_OTHER);
    check_status(
        lab_vault(SLICE("2:" KEY_B), SLICE_EMPTY, VAULT_SECRET, &vault),
        STATUS_UNREADABLE);
}

static void refuse_keys(const char *text, const char *expected)
{
    const struct vault_settings settings = {
        .store = lab_world.store,
        .master = {.data_keys = slice_from_cstr(text), .secret = VAULT_SECRET},
    };
    struct slice why = SLICE_EMPTY;

    check_status(vault_new(&settings, &lab_world.arena, &why, &vault),
                 STATUS_INVALID_VALUE);
    if (!slice_starts_with(why, slice_from_cstr(expected))) {
        check_slice(why, slice_from_cstr(expected));
    }
    assert_false(slice_contains(why, SLICE("YWFh")));
}

static void wrong_settings_are_named_and_not_shown(void **state)
{
    char list[2048] = "";
    size_t len = 0;

    (void)state;
    refuse_keys(KEY_A, "DATA_KEYS: entry 1 does not begin with a number");
    refuse_keys("x:" KEY_A, "DATA_KEYS: entry 1 does not begin with a number");
    refuse_keys("2:" KEY_B ",1:YWFhYWFh", "DATA_KEYS: entry 2 is not 32 bytes");
    refuse_keys("2:" KEY_B ",", "DATA_KEYS: entry 2 does not begin");
    refuse_keys("1:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWF=",
                "DATA_KEYS: entry 1 is not 32 bytes");
    refuse_keys("1:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh!WE=",
                "DATA_KEYS: entry 1 is not 32 bytes");
    refuse_keys("1:" KEY_B ",1:" KEY_A,
                "DATA_KEYS: entry 2 has the number of an earlier one");
    refuse_keys("2:" KEY_A ",1:" KEY_A,
                "DATA_KEYS: entry 2 is the same key as an earlier one");
    for (int i = 0; i < 17; i++) {
        len += (size_t)snprintf(list + len, sizeof(list) - len,
                                "%s%d:%cWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"
                                "YWE=",
                                i == 0 ? "" : ",", i, 'A' + i);
    }
    refuse_keys(list, "DATA_KEYS: entry 17 is one more than can be kept");
}

static void without_any_key_it_is_refused(void **state)
{
    (void)state;
    check_status(lab_vault(SLICE_EMPTY, SLICE_EMPTY, SLICE_EMPTY, &vault),
                 STATUS_INVALID_VALUE);
}

static void count_keys(struct world *world)
{
    check_ok(world_read(world, BARE(data_keys_all)));
}

static void looking_makes_no_key(void **state)
{
    const struct vault_settings settings = {
        .store = lab_world.store,
        .master = {.secret = VAULT_SECRET},
        .look_only = true,
    };
    struct slice why;

    (void)state;
    check_ok(vault_new(&settings, &lab_world.arena, &why, &vault));
    vault_free(vault);
    world_run(&lab_world, count_keys);
    assert_int_equal(lab_world.rows[0].count, 0);
}

/* What one vault of this process sealed another opens; *kept is the row. */
static void seal_and_tell(struct world *world)
{
    struct slice sealed = seal(vault, "an answer");

    expect_text(second, sealed, "an answer");
    check_ok(world_read(world, BARE(data_keys_all)));
    assert_int_equal(world->rows[0].count, 1);
    kept = world->rows[0].values[1].text;
}

/* A child's whole life: wait for the word, open, tell which key there is. */
static void be_another_process(int go, int told)
{
    char word;

    world_open(&lab_world, lab_url);
    lab.store = lab_world.store;
    if (write(told, "r", 1) != 1 || read(go, &word, 1) != 1) {
        _exit(2);
    }
    vault = lab_vault_of(VAULT_SECRET);
    second = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, seal_and_tell);
    _exit(write(told, kept.ptr, kept.len) == (ssize_t)kept.len ? 0 : 3);
}

static void hear_child(int told, pid_t pid, char text[256])
{
    int status;
    ssize_t len;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    len = read(told, text, 255);
    assert_true(len > 0);
    text[len] = '\0';
}

static void a_herd_makes_one_first_key(void **state)
{
    char texts[CROWD][256];
    int told[CROWD][2];
    pid_t pids[CROWD];
    int go[2];
    char ready;

    (void)state;
    assert_int_equal(pipe(go), 0);
    /* No thread of ours is in them: the database is opened there. */
    world_close(&lab_world);
    for (int i = 0; i < CROWD; i++) {
        assert_int_equal(pipe(told[i]), 0);
        pids[i] = fork();
        if (pids[i] == 0) {
            be_another_process(go[0], told[i][1]);
        }
        assert_int_equal(read(told[i][0], &ready, 1), 1);
    }
    assert_int_equal(write(go[1], "gogogogo", CROWD), CROWD);
    for (int i = 0; i < CROWD; i++) {
        hear_child(told[i][0], pids[i], texts[i]);
    }
    world_open(&lab_world, lab_url);
    lab.store = lab_world.store;
    for (int i = 0; i < CROWD; i++) {
        assert_string_equal(texts[i], texts[0]);
    }
}

/* After a leap: connections that seem silent for so long are made anew. */
static void settle(struct world *world)
{
    for (int i = 0; i < 100; i++) {
        if (world_read(world, BARE(data_keys_all)) == STATUS_OK) {
            return;
        }
    }
    fail_msg("the database did not come back");
}

/* A statement fails: the vault says so, and works the next time. */
static void fail_statements(struct world *world)
{
    struct auth_call call = lab_call();
    struct vault_sealed made = {0};

    (void)seal(vault, "warm");
    clock_test_shift(VAULT_FRESH_MS, 0);
    store_test_fail(world->store, 1);
    check_status(vault_seal(vault, &call, &here, SLICE("x"), &made),
                 STATUS_UNAVAILABLE);
    store_test_fail(world->store, 0);
    settle(world);
    check_ok(vault_seal(vault, &call, &here, SLICE("x"), &made));
    /* What is in memory opens without the database. */
    store_test_fail(world->store, 1);
    expect_text(vault, made.text, "x");
    store_test_fail(world->store, 0);
}

static void a_failing_database_is_told(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, fail_statements);
    vault_free(vault);
}

/* Rotation. */

#define VALUES 150

static int64_t number_of(struct world *world, const char *sql)
{
    check_ok(world_select(world, sql));
    assert_int_equal(world->rows[0].count, 1);
    return world->rows[0].values[0].number;
}

static struct slice id_of(struct world *world, int number)
{
    struct slice id = SLICE_EMPTY;

    check_ok(arena_format(&world->arena, &id, "p%03d", number));
    return id;
}

static void insert_value(struct world *world, struct vault *with, int number)
{
    struct slice id = id_of(world, number);
    const struct vault_place place = {SLICE("bookplate_profile.answers"), id};
    struct auth_call call = lab_call();
    struct vault_sealed made = {0};
    struct slice insert;
    struct query built;
    struct statement statement = {.query = QUERY_BUILT, .built = &built};

    check_ok(vault_seal(with, &call, &place, id, &made));
    check_ok(arena_format(
        &world->arena, &insert,
        "INSERT INTO bookplate_profile (id, user_id, version, answers, key_id, "
        "created_at, updated_at) VALUES ('%.*s', 'u%.*s', 1, '%.*s', %d, 0, 0)",
        SLICE_ARG(id), SLICE_ARG(id), SLICE_ARG(made.text), (int)made.key_id));
    check_ok(store_build(world->store, insert, &world->arena, &built));
    check_ok(store_write(world->store, &statement, 1, &world->arena, NULL));
}

static void expect_values(struct world *world, struct vault *with, int64_t key)
{
    struct auth_call call = lab_call();
    struct rows rows;

    check_ok(world_select(world, "SELECT id, answers, key_id "
                                 "FROM bookplate_profile ORDER BY id"));
    rows = world->rows[0];
    assert_int_equal(rows.count, VALUES);
    for (size_t i = 0; i < rows.count; i++) {
        const struct value *row = rows.values + i * rows.width;
        const struct vault_place place = {SLICE("bookplate_profile.answers"),
                                          row[0].text};
        struct slice text = SLICE_EMPTY;

        check_ok(vault_open(with, &call, &place, row[1].text, &text));
        check_slice(text, row[0].text);
        assert_int_equal(row[2].number, key);
    }
}

static enum status rotate_once(struct world *world, bool new)
{
    struct auth_call call = lab_call();
    struct reseal reseal = {.vault = vault, .call = &call};
    int64_t left;

    (void)world;
    if (new) {
        TRY(data_keys_make(vault, &call, &reseal.key_id));
    } else {
        reseal.key_id = number_of(world, "SELECT MAX(id) FROM bookplate_key");
    }
    TRY(reseal_pass(&reseal));
    TRY(reseal_count(&reseal, &left));
    assert_int_equal(left, reseal.unreadable);
    return STATUS_OK;
}

static void rotate_all(struct world *world)
{
    struct auth_call call = lab_call();
    struct slice old = seal(second, "old");
    struct vault_sealed made = {0};

    for (int i = 0; i < VALUES; i++) {
        insert_value(world, vault, i);
    }
    check_ok(rotate_once(world, true));
    /* The second vault has not looked since, and meets a key unknown to it. */
    expect_values(world, second, 2);
    expect_text(second, old, "old");
    check_ok(vault_seal(second, &call, &here, SLICE("new"), &made));
    assert_int_equal(made.key_id, 2);
}

static void a_rotation_is_seen_by_a_second_vault(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    second = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, rotate_all);
    vault_free(vault);
    vault_free(second);
}

static void seal_late(struct world *world)
{
    struct auth_call call = lab_call();
    struct vault_sealed made = {0};
    int64_t id;

    (void)seal(second, "warm");
    check_ok(data_keys_make(vault, &call, &id));
    check_ok(vault_seal(second, &call, &here, SLICE("x"), &made));
    assert_int_equal(made.key_id, 1);
    clock_test_shift(VAULT_FRESH_MS, 0);
    settle(world);
    check_ok(vault_seal(second, &call, &here, SLICE("x"), &made));
    assert_int_equal(made.key_id, 2);
}

static void a_new_key_seals_within_five_seconds(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    second = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, seal_late);
    vault_free(vault);
    vault_free(second);
}

/* Whatever statement it stops at, running it again ends it. */
static void rotate_failing(struct world *world)
{
    int64_t key = 1;
    bool reached;
    int n = 1;

    for (int i = 0; i < VALUES; i++) {
        insert_value(world, vault, i);
    }
    do {
        enum status status;

        store_test_fail(world->store, n++);
        status = rotate_once(world, true);
        reached = atomic_load(&world->store->fail_in) <= 0;
        store_test_fail(world->store, 0);
        check_status(status, reached ? STATUS_UNAVAILABLE : STATUS_OK);
        check_ok(rotate_once(world, false));
        key = number_of(world, "SELECT MAX(id) FROM bookplate_key");
        expect_values(world, vault, key);
    } while (reached);
    assert_true(n > 8);
    assert_true(key > 1);
}

static void a_rotation_goes_on_where_it_failed(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, rotate_failing);
    vault_free(vault);
}

/* Each batch that was read is changed by somebody before it is written. */
static void meddle(const struct reseal *reseal)
{
    struct world *world = reseal->arg;

    if (reseal->sealed < 2 * VALUES) {
        world_direct(world, "UPDATE bookplate_profile SET version = 9 "
                            "WHERE id = 'p140'");
    }
}

static void damage_one(struct world *world)
{
    struct auth_call call = lab_call();
    struct reseal reseal = {
        .vault = vault, .call = &call, .progress = meddle, .arg = world};

    for (int i = 0; i < VALUES; i++) {
        insert_value(world, vault, i);
    }
    world_direct(world, "UPDATE bookplate_profile SET answers = (SELECT "
                        "answers FROM bookplate_profile WHERE id = 'p001') "
                        "WHERE id = 'p000'");
    check_ok(data_keys_make(vault, &call, &reseal.key_id));
    check_ok(reseal_pass(&reseal));
    assert_int_equal(reseal.unreadable, 1);
    assert_int_equal(reseal.sealed, VALUES - 1);
    assert_int_equal(number_of(world, "SELECT COUNT(*) FROM bookplate_profile "
                                      "WHERE key_id = 1 AND id = 'p000'"),
                     1);
    assert_int_equal(number_of(world, "SELECT version FROM bookplate_profile "
                                      "WHERE id = 'p140'"),
                     9);
}

static void a_damaged_value_is_left_and_counted(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, damage_one);
    vault_free(vault);
}

static void take_away(struct world *world)
{
    struct auth_call call = lab_call();
    struct data_key_list list;
    size_t removed;
    int64_t id;

    for (int i = 0; i < VALUES; i++) {
        insert_value(world, vault, i);
    }
    check_ok(data_keys_make(vault, &call, &id));
    check_ok(data_keys_make(vault, &call, &id));
    check_ok(data_keys_list(&call, &list));
    assert_int_equal(list.count, 3);
    assert_int_equal(list.keys[0].id, 3);
    assert_int_equal(list.keys[0].values, 0);
    assert_int_equal(list.keys[2].values, VALUES);
    assert_int_equal(list.keys[2].master_id, vault_master(vault)->keys[0].id);
    /* Too soon for the second; the first is in use. */
    check_ok(data_keys_remove_idle(&call, &removed));
    assert_int_equal(removed, 0);
    call.now += DATA_KEYS_IDLE_MS + 1000;
    check_ok(data_keys_remove_idle(&call, &removed));
    assert_int_equal(removed, 1);
    check_ok(data_keys_list(&call, &list));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.keys[0].id, 3);
    assert_int_equal(list.keys[1].id, 1);
}

static void only_idle_keys_are_taken_away(void **state)
{
    (void)state;
    vault = lab_vault_of(VAULT_SECRET);
    world_run(&lab_world, take_away);
    vault_free(vault);
}

static void rewrap(struct world *world)
{
    struct auth_call call = lab_call();
    size_t rewrapped;

    (void)world;
    check_ok(data_keys_rewrap(vault, &call, &rewrapped));
    assert_int_equal(rewrapped, 1);
    check_ok(data_keys_rewrap(vault, &call, &rewrapped));
    assert_int_equal(rewrapped, 0);
}

static void the_old_secret_is_free_to_go(void **state)
{
    (void)state;
    keep_with(VAULT_SECRET);
    check_ok(lab_vault(SLICE("1:" KEY_A), SLICE_EMPTY, VAULT_SECRET, &vault));
    world_run(&lab_world, rewrap);
    vault_free(vault);
    expect_kept(SLICE("1:" KEY_A), SLICE_EMPTY, VAULT_OTHER);
    check_status(lab_vault(SLICE_EMPTY, SLICE_EMPTY, VAULT_SECRET, &vault),
                 STATUS_UNREADABLE);
}

/* A server that was not told of a new master key goes on until it ends. */
static void rewrap_beside(struct world *world)
{
    struct auth_call call = lab_call();
    struct slice sealed = seal(second, "an answer");
    size_t rewrapped;

    check_ok(data_keys_rewrap(vault, &call, &rewrapped));
    assert_int_equal(rewrapped, 1);
    clock_test_shift(VAULT_FRESH_MS, 0);
    settle(world);
    expect_text(vault, seal(second, "another"), "another");
    expect_text(second, sealed, "an answer");
}

static void a_server_keeps_what_it_opened(void **state)
{
    (void)state;
    second = lab_vault_of(VAULT_SECRET);
    check_ok(lab_vault(SLICE("1:" KEY_A), SLICE_EMPTY, VAULT_SECRET, &vault));
    world_run(&lab_world, rewrap_beside);
    vault_free(vault);
    vault_free(second);
}

static struct postgres_fixture server;

static int set_up_on_postgres(void **state)
{
    (void)state;
    return lab_open_at(slice_from_cstr(server.url));
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
        ON_SQLITE(a_value_opens_where_it_was_sealed),
        ON_SQLITE(a_moved_value_does_not_open),
        ON_SQLITE(a_changed_value_does_not_open),
        ON_SQLITE(the_longest_text_is_kept_and_a_longer_refused),
        ON_SQLITE(wrong_settings_are_named_and_not_shown),
        ON_SQLITE(without_any_key_it_is_refused),
        ON_SQLITE(looking_makes_no_key),
        ON_SQLITE(an_older_secret_still_opens),
        ON_SQLITE(the_order_and_numbers_of_keys_may_change),
        ON_SQLITE(another_secret_is_refused_at_the_start),
        ON_SQLITE(a_herd_makes_one_first_key),
        ON_SQLITE(a_failing_database_is_told),
        ON_SQLITE(a_rotation_is_seen_by_a_second_vault),
        ON_SQLITE(a_new_key_seals_within_five_seconds),
        ON_SQLITE(a_rotation_goes_on_where_it_failed),
        ON_SQLITE(a_damaged_value_is_left_and_counted),
        ON_SQLITE(only_idle_keys_are_taken_away),
        ON_SQLITE(the_old_secret_is_free_to_go),
        ON_SQLITE(a_server_keeps_what_it_opened),
        ON_POSTGRES(another_secret_is_refused_at_the_start),
        ON_POSTGRES(a_herd_makes_one_first_key),
        ON_POSTGRES(a_failing_database_is_told),
        ON_POSTGRES(a_rotation_is_seen_by_a_second_vault),
        ON_POSTGRES(a_new_key_seals_within_five_seconds),
        ON_POSTGRES(a_rotation_goes_on_where_it_failed),
        ON_POSTGRES(a_damaged_value_is_left_and_counted),
        ON_POSTGRES(only_idle_keys_are_taken_away),
        ON_POSTGRES(the_old_secret_is_free_to_go),
    };
    size_t count = sizeof(tests) / sizeof(*tests);
    bool with_postgres;
    int failed;

    check_ok(crypto_init());
    with_postgres = postgres_fixture_start(&server);
    if (!with_postgres) {
        print_message("# skipped: what needs PostgreSQL\n");
        count = ON_SQLITE_COUNT;
    }
    failed = _cmocka_run_group_tests("vault", tests, count, NULL, NULL);
    if (with_postgres) {
        postgres_fixture_stop(&server);
    }
    return failed;
}
