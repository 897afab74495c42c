/* SPDX-License-Identifier: Apache-2.0 */
/* New passwords: by the old one, by a link, by an administrator. */
#include "people_lab.h"

#include "auth/password_change.h"
#include "auth/session.h"
#include "auth/sign_in.h"

#define NEW_PASSWORD SLICE("wrong mare charger")
#define ANN          SLICE("ann@example.com")

static enum status sign_in_with(struct slice password)
{
    struct auth_call call = people_call();
    const struct sign_in in = {.email = ANN, .password = password};
    struct signed_in out;

    return sign_in(&call, &in, &out);
}

static struct session ann_signed_in(void)
{
    struct auth_call call = people_call();
    const struct sign_in in = {.email = ANN, .password = PASSWORD};
    struct signed_in out = {0};

    check_ok(sign_in(&call, &in, &out));
    return out.session;
}

static enum status change(const struct auth_call *call, struct session *session,
                          struct slice current, bool revoke)
{
    const struct password_change in = {.current = current,
                                       .new_password = NEW_PASSWORD,
                                       .revoke_others = revoke};

    return password_change(call, &in, session);
}

static void change_one(struct world *in)
{
    struct auth_call call = people_call();
    struct session session;

    (void)in;
    people_add("ann", true);
    people_add("bob", true);
    session = ann_signed_in();
    check_status(change(&call, &session, SLICE("not hers"), true),
                 STATUS_INVALID_PASSWORD);
    check_status(change(&call, &session, SLICE_EMPTY, true),
                 STATUS_INVALID_PASSWORD);
    assert_int_equal(people_sessions(), 1);
    check_ok(change(&call, &session, PASSWORD, false));
    assert_int_equal(people_sessions(), 1);
    check_ok(sign_in_with(NEW_PASSWORD));
    check_status(sign_in_with(PASSWORD), STATUS_INVALID_EMAIL_OR_PASSWORD);
    check_ok(password_confirm(&call, SLICE("bob"), PASSWORD));
    check_status(password_confirm(&call, SLICE("nobody"), PASSWORD),
                 STATUS_CREDENTIAL_ACCOUNT_NOT_FOUND);
}
IN_FIBER(changes_with_the_old_one, change_one)

static void change_and_revoke(struct world *in)
{
    struct auth_call call = people_call();
    struct session session;
    struct session found;
    struct slice old;
    bool expired;

    (void)in;
    people_add("ann", true);
    (void)ann_signed_in();
    session = ann_signed_in();
    old = record_text(&session.row, SESSION_TOKEN);
    check_ok(change(&call, &session, PASSWORD, true));
    assert_int_equal(people_sessions(), 1);
    check_status(session_find(&call, old, &found, &expired), STATUS_NOT_FOUND);
    check_ok(session_find(&call, record_text(&session.row, SESSION_TOKEN),
                          &found, &expired));
}
IN_FIBER(ends_the_other_sessions, change_and_revoke)

static void check_lengths(struct world *in)
{
    struct auth_call call = people_call();
    struct session session;
    struct password_change wish = {.current = PASSWORD};

    (void)in;
    people_add("ann", true);
    session = ann_signed_in();
    wish.new_password = SLICE("short");
    check_status(password_change(&call, &wish, &session),
                 STATUS_PASSWORD_TOO_SHORT);
    auth.settings.max_password = 10;
    wish.new_password = SLICE("eleven char");
    check_status(password_change(&call, &wish, &session),
                 STATUS_PASSWORD_TOO_LONG);
    auth.settings.max_password = 128;
    check_ok(sign_in_with(PASSWORD));
}
IN_FIBER(takes_no_bad_ones, check_lengths)

static struct slice link_of(size_t row)
{
    check_ok(world_select(&world, "SELECT {verification.identifier} FROM "
                                  "{verification} ORDER BY "
                                  "{verification.createdAt}"));
    assert_true(world.rows[0].count > row);
    return slice_from(world.rows[0].values[row].text,
                      sizeof("reset-password:") - 1);
}

static void reset(struct world *in)
{
    struct auth_call call = people_call();
    struct slice user_id;
    struct slice first;
    struct slice second;

    (void)in;
    people_add("ann", true);
    (void)ann_signed_in();
    check_ok(password_reset_request(&call, SLICE("nobody@x.org"), SLICE("/")));
    (void)people_mail(0);
    check_ok(password_reset_request(&call, SLICE("ANN@example.com"),
                                    SLICE("/a?b=c&d")));
    assert_true(people_mail(1).len > 0);
    call.now = ++people_now;
    check_ok(password_reset_request(&call, ANN, SLICE("/")));
    first = link_of(0);
    second = link_of(1);
    assert_false(slice_equal(first, second));
    check_ok(password_reset_check(&call, first, &user_id));
    check_text(user_id, "ann");
    check_ok(password_reset(&call, second, NEW_PASSWORD));
    assert_int_equal(people_sessions(), 0);
    check_status(password_reset(&call, second, PASSWORD), STATUS_LINK_INVALID);
    check_status(password_reset(&call, first, PASSWORD), STATUS_LINK_INVALID);
    check_ok(sign_in_with(NEW_PASSWORD));
}
IN_FIBER(resets_once, reset)

static void reset_badly(struct world *in)
{
    static char text[200];
    struct auth_call call = people_call();
    struct slice token;

    (void)in;
    memset(text, 'a', sizeof(text));
    people_add("ann", true);
    check_ok(password_reset_request(&call, ANN, SLICE("/")));
    token = link_of(0);
    check_status(password_reset(&call, SLICE_EMPTY, PASSWORD),
                 STATUS_LINK_INVALID);
    check_status(password_reset(&call, SLICE("%"), PASSWORD),
                 STATUS_LINK_INVALID);
    check_status(
        password_reset(&call, slice_make(text, sizeof(text)), PASSWORD),
        STATUS_LINK_INVALID);
    check_status(password_reset(&call, token, SLICE("short")),
                 STATUS_PASSWORD_TOO_SHORT);
    call.now = NOW + 60 * MINUTE;
    check_status(password_reset(&call, token, NEW_PASSWORD),
                 STATUS_LINK_INVALID);
    call.now--;
    check_ok(password_reset(&call, token, NEW_PASSWORD));
    auth.settings.can_mail = false;
    check_status(password_reset_request(&call, ANN, SLICE("/")),
                 STATUS_RESET_PASSWORD_DISABLED);
}
IN_FIBER(refuses_bad_links, reset_badly)

/* Who came by another way has none yet. */
static void give_the_first(struct world *in)
{
    struct auth_call call = people_call();

    (void)in;
    people_add("ann", true);
    people_sql("DELETE FROM {account}");
    check_status(password_confirm(&call, SLICE("ann"), PASSWORD),
                 STATUS_CREDENTIAL_ACCOUNT_NOT_FOUND);
    check_ok(password_set(&call, SLICE("ann"), NEW_PASSWORD));
    check_ok(sign_in_with(NEW_PASSWORD));
    check_ok(password_set(&call, SLICE("ann"), PASSWORD));
    check_ok(sign_in_with(PASSWORD));
    assert_int_equal(people_count("SELECT {account.id} FROM {account}"), 1);
}
IN_FIBER(gives_the_first, give_the_first)

static struct session held_session;
static struct slice held_token;

static enum status change_ann(const struct auth_call *call)
{
    struct session session = held_session;

    return change(call, &session, PASSWORD, true);
}

static enum status request_ann(const struct auth_call *call)
{
    return password_reset_request(call, ANN, SLICE("/"));
}

static enum status reset_ann(const struct auth_call *call)
{
    return password_reset(call, held_token, PASSWORD);
}

static enum status set_ann(const struct auth_call *call)
{
    return password_set(call, SLICE("ann"), NEW_PASSWORD);
}

static void fail_each(struct world *in)
{
    (void)in;
    people_add("ann", true);
    held_session = ann_signed_in();
    assert_true(people_torture(change_ann) >= 5);
    assert_int_equal(people_sessions(), 1);
    assert_true(people_torture(request_ann) >= 3);
    held_token = link_of(0);
    assert_true(people_torture(reset_ann) >= 7);
    assert_int_equal(people_sessions(), 0);
    assert_true(people_torture(set_ann) >= 3);
    check_ok(sign_in_with(NEW_PASSWORD));
}
IN_FIBER(is_all_or_nothing, fail_each)

#define CROWD 4

static enum status crowd[CROWD];
static size_t crowd_left;

static void request(struct world *in)
{
    struct auth_call call = people_call();

    (void)in;
    people_add("ann", true);
    check_ok(request_ann(&call));
    held_token = link_of(0);
}

static void follow(void *arg)
{
    struct auth_call call = people_call();

    *(enum status *)arg = reset_ann(&call);
    crowd_left--;
}

static void wait_for_crowd(struct world *in)
{
    size_t good = 0;

    (void)in;
    while (crowd_left > 0) {
        check_status(fiber_park(1), STATUS_TIMEOUT);
    }
    for (size_t i = 0; i < CROWD; i++) {
        good += crowd[i] == STATUS_OK ? 1 : 0;
        if (crowd[i] != STATUS_OK) {
            check_status(crowd[i], STATUS_LINK_INVALID);
        }
    }
    assert_int_equal(good, 1);
}

static void one_of_many_resets(void **state)
{
    (void)state;
    world_run(&world, request);
    crowd_left = CROWD;
    for (size_t i = 0; i < CROWD; i++) {
        check_ok(fiber_start(world.loop, follow, &crowd[i]));
    }
    world_run(&world, wait_for_crowd);
}

RUN_TESTS(WITH_PEOPLE(changes_with_the_old_one),
          WITH_PEOPLE(ends_the_other_sessions), WITH_PEOPLE(takes_no_bad_ones),
          WITH_PEOPLE(resets_once), WITH_PEOPLE(refuses_bad_links),
          WITH_PEOPLE(gives_the_first), WITH_PEOPLE(is_all_or_nothing),
          WITH_PEOPLE(one_of_many_resets))
