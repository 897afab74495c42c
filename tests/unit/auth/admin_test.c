/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Administrators' work on a real database: pages of users, bans and acting as
 * somebody, also with each statement failing.
 */
#include "auth/ban.h"
#include "auth/impersonate.h"
#include "auth/user_create.h"
#include "auth/user_list.h"

#include "../store/sqlite_folder.h"

#define NOW INT64_C(1763700000000)

static const struct slice admin_roles[] = {SLICE_INIT("admin")};
static const struct slice admin_users[] = {SLICE_INIT("root")};

static struct auth auth;
static struct world world;

static struct auth_call call_of(struct world *in)
{
    auth = (struct auth){.store = in->store,
                         .schema = &in->schema,
                         .settings = {.default_role = SLICE("user"),
                                      .admin_roles = {admin_roles, 1},
                                      .admin_users = {admin_users, 1},
                                      .max_password = 128,
                                      .session_ms = 604800000,
                                      .impersonation_ms = 3600000}};
    return (struct auth_call){.auth = &auth,
                              .arena = &in->arena,
                              .now = NOW,
                              .address = SLICE("127.0.0.1"),
                              .agent = SLICE("test")};
}

static void add_user(struct world *in, const char *name, const char *role,
                     int64_t made)
{
    struct value text = value_text(slice_from_cstr(name));

    check_ok(WRITE(in, STATUS_OK,
                   CALL(user_insert, text, text, text, B(false), NONE, AT(made),
                        AT(made), value_text(slice_from_cstr(role)), B(false),
                        NONE, NONE),
                   CALL(session_insert, text, AT(NOW + 1000), text, AT(NOW),
                        AT(NOW), NONE, T("test"), text, NONE)));
}

static void fill(struct world *in)
{
    add_user(in, "ada", "admin", 1000);
    add_user(in, "bob", "user", 2000);
    add_user(in, "cyd_x", "user", 3000);
    add_user(in, "eve", "user,admin", 4000);
    add_user(in, "root", "user", 5000);
}

static int set_up(void **state)
{
    (void)state;
    if (folder_set_up(NULL) != 0) {
        return 1;
    }
    world_open(&world, sqlite_url());
    world_run(&world, fill);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&world);
    return folder_tear_down(NULL);
}

/* The names of a page, in its order: "ada bob". */
static struct slice names_of(const struct user_page *page)
{
    struct slice text = SLICE_EMPTY;
    struct buf buf;

    buf_init(&buf, &world.arena, 4096);
    for (size_t i = 0; i < page->rows.count; i++) {
        const struct value *row = &page->rows.values[i * page->rows.width];

        buf_add(&buf, i > 0 ? SLICE(" ") : SLICE_EMPTY);
        buf_add(&buf, row[USER_NAME].text);
    }
    check_ok(buf_finish(&buf, &text));
    return text;
}

static void check_found(size_t column, enum user_operator how,
                        const char *value, const char *expected)
{
    struct auth_call call = call_of(&world);
    const struct slice values[] = {slice_from_cstr(value)};
    const struct user_list list = {
        .conditions = {{column, how, values, 1}},
        .condition_count = 1,
        .sort = USER_NAME,
        .limit = 10,
    };
    struct user_page page;

    check_ok(user_list_read(&call, &list, &page));
    check_slice(names_of(&page), slice_from_cstr(expected));
    assert_int_equal(page.total, page.rows.count);
}

static void find_by_operator(struct world *in)
{
    size_t role = in->schema.user_role;
    size_t banned = in->schema.user_banned;

    check_found(USER_NAME, USER_EQ, "bob", "bob");
    check_found(USER_NAME, USER_NE, "bob", "ada cyd_x eve root");
    check_found(USER_NAME, USER_LT, "bob", "ada");
    check_found(USER_NAME, USER_LTE, "bob", "ada bob");
    check_found(USER_NAME, USER_GT, "cyd_x", "eve root");
    check_found(USER_NAME, USER_GTE, "cyd_x", "cyd_x eve root");
    check_found(USER_NAME, USER_NOT_IN, "bob", "ada cyd_x eve root");
    check_found(USER_NAME, USER_CONTAINS, "d", "ada cyd_x");
    check_found(USER_NAME, USER_STARTS_WITH, "e", "eve");
    check_found(USER_NAME, USER_ENDS_WITH, "b", "bob");
    check_found(USER_NAME, USER_CONTAINS, "_", "ada bob cyd_x eve root");
    check_found(role, USER_EQ, "admin", "ada");
    check_found(role, USER_CONTAINS, "admin", "ada eve");
    check_found(banned, USER_EQ, "false", "ada bob cyd_x eve root");
    check_found(banned, USER_EQ, "true", "");
    check_found(banned, USER_EQ, "nonsense", "ada bob cyd_x eve root");
    check_found(USER_CREATED_AT, USER_GT, "1970-01-01T00:00:03.000Z",
                "eve root");
    check_found(USER_CREATED_AT, USER_CONTAINS, "1970",
                "ada bob cyd_x eve root");
    check_found(USER_ID, USER_EQ, "eve", "eve");
}

static void test_finds_by_every_operator(void **state)
{
    (void)state;
    world_run(&world, find_by_operator);
}

static void find_hostile(struct world *in)
{
    static const char *const values[] = {
        "' OR '1'='1", "\"; DROP TABLE \"user\"; --",
        "\\",          "{user.*}",
        "$1",          "}",
        "?1",          "%'--"};

    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        check_found(USER_NAME, USER_EQ, values[i], "");
        check_found(USER_NAME, USER_CONTAINS, values[i], "");
        check_found(in->schema.user_role, USER_NE, values[i],
                    "ada bob cyd_x eve root");
    }
    assert_int_equal(user_list_column(&auth, SLICE("name\" --")), COLUMN_NONE);
    assert_int_equal(user_list_column(&auth, SLICE("password")), COLUMN_NONE);
    assert_int_equal(user_list_column(&auth, SLICE("session.token")),
                     COLUMN_NONE);
    assert_int_equal(user_list_column(&auth, SLICE_EMPTY), COLUMN_NONE);
    assert_int_equal(user_list_column(&auth, SLICE("createdAt")),
                     USER_CREATED_AT);
}

static void test_what_is_sent_is_never_sql(void **state)
{
    (void)state;
    world_run(&world, find_hostile);
}

static void find_unsound(struct world *in)
{
    struct auth_call call = call_of(in);
    struct slice values[USER_LIST_VALUES_MAX] = {SLICE("ada"), SLICE("bob")};
    struct user_list list = {.conditions = {{USER_NAME, USER_EQ, values, 2}},
                             .condition_count = 1,
                             .sort = COLUMN_NONE,
                             .limit = 10};
    struct user_page page;

    check_status(user_list_read(&call, &list, &page), STATUS_INVALID_VALUE);
    list.conditions[0].count = 0;
    check_status(user_list_read(&call, &list, &page), STATUS_INVALID_VALUE);
    list.conditions[0] = (struct user_condition){USER_NAME, USER_IN, values, 1};
    check_status(user_list_read(&call, &list, &page), STATUS_INVALID_VALUE);
    list.conditions[0].count = 2;
    check_ok(user_list_read(&call, &list, &page));
    assert_int_equal(page.total, 2);
    for (size_t i = 0; i < USER_LIST_VALUES_MAX; i++) {
        values[i] = SLICE("ada");
    }
    list.conditions[0].count = USER_LIST_VALUES_MAX;
    list.conditions[1] =
        (struct user_condition){USER_EMAIL, USER_EQ, values, 1};
    list.condition_count = 2;
    check_ok(user_list_read(&call, &list, &page));
    check_text(names_of(&page), "ada");
}

static void test_refuses_what_cannot_be_compared(void **state)
{
    (void)state;
    world_run(&world, find_unsound);
}

static void page_through(struct world *in)
{
    struct auth_call call = call_of(in);
    struct user_list list = {
        .sort = USER_CREATED_AT, .descending = true, .limit = 2, .offset = 1};
    struct user_page page;

    check_ok(user_list_read(&call, &list, &page));
    check_text(names_of(&page), "eve cyd_x");
    assert_int_equal(page.total, 5);
    list.limit = INT64_MAX;
    list.offset = 0;
    check_ok(user_list_read(&call, &list, &page));
    assert_int_equal(page.rows.count, 5);
    list.offset = INT64_MAX;
    check_ok(user_list_read(&call, &list, &page));
    assert_int_equal(page.rows.count, 0);
    assert_int_equal(page.total, 5);
    list.limit = INT64_MIN;
    list.offset = -1;
    check_ok(user_list_read(&call, &list, &page));
    assert_int_equal(page.total, 5);
}

static void test_gives_pages(void **state)
{
    (void)state;
    world_run(&world, page_through);
}

static size_t sessions_of(struct world *in, struct slice id)
{
    check_ok(world_read(in, CALL(sessions_of_user, value_text(id), AT(0))));
    return in->rows[0].count;
}

/* Whichever statement fails, ban and sessions stand or fall together. */
static void ban_or_nothing(struct world *in)
{
    struct auth_call call = call_of(in);
    const struct ban ban = {SLICE("spam"), NOW + 5000};
    enum status status = STATUS_UNAVAILABLE;
    struct record user;
    int failures = 0;

    for (int64_t n = 1; status != STATUS_OK; n++) {
        store_test_fail(in->store, n);
        status = ban_user(&call, SLICE("bob"), &ban, &user);
        store_test_fail(in->store, 0);
        failures += status != STATUS_OK;
        check_ok(world_read(in, CALL(user_by_id, T("bob"))));
        user = world_record(in, TABLE_USER, 0, 0);
        assert_int_equal(record_number(&user, in->schema.user_banned),
                         status == STATUS_OK);
        assert_int_equal(sessions_of(in, SLICE("bob")), status != STATUS_OK);
    }
    assert_true(failures >= 2); /* update, delete, and what writes them */
    check_text(record_text(&user, in->schema.user_ban_reason), "spam");
    check_ok(ban_lift(&call, SLICE("bob"), &user));
    assert_int_equal(record_number(&user, in->schema.user_banned), 0);
    assert_true(record_is_null(&user, in->schema.user_ban_reason));
    check_status(ban_user(&call, SLICE("nobody"), &ban, &user),
                 STATUS_NOT_FOUND);
    assert_int_equal(sessions_of(in, SLICE("eve")), 1);
}

static void test_a_ban_and_the_end_of_sessions_are_one(void **state)
{
    (void)state;
    world_run(&world, ban_or_nothing);
}

static struct session session_of(struct world *in, const char *token)
{
    struct auth_call call = call_of(in);
    struct session session;
    bool expired;

    check_ok(session_find(&call, slice_from_cstr(token), &session, &expired));
    return session;
}

static void act(struct world *in)
{
    struct auth_call call = call_of(in);
    struct session ada = session_of(in, "ada");
    struct session root = session_of(in, "root");
    struct session acting;
    struct session again;
    struct session back;

    check_ok(impersonate(&call, &ada, SLICE("bob"), &acting));
    assert_int_equal(record_number(&acting.row, SESSION_EXPIRES_AT),
                     NOW + 3600000);
    check_text(record_text(&acting.row, in->schema.session_impersonated_by),
               "ada");
    assert_int_equal(sessions_of(in, SLICE("bob")), 2);
    check_status(impersonate(&call, &acting, SLICE("cyd_x"), &again),
                 STATUS_MAY_NOT_IMPERSONATE);
    check_status(impersonate(&call, &ada, SLICE("eve"), &again),
                 STATUS_CANNOT_IMPERSONATE_ADMINS);
    check_status(impersonate(&call, &ada, SLICE("root"), &again),
                 STATUS_CANNOT_IMPERSONATE_ADMINS);
    check_status(impersonate(&call, &ada, SLICE("ada"), &again),
                 STATUS_CANNOT_IMPERSONATE_ADMINS);
    check_status(impersonate(&call, &ada, SLICE("nobody"), &again),
                 STATUS_ADMIN_USER_NOT_FOUND);
    check_ok(impersonate(&call, &root, SLICE("eve"), &again));
    check_status(impersonate(&call, &again, SLICE("bob"), &back),
                 STATUS_MAY_NOT_IMPERSONATE);
    check_status(impersonate_stop(&call, &ada, SLICE("ada"), &back),
                 STATUS_NOT_IMPERSONATING);
    check_status(impersonate_stop(&call, &acting, SLICE_EMPTY, &back),
                 STATUS_NO_ADMIN_SESSION);
    check_status(impersonate_stop(&call, &acting, SLICE("nothing"), &back),
                 STATUS_NO_ADMIN_SESSION);
    check_status(impersonate_stop(&call, &acting, SLICE("eve"), &back),
                 STATUS_NO_ADMIN_SESSION);
    assert_int_equal(sessions_of(in, SLICE("bob")), 2);
    check_ok(impersonate_stop(&call, &acting, SLICE("ada"), &back));
    check_text(record_text(&back.user, USER_ID), "ada");
    assert_int_equal(sessions_of(in, SLICE("bob")), 1);
}

static void test_acting_as_somebody(void **state)
{
    (void)state;
    world_run(&world, act);
}

static void act_too_late(struct world *in)
{
    struct auth_call call = call_of(in);
    struct session ada = session_of(in, "ada");
    const struct ban ban = {SLICE("spam"), 0};
    struct session acting;
    struct session back;
    struct record user;

    check_ok(impersonate(&call, &ada, SLICE("bob"), &acting));
    call.now = NOW + 2000; /* the administrator's own is over */
    check_status(impersonate_stop(&call, &acting, SLICE("ada"), &back),
                 STATUS_NO_ADMIN_SESSION);
    check_ok(ban_user(&call, SLICE("bob"), &ban, &user));
    check_status(impersonate(&call, &ada, SLICE("bob"), &acting),
                 STATUS_BANNED_USER);
    assert_int_equal(sessions_of(in, SLICE("bob")), 0);
}

static void test_acting_ends_with_what_it_stands_on(void **state)
{
    (void)state;
    world_run(&world, act_too_late);
}

static void make(struct world *in)
{
    struct auth_call call = call_of(in);
    struct column_changes changes = {.count = 0};
    struct user_create user = {.name = SLICE("Fay"),
                               .email = SLICE("fay"),
                               .role = SLICE("user,admin"),
                               .changes = &changes};
    struct record made;

    column_change_add(&changes, USER_EMAIL, T("other"));
    column_change_add(&changes, USER_NAME, T("Other"));
    column_change_add(&changes, USER_EMAIL_VERIFIED, B(true));
    check_ok(user_create(&call, &user, &made));
    check_text(record_text(&made, USER_EMAIL), "fay");
    check_text(record_text(&made, USER_NAME), "Fay");
    check_text(record_text(&made, in->schema.user_role), "user,admin");
    assert_int_equal(record_number(&made, USER_EMAIL_VERIFIED), 1);
    check_status(user_create(&call, &user, &made), STATUS_ADMIN_EMAIL_TAKEN);
    user.email = SLICE("gus");
    user.id = SLICE("bob");
    check_status(user_create(&call, &user, &made), STATUS_ADMIN_EMAIL_TAKEN);
    user.id = SLICE("mine");
    check_ok(user_create(&call, &user, &made));
    check_text(record_text(&made, USER_ID), "mine");
}

static void test_makes_users(void **state)
{
    (void)state;
    world_run(&world, make);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(CASE(test_finds_by_every_operator),
          CASE(test_what_is_sent_is_never_sql),
          CASE(test_refuses_what_cannot_be_compared), CASE(test_gives_pages),
          CASE(test_a_ban_and_the_end_of_sessions_are_one),
          CASE(test_acting_as_somebody),
          CASE(test_acting_ends_with_what_it_stands_on), CASE(test_makes_users))
