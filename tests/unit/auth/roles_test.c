/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/roles.h"

#include "../check.h"

static const struct slice admin_roles[] = {SLICE_INIT("admin"),
                                           SLICE_INIT("boss")};
static const struct slice admin_users[] = {SLICE_INIT("root")};

static const struct auth_settings settings = {
    .default_role = SLICE_INIT("user"),
    .admin_roles = {admin_roles, 2},
    .admin_users = {admin_users, 1},
};

static bool may(const char *roles, const char *resource, const char *action)
{
    const struct role_holder holder = {SLICE("somebody"),
                                       slice_from_cstr(roles)};

    return roles_allow(&settings, &holder, slice_from_cstr(resource),
                       slice_from_cstr(action));
}

static void test_administrators_may_what_the_original_lets_them(void **state)
{
    static const char *const actions[] = {
        "create", "list",         "set-role",  "ban", "impersonate",
        "delete", "set-password", "set-email", "get", "update"};

    (void)state;
    for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
        assert_true(may("admin", "user", actions[i]));
        assert_false(may("user", "user", actions[i]));
    }
    assert_true(may("admin", "session", "list"));
    assert_true(may("admin", "session", "revoke"));
    assert_true(may("admin", "session", "delete"));
}

static void test_no_role_gives_more(void **state)
{
    (void)state;
    assert_false(may("admin", "user", "impersonate-admins"));
    assert_false(may("admin", "user", "fly"));
    assert_false(may("admin", "user", ""));
    assert_false(may("admin", "session", "ban"));
    assert_false(may("admin", "book", "list"));
    assert_false(may("admin", "", ""));
}

static void test_roles_are_whole_words(void **state)
{
    (void)state;
    assert_true(may("user,admin", "user", "ban"));
    assert_true(may("boss", "user", "ban"));
    assert_true(may(",admin,", "user", "ban"));
    assert_false(may("administrator", "user", "ban"));
    assert_false(may("Admin", "user", "ban"));
    assert_false(may(" admin", "user", "ban"));
    assert_false(may("user, admin", "user", "ban"));
    assert_false(may("admin;user", "user", "ban"));
    assert_false(may(",", "user", "ban"));
}

static void test_nobody_without_a_role_is_one_by_default(void **state)
{
    static const struct slice user[] = {SLICE_INIT("user")};
    struct auth_settings open = settings;

    (void)state;
    assert_false(may("", "user", "list"));
    open.admin_roles = (struct setting_words){user, 1};
    assert_true(roles_allow(&open, &(struct role_holder){SLICE("x"), {0}},
                            SLICE("user"), SLICE("list")));
}

static void test_named_users_may_anything(void **state)
{
    const struct role_holder root = {SLICE("root"), SLICE("user")};
    const struct role_holder other = {SLICE("root2"), SLICE("user")};
    const struct role_holder nobody = {SLICE_EMPTY, SLICE("user")};

    (void)state;
    assert_true(roles_is_named(&settings, root.id));
    assert_true(roles_is_admin(&settings, &root));
    assert_true(roles_allow(&settings, &root, SLICE("user"),
                            SLICE("impersonate-admins")));
    assert_false(roles_is_admin(&settings, &other));
    assert_false(roles_is_admin(&settings, &nobody));
}

RUN_TESTS(cmocka_unit_test(test_administrators_may_what_the_original_lets_them),
          cmocka_unit_test(test_no_role_gives_more),
          cmocka_unit_test(test_roles_are_whole_words),
          cmocka_unit_test(test_nobody_without_a_role_is_one_by_default),
          cmocka_unit_test(test_named_users_may_anything))
