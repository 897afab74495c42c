/* SPDX-License-Identifier: Apache-2.0 */
/* Users as rows: found, changed column by column, and never another's. */
#include "people_lab.h"

#include "auth/session.h"

static void find(struct world *in)
{
    struct auth_call call = people_call();
    struct user_password with;
    struct record user;
    struct slice hash;
    bool has_account;

    (void)in;
    people_add("ann", true);
    check_ok(user_by_id(&call, SLICE("ann"), &user));
    check_text(record_text(&user, USER_EMAIL), "ann@example.com");
    check_ok(user_by_email(&call, SLICE("ann@example.com"), &user));
    check_text(record_text(&user, USER_ID), "ann");
    check_status(user_by_id(&call, SLICE("ANN"), &user), STATUS_NOT_FOUND);
    check_status(user_by_id(&call, SLICE("%"), &user), STATUS_NOT_FOUND);
    check_status(user_by_email(&call, SLICE_EMPTY, &user), STATUS_NOT_FOUND);
    check_ok(user_with_password(&call, SLICE("ann@example.com"), &with));
    check_ok(user_password_of(&call, SLICE("ann"), &has_account, &hash));
    assert_true(has_account && with.hash.len > 0);
    check_slice(with.hash, hash);
    people_sql("DELETE FROM {account}");
    check_ok(user_with_password(&call, SLICE("ann@example.com"), &with));
    check_ok(user_password_of(&call, SLICE("ann"), &has_account, &hash));
    assert_true(!has_account && with.hash.len == 0 && hash.len == 0);
}
IN_FIBER(finds_one, find)

static void lower(struct world *in)
{
    struct auth_call call = people_call();
    struct slice text;

    (void)in;
    check_ok(user_email_lower(&call, SLICE("AnN@Ex.ORG"), &text));
    check_text(text, "ann@ex.org");
    check_ok(user_email_lower(&call, SLICE("\xc3\x84@x.org"), &text));
    check_text(text, "\xc3\x84@x.org");
    check_ok(user_email_lower(&call, SLICE_EMPTY, &text));
    assert_int_equal(text.len, 0);
}
IN_FIBER(lowers_letters_of_ascii, lower)

static void update(struct world *in)
{
    struct auth_call call = people_call();
    struct column_changes changes = {.count = 0};
    struct record user;

    people_add("ann", true);
    people_add("bob", true);
    call.now = NOW + MINUTE;
    column_change_add(&changes, USER_NAME, T("'; DROP TABLE \"user\"; --"));
    column_change_add(&changes, USER_IMAGE, T("{user.id}$1"));
    column_change_add(&changes, COLUMN_NONE, T("nowhere"));
    assert_int_equal(changes.count, 2);
    check_ok(row_update(&call, TABLE_USER, SLICE("ann"), &changes, &user));
    check_text(record_text(&user, USER_NAME), "'; DROP TABLE \"user\"; --");
    check_text(record_text(&user, USER_IMAGE), "{user.id}$1");
    assert_int_equal(record_number(&user, USER_UPDATED_AT), NOW + MINUTE);
    assert_int_equal(record_number(&user, USER_CREATED_AT), NOW);
    check_status(
        row_update(&call, TABLE_USER, SLICE("nobody"), &changes, &user),
        STATUS_NOT_FOUND);
    check_ok(world_read(in, CALL(user_by_id, T("bob"))));
    user = world_record(in, TABLE_USER, 0, 0);
    check_text(record_text(&user, USER_NAME), "bob");
    assert_int_equal(record_number(&user, USER_UPDATED_AT), NOW);
}
IN_FIBER(updates_one_row, update)

static void take_no_others(struct world *in)
{
    struct auth_call call = people_call();
    struct column_changes changes = {.count = 0};
    struct record user;

    (void)in;
    people_add("ann", true);
    people_add("bob", true);
    column_change_add(&changes, USER_EMAIL, T("bob@example.com"));
    check_status(row_update(&call, TABLE_USER, SLICE("ann"), &changes, &user),
                 STATUS_TAKEN);
    check_ok(user_by_id(&call, SLICE("ann"), &user));
    check_text(record_text(&user, USER_EMAIL), "ann@example.com");
}
IN_FIBER(takes_no_others_address, take_no_others)

/* More than a row can have: what is too much is left out. */
static void update_all(struct world *in)
{
    struct auth_call call = people_call();
    struct column_changes changes = {.count = 0};
    struct record user;

    (void)in;
    people_add("ann", true);
    for (size_t i = 0; i < USER_CHANGES_MAX + 5; i++) {
        column_change_add(&changes, USER_NAME, T("n"));
    }
    assert_int_equal(changes.count, USER_CHANGES_MAX);
    assert_true(row_update(&call, TABLE_USER, SLICE("ann"), &changes, &user) !=
                STATUS_UNAVAILABLE);
}
IN_FIBER(bounds_what_is_changed, update_all)

static void update_session(struct world *in)
{
    struct auth_call call = people_call();
    const struct session_wish wish = {.user_id = T("ann"),
                                      .user_agent = {NULL, 0},
                                      .impersonated_by = {NULL, 0}};
    struct column_changes changes = {.count = 0};
    struct record other;
    struct record row;

    (void)in;
    people_add("ann", true);
    check_ok(session_create(&call, &wish, &row));
    column_change_add(&changes, SESSION_USER_AGENT, T("another"));
    check_status(
        row_update(&call, TABLE_SESSION, SLICE("ann"), &changes, &other),
        STATUS_NOT_FOUND);
    check_ok(row_update(&call, TABLE_SESSION, record_text(&row, SESSION_TOKEN),
                        &changes, &row));
    check_text(record_text(&row, SESSION_USER_AGENT), "another");
}
IN_FIBER(finds_sessions_by_token, update_session)

static enum status rename_ann(const struct auth_call *call)
{
    struct column_changes changes = {.count = 0};
    struct record user;

    column_change_add(&changes, USER_NAME, T("Ann the second"));
    return row_update(call, TABLE_USER, SLICE("ann"), &changes, &user);
}

static void fail_each(struct world *in)
{
    (void)in;
    people_add("ann", true);
    assert_true(people_torture(rename_ann) >= 2);
}
IN_FIBER(is_all_or_nothing, fail_each)

RUN_TESTS(WITH_PEOPLE(finds_one), WITH_PEOPLE(lowers_letters_of_ascii),
          WITH_PEOPLE(updates_one_row), WITH_PEOPLE(takes_no_others_address),
          WITH_PEOPLE(bounds_what_is_changed),
          WITH_PEOPLE(finds_sessions_by_token), WITH_PEOPLE(is_all_or_nothing))
