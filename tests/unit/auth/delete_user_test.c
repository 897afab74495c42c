/* SPDX-License-Identifier: Apache-2.0 */
/* The end of an account: all of it, only by its owner, and once. */
#include "people_lab.h"

#include "auth/delete_user.h"

/* A row of each of our tables, and a letter. */
static void add_holdings(const char *name)
{
    static const char *const rows[] = {
        "INSERT INTO bookplate_profile (id, user_id, version, answers, key_id, "
        "created_at, updated_at) VALUES ('%s', '%s', 1, '', 1, 1, 1)",
        "INSERT INTO bookplate_profile_history (id, user_id, version, actor, "
        "changes, key_id, created_at) VALUES ('%s', '%s', 1, '', '', 1, 1)",
        "INSERT INTO bookplate_progress (place, user_id, page, state, "
        "updated_at, stored_at) VALUES ('%s', '%s', '/a', 'read', 1, 1)",
        "INSERT INTO bookplate_outbox (id, recipient, kind, sender, subject, "
        "message, attempts, next_at, lease_until, created_at) VALUES "
        "('%s', '%s@example.com', '', '', '', '', 0, 1, 0, 1)",
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char sql[512];

        snprintf(sql, sizeof(sql), rows[i], name, name);
        people_sql(sql);
    }
}

static size_t holdings_left(void)
{
    return
#define HOLDING(name, table) people_count("SELECT 1 FROM " table) +
#include "store/holdings.def"
#undef HOLDING
        people_count("SELECT 1 FROM bookplate_outbox");
}

static void add(const char *name)
{
    struct auth_call call = people_call();
    const struct session_wish wish = {.user_id =
                                          value_text(slice_from_cstr(name)),
                                      .user_agent = {NULL, 0},
                                      .impersonated_by = {NULL, 0}};
    struct record row;

    people_add(name, true);
    check_ok(session_create(&call, &wish, &row));
}

static struct session session_of(const char *name)
{
    struct auth_call call = people_call();
    struct session session;
    bool expired;

    check_ok(
        world_read(&world, CALL(sessions_of_user,
                                value_text(slice_from_cstr(name)), AT(0))));
    assert_true(world.rows[0].count > 0);
    check_ok(session_find(&call, world.rows[0].values[SESSION_TOKEN].text,
                          &session, &expired));
    return session;
}

static size_t rows_left(void)
{
    return people_count("SELECT {user.id} FROM {user}") +
           people_count("SELECT {account.id} FROM {account}") +
           people_count("SELECT {verification.id} FROM {verification}") +
           people_sessions();
}

static enum status remove_with(const struct auth_call *call, const char *name,
                               struct delete_user in, bool *mailed)
{
    struct session session = session_of(name);

    return delete_user(call, &session, &in, mailed);
}

static const struct delete_user with_nothing;
static const struct delete_user with_password = {
    .password = SLICE_INIT("correct horse battery")};
static const struct delete_user with_wrong = {.password = SLICE_INIT("wrong")};

static void remove_with_holdings(struct world *in)
{
    struct auth_call call = people_call();

    (void)in;
    add("ann");
    add("bob");
    add_holdings("ann");
    add_holdings("bob");
    assert_int_equal(holdings_left(), 8);
    check_ok(delete_user_rows(&call, SLICE("ann")));
    assert_int_equal(holdings_left(), 4);
    assert_int_equal(people_count("SELECT 1 FROM bookplate_audit WHERE "
                                  "event = 'erasure' AND subject = 'ann'"),
                     1);
    check_ok(delete_user_rows(&call, SLICE("ann")));
    assert_int_equal(people_count("SELECT 1 FROM bookplate_audit WHERE "
                                  "event = 'erasure'"),
                     1);
    check_ok(delete_user_rows(&call, SLICE("bob")));
    assert_int_equal(holdings_left(), 0);
}
IN_FIBER(takes_what_our_tables_hold, remove_with_holdings)

/* An administrator's sessions in the name of others. */
static void remove_admin(struct world *in)
{
    struct auth_call call = people_call();
    const struct session_wish wish = {.user_id = value_text(SLICE("bob")),
                                      .user_agent = {NULL, 0},
                                      .impersonated_by = SLICE("ann")};
    struct record row;

    (void)in;
    add("ann");
    add("bob");
    check_ok(session_create(&call, &wish, &row));
    check_ok(delete_user_rows(&call, SLICE("ann")));
    assert_int_equal(people_sessions(), 1);
}
IN_FIBER(ends_what_was_done_in_other_names, remove_admin)

static void remove_one(struct world *in)
{
    struct auth_call call = people_call();
    bool mailed;

    (void)in;
    add("ann");
    add("bob");
    check_status(remove_with(&call, "ann", with_wrong, &mailed),
                 STATUS_INVALID_PASSWORD);
    assert_int_equal(rows_left(), 6);
    check_ok(remove_with(&call, "ann", with_password, &mailed));
    assert_false(mailed);
    assert_int_equal(rows_left(), 3);
    check_ok(remove_with(&call, "bob", with_nothing, &mailed));
    assert_int_equal(rows_left(), 0);
}
IN_FIBER(leaves_nothing_behind, remove_one)

static void refuse(struct world *in)
{
    struct auth_call call = people_call();
    bool mailed;

    (void)in;
    add("ann");
    call.now = NOW + DAY; /* not fresh any more */
    check_status(remove_with(&call, "ann", with_nothing, &mailed),
                 STATUS_SESSION_EXPIRED);
    auth.settings.delete_user = false;
    check_status(remove_with(&call, "ann", with_password, &mailed),
                 STATUS_NOT_FOUND);
    assert_int_equal(rows_left(), 3);
}
IN_FIBER(wants_a_fresh_session, refuse)

static struct slice mailed_token(void)
{
    assert_int_equal(
        people_count("SELECT {verification.identifier} FROM {verification}"),
        1);
    return slice_from(world.rows[0].values[0].text,
                      sizeof("delete-account-") - 1);
}

static void remove_by_mail(struct world *in)
{
    struct auth_call call = people_call();
    struct slice token;
    bool mailed;

    (void)in;
    add("ann");
    add("bob");
    auth.settings.delete_user_verification = true;
    check_ok(remove_with(&call, "ann", with_nothing, &mailed));
    assert_true(mailed);
    assert_true(people_mail(1).len > 0);
    token = mailed_token();
    check_status(delete_user_by_token(&call, SLICE("bob"), token),
                 STATUS_DELETE_LINK_INVALID);
    check_status(delete_user_by_token(&call, SLICE("ann"), SLICE("%")),
                 STATUS_DELETE_LINK_INVALID);
    check_status(delete_user_by_token(&call, SLICE("ann"), SLICE_EMPTY),
                 STATUS_DELETE_LINK_INVALID);
    call.now = NOW + 60 * MINUTE;
    check_status(delete_user_by_token(&call, SLICE("ann"), token),
                 STATUS_DELETE_LINK_INVALID);
    assert_int_equal(rows_left(), 7);
    call.now--;
    check_ok(delete_user_by_token(&call, SLICE("ann"), token));
    assert_int_equal(rows_left(), 3);
    check_status(delete_user_by_token(&call, SLICE("ann"), token),
                 STATUS_DELETE_LINK_INVALID);
}
IN_FIBER(follows_a_link_once, remove_by_mail)

/* Whoever asked for a link just before is forgotten too. */
static void ask_too_late(struct world *in)
{
    struct auth_call call = people_call();
    struct session session;
    const struct delete_user nothing = {.token = {NULL, 0}};
    bool mailed;

    (void)in;
    add("ann");
    session = session_of("ann");
    auth.settings.delete_user_verification = true;
    check_ok(delete_user_rows(&call, SLICE("ann")));
    check_ok(delete_user(&call, &session, &nothing, &mailed));
    assert_true(mailed);
    assert_int_equal(rows_left(), 0);
    assert_int_equal(holdings_left(), 0);
}
IN_FIBER(writes_no_letter_to_the_deleted, ask_too_late)

static struct session held_session;

static enum status remove_ann(const struct auth_call *call)
{
    bool mailed;

    return delete_user(call, &held_session, &with_password, &mailed);
}

static enum status remove_rows(const struct auth_call *call)
{
    return delete_user_rows(call, SLICE("ann"));
}

static void fail_each(struct world *in)
{
    struct auth_call call = people_call();

    (void)in;
    add("ann");
    held_session = session_of("ann");
    auth.settings.delete_user_verification = true;
    assert_true(people_torture(remove_ann) >= 3); /* sends the mail */
    check_ok(world_select(&world, "SELECT {verification.id} FROM "
                                  "{verification}"));
    assert_true(people_torture(remove_rows) >= 4);
    assert_int_equal(rows_left(), 0);
    check_ok(delete_user_rows(&call, SLICE("ann"))); /* twice is once */
}
IN_FIBER(is_all_or_nothing, fail_each)

static void add_google(const char *id)
{
    check_ok(WRITE(&world, STATUS_OK,
                   CALL(account_insert, value_text(slice_from_cstr(id)),
                        T("g-1"), T("google"), T("ann"), NONE, NONE, NONE, NONE,
                        NONE, T("openid"), NONE, AT(NOW), AT(NOW))));
}

static void unlink_some(struct world *in)
{
    struct auth_call call = people_call();

    (void)in;
    add("ann");
    add("bob");
    add_google("ga");
    check_status(account_unlink(&call, SLICE("ann"), SLICE("none")),
                 STATUS_ACCOUNT_NOT_FOUND);
    check_status(account_unlink(&call, SLICE("bob"), SLICE("ga")),
                 STATUS_FAILED_TO_UNLINK_LAST_ACCOUNT);
    check_ok(account_unlink(&call, SLICE("ann"), SLICE("ga")));
    check_ok(world_read(&world, CALL(accounts_of_user, T("ann"))));
    assert_int_equal(world.rows[0].count, 1);
    check_status(account_unlink(&call, SLICE("ann"),
                                world.rows[0].values[ACCOUNT_ID].text),
                 STATUS_FAILED_TO_UNLINK_LAST_ACCOUNT);
    add_google("gb");
    check_status(account_unlink(&call, SLICE("bob"), SLICE("gb")),
                 STATUS_FAILED_TO_UNLINK_LAST_ACCOUNT);
}
IN_FIBER(unlinks_all_but_the_last, unlink_some)

static enum status raced[2];
static const char *const raced_ids[] = {"ga", "gb"};
static size_t racing;

static void add_two(struct world *in)
{
    (void)in;
    people_add("ann", true);
    people_sql("DELETE FROM {account}");
    add_google("ga");
    add_google("gb");
}

static void unlink_one(void *arg)
{
    struct auth_call call = people_call();
    size_t i = (size_t)((enum status *)arg - raced);

    raced[i] =
        account_unlink(&call, SLICE("ann"), slice_from_cstr(raced_ids[i]));
    racing--;
}

static void wait_for_both(struct world *in)
{
    while (racing > 0) {
        check_status(fiber_park(1), STATUS_TIMEOUT);
    }
    check_ok(world_read(in, CALL(accounts_of_user, T("ann"))));
    assert_int_equal(in->rows[0].count, 1);
    assert_true((raced[0] == STATUS_OK) != (raced[1] == STATUS_OK));
}

/* Both see two accounts before either has written. */
static void two_at_once_leave_one(void **state)
{
    (void)state;
    world_run(&world, add_two);
    racing = 2;
    check_ok(fiber_start(world.loop, unlink_one, &raced[0]));
    check_ok(fiber_start(world.loop, unlink_one, &raced[1]));
    world_run(&world, wait_for_both);
}

RUN_TESTS(WITH_PEOPLE(leaves_nothing_behind),
          WITH_PEOPLE(takes_what_our_tables_hold),
          WITH_PEOPLE(ends_what_was_done_in_other_names),
          WITH_PEOPLE(wants_a_fresh_session), WITH_PEOPLE(follows_a_link_once),
          WITH_PEOPLE(writes_no_letter_to_the_deleted),
          WITH_PEOPLE(is_all_or_nothing), WITH_PEOPLE(unlinks_all_but_the_last),
          WITH_PEOPLE(two_at_once_leave_one))
