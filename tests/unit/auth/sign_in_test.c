/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets a session for a password, and who does not. */
#include "people_lab.h"

#include "auth/ban.h"
#include "auth/session.h"
#include "auth/sign_in.h"

/* bcrypt of "U*U", from the tests of its authors. */
#define IMPORTED "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"

static enum status try_with(const struct auth_call *call, struct slice email,
                            struct slice password, struct signed_in *out)
{
    const struct sign_in in = {.email = email, .password = password};

    return sign_in(call, &in, out);
}

static enum status try_ann(struct slice password)
{
    struct auth_call call = people_call();
    struct signed_in out;

    return try_with(&call, SLICE("ann@example.com"), password, &out);
}

static void open_one(struct world *in)
{
    struct auth_call call = people_call();
    struct session found;
    struct signed_in out;
    bool expired;

    people_add("ann", true);
    check_ok(try_with(&call, SLICE("ann@example.com"), PASSWORD, &out));
    check_text(record_text(&out.session.user, USER_ID), "ann");
    check_ok(session_find(&call, record_text(&out.session.row, SESSION_TOKEN),
                          &found, &expired));
    check_text(record_text(&found.user, USER_ID), "ann");
    assert_int_equal(record_number(&found.row, SESSION_EXPIRES_AT),
                     NOW + 7 * DAY);
    assert_int_equal(in->schema.tables[TABLE_USER].column_count,
                     found.user.table->column_count);
}
IN_FIBER(opens_a_session, open_one)

/* Nobody, a wrong password, none at all: the same words. */
static void refuse(struct world *in)
{
    struct auth_call call = people_call();
    struct signed_in out;

    people_add("ann", true);
    people_add("bob", true);
    people_sql("UPDATE {account} SET {account:password} = NULL "
               "WHERE {account.userId} = 'bob'");
    check_status(try_ann(SLICE("wrong horse")),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    check_status(try_ann(SLICE_EMPTY), STATUS_INVALID_EMAIL_OR_PASSWORD);
    check_status(try_with(&call, SLICE("bob@example.com"), PASSWORD, &out),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    check_status(try_with(&call, SLICE("eve@example.com"), PASSWORD, &out),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    check_status(try_with(&call, SLICE("' OR 1=1 --@x.org"), PASSWORD, &out),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    people_sql("DELETE FROM {account}");
    check_status(try_ann(PASSWORD), STATUS_INVALID_EMAIL_OR_PASSWORD);
    assert_int_equal(people_sessions(), 0);
    auth.settings.sign_in = false;
    check_status(try_ann(PASSWORD), STATUS_EMAIL_PASSWORD_DISABLED);
    (void)in;
}
IN_FIBER(refuses_all_alike, refuse)

static void refuse_long(struct world *in)
{
    static char text[4096];

    (void)in;
    memset(text, 'a', sizeof(text));
    people_add("ann", true);
    check_status(try_ann(slice_make(text, 129)), STATUS_PASSWORD_TOO_LONG);
    check_status(try_ann(slice_make(text, sizeof(text))),
                 STATUS_PASSWORD_TOO_LONG);
    check_status(try_ann(slice_make(text, 128)),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
}
IN_FIBER(refuses_what_no_password_is, refuse_long)

static void ban(struct world *in)
{
    struct auth_call call = people_call();
    const struct ban for_a_day = {SLICE("spam"), NOW + DAY};
    struct record user;

    people_add("ann", true);
    check_ok(ban_user(&call, SLICE("ann"), &for_a_day, &user));
    check_status(try_ann(PASSWORD), STATUS_BANNED_USER);
    check_status(try_ann(SLICE("wrong horse")),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    assert_int_equal(people_sessions(), 0);
    people_now += DAY;
    check_ok(try_ann(PASSWORD));
    check_ok(world_read(in, CALL(user_by_id, T("ann"))));
    user = world_record(in, TABLE_USER, 0, 0);
    assert_int_equal(record_number(&user, in->schema.user_banned), 0);
    assert_true(record_is_null(&user, in->schema.user_ban_reason));
}
IN_FIBER(keeps_the_banned_out, ban)

static void want_proof(struct world *in)
{
    (void)in;
    people_add("ann", false);
    auth.settings.require_verification = true;
    check_status(try_ann(PASSWORD), STATUS_EMAIL_NOT_VERIFIED);
    (void)people_mail(0);
    auth.settings.send_on_sign_in = true;
    check_status(try_ann(SLICE("wrong horse")),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    (void)people_mail(0);
    check_status(try_ann(PASSWORD), STATUS_EMAIL_NOT_VERIFIED);
    assert_true(people_mail(1).len > 0);
    assert_int_equal(people_sessions(), 0);
}
IN_FIBER(wants_the_address_proved, want_proof)

static void keep_five(struct world *in)
{
    (void)in;
    people_add("ann", true);
    for (int i = 0; i < 8; i++) {
        people_now++;
        check_ok(try_ann(PASSWORD));
    }
    assert_int_equal(people_sessions(), 5);
    assert_int_equal(people_count("SELECT {session.id} FROM {session} WHERE "
                                  "{session.createdAt} IS NOT NULL"),
                     5);
}
IN_FIBER(ends_the_oldest_beyond_the_limit, keep_five)

static struct slice stored_hash(void)
{
    assert_int_equal(people_count("SELECT {account.password} FROM {account}"),
                     1);
    return world.rows[0].values[0].text;
}

static void import(struct world *in)
{
    struct auth_call call = people_call();
    struct signed_in out;

    people_add("ann", true);
    check_ok(WRITE(in, STATUS_OK,
                   MUST(account_set_password, T("ann"), T(IMPORTED), AT(NOW))));
    check_status(try_ann(SLICE("U*V")), STATUS_INVALID_EMAIL_OR_PASSWORD);
    check_text(stored_hash(), IMPORTED);
    check_ok(try_ann(SLICE("U*U")));
    assert_false(slice_starts_with(stored_hash(), SLICE("$2")));
    check_ok(try_ann(SLICE("U*U")));
    assert_int_equal(people_sessions(), 2);
    people_sql("UPDATE {account} SET {account:password} = 'nonsense'");
    assert_true(try_with(&call, SLICE("ann@example.com"), PASSWORD, &out) !=
                STATUS_OK);
}
IN_FIBER(replaces_imported_hashes, import)

static enum status sign_ann_in(const struct auth_call *call)
{
    struct signed_in out;

    return try_with(call, SLICE("ann@example.com"), PASSWORD, &out);
}

static void fail_each(struct world *in)
{
    (void)in;
    people_add("ann", true);
    /* The look-up, what is held, the session, the trimming, the note. */
    assert_true(people_torture(sign_ann_in) >= 5);
    assert_int_equal(people_sessions(), 1);
}
IN_FIBER(is_all_or_nothing, fail_each)

/* A database out of order is nobody's wrong guess. */
static void fail_often(struct world *in)
{
    people_add("ann", true);
    for (int i = 0; i < GUESS_FREE + 10; i++) {
        store_test_fail(in->store, 1);
        check_status(try_ann(PASSWORD), STATUS_UNAVAILABLE);
        store_test_fail(in->store, 0);
    }
    check_ok(try_ann(PASSWORD));
}
IN_FIBER(counts_no_outage_as_a_guess, fail_often)

/* The last row's detail, of so many. */
static struct slice noted(size_t count)
{
    assert_int_equal(people_count("SELECT detail, subject, event FROM "
                                  "bookplate_audit ORDER BY seq, created_at "
                                  "DESC, id"),
                     count);
    return count > 0 ? world.rows[0].values[0].text : SLICE_EMPTY;
}

/* Of each a row, whose write fails without a word to the caller. */
static void note_failures(struct world *in)
{
    struct auth_call call = people_call();
    struct signed_in out;

    people_add("ann", true);
    check_status(try_ann(SLICE("wrong horse")),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    check_text(noted(1), "password");
    check_text(world.rows[0].values[1].text, "ann");
    check_text(world.rows[0].values[2].text, "sign-in-failed");
    people_sql("DELETE FROM bookplate_audit");
    check_status(try_with(&call, SLICE("eve@example.com"), PASSWORD, &out),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    check_text(noted(1), "unknown");
    check_text(world.rows[0].values[1].text, "");
    people_sql("DELETE FROM bookplate_audit");
    store_test_fail(in->store, 2);
    check_status(try_ann(SLICE("wrong horse")),
                 STATUS_INVALID_EMAIL_OR_PASSWORD);
    store_test_fail(in->store, 0);
    check_text(noted(0), "");
    auth.settings.sign_in = false;
    check_status(try_ann(PASSWORD), STATUS_EMAIL_PASSWORD_DISABLED);
    check_text(noted(0), "");
}
IN_FIBER(notes_failures_and_depends_on_none, note_failures)

/* A flood of refusals, which cost nobody a hash, must not fill the disk. */
static void note_few_refusals(struct world *in)
{
    (void)in;
    people_add("ann", true);
    for (int i = 0; i < GUESS_FREE; i++) {
        check_status(try_ann(SLICE("wrong horse")),
                     STATUS_INVALID_EMAIL_OR_PASSWORD);
    }
    people_sql("DELETE FROM bookplate_audit");
    check_status(try_ann(PASSWORD), STATUS_TOO_MANY_REQUESTS);
    check_text(noted(1), "too-many");
    check_text(world.rows[0].values[1].text, "ann");
    for (int i = 0; i < 200; i++) {
        check_status(try_ann(PASSWORD), STATUS_TOO_MANY_REQUESTS);
    }
    assert_in_range(people_count("SELECT id FROM bookplate_audit"), 20, 80);
}
IN_FIBER(notes_a_flood_of_refusals_in_part, note_few_refusals)

static void guess_on(struct world *in)
{
    struct auth_call call = people_call();
    struct signed_in out;

    (void)in;
    people_add("ann", true);
    for (int i = 0; i < GUESS_FREE; i++) {
        check_status(try_ann(SLICE("wrong horse")),
                     STATUS_INVALID_EMAIL_OR_PASSWORD);
    }
    check_status(try_with(&call, SLICE("ann@example.com"), PASSWORD, &out),
                 STATUS_TOO_MANY_REQUESTS);
    assert_in_range(out.wait_ms, 1, GUESS_PAUSE_MAX_MS);
}
IN_FIBER(slows_guessing_down, guess_on)

/* What happens while a password is compared. */
struct meanwhile {
    const char *sql;
    enum status expected;
};

static const struct meanwhile meanwhile[] = {
    {"UPDATE {account} SET {account:password} = 'new:hash'",
     STATUS_INVALID_EMAIL_OR_PASSWORD},
    {"DELETE FROM {account}", STATUS_INVALID_EMAIL_OR_PASSWORD},
    {"UPDATE {user} SET {user:banned} = 1", STATUS_BANNED_USER},
};

static const struct meanwhile *happens;
static enum status raced;
static bool raced_ended;
static bool in_time;

static void race(void *arg)
{
    (void)arg;
    raced = try_ann(PASSWORD);
    raced_ended = true;
}

static void add_ann(struct world *in)
{
    world_empty(in);
    people_add("ann", true);
}

static void happen(struct world *in)
{
    (void)in;
    people_sql(happens->sql);
    in_time = !raced_ended;
    while (!raced_ended) {
        check_status(fiber_park(1), STATUS_TIMEOUT);
    }
}

static void no_session(struct world *in)
{
    (void)in;
    assert_int_equal(people_sessions(), 0);
}

static void sign_in_meanwhile(void)
{
    in_time = false;
    for (int tries = 0; tries < 20 && !in_time; tries++) {
        world_run(&world, add_ann);
        raced_ended = false;
        check_ok(fiber_start(world.loop, race, NULL));
        world_run(&world, happen);
    }
    assert_true(in_time);
    check_status(raced, happens->expected);
    world_run(&world, no_session);
}

/* The real number of steps, so that there is time for something else. */
static void sees_what_happened_meanwhile(void **state)
{
    struct hash_pool_options hashing = {.threads = 1,
                                        .queue_limit = 8,
                                        .scrypt = scrypt_options_default(),
                                        .idle_ms = 1000};

    (void)state;
    hash_pool_free(auth.hashes);
    check_ok(hash_pool_new(&hashing, &auth.hashes));
    for (size_t i = 0; i < sizeof(meanwhile) / sizeof(*meanwhile); i++) {
        happens = &meanwhile[i];
        sign_in_meanwhile();
    }
}

RUN_TESTS(WITH_PEOPLE(opens_a_session), WITH_PEOPLE(refuses_all_alike),
          WITH_PEOPLE(refuses_what_no_password_is),
          WITH_PEOPLE(keeps_the_banned_out),
          WITH_PEOPLE(wants_the_address_proved),
          WITH_PEOPLE(ends_the_oldest_beyond_the_limit),
          WITH_PEOPLE(replaces_imported_hashes), WITH_PEOPLE(is_all_or_nothing),
          WITH_PEOPLE(counts_no_outage_as_a_guess),
          WITH_PEOPLE(notes_failures_and_depends_on_none),
          WITH_PEOPLE(notes_a_flood_of_refusals_in_part),
          WITH_PEOPLE(slows_guessing_down),
          WITH_PEOPLE(sees_what_happened_meanwhile))
