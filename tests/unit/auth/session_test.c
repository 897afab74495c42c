/* SPDX-License-Identifier: Apache-2.0 */
/* How sessions begin, slide, and end: one's own, others', all. */
#include "people_lab.h"

#include "auth/ban.h"
#include "auth/delete_user.h"
#include "auth/keys.h"
#include "auth/password_change.h"
#include "auth/session.h"
#include "auth/token.h"

static struct session_wish wish_of(const char *name)
{
    return (struct session_wish){.user_id = value_text(slice_from_cstr(name)),
                                 .user_agent = {NULL, 0},
                                 .impersonated_by = {NULL, 0}};
}

static struct slice begin(const char *name)
{
    struct auth_call call = people_call();
    const struct session_wish wish = wish_of(name);
    struct record row;

    check_ok(session_create(&call, &wish, &row));
    return record_text(&row, SESSION_TOKEN);
}

static enum status find(struct slice token, struct session *out, bool *expired)
{
    struct auth_call call = people_call();

    return session_find(&call, token, out, expired);
}

static bool lives(struct slice token)
{
    struct session session;
    enum status status;
    bool expired;

    status = find(token, &session, &expired);
    if (status != STATUS_OK) {
        check_status(status, STATUS_NOT_FOUND);
    }
    return status == STATUS_OK;
}

static void keep(struct world *in)
{
    struct auth_call call = people_call();
    struct session_wish wish = wish_of("ann");
    struct session session;
    struct slice token;
    struct record row;
    bool expired;

    people_add("ann", true);
    token = begin("ann");
    assert_int_equal(token.len, 32);
    check_ok(find(token, &session, &expired));
    assert_false(expired);
    check_text(record_text(&session.user, USER_EMAIL), "ann@example.com");
    check_text(record_text(&session.row, SESSION_USER_AGENT), "test");
    check_text(record_text(&session.row, SESSION_IP_ADDRESS), "127.0.0.1");
    wish.brief = true;
    check_ok(session_create(&call, &wish, &row));
    assert_int_equal(record_number(&row, SESSION_EXPIRES_AT),
                     NOW + SESSION_BRIEF_MS);
    wish.lives_ms = MINUTE;
    wish.impersonated_by = SLICE("root");
    check_ok(session_create(&call, &wish, &row));
    assert_int_equal(record_number(&row, SESSION_EXPIRES_AT), NOW + MINUTE);
    check_text(record_text(&row, in->schema.session_impersonated_by), "root");
}
IN_FIBER(keeps_what_was_asked_for, keep)

static void end_in_time(struct world *in)
{
    struct session session;
    struct slice token;
    bool expired;

    (void)in;
    people_add("ann", true);
    token = begin("ann");
    people_now = NOW + 7 * DAY - 1;
    assert_true(lives(token));
    people_now++;
    check_status(find(token, &session, &expired), STATUS_NOT_FOUND);
    assert_true(expired);
    check_status(find(SLICE("no such token"), &session, &expired),
                 STATUS_NOT_FOUND);
    assert_false(expired);
    check_status(find(SLICE_EMPTY, &session, &expired), STATUS_NOT_FOUND);
    check_status(find(SLICE("%"), &session, &expired), STATUS_NOT_FOUND);
}
IN_FIBER(ends_when_it_says, end_in_time)

static void slide(struct world *in)
{
    struct auth_call call = people_call();
    struct session session;
    struct slice token;
    bool expired;

    (void)in;
    people_add("ann", true);
    token = begin("ann");
    check_ok(find(token, &session, &expired));
    assert_false(session_is_due(&call, &session));
    assert_true(session_is_fresh(&call, &session));
    call.now = people_now = NOW + DAY - 1;
    assert_false(session_is_due(&call, &session));
    assert_true(session_is_fresh(&call, &session));
    call.now = people_now = NOW + DAY;
    assert_true(session_is_due(&call, &session));
    assert_false(session_is_fresh(&call, &session));
    check_ok(session_extend(&call, &session));
    assert_int_equal(record_number(&session.row, SESSION_EXPIRES_AT),
                     NOW + 8 * DAY);
    assert_int_equal(record_number(&session.row, SESSION_CREATED_AT), NOW);
    assert_false(session_is_due(&call, &session));
    auth.settings.session_fresh_ms = 0;
    assert_true(session_is_fresh(&call, &session));
    check_ok(session_end(&call, token));
    check_status(session_extend(&call, &session), STATUS_NOT_FOUND);
    assert_false(lives(token)); /* it must not come back */
}
IN_FIBER(slides_while_it_is_used, slide)

static void end_some(struct world *in)
{
    struct auth_call call = people_call();
    struct slice ann[3];
    struct slice bob;

    (void)in;
    people_add("ann", true);
    people_add("bob", true);
    for (size_t i = 0; i < 3; i++) {
        ann[i] = begin("ann");
    }
    bob = begin("bob");
    check_ok(session_end_own(&call, bob, SLICE("ann"))); /* not hers */
    assert_true(lives(bob));
    check_ok(session_end_own(&call, ann[0], SLICE("ann")));
    assert_false(lives(ann[0]));
    check_ok(session_end_others(&call, SLICE("ann"), ann[1]));
    assert_true(lives(ann[1]) && !lives(ann[2]));
    check_ok(session_end_all(&call, SLICE("ann' OR '1'='1")));
    check_ok(session_end_all(&call, SLICE("%")));
    assert_true(lives(ann[1]) && lives(bob));
    check_ok(session_end_all(&call, SLICE("ann")));
    assert_true(!lives(ann[1]) && lives(bob));
    check_ok(session_end(&call, bob));
    check_ok(session_end(&call, bob));
    assert_int_equal(people_sessions(), 0);
}
IN_FIBER(ends_just_those, end_some)

static void list(struct world *in)
{
    struct auth_call call = people_call();
    struct rows rows;

    (void)in;
    people_add("ann", true);
    people_add("bob", true);
    (void)begin("ann");
    (void)begin("bob");
    people_now += DAY;
    (void)begin("ann");
    call.now = people_now;
    check_ok(session_list(&call, SLICE("ann"), &rows));
    assert_int_equal(rows.count, 2);
    call.now = NOW + 7 * DAY; /* the first is over */
    check_ok(session_list(&call, SLICE("ann"), &rows));
    assert_int_equal(rows.count, 1);
}
IN_FIBER(lists_the_living, list)

static void hold(struct world *in)
{
    struct auth_call call = people_call();
    const struct session_wish wish = wish_of("ann");
    struct value params[] = {T("ann"), T("another:hash")};
    const struct statement condition = STATEMENT(user_hold, params);
    struct rows held;
    struct record row;

    people_add("ann", true);
    check_status(session_create_if(&call, &wish, &condition, &held, &row),
                 STATUS_NOT_FOUND);
    assert_int_equal(people_sessions(), 0);
    check_ok(WRITE(in, STATUS_OK,
                   MUST(account_set_password, T("ann"), params[1], AT(NOW))));
    check_ok(session_create_if(&call, &wish, &condition, &held, &row));
    assert_int_equal(held.count, 1);
    assert_int_equal(people_sessions(), 1);
}
IN_FIBER(begins_on_a_condition, hold)

static enum status begin_ann(const struct auth_call *call)
{
    const struct session_wish wish = wish_of("ann");
    struct record row;

    return session_create(call, &wish, &row);
}

/* The row of the one there is. */
static struct value kept_values[SESSION_COLUMNS + 1];

static enum status extend_ann(const struct auth_call *call)
{
    struct session session = {
        .row = {&world.schema.tables[TABLE_SESSION], kept_values}};

    return session_extend(call, &session);
}

static enum status end_ann(const struct auth_call *call)
{
    return session_end_all(call, SLICE("ann"));
}

static void fail_each(struct world *in)
{
    (void)in;
    people_add("ann", true);
    assert_true(people_torture(begin_ann) >= 3);
    assert_int_equal(people_count("SELECT {session.token} FROM {session}"), 1);
    kept_values[SESSION_TOKEN] = world.rows[0].values[0];
    people_now += DAY;
    assert_true(people_torture(extend_ann) >= 1);
    assert_int_equal(people_sessions(), 1);
    assert_true(people_torture(end_ann) >= 2);
    assert_int_equal(people_sessions(), 0);
}
IN_FIBER(is_all_or_nothing, fail_each)

static struct slice ending_token;

static enum status end_one(const struct auth_call *call)
{
    return session_end(call, ending_token);
}

static enum status end_own(const struct auth_call *call)
{
    return session_end_own(call, ending_token, SLICE("ann"));
}

static enum status end_others(const struct auth_call *call)
{
    return session_end_others(call, SLICE("ann"), SLICE("another"));
}

static enum status end_by_ban(const struct auth_call *call)
{
    const struct ban ban = {SLICE("spam"), 0};
    struct record user;

    return ban_user(call, SLICE("ann"), &ban, &user);
}

static enum status end_by_deletion(const struct auth_call *call)
{
    return delete_user_rows(call, SLICE("ann"));
}

static enum status end_by_password(const struct auth_call *call)
{
    const struct password_change in = {
        .current = PASSWORD, .new_password = PASSWORD, .revoke_others = true};
    struct session session;
    bool expired;

    check_ok(session_find(call, ending_token, &session, &expired));
    return password_change(call, &in, &session);
}

static enum status (*const endings[])(const struct auth_call *) = {
    end_one,    end_own,         end_others,     end_ann,
    end_by_ban, end_by_deletion, end_by_password};

/* ES256 signs another way each time, so equal means kept. */
static void check_ending(struct world *in,
                         enum status (*run)(const struct auth_call *))
{
    struct auth_call call = people_call();
    struct slice kept = SLICE_EMPTY;
    struct slice again = SLICE_EMPTY;
    struct session session;
    bool expired;

    world_empty(in);
    people_add("ann", true);
    ending_token = begin("ann");
    check_ok(find(ending_token, &session, &expired));
    check_ok(token_make(&call, &session, &kept));
    check_ok(token_make(&call, &session, &again));
    check_slice(again, kept);
    check_ok(run(&call));
    assert_false(lives(ending_token));
    check_ok(token_make(&call, &session, &again));
    assert_false(slice_equal(again, kept));
}

static void end_with_tokens(struct world *in)
{
    const struct keys_settings settings = {.algorithm = KEY_ES256,
                                           .grace_ms = DAY,
                                           .expires_ms = 15 * MINUTE,
                                           .issuer = SLICE("https://b.org"),
                                           .secrets = auth.secrets};

    check_ok(keys_new(&settings, &auth.keys));
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        check_ending(in, endings[i]);
    }
    keys_free(auth.keys);
    auth.keys = NULL;
}
IN_FIBER(takes_its_tokens_along, end_with_tokens)

/* Of nobody: a session without its user must not be. */
static void begin_for_nobody(struct world *in)
{
    struct auth_call call = people_call();
    const struct session_wish wish = wish_of("nobody");
    struct record row;

    (void)in;
    assert_true(session_create(&call, &wish, &row) != STATUS_OK);
    assert_int_equal(people_sessions(), 0);
}
IN_FIBER(is_always_somebodys, begin_for_nobody)

RUN_TESTS(WITH_PEOPLE(keeps_what_was_asked_for), WITH_PEOPLE(ends_when_it_says),
          WITH_PEOPLE(slides_while_it_is_used), WITH_PEOPLE(ends_just_those),
          WITH_PEOPLE(lists_the_living), WITH_PEOPLE(begins_on_a_condition),
          WITH_PEOPLE(is_all_or_nothing), WITH_PEOPLE(takes_its_tokens_along),
          WITH_PEOPLE(is_always_somebodys))
