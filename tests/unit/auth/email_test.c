/* SPDX-License-Identifier: Apache-2.0 */
/* Links that prove an address or change it, and whom they let in. */
#include "people_lab.h"

#include "auth/ban.h"
#include "auth/email.h"
#include "auth/mail_token.h"

#define ANN SLICE("ann@example.com")
#define NEW SLICE("new@example.com")

static struct session session_of(const char *name)
{
    struct auth_call call = people_call();
    const struct session_wish wish = {.user_id =
                                          value_text(slice_from_cstr(name)),
                                      .user_agent = {NULL, 0},
                                      .impersonated_by = {NULL, 0}};
    struct session session;
    struct record row;
    bool expired;

    check_ok(session_create(&call, &wish, &row));
    check_ok(session_find(&call, record_text(&row, SESSION_TOKEN), &session,
                          &expired));
    return session;
}

static struct slice token_with(struct mail_token token)
{
    struct slice text = SLICE_EMPTY;

    token.issued_ms = people_now;
    token.expires_ms = people_now + 60 * MINUTE;
    check_ok(mail_token_make(auth.secrets, &token, &world.arena, &text));
    return text;
}

static struct slice proof(void)
{
    return token_with(
        (struct mail_token){.email = ANN, .user_id = SLICE("ann")});
}

static struct slice new_address(struct slice request)
{
    return token_with((struct mail_token){.email = ANN,
                                          .user_id = SLICE("ann"),
                                          .update_to = NEW,
                                          .request_type = request});
}

static enum status follow_as(const struct session *session, struct slice token,
                             struct email_verified *out)
{
    struct auth_call call = people_call();

    return email_verify(&call, session, token, SLICE("/"), out);
}

static enum status follow(struct slice token)
{
    struct email_verified out;

    return follow_as(NULL, token, &out);
}

static bool is_verified(const char *address)
{
    struct record user;

    check_ok(world_read(
        &world, CALL(user_by_email, value_text(slice_from_cstr(address)))));
    user = world_record(&world, TABLE_USER, 0, 0);
    return record_number(&user, USER_EMAIL_VERIFIED) != 0;
}

static void prove(struct world *in)
{
    struct email_verified out;

    (void)in;
    people_add("ann", false);
    check_ok(follow_as(NULL, proof(), &out));
    assert_int_equal(out.outcome, EMAIL_VERIFIED);
    assert_false(out.has_session);
    assert_true(is_verified("ann@example.com"));
    check_ok(follow_as(NULL, proof(), &out));
    assert_int_equal(out.outcome, EMAIL_WAS_VERIFIED);
    assert_int_equal(people_sessions(), 0);
}
IN_FIBER(proves_an_address, prove)

static void sign_in_by_link(struct world *in)
{
    struct email_verified out;

    (void)in;
    people_add("ann", false);
    auth.settings.sign_in_after_verification = true;
    check_ok(follow_as(NULL, proof(), &out));
    assert_true(out.has_session);
    check_text(record_text(&out.session.user, USER_ID), "ann");
    assert_int_equal(people_sessions(), 1);
    check_ok(follow_as(NULL, proof(), &out)); /* not once more */
    assert_false(out.has_session);
    assert_int_equal(people_sessions(), 1);
}
IN_FIBER(signs_in_once, sign_in_by_link)

/* Somebody else's browser gets a session of the address's owner. */
static void sign_in_apart(struct world *in)
{
    struct email_verified out;
    struct session bob;

    (void)in;
    people_add("ann", false);
    people_add("bob", true);
    bob = session_of("bob");
    auth.settings.sign_in_after_verification = true;
    check_ok(follow_as(&bob, proof(), &out));
    assert_true(out.has_session);
    check_text(record_text(&out.session.row, SESSION_USER_ID), "ann");
}
IN_FIBER(keeps_people_apart, sign_in_apart)

static void keep_banned_out(struct world *in)
{
    struct auth_call call = people_call();
    const struct ban ban = {SLICE("spam"), NOW + DAY};
    struct record user;

    (void)in;
    people_add("ann", false);
    auth.settings.sign_in_after_verification = true;
    check_ok(ban_user(&call, SLICE("ann"), &ban, &user));
    check_status(follow(proof()), STATUS_BANNED_USER);
    check_status(follow(new_address(SLICE("change-email-verification"))),
                 STATUS_BANNED_USER);
    assert_int_equal(people_sessions(), 0);
}
IN_FIBER(lets_nobody_in_who_is_banned, keep_banned_out)

static void refuse(struct world *in)
{
    struct slice good;
    struct session bob;
    struct email_verified out;

    (void)in;
    people_add("ann", false);
    people_add("bob", true);
    bob = session_of("bob");
    good = proof();
    check_status(follow(SLICE_EMPTY), STATUS_LINK_INVALID);
    check_status(follow(SLICE("a.b.c")), STATUS_LINK_INVALID);
    check_status(follow(slice_head(good, good.len - 1)), STATUS_LINK_INVALID);
    check_status(follow(token_with((struct mail_token){
                     .email = ANN, .user_id = SLICE("bob")})),
                 STATUS_INVALID_USER);
    check_status(follow(token_with(
                     (struct mail_token){.email = SLICE("eve@example.com")})),
                 STATUS_USER_NOT_FOUND);
    check_status(follow_as(&bob,
                           new_address(SLICE("change-email-"
                                             "verification")),
                           &out),
                 STATUS_INVALID_USER);
    people_now += 60 * MINUTE;
    check_status(follow(good), STATUS_TOKEN_EXPIRED);
    assert_false(is_verified("ann@example.com"));
}
IN_FIBER(refuses_bad_links, refuse)

static void change(struct world *in)
{
    struct email_verified out;
    struct session ann;

    (void)in;
    people_add("ann", true);
    ann = session_of("ann");
    check_ok(
        follow_as(&ann, new_address(SLICE("change-email-confirmation")), &out));
    assert_int_equal(out.outcome, EMAIL_CONFIRMED);
    assert_true(people_mail(1).len > 0);
    assert_true(is_verified("ann@example.com"));
    check_ok(
        follow_as(&ann, new_address(SLICE("change-email-verification")), &out));
    assert_int_equal(out.outcome, EMAIL_CHANGED);
    assert_true(is_verified("new@example.com"));
    check_status(follow(new_address(SLICE("change-email-verification"))),
                 STATUS_USER_NOT_FOUND);
    assert_int_equal(people_sessions(), 1);
}
IN_FIBER(changes_an_address_once, change)

/* Between the mail and its link somebody else took the address. */
static void change_to_taken(struct world *in)
{
    (void)in;
    people_add("ann", true);
    people_add("new", true);
    check_status(follow(new_address(SLICE("change-email-verification"))),
                 STATUS_LINK_INVALID);
    assert_int_equal(people_sessions(), 0);
}
IN_FIBER(takes_no_address_from_another, change_to_taken)

static void ask(struct world *in)
{
    struct auth_call call = people_call();
    struct session ann;
    bool changed;

    (void)in;
    people_add("ann", true);
    people_add("bob", true);
    ann = session_of("ann");
    check_status(email_change(&call, &ann, SLICE("ANN@example.com"), SLICE("/"),
                              &changed),
                 STATUS_SAME_EMAIL);
    check_ok(email_change(&call, &ann, SLICE("bob@example.com"), SLICE("/"),
                          &changed));
    assert_false(changed);
    (void)people_mail(0); /* it is taken, and nobody is told */
    check_ok(email_change(&call, &ann, NEW, SLICE("/"), &changed));
    assert_false(changed);
    assert_true(people_mail(1).len > 0);
    auth.settings.can_mail = false;
    check_status(email_change(&call, &ann, NEW, SLICE("/"), &changed),
                 STATUS_VERIFICATION_NOT_ENABLED);
    auth.settings.change_email = false;
    check_status(email_change(&call, &ann, NEW, SLICE("/"), &changed),
                 STATUS_CHANGE_EMAIL_DISABLED);
}
IN_FIBER(tells_nobody_who_is_here, ask)

static void send(struct world *in)
{
    struct auth_call call = people_call();
    struct session ann;

    (void)in;
    people_add("ann", false);
    people_add("bob", true);
    ann = session_of("ann");
    check_ok(email_send(&call, NULL, SLICE("eve@example.com"), SLICE("/")));
    check_ok(email_send(&call, NULL, SLICE("bob@example.com"), SLICE("/")));
    (void)people_mail(0);
    check_ok(email_send(&call, NULL, ANN, SLICE("/")));
    (void)people_mail(1);
    check_status(email_send(&call, &ann, SLICE("bob@example.com"), SLICE("/")),
                 STATUS_EMAIL_MISMATCH);
    check_ok(email_send(&call, &ann, ANN, SLICE("/")));
    (void)people_mail(2);
}
IN_FIBER(sends_links_to_owners, send)

static struct slice held_token;
static struct session held_session;

static enum status verify_ann(const struct auth_call *call)
{
    struct email_verified out;

    return email_verify(call, NULL, held_token, SLICE("/"), &out);
}

static enum status change_ann(const struct auth_call *call)
{
    struct session session = held_session;
    bool changed;

    return email_change(call, &session, NEW, SLICE("/"), &changed);
}

static enum status send_ann(const struct auth_call *call)
{
    return email_send(call, NULL, ANN, SLICE("/"));
}

static void fail_each(struct world *in)
{
    (void)in;
    people_add("ann", false);
    held_session = session_of("ann");
    assert_true(people_torture(send_ann) >= 2);
    assert_true(people_torture(change_ann) >= 2);
    held_token = proof();
    assert_true(people_torture(verify_ann) >= 3);
    held_token = new_address(SLICE("change-email-confirmation"));
    assert_true(people_torture(verify_ann) >= 3);
    (void)people_mail(3);
}
IN_FIBER(is_all_or_nothing, fail_each)

RUN_TESTS(WITH_PEOPLE(proves_an_address), WITH_PEOPLE(signs_in_once),
          WITH_PEOPLE(keeps_people_apart),
          WITH_PEOPLE(lets_nobody_in_who_is_banned),
          WITH_PEOPLE(refuses_bad_links), WITH_PEOPLE(changes_an_address_once),
          WITH_PEOPLE(takes_no_address_from_another),
          WITH_PEOPLE(tells_nobody_who_is_here),
          WITH_PEOPLE(sends_links_to_owners), WITH_PEOPLE(is_all_or_nothing))
