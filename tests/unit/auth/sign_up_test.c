/* SPDX-License-Identifier: Apache-2.0 */
/* A new account: all of its rows, or none; and what a stranger may learn. */
#include "people_lab.h"

#include "auth/sign_in.h"
#include "auth/sign_up.h"

static const struct column_changes no_fields;

static enum status open_as(const struct auth_call *call, struct slice email,
                           struct slice password, struct signed_up *out)
{
    const struct sign_up in = {.name = SLICE("Ann"),
                               .email = email,
                               .password = password,
                               .image = {NULL, 0},
                               .fields = &no_fields};

    return sign_up(call, &in, out);
}

static enum status open_ann(const struct auth_call *call)
{
    struct signed_up out;

    return open_as(call, SLICE("ann@example.com"), PASSWORD, &out);
}

static void check_counts(size_t users, size_t accounts, size_t sessions)
{
    assert_int_equal(people_count("SELECT {user.id} FROM {user}"), users);
    assert_int_equal(people_count("SELECT {account.id} FROM {account} JOIN "
                                  "{user} ON {user.id} = {account.userId}"),
                     accounts);
    assert_int_equal(people_sessions(), sessions);
}

static void open_one(struct world *in)
{
    struct auth_call call = people_call();
    const struct sign_in again = {.email = SLICE("ann@example.com"),
                                  .password = PASSWORD};
    struct signed_in found;
    struct signed_up out;

    check_ok(open_as(&call, SLICE("ann@example.com"), PASSWORD, &out));
    assert_true(out.has_session);
    check_text(record_text(&out.user, in->schema.user_role), "user");
    assert_int_equal(record_number(&out.user, USER_EMAIL_VERIFIED), 0);
    check_slice(record_text(&out.session, SESSION_USER_ID),
                record_text(&out.user, USER_ID));
    check_counts(1, 1, 1);
    (void)people_mail(0);
    check_ok(sign_in(&call, &again, &found));
    check_slice(record_text(&found.session.user, USER_ID),
                record_text(&out.user, USER_ID));
    check_status(open_ann(&call), STATUS_USER_ALREADY_EXISTS);
    check_counts(1, 1, 2);
}
IN_FIBER(opens_an_account, open_one)

static void refuse(struct world *in)
{
    struct auth_call call = people_call();
    static char text[4096];
    struct signed_up out;

    (void)in;
    memset(text, 'a', sizeof(text));
    check_status(open_as(&call, SLICE("a@x.org"), SLICE("short"), &out),
                 STATUS_PASSWORD_TOO_SHORT);
    check_status(open_as(&call, SLICE("a@x.org"), SLICE_EMPTY, &out),
                 STATUS_PASSWORD_TOO_SHORT);
    check_status(open_as(&call, SLICE("a@x.org"), slice_make(text, 129), &out),
                 STATUS_PASSWORD_TOO_LONG);
    check_status(
        open_as(&call, SLICE("a@x.org"), slice_make(text, sizeof(text)), &out),
        STATUS_PASSWORD_TOO_LONG);
    auth.settings.blocklist = true;
    check_status(open_as(&call, SLICE("a@x.org"), SLICE("password123"), &out),
                 STATUS_PASSWORD_COMPROMISED);
    auth.settings.sign_up = false;
    check_status(open_ann(&call), STATUS_EMAIL_PASSWORD_SIGN_UP_DISABLED);
    check_counts(0, 0, 0);
}
IN_FIBER(refuses_bad_passwords, refuse)

/* Where an address must be proved, a taken one looks like a free one. */
static void hide(struct world *in)
{
    struct auth_call call = people_call();
    struct signed_up first;
    struct signed_up second;

    auth.settings.require_verification = true;
    auth.settings.send_on_sign_up = true;
    check_ok(open_as(&call, SLICE("ann@example.com"), PASSWORD, &first));
    assert_false(first.has_session);
    check_counts(1, 1, 0);
    assert_true(people_mail(1).len > 0);
    check_ok(open_as(&call, SLICE("ann@example.com"), SLICE("another one"),
                     &second));
    assert_false(second.has_session);
    check_counts(1, 1, 0);
    (void)people_mail(2); /* the owner hears of it */
    assert_int_equal(record_text(&first.user, USER_ID).len,
                     record_text(&second.user, USER_ID).len);
    for (size_t i = 1; i < in->schema.tables[TABLE_USER].column_count; i++) {
        assert_int_equal(first.user.values[i].kind, second.user.values[i].kind);
        check_slice(record_text(&first.user, i), record_text(&second.user, i));
    }
}
IN_FIBER(hides_who_is_here, hide)

static void fail_plain(struct world *in)
{
    (void)in;
    /* The look-up, user, account, session. */
    assert_true(people_torture(open_ann) >= 4);
    check_counts(1, 1, 1);
}
IN_FIBER(is_all_or_nothing, fail_plain)

static void fail_mailing(struct world *in)
{
    (void)in;
    auth.settings.require_verification = true;
    auth.settings.send_on_sign_up = true;
    /* The look-up, user, account, mail. */
    assert_true(people_torture(open_ann) >= 4);
    check_counts(1, 1, 0);
    (void)people_mail(1);
    /* Once more, for who is there: the look-up and the other mail. */
    assert_true(people_torture(open_ann) >= 2);
    check_counts(1, 1, 0);
    (void)people_mail(2);
}
IN_FIBER(is_all_or_nothing_with_its_mail, fail_mailing)

#define CROWD 6

static enum status crowd[CROWD];
static size_t crowd_left;

static void come(void *arg)
{
    struct auth_call call = people_call();

    *(enum status *)arg = open_ann(&call);
    crowd_left--;
}

static void wait_for_crowd(struct world *in)
{
    size_t opened = 0;

    (void)in;
    while (crowd_left > 0) {
        check_status(fiber_park(1), STATUS_TIMEOUT);
    }
    for (size_t i = 0; i < CROWD; i++) {
        opened += crowd[i] == STATUS_OK ? 1 : 0;
        if (crowd[i] != STATUS_OK) {
            check_status(crowd[i], STATUS_USER_ALREADY_EXISTS);
        }
    }
    assert_int_equal(opened, 1);
    check_counts(1, 1, 1);
}

/* All of them find the address free, and hash. */
static void one_of_many_gets_the_address(void **state)
{
    (void)state;
    crowd_left = CROWD;
    for (size_t i = 0; i < CROWD; i++) {
        check_ok(fiber_start(world.loop, come, &crowd[i]));
    }
    world_run(&world, wait_for_crowd);
}

RUN_TESTS(WITH_PEOPLE(opens_an_account), WITH_PEOPLE(refuses_bad_passwords),
          WITH_PEOPLE(hides_who_is_here), WITH_PEOPLE(is_all_or_nothing),
          WITH_PEOPLE(is_all_or_nothing_with_its_mail),
          WITH_PEOPLE(one_of_many_gets_the_address))
