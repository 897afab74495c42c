/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts on a real database in a temporary folder: calls, people, and each
 * verb with its n-th statement failing. Passwords are hashed as always, only
 * with fewer steps.
 */
#ifndef TESTS_UNIT_AUTH_PEOPLE_LAB_H
#define TESTS_UNIT_AUTH_PEOPLE_LAB_H

#include "../store/sqlite_folder.h"
#include "lab.h"

#include "auth/password.h"
#include "auth/post.h"
#include "auth/user.h"
#include "base/log.h"
#include "limit/guess.h"
#include "net/bcrypt_pool.h"
#include "net/hash_pool.h"

#define NOW      INT64_C(1795248328000)
#define MINUTE   ((int64_t)60000)
#define DAY      ((int64_t)86400000)
#define PASSWORD SLICE("correct horse battery")

static struct world world;
static struct auth auth;
static int64_t people_now;

static inline struct auth_settings people_settings(void)
{
    return (struct auth_settings){
        .sign_up = true,
        .sign_in = true,
        .auto_sign_in = true,
        .can_mail = true,
        .change_email = true,
        .delete_user = true,
        .reset_revokes_sessions = true,
        .min_password = 8,
        .max_password = 128,
        .verification_ms = 60 * MINUTE,
        .reset_ms = 60 * MINUTE,
        .delete_ms = 60 * MINUTE,
        .session_ms = 7 * DAY,
        .session_update_ms = DAY,
        .session_fresh_ms = DAY,
        .session_refresh = true,
        .session_limit = 5,
        .default_role = SLICE("user"),
    };
}

static inline void people_open_pools(void)
{
    struct hash_pool_options hashing = {.threads = 1,
                                        .queue_limit = 8,
                                        .scrypt = scrypt_options_default(),
                                        .idle_ms = 1000};
    const struct guess_options guessing = {.warn = NULL};

    hashing.scrypt.steps = 16;
    check_ok(hash_pool_new(&hashing, &auth.hashes));
    check_ok(bcrypt_pool_new(8, &auth.bcrypts));
    check_ok(guess_new(&guessing, &auth.guesses));
}

static inline void people_open_post(void)
{
    static char spool[512];
    struct post_settings settings = {.store = world.store,
                                     .site = SLICE("book.example.org")};
    struct slice problem = SLICE_EMPTY;

    snprintf(spool, sizeof(spool), "%s/spool", folder);
    settings.spool = slice_from_cstr(spool);
    check_ok(post_new(&settings, &world.kept, &problem, &auth.post));
}

static inline int people_set_up(void **state)
{
    if (folder_set_up(state) != 0) {
        return -1;
    }
    log_set_level(LOG_ERROR);
    people_now = NOW;
    world_open(&world, sqlite_url());
    auth = (struct auth){
        .settings = people_settings(),
        .store = world.store,
        .schema = &world.schema,
        .secrets = lab_single(),
        .base_url = SLICE("https://book.example.org/api/auth"),
    };
    people_open_pools();
    people_open_post();
    return 0;
}

static inline int people_tear_down(void **state)
{
    hash_pool_free(auth.hashes);
    bcrypt_pool_free(auth.bcrypts);
    guess_free(auth.guesses);
    secrets_free((struct secrets *)auth.secrets);
    post_free(auth.post);
    world_close(&world);
    return folder_tear_down(state);
}

static inline struct auth_call people_call(void)
{
    return (struct auth_call){.auth = &auth,
                              .arena = &world.arena,
                              .now = people_now,
                              .address = SLICE("127.0.0.1"),
                              .agent = SLICE("test")};
}

/* In a fiber: somebody with a password, but without a session. */
static inline void people_add(const char *name, bool verified)
{
    struct auth_call call = people_call();
    struct value id = value_text(slice_from_cstr(name));
    struct value email = NONE;
    struct slice text = SLICE_EMPTY;
    struct slice hash = SLICE_EMPTY;
    struct value account[QUERY_PARAMS_MAX];

    check_ok(arena_format(&world.arena, &text, "%s@example.com", name));
    email = value_text(text);
    check_ok(password_hash(&call, PASSWORD, &hash));
    check_ok(account_row_init(&call, id, hash, account));
    check_ok(WRITE(&world, STATUS_OK,
                   CALL(user_insert, id, id, email, B(verified), NONE, AT(NOW),
                        AT(NOW), T("user"), B(false), NONE, NONE),
                   {.query = QUERY_account_insert,
                    .params = account,
                    .param_count = ACCOUNT_COLUMNS}));
}

static inline void people_sql(const char *sql)
{
    struct query built;
    struct statement statement = {.query = QUERY_BUILT, .built = &built};

    check_ok(
        store_build(world.store, slice_from_cstr(sql), &world.arena, &built));
    check_ok(world_write(&world, STATUS_OK, &statement, 1));
}

static inline size_t people_count(const char *sql)
{
    check_ok(world_select(&world, sql));
    return world.rows[0].count;
}

static inline size_t people_sessions(void)
{
    return people_count("SELECT {session.id} FROM {session}");
}

/* The newest mail; of all there are just so many. */
static inline struct slice people_mail(size_t count)
{
    assert_int_equal(people_count("SELECT message FROM bookplate_outbox "
                                  "ORDER BY created_at DESC"),
                     count);
    return count > 0 ? world.rows[0].values[0].text : SLICE_EMPTY;
}

/*
 * With the first statement failing, the second and so on, until it passes:
 * UNAVAILABLE each time, and the tables as they were. Returns how many failed.
 */
static inline int people_torture(enum status (*run)(const struct auth_call *))
{
    struct slice before = world_dump(&world);

    for (int n = 1; n < 100; n++) {
        struct auth_call call = people_call();
        enum status status;

        store_test_fail(world.store, n);
        status = run(&call);
        store_test_fail(world.store, 0);
        if (status == STATUS_OK) {
            assert_false(slice_equal(world_dump(&world), before));
            return n - 1;
        }
        check_status(status, STATUS_UNAVAILABLE);
        check_slice(world_dump(&world), before);
    }
    fail_msg("it never passes");
    return 0;
}

#define WITH_PEOPLE(test)                                                      \
    cmocka_unit_test_setup_teardown(test, people_set_up, people_tear_down)

/* A test's body runs in a fiber. */
#define IN_FIBER(name, body)                                                   \
    static void name(void **state)                                             \
    {                                                                          \
        (void)state;                                                           \
        world_run(&world, body);                                               \
    }

#endif
