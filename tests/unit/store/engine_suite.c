/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_suite.h"

#include "world.h"

#include "base/log.h"

#include <pthread.h>
#include <unistd.h>

#define STEPS_MAX 32
/* Far more statements than any list of steps has. */
#define FAILURES_MAX 1000
#define NOW          INT64_C(1795000000123)
#define HOUR         INT64_C(3600000)

/* At most one write a step, and that the last thing it does. */
struct steps {
    enum status (*const *run)(struct world *world);
    size_t count;
};

static const struct engine_fixture *fixture;
static struct world world;
static struct steps steps;

static int set_up(void **state)
{
    (void)state;
    world_open(&world, fixture->url);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&world);
    return 0;
}

/* One pass with the n-th statement failing; false when there is none. */
static bool run_failing(struct world *at, const struct slice *dumps, int64_t n)
{
    bool failed = false;
    bool reached;

    world_empty(at);
    store_test_fail(at->store, n);
    for (size_t i = 0; i < steps.count; i++) {
        enum status status = steps.run[i](at);

        if (status == STATUS_UNAVAILABLE && !failed) {
            /* Half a step must not show, and the next try goes through. */
            failed = true;
            check_slice(world_dump(at), dumps[i]);
            status = steps.run[i](at);
        }
        check_ok(status);
    }
    reached = atomic_load(&at->store->fail_in) <= 0;
    store_test_fail(at->store, 0);
    check_slice(world_dump(at), dumps[steps.count]);
    return reached;
}

static struct slice keep_dump(struct world *at)
{
    struct slice kept;

    check_ok(slice_dup(&at->kept, world_dump(at), &kept));
    arena_reset(&at->arena);
    return kept;
}

static void run_steps(struct world *at)
{
    struct slice dumps[STEPS_MAX + 1];
    int64_t n = 1;

    assert_true(steps.count <= STEPS_MAX);
    dumps[0] = keep_dump(at);
    for (size_t i = 0; i < steps.count; i++) {
        check_ok(steps.run[i](at));
        dumps[i + 1] = keep_dump(at);
    }
    while (run_failing(at, dumps, n++)) {
        assert_true(n < FAILURES_MAX);
        arena_reset(&at->arena);
    }
}

#define RUN_STEPS(...)                                                         \
    do {                                                                       \
        static enum status (*const list_[])(struct world *) = {__VA_ARGS__};   \
        steps = (struct steps){list_, sizeof(list_) / sizeof(list_[0])};       \
        world_run(&world, run_steps);                                          \
    } while (0)

/* Rows of the tables. */

#define USER(id, email)                                                        \
    T(id), T("Ann"), T(email), B(false), NONE, AT(NOW), AT(NOW), T("user"),    \
        B(false), NONE, NONE
#define SESSION_OF(id, token, user, created, expires)                          \
    T(id), AT(expires), T(token), AT(created), AT(created), T("192.0.2.1"),    \
        T("agent"), (user), NONE
#define ACCOUNT_OF(id, user, password)                                         \
    T(id), (user), T("credential"), (user), NONE, NONE, NONE, NONE, NONE,      \
        NONE, (password), AT(NOW), AT(NOW)
#define LINK(id, identifier, value, expires)                                   \
    T(id), T(identifier), T(value), AT(expires), AT(NOW), AT(NOW)

static enum status add_ann(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(user_insert, USER("u1", "ann@example.com"))));
    assert_int_equal(at->rows[0].count, 1);
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

/* Users. */

static enum status find_ann(struct world *at)
{
    struct record user;

    TRY(world_read(at, CALL(user_by_id, T("u1"))));
    user = world_record(at, TABLE_USER, 0, 0);
    check_text(record_text(&user, USER_EMAIL), "ann@example.com");
    assert_int_equal(user.values[USER_EMAIL_VERIFIED].kind, VALUE_BOOLEAN);
    assert_false(record_number(&user, USER_EMAIL_VERIFIED));
    assert_true(record_is_null(&user, USER_IMAGE));
    assert_int_equal(user.values[USER_CREATED_AT].kind, VALUE_TIME);
    assert_int_equal(record_number(&user, USER_CREATED_AT), NOW);
    TRY(world_read(at, CALL(user_by_email, T("ann@example.com"))));
    assert_int_equal(at->rows[0].count, 1);
    TRY(world_read(at, CALL(user_by_email, T("ann@example.org"))));
    assert_int_equal(at->rows[0].count, 0);
    return STATUS_OK;
}

static enum status add_ann_twice(struct world *at)
{
    TRY(WRITE(at, STATUS_TAKEN,
              CALL(user_insert, USER("u2", "ann@example.com"))));
    return WRITE(at, STATUS_TAKEN,
                 CALL(user_insert, USER("u1", "bob@example.com")));
}

static enum status touch_ann(struct world *at)
{
    struct record user;

    TRY(WRITE(at, STATUS_OK, MUST(user_touch, T("u1"), AT(NOW + 1))));
    user = world_record(at, TABLE_USER, 0, 0);
    assert_int_equal(record_number(&user, USER_UPDATED_AT), NOW + 1);
    return STATUS_OK;
}

static enum status touch_nobody(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND, MUST(user_touch, T("nobody"), AT(NOW)));
}

static enum status verify_ann(struct world *at)
{
    struct record user;

    TRY(WRITE(at, STATUS_OK,
              MUST(user_set_email_verified, T("u1"), B(true), AT(NOW + 2))));
    user = world_record(at, TABLE_USER, 0, 0);
    assert_true(record_number(&user, USER_EMAIL_VERIFIED));
    return STATUS_OK;
}

static enum status move_ann(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(user_change_email, T("u1"), T("ann@example.com"),
                      T("ann@example.net"), B(true), AT(NOW + 3)));
}

static enum status move_ann_again(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(user_change_email, T("u1"), T("ann@example.com"),
                      T("eve@example.net"), B(true), AT(NOW + 4)));
}

static enum status note_for_the_audit(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 CALL(audit_insert, T("n1"), I(NOW), T("sign-up"), T(""),
                      T("u1"), T("192.0.0.0/16"), T("")));
}

static enum status delete_ann(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, MUST(user_delete, T("u1"))));
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

static void keeps_users(void **state)
{
    (void)state;
    RUN_STEPS(add_ann, find_ann, add_ann_twice, touch_ann, touch_nobody,
              verify_ann, move_ann, move_ann_again, note_for_the_audit,
              delete_ann);
}

/* A sign-up: three rows, the latter two with what the first returned. */

static enum status sign_up(struct world *at)
{
    struct value id = value_result(0, USER_ID);

    TRY(WRITE(
        at, STATUS_OK, CALL(user_insert, USER("u1", "ann@example.com")),
        CALL(account_insert, ACCOUNT_OF("a1", id, T("salt:key"))),
        CALL(session_insert, SESSION_OF("s1", "token1", id, NOW, NOW + HOUR))));
    assert_int_equal(at->rows[2].count, 1);
    return STATUS_OK;
}

static enum status find_signed_up(struct world *at)
{
    size_t width = at->schema.tables[TABLE_SESSION].column_count;
    struct record session;
    struct record user;

    TRY(world_read(at, CALL(session_with_user, T("token1"))));
    session = world_record(at, TABLE_SESSION, 0, 0);
    check_text(record_text(&session, SESSION_USER_ID), "u1");
    assert_int_equal(record_number(&session, SESSION_EXPIRES_AT), NOW + HOUR);
    check_ok(record_take(&at->schema.tables[TABLE_USER], &at->rows[0], 0, width,
                         &at->arena, &user));
    check_text(record_text(&user, USER_EMAIL), "ann@example.com");
    TRY(world_read(at, CALL(user_with_password, T("ann@example.com"))));
    assert_int_equal(at->rows[0].count, 1);
    check_text(at->rows[0].values[at->rows[0].width - 1].text, "salt:key");
    return STATUS_OK;
}

static enum status find_by_what_tokens_name(struct world *at)
{
    TRY(world_read(at, CALL(session_by_id, T("s1"))));
    assert_int_equal(at->rows[0].count, 1);
    TRY(world_read(at, CALL(session_by_id, T("s2"))));
    assert_int_equal(at->rows[0].count, 0);
    TRY(world_read(at, CALL(session_of_user, T("u1"), AT(NOW), AT(NOW), I(2))));
    assert_int_equal(at->rows[0].count, 1);
    TRY(world_read(at,
                   CALL(session_of_user, T("u1"), AT(NOW - 1), AT(NOW), I(2))));
    assert_int_equal(at->rows[0].count, 0);
    TRY(world_read(
        at, CALL(session_of_user, T("u1"), AT(NOW), AT(NOW + HOUR), I(2))));
    assert_int_equal(at->rows[0].count, 0);
    return STATUS_OK;
}

/* The third fails: the first two must not stay. */
static enum status fail_at_the_third(struct world *at)
{
    return WRITE(at, STATUS_TAKEN,
                 CALL(user_insert, USER("u2", "bob@example.com")),
                 CALL(account_insert, ACCOUNT_OF("a2", T("u2"), NONE)),
                 CALL(session_insert,
                      SESSION_OF("s2", "token1", T("u2"), NOW, NOW + HOUR)));
}

static enum status find_no_row_at_the_third(struct world *at)
{
    return WRITE(
        at, STATUS_NOT_FOUND, CALL(user_insert, USER("u2", "bob@example.com")),
        MUST(user_touch, T("u2"), AT(NOW + 9)),
        MUST(session_delete, T("no such token")), CALL(user_delete, T("u1")));
}

static enum status refer_to_nobody(struct world *at)
{
    return WRITE(at, STATUS_INVALID_VALUE,
                 CALL(session_insert, SESSION_OF("s3", "token3", T("nobody"),
                                                 NOW, NOW + HOUR)));
}

static enum status use_a_result_that_is_not_there(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND, CALL(user_touch, T("nobody"), AT(NOW)),
                 CALL(user_touch, value_result(0, USER_ID), AT(NOW)));
}

static enum status find_no_session(struct world *at)
{
    TRY(world_read(at, CALL(session_with_user, T("token1"))));
    assert_int_equal(at->rows[0].count, 0);
    return STATUS_OK;
}

static void writes_all_or_nothing(void **state)
{
    (void)state;
    RUN_STEPS(sign_up, find_signed_up, find_by_what_tokens_name,
              fail_at_the_third, find_no_row_at_the_third, refer_to_nobody,
              use_a_result_that_is_not_there, delete_ann, find_no_session);
}

/* Sessions. */

static enum status add_sessions_at_once(struct world *at)
{
    struct value ann = T("u1");

    return WRITE(
        at, STATUS_OK, CALL(user_insert, USER("u1", "ann@example.com")),
        CALL(session_insert, SESSION_OF("s0", "t0", ann, NOW, NOW - HOUR)),
        CALL(session_insert, SESSION_OF("s1", "t1", ann, NOW + 1, NOW + HOUR)),
        CALL(session_insert, SESSION_OF("s2", "t2", ann, NOW + 2, NOW + HOUR)),
        CALL(session_insert, SESSION_OF("s3", "t3", ann, NOW + 3, NOW + HOUR)),
        CALL(session_insert, SESSION_OF("s4", "t4", ann, NOW + 4, NOW + HOUR)),
        CALL(session_insert, SESSION_OF("s5", "t5", ann, NOW + 5, NOW + HOUR)),
        CALL(session_insert, SESSION_OF("s6", "t6", ann, NOW + 6, NOW + HOUR)));
}

static enum status count_live_sessions(struct world *at, size_t expected)
{
    TRY(world_read(at, CALL(sessions_of_user, T("u1"), AT(NOW))));
    assert_int_equal(at->rows[0].count, expected);
    return STATUS_OK;
}

static enum status list_live_sessions(struct world *at)
{
    return count_live_sessions(at, 6);
}

static enum status extend_session(struct world *at)
{
    struct record session;

    TRY(WRITE(at, STATUS_OK,
              MUST(session_extend, T("t0"), AT(NOW + 2 * HOUR), AT(NOW + 7))));
    session = world_record(at, TABLE_SESSION, 0, 0);
    assert_int_equal(record_number(&session, SESSION_EXPIRES_AT),
                     NOW + 2 * HOUR);
    return STATUS_OK;
}

static enum status list_one_more(struct world *at)
{
    return count_live_sessions(at, 7);
}

static enum status delete_anothers_session(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(session_delete_own, T("t1"), T("u2")));
}

static enum status delete_own_session(struct world *at)
{
    return WRITE(at, STATUS_OK, MUST(session_delete_own, T("t1"), T("u1")));
}

static enum status trim_sessions(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(sessions_trim, T("u1"), I(4))));
    assert_int_equal(at->rows[0].changed, 2);
    return STATUS_OK;
}

static enum status delete_other_sessions(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(sessions_delete_others, T("u1"), T("t6"))));
    assert_int_equal(at->rows[0].changed, 3);
    return STATUS_OK;
}

static enum status purge_sessions(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(sessions_purge, AT(NOW + 9 * HOUR))));
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

static enum status delete_all_sessions(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(sessions_delete_of_user, T("u1"))));
    assert_int_equal(at->rows[0].changed, 0);
    return STATUS_OK;
}

static void keeps_sessions(void **state)
{
    (void)state;
    RUN_STEPS(add_sessions_at_once, list_live_sessions, extend_session,
              list_one_more, delete_anothers_session, delete_own_session,
              trim_sessions, delete_other_sessions, purge_sessions,
              delete_all_sessions);
}

static enum status sign_everybody_out(struct world *at)
{
    const struct statement all = {.query = QUERY_sessions_delete_all};

    TRY(world_write(at, STATUS_OK, &all, 1));
    assert_int_equal(at->rows[0].changed, 7);
    return STATUS_OK;
}

static void ends_all_sessions(void **state)
{
    (void)state;
    RUN_STEPS(add_sessions_at_once, sign_everybody_out);
}

/* Accounts. */

static enum status add_passwordless(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 CALL(user_insert, USER("u1", "ann@example.com")),
                 CALL(account_insert, T("a0"), T("g-1"), T("google"), T("u1"),
                      T("access"), T("refresh"), NONE, AT(NOW + HOUR), NONE,
                      T("openid"), NONE, AT(NOW), AT(NOW)));
}

static enum status set_password_in_vain(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(account_set_password, T("u1"), T("k1"), AT(NOW + 1)));
}

static enum status add_password(struct world *at)
{
    return WRITE(
        at, STATUS_OK,
        MUST(account_add_password, T("u1"), T("a1"), T("k0"), AT(NOW)));
}

static enum status add_password_twice(struct world *at)
{
    return WRITE(
        at, STATUS_NOT_FOUND,
        MUST(account_add_password, T("u1"), T("a2"), T("k9"), AT(NOW)));
}

static enum status set_password(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(account_set_password, T("u1"), T("k1"), AT(NOW + 1)));
}

static enum status rehash(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(account_rehash, T("u1"), T("k1"), T("k2")));
}

static enum status rehash_what_changed(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(account_rehash, T("u1"), T("k1"), T("k3")));
}

static enum status list_accounts(struct world *at)
{
    TRY(world_read(at, CALL(accounts_of_user, T("u1"))));
    assert_int_equal(at->rows[0].count, 2);
    return STATUS_OK;
}

static enum status delete_anothers_account(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND, MUST(account_delete, T("a0"), T("u2")));
}

static enum status delete_account(struct world *at)
{
    return WRITE(at, STATUS_OK, MUST(user_lock, T("u1")),
                 MUST(account_delete, T("a0"), T("u1")));
}

static enum status delete_last_account(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND, MUST(user_lock, T("u1")),
                 MUST(account_delete, T("a1"), T("u1")));
}

static enum status hold(struct world *at)
{
    struct record user;

    TRY(WRITE(at, STATUS_OK, MUST(user_hold, T("u1"), T("k2"))));
    user = world_record(at, TABLE_USER, 0, 0);
    check_text(record_text(&user, USER_ID), "u1");
    return STATUS_OK;
}

static enum status hold_what_changed(struct world *at)
{
    TRY(WRITE(at, STATUS_NOT_FOUND, MUST(user_hold, T("u1"), T("k1"))));
    return WRITE(at, STATUS_NOT_FOUND, MUST(user_lock, T("u9")));
}

static enum status delete_accounts(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(accounts_delete_of_user, T("u1"))));
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

static void keeps_accounts(void **state)
{
    (void)state;
    RUN_STEPS(add_passwordless, set_password_in_vain, add_password,
              add_password_twice, set_password, rehash, rehash_what_changed,
              hold, hold_what_changed, list_accounts, delete_anothers_account,
              delete_account, delete_last_account, delete_accounts);
}

/* Links that work once. */

static enum status add_links(struct world *at)
{
    return WRITE(
        at, STATUS_OK,
        CALL(verification_insert,
             LINK("v1", "reset-password:x", "u1", NOW + HOUR)),
        CALL(verification_insert,
             LINK("v2", "reset-password:y", "u1", NOW + HOUR)),
        CALL(verification_insert,
             LINK("v3", "delete-account-z", "u1", NOW + HOUR)),
        CALL(verification_insert, LINK("v4", "old", "u1", NOW - HOUR)));
}

static enum status find_link(struct world *at)
{
    TRY(world_read(
        at, CALL(verification_by_identifier, T("reset-password:x"), AT(NOW))));
    assert_int_equal(at->rows[0].count, 1);
    TRY(world_read(at, CALL(verification_by_identifier, T("old"), AT(NOW))));
    assert_int_equal(at->rows[0].count, 0);
    return STATUS_OK;
}

static enum status use_link(struct world *at)
{
    return WRITE(
        at, STATUS_OK,
        MUST(verification_consume, T("reset-password:x"), T("u1"), AT(NOW)));
}

static enum status use_link_again(struct world *at)
{
    return WRITE(
        at, STATUS_NOT_FOUND,
        MUST(verification_consume, T("reset-password:x"), T("u1"), AT(NOW)));
}

static enum status use_old_link(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(verification_consume, T("old"), T("u1"), AT(NOW)));
}

static enum status delete_links(struct world *at)
{
    TRY(WRITE(
        at, STATUS_OK,
        CALL(verifications_delete_of_user, T("u1"), T("reset-password:%"))));
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

static enum status purge_links(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(verifications_purge, AT(NOW))));
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

static void keeps_links(void **state)
{
    (void)state;
    RUN_STEPS(add_links, find_link, use_link, use_link_again, use_old_link,
              delete_links, purge_links);
}

/* Keys and counters. */

static enum status add_first_key(struct world *at, const char *id,
                                 size_t changed)
{
    TRY(WRITE(at, STATUS_OK, BARE(jwks_lock),
              CALL(jwks_insert_first, value_text(slice_from_cstr(id)),
                   T("public"), T("private"), AT(NOW), NONE, T("RS256"), NONE,
                   AT(NOW), T("RS256"))));
    assert_int_equal(at->rows[1].changed, changed);
    return STATUS_OK;
}

static enum status add_key(struct world *at)
{
    return add_first_key(at, "k1", 1);
}

static enum status add_key_again(struct world *at)
{
    return add_first_key(at, "k2", 0);
}

static enum status list_keys(struct world *at)
{
    TRY(world_read(at, BARE(jwks_all)));
    assert_int_equal(at->rows[0].count, 1);
    return STATUS_OK;
}

static enum status hit(struct world *at, int64_t when, size_t count)
{
    TRY(WRITE(at, STATUS_OK,
              CALL(rate_limit_hit, T("r1"), T("192.0.2.1|/sign-in"), I(when),
                   I(10000), I(2))));
    assert_int_equal(at->rows[0].count, count);
    return STATUS_OK;
}

static enum status hit_first(struct world *at)
{
    return hit(at, NOW, 1);
}

static enum status hit_second(struct world *at)
{
    return hit(at, NOW + 1, 1);
}

static enum status hit_too_often(struct world *at)
{
    return hit(at, NOW + 2, 0);
}

static enum status hit_later(struct world *at)
{
    return hit(at, NOW + 20000, 1);
}

static enum status find_hit(struct world *at)
{
    TRY(world_read(at, CALL(rate_limit_find, T("192.0.2.1|/sign-in"))));
    assert_int_equal(at->rows[0].count, 1);
    assert_int_equal(at->rows[0].values[0].kind, VALUE_INTEGER);
    assert_int_equal(at->rows[0].values[0].number, NOW + 20000);
    return STATUS_OK;
}

static enum status purge_hits(struct world *at)
{
    return WRITE(at, STATUS_OK, MUST(rate_limit_purge, I(NOW + 20001)));
}

/* From then on it signs no more, and another may follow. */
static enum status retire_key(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(jwks_retire, AT(NOW - HOUR), T("EdDSA")),
              CALL(jwks_retire, AT(NOW - HOUR), T("RS256"))));
    assert_int_equal(at->rows[0].changed + at->rows[1].changed, 1);
    return STATUS_OK;
}

static enum status reseal_key(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(jwks_reseal, T("k1"), T("private"), T("anew")));
}

static enum status reseal_key_late(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(jwks_reseal, T("k1"), T("private"), T("late")));
}

static enum status add_key_after(struct world *at)
{
    return add_first_key(at, "k3", 1);
}

static void keeps_keys_and_counters(void **state)
{
    (void)state;
    RUN_STEPS(add_key, add_key_again, list_keys, reseal_key, reseal_key_late,
              retire_key, add_key_after, hit_first, hit_second, hit_too_often,
              hit_later, find_hit, purge_hits);
}

/* Mails that wait. */

static enum status add_mails(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 CALL(outbox_insert, T("m1"), T("verify"), T("a@example.com"),
                      T("b@example.com"), T("Subject"), T("text"), I(NOW)),
                 CALL(outbox_insert, T("m2"), T("verify"), T("a@example.com"),
                      T("b@example.com"), T("Subject"), T("text"), I(NOW + 5)));
}

static enum status find_next_mail(struct world *at)
{
    TRY(world_read(at, BARE(outbox_next)));
    assert_int_equal(at->rows[0].count, 1);
    assert_int_equal(at->rows[0].values[0].number, NOW);
    return STATUS_OK;
}

static enum status claim_mail(struct world *at, size_t count)
{
    TRY(WRITE(at, STATUS_OK,
              CALL(outbox_claim, I(NOW + 1), I(NOW + 100), I(10))));
    assert_int_equal(at->rows[0].count, count);
    return STATUS_OK;
}

static enum status claim_mail_first(struct world *at)
{
    TRY(claim_mail(at, 1));
    check_text(at->rows[0].values[0].text, "m1");
    return STATUS_OK;
}

static enum status claim_mail_again(struct world *at)
{
    return claim_mail(at, 0);
}

static enum status retry_mail(struct world *at)
{
    return WRITE(at, STATUS_OK, MUST(outbox_retry, T("m1"), I(NOW + 1)));
}

static enum status finish_mail(struct world *at)
{
    return WRITE(at, STATUS_OK, MUST(outbox_done, T("m1")));
}

static void keeps_mails(void **state)
{
    (void)state;
    RUN_STEPS(add_mails, find_next_mail, claim_mail_first, claim_mail_again,
              retry_mail, claim_mail_first, finish_mail);
}

/* Progress. */

#define MARKS(text) CALL(progress_put, T("u1"), T(text), I(NOW))

static enum status mark_pages(struct world *at)
{
    return WRITE(at, STATUS_OK, MUST(user_lock, T("u1")),
                 MARKS("[[\"/a\",\"read\",\"#end\",60,1000],"
                       "[\"/b \\\"\u00fc\",\"visited\",\"\",0,2000]]"));
}

static enum status check_marks(struct world *at, const char *expected)
{
    char text[256] = "";

    TRY(world_read(at, CALL(progress_of_user, T("u1"), I(NOW - 1))));
    for (size_t i = 0; i < at->rows[0].count; i++) {
        const struct value *row = &at->rows[0].values[i * at->rows[0].width];
        size_t len = strlen(text);

        assert_int_equal(row[3].kind, VALUE_INTEGER);
        snprintf(text + len, sizeof(text) - len, "%.*s %.*s %.*s %d %d;",
                 SLICE_ARG(row[0].text), SLICE_ARG(row[1].text),
                 SLICE_ARG(row[2].text), (int)row[3].number,
                 (int)row[4].number);
    }
    assert_string_equal(text, expected);
    return STATUS_OK;
}

static enum status find_marks(struct world *at)
{
    TRY(check_marks(at, "/b \"\u00fc visited  0 2000;/a read #end 60 1000;"));
    TRY(world_read(at, CALL(progress_of_user, T("u1"), I(NOW))));
    assert_int_equal(at->rows[0].count, 0);
    TRY(world_read(at,
                   CALL(progress_of_pages, T("u1"), T("[[\"/a\"],[\"/c\"]]"))));
    assert_int_equal(at->rows[0].count, 1);
    return STATUS_OK;
}

/* Older: only its seconds count, and only when there are more. */
static enum status mark_older(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MARKS("[[\"/a\",\"visited\",\"\",90,999],"
                       "[\"/b \\\"\u00fc\",\"read\",\"x\",0,1999]]"));
}

static enum status find_older(struct world *at)
{
    return check_marks(at, "/b \"\u00fc visited  0 2000;/a read #end 90 1000;");
}

static enum status mark_newer(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MARKS("[[\"/a\",\"reading\",\"#top\",1,1000]]"));
}

static enum status find_newer(struct world *at)
{
    return check_marks(at,
                       "/b \"\u00fc visited  0 2000;/a reading #top 90 1000;");
}

static enum status trim_marks(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(progress_trim, T("u1"), I(1))));
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

static enum status find_trimmed(struct world *at)
{
    return check_marks(at, "/b \"\u00fc visited  0 2000;");
}

static enum status mark_for_nobody(struct world *at)
{
    TRY(WRITE(at, STATUS_NOT_FOUND, MUST(user_lock, T("u1")),
              MARKS("[[\"/z\",\"read\",\"\",0,1]]")));
    TRY(WRITE(at, STATUS_OK, MARKS("[[\"/z\",\"read\",\"\",0,1]]")));
    assert_int_equal(at->rows[0].changed, 0);
    return STATUS_OK;
}

static void keeps_progress(void **state)
{
    (void)state;
    RUN_STEPS(add_ann, mark_pages, find_marks, mark_older, find_older,
              mark_newer, find_newer, trim_marks, find_trimmed, delete_ann,
              mark_for_nobody);
}

/* What our tables hold of users (store/holdings.def), some of them gone. */

static const char *const holding_rows[] = {
    "INSERT INTO bookplate_profile (id, user_id, version, answers, key_id, "
    "created_at, updated_at) VALUES ('p1', 'u1', 1, '', 1, 1, 1), "
    "('p2', 'ghost', 1, '', 1, 1, 1)",
    "INSERT INTO bookplate_profile_history (id, user_id, version, actor, "
    "changes, key_id, created_at) VALUES ('h1', 'u1', 1, '', '', 1, 1), "
    "('h2', 'ghost', 1, '', '', 1, 1), ('h3', 'ghost', 2, '', '', 1, 1)",
    "INSERT INTO bookplate_progress (user_id, page, state, updated_at, "
    "stored_at) VALUES ('u1', '/a', 'read', 1, 1), "
    "('ghost', '/a', 'read', 1, 1), ('ghost', '/b', 'read', 1, 1)",
};

static const struct {
    enum query_id erase;
    enum query_id readers;
} holdings[] = {
#define HOLDING(name, table) {QUERY_##name##_erase, QUERY_##name##_readers},
#include "store/holdings.def"
#undef HOLDING
};

#define HOLDINGS (sizeof(holdings) / sizeof(holdings[0]))

static enum status add_holdings(struct world *at)
{
    struct query built[HOLDINGS];
    struct statement statements[HOLDINGS];

    /* A new table has rows here, and is looked for below. */
    assert_int_equal(sizeof(holding_rows) / sizeof(*holding_rows), HOLDINGS);
    for (size_t i = 0; i < HOLDINGS; i++) {
        check_ok(store_build(at->store, slice_from_cstr(holding_rows[i]),
                             &at->arena, &built[i]));
        statements[i] =
            (struct statement){.query = QUERY_BUILT, .built = &built[i]};
    }
    return world_write(at, STATUS_OK, statements, HOLDINGS);
}

static enum status check_readers(struct world *at, enum query_id readers)
{
    struct value params[] = {T(""), I(10)};
    struct statement statement = {
        .query = readers, .params = params, .param_count = 2};
    const struct value *values;

    TRY(world_read(at, statement));
    values = at->rows[0].values;
    assert_int_equal(at->rows[0].count, 2);
    check_text(values[0].text, "ghost");
    assert_int_equal(values[1].kind, VALUE_NULL);
    check_text(values[2].text, "u1");
    check_text(values[3].text, "u1");
    params[1] = I(1);
    TRY(world_read(at, statement));
    assert_int_equal(at->rows[0].count, 1);
    params[0] = T("ghost");
    TRY(world_read(at, statement));
    assert_int_equal(at->rows[0].count, 1);
    check_text(at->rows[0].values[0].text, "u1");
    return STATUS_OK;
}

static enum status find_readers(struct world *at)
{
    for (size_t i = 0; i < HOLDINGS; i++) {
        TRY(check_readers(at, holdings[i].readers));
    }
    return STATUS_OK;
}

static enum status erase_of(struct world *at, struct value id)
{
    struct statement statements[HOLDINGS];

    for (size_t i = 0; i < HOLDINGS; i++) {
        statements[i] = (struct statement){.query = holdings[i].erase,
                                           .params = &id,
                                           .param_count = 1,
                                           .must_change = true};
    }
    return world_write(at, STATUS_OK, statements, HOLDINGS);
}

static enum status erase_ghost(struct world *at)
{
    TRY(WRITE(at, STATUS_NOT_FOUND, MUST(user_absent, T("u1"))));
    TRY(WRITE(at, STATUS_OK, MUST(user_absent, T("ghost"))));
    return erase_of(at, T("ghost"));
}

static enum status erase_ann(struct world *at)
{
    return erase_of(at, T("u1"));
}

static enum status write_to_ann(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 CALL(outbox_insert, T("m1"), T("verify"), T("ann@example.com"),
                      T("b@example.com"), T("Subject"), T("text"), I(NOW)),
                 CALL(outbox_insert, T("m2"), T("verify"), T("bob@example.com"),
                      T("b@example.com"), T("Subject"), T("text"), I(NOW)));
}

static enum status find_letters(struct world *at)
{
    TRY(world_read(at, CALL(outbox_to, T("ann@example.com"))));
    assert_int_equal(at->rows[0].count, 1);
    check_text(at->rows[0].values[0].text, "verify");
    return STATUS_OK;
}

static enum status take_letters(struct world *at)
{
    TRY(world_read(at, CALL(outbox_to, T("ann@example.com"))));
    assert_int_equal(at->rows[0].count, 1);
    check_text(at->rows[0].values[0].text, "verify");
    assert_int_equal(at->rows[0].values[3].number, NOW);
    TRY(WRITE(at, STATUS_OK, CALL(outbox_erase, T("u1"))));
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

static void erases_what_it_holds(void **state)
{
    (void)state;
    RUN_STEPS(add_ann, add_holdings, find_readers, erase_ghost, erase_ann,
              write_to_ann, find_letters, take_letters);
}

/* Profiles. */

#define PROFILE_OF(id, version, answers)                                       \
    T(id), I(version), T(answers), I(7), T("[]"), NONE, NONE, I(NOW)
#define PROFILE_HISTORY(id, version)                                           \
    CALL(profile_history_insert, T(id), T("u1"), I(version), T("self"),        \
         T("sealed"), I(7), I(NOW + (version)))

static enum status add_profile(struct world *at)
{
    return WRITE(
        at, STATUS_OK, MUST(user_lock, T("u1")),
        MUST(profile_insert, PROFILE_OF("p1", 1, "one"), T("u1"), I(NOW)),
        PROFILE_HISTORY("h1", 1));
}

static enum status add_profile_again(struct world *at)
{
    return WRITE(
        at, STATUS_NOT_FOUND, MUST(user_lock, T("u1")),
        MUST(profile_insert, PROFILE_OF("p2", 1, "other"), T("u1"), I(NOW)),
        PROFILE_HISTORY("h2", 1));
}

static enum status change_profile(struct world *at)
{
    return WRITE(at, STATUS_OK, MUST(user_lock, T("u1")),
                 MUST(profile_update, T("p1"), I(2), T("two"), I(8),
                      T("[\"b\"]"), T("c1"), I(NOW + 1), I(NOW + 2)),
                 PROFILE_HISTORY("h2", 2));
}

/* Somebody else wrote the second version. */
static enum status change_profile_late(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND, PROFILE_HISTORY("h3", 2),
                 MUST(profile_update, PROFILE_OF("p1", 2, "late")));
}

static enum status find_profile(struct world *at)
{
    const struct value *row;

    TRY(world_read(at, CALL(profile_of_user, T("u1"))));
    assert_int_equal(at->rows[0].count, 1);
    row = at->rows[0].values;
    check_text(row[0].text, "p1");
    assert_int_equal(row[1].kind, VALUE_INTEGER);
    assert_int_equal(row[1].number, 2);
    check_text(row[2].text, "two");
    check_text(row[3].text, "[\"b\"]");
    check_text(row[4].text, "c1");
    assert_int_equal(row[5].number, NOW + 1);
    assert_int_equal(row[6].number, NOW);
    assert_int_equal(row[7].number, NOW + 2);
    return STATUS_OK;
}

static enum status find_profile_history(struct world *at)
{
    const struct value *row;

    TRY(world_read(at, CALL(profile_history_of_user, T("u1"))));
    assert_int_equal(at->rows[0].count, 2);
    row = at->rows[0].values;
    check_text(row[0].text, "h2");
    assert_int_equal(row[1].number, 2);
    check_text(row[2].text, "self");
    check_text(row[3].text, "sealed");
    assert_int_equal(row[4].number, NOW + 2);
    check_text(row[at->rows[0].width].text, "h1");
    return STATUS_OK;
}

static enum status trim_profile_history(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, CALL(profile_history_trim, T("u1"), I(1))));
    assert_int_equal(at->rows[0].changed, 1);
    return STATUS_OK;
}

static void keeps_profiles(void **state)
{
    (void)state;
    RUN_STEPS(add_ann, add_profile, add_profile_again, change_profile,
              change_profile_late, find_profile, find_profile_history,
              trim_profile_history);
}

/* Several readers at once; one of them never answered, one is nobody. */
static enum status add_bob(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 CALL(user_insert, T("u2"), T("Bob"), T("bob@example.com"),
                      B(true), NONE, AT(NOW), AT(NOW), NONE, NONE, NONE, NONE));
}

static enum status find_profiles(struct world *at)
{
    const struct rows *rows = &at->rows[0];

    TRY(world_read(
        at, CALL(profiles_of_users, T("[\"u2\",\"nobody\",\"u1\",\"U1\"]"))));
    assert_int_equal(rows->count, 2);
    for (size_t i = 0; i < rows->count; i++) {
        const struct value *row = rows->values + i * rows->width;

        check_slice(row[0].text, row[1].text);
        if (slice_equal(row[1].text, SLICE("u1"))) {
            check_text(row[2].text, "p1");
            check_text(row[4].text, "one");
        } else {
            assert_int_equal(row[2].kind, VALUE_NULL);
        }
    }
    return STATUS_OK;
}

static void finds_several_profiles(void **state)
{
    (void)state;
    RUN_STEPS(add_ann, add_bob, add_profile, find_profiles);
}

/* What seals, and who else may read. */

static enum status add_data_key(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(data_key_insert, I(1), T("sealed"), I(NOW)));
}

static enum status add_data_key_again(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(data_key_insert, I(1), T("other"), I(NOW)));
}

static enum status add_data_key_next(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(data_key_insert, I(2), T("next"), I(NOW + 1)));
}

static enum status rewrap_data_key(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(data_key_rewrap, I(1), T("sealed"), T("anew")));
}

static enum status rewrap_data_key_late(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(data_key_rewrap, I(1), T("sealed"), T("late")));
}

static enum status find_data_keys(struct world *at)
{
    const struct value *row;

    TRY(world_read(at, BARE(data_keys_all)));
    assert_int_equal(at->rows[0].count, 2);
    row = at->rows[0].values;
    assert_int_equal(row[0].number, 2);
    row += at->rows[0].width;
    assert_int_equal(row[0].number, 1);
    check_text(row[1].text, "anew");
    assert_int_equal(row[2].number, NOW);
    return STATUS_OK;
}

static void keeps_data_keys(void **state)
{
    (void)state;
    RUN_STEPS(add_data_key, add_data_key_again, add_data_key_next,
              rewrap_data_key, rewrap_data_key_late, find_data_keys);
}

static enum status add_service(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(service_insert, T("s1"), T("tutor"), T("hash1"),
                      T("background:read"), I(NOW)));
}

static enum status add_service_again(struct world *at)
{
    return WRITE(
        at, STATUS_NOT_FOUND,
        MUST(service_insert, T("s2"), T("tutor"), T("hash2"), T(""), I(NOW)));
}

static enum status use_service(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(service_used, T("s1"), I(NOW + 5), I(NOW - 60000)));
}

static enum status use_service_again(struct world *at)
{
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(service_used, T("s1"), I(NOW + 6), I(NOW + 4)));
}

static enum status find_service(struct world *at)
{
    TRY(world_read(at, CALL(service_by_hash, T("hash1"))));
    assert_int_equal(at->rows[0].count, 1);
    check_text(at->rows[0].values[1].text, "tutor");
    return STATUS_OK;
}

static enum status revoke_service(struct world *at)
{
    return WRITE(at, STATUS_OK, MUST(service_revoke, T("tutor"), I(NOW + 7)));
}

static enum status find_no_service(struct world *at)
{
    TRY(world_read(at, CALL(service_by_hash, T("hash1"))));
    assert_int_equal(at->rows[0].count, 0);
    TRY(world_read(at, BARE(service_all)));
    assert_int_equal(at->rows[0].count, 1);
    assert_int_equal(at->rows[0].values[3].number, NOW + 5);
    assert_int_equal(at->rows[0].values[4].number, NOW + 7);
    return STATUS_OK;
}

static enum status add_service_anew(struct world *at)
{
    return WRITE(at, STATUS_OK,
                 MUST(service_insert, T("s3"), T("tutor"), T("hash3"), T("x"),
                      I(NOW + 8)));
}

static void keeps_services(void **state)
{
    (void)state;
    RUN_STEPS(add_service, add_service_again, use_service, use_service_again,
              find_service, revoke_service, find_no_service, add_service_anew);
}

/* The audit. */

#define NOTE(query, id, subject, ...)                                          \
    CALL(query, T(id), I(NOW), T("sign-in"), T(""), T(subject),                \
         T("192.0.0.0/16"), T("password"), ##__VA_ARGS__)

static enum status add_notes(struct world *at)
{
    return WRITE(at, STATUS_OK, NOTE(audit_insert, "n2", "u1"),
                 NOTE(audit_insert_of_user, "n1", "u1"),
                 NOTE(audit_insert_of_user, "x1", "u2"),
                 NOTE(audit_insert_of_session, "n3", "token1", T("")),
                 NOTE(audit_insert_of_session, "n4", "token1", T("u1")),
                 NOTE(audit_insert_of_session, "x2", "token1", T("u2")),
                 NOTE(audit_insert_of_session, "x3", "t2", T("")),
                 NOTE(audit_insert_of_email, "n5", "ann@example.com"),
                 NOTE(audit_insert_of_email, "n6", "bob@example.com"));
}

static enum status note_many(struct world *at)
{
#define NOTE_MANY(id, list)                                                    \
    CALL(audit_insert_of_many, T(id), I(NOW), T("service-read"), T(""),        \
         T("192.0.0.0/16"), T("detail"), T(list))
    TRY(WRITE(at, STATUS_OK, NOTE_MANY("m", "[\"u1\",\"u \\\"2\",\"u3\"]"),
              NOTE_MANY("none", "[]")));
    assert_int_equal(at->rows[0].changed, 3);
    assert_int_equal(at->rows[1].changed, 0);
    return STATUS_OK;
}

static enum status find_many(struct world *at)
{
    TRY(world_select(at, "SELECT subject FROM bookplate_audit "
                         "WHERE id LIKE 'm-%' ORDER BY id"));
    assert_int_equal(at->rows[0].count, 3);
    check_text(at->rows[0].values[0].text, "u1");
    check_text(at->rows[0].values[1].text, "u \"2");
    return STATUS_OK;
}

static enum status find_waiting(struct world *at)
{
    static const char *const ids[] = {"n1", "n2", "n3", "n4", "n5", "n6"};

    TRY(world_read(at, CALL(audit_waiting, I(10))));
    assert_int_equal(at->rows[0].count, 6);
    for (size_t i = 0; i < 6; i++) {
        const struct value *row = &at->rows[0].values[i * at->rows[0].width];

        check_slice(row[0].text, slice_from_cstr(ids[i]));
        assert_int_equal(row[1].number, NOW);
        check_text(row[2].text, "sign-in");
        check_slice(row[4].text, i == 5 ? SLICE_EMPTY : SLICE("u1"));
        check_text(row[6].text, "password");
    }
    TRY(world_read(at, CALL(audit_waiting, I(2))));
    assert_int_equal(at->rows[0].count, 2);
    TRY(world_read(at, BARE(audit_waiting_count)));
    assert_int_equal(at->rows[0].values[0].number, 6);
    return STATUS_OK;
}

/* A row that is not there, and one that has its number by then. */
static enum status number_notes(struct world *at)
{
    TRY(WRITE(at, STATUS_OK, MUST(audit_head_move, I(0), T(""), I(2), T("h2")),
              CALL(audit_number, T("[[\"n1\",1,\"h1\",\"\",\"p_1\"],"
                                   "[\"n2\",2,\"h2\",\"command\",\"p_1\"],"
                                   "[\"n9\",9,\"h9\",\"\",\"\"]]"))));
    assert_int_equal(at->rows[1].changed, 2);
    return STATUS_OK;
}

static enum status number_again(struct world *at)
{
    TRY(WRITE(at, STATUS_OK,
              CALL(audit_number, T("[[\"n1\",7,\"h7\",\"\",\"p_7\"]]"))));
    assert_int_equal(at->rows[0].changed, 0);
    return STATUS_OK;
}

static enum status number_alike(struct world *at)
{
    return WRITE(at, STATUS_TAKEN,
                 MUST(audit_head_move, I(2), T("h2"), I(3), T("h3")),
                 CALL(audit_number, T("[[\"n3\",2,\"h3\",\"\",\"p_1\"]]")));
}

static enum status move_head_late(struct world *at)
{
    TRY(WRITE(at, STATUS_NOT_FOUND,
              MUST(audit_head_move, I(0), T(""), I(1), T("other"))));
    return WRITE(at, STATUS_NOT_FOUND,
                 MUST(audit_head_move, I(2), T("other"), I(3), T("h3")));
}

static enum status find_head(struct world *at)
{
    TRY(world_read(at, BARE(audit_head)));
    assert_int_equal(at->rows[0].count, 1);
    assert_int_equal(at->rows[0].values[0].number, 2);
    check_text(at->rows[0].values[1].text, "h2");
    return STATUS_OK;
}

static enum status find_page(struct world *at)
{
    TRY(world_read(at, CALL(audit_page, I(0), I(10))));
    assert_int_equal(at->rows[0].count, 2);
    assert_int_equal(at->rows[0].values[0].number, 1);
    check_text(at->rows[0].values[1].text, "h1");
    check_text(at->rows[0].values[2].text, "n1");
    check_text(at->rows[0].values[6].text, "p_1");
    TRY(world_read(at, CALL(audit_page, I(1), I(10))));
    assert_int_equal(at->rows[0].count, 1);
    return STATUS_OK;
}

static enum status check_latest(struct world *at, size_t count,
                                struct statement statement)
{
    TRY(world_read(at, statement));
    assert_int_equal(at->rows[0].count, count);
    return STATUS_OK;
}

static enum status find_latest(struct world *at)
{
    TRY(check_latest(at, 2, CALL(audit_latest, I(9), T(""), I(10))));
    assert_int_equal(at->rows[0].values[0].number, 2);
    TRY(check_latest(at, 1, CALL(audit_latest, I(9), T(""), I(1))));
    TRY(check_latest(at, 1, CALL(audit_latest, I(2), T(""), I(10))));
    TRY(check_latest(at, 0, CALL(audit_latest, I(9), T("sign"), I(10))));
    TRY(check_latest(at, 2,
                     CALL(audit_latest_of, I(9), T("sign-in"), I(10),
                          T("[\"x\",\"p_1\"]"))));
    TRY(check_latest(
        at, 1, CALL(audit_latest_of, I(9), T(""), I(10), T("[\"command\"]"))));
    return check_latest(
        at, 0, CALL(audit_latest_of, I(9), T(""), I(10), T("[\"p_2\"]")));
}

static void keeps_the_audit(void **state)
{
    (void)state;
    RUN_STEPS(sign_up, add_notes, find_waiting, number_notes, number_again,
              number_alike, move_head_late, find_head, find_page, find_latest,
              note_many, find_many);
}

/* Values. */

static void put_value(struct world *at, struct value value)
{
    check_ok(WRITE(at, STATUS_OK,
                   CALL(verification_insert, T("v1"), T("text"), value, AT(NOW),
                        AT(NOW), AT(NOW))));
}

/* Written as text, read back as it was. */
static void goes_round(struct world *at, struct slice text)
{
    struct record link;

    world_empty(at);
    put_value(at, value_text(text));
    check_ok(world_read(
        at, CALL(verification_by_identifier, T("text"), AT(NOW - 1))));
    link = world_record(at, TABLE_VERIFICATION, 0, 0);
    check_slice(record_text(&link, VERIFICATION_VALUE), text);
}

static void text_goes_round(struct world *at)
{
    char *large = arena_alloc_text(&at->kept, 1 << 20);

    assert_non_null(large);
    memset(large, 'x', 1 << 20);
    goes_round(at, SLICE(""));
    goes_round(at, SLICE("'; DROP TABLE \"user\"; --"));
    goes_round(at,
               SLICE("\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\xa6\x89 $1 ?1 {user}"));
    goes_round(at, SLICE("line\r\nline\ttab\\n\x01\x7f"));
    goes_round(at, slice_make(large, 1 << 20));
    goes_round(at, (struct slice){NULL, 0}); /* empty, not NULL */
}

static void keeps_text_as_it_is(void **state)
{
    (void)state;
    world_run(&world, text_goes_round);
}

static void refuse_text(struct world *at, struct slice text)
{
    check_ok(WRITE(at, STATUS_INVALID_VALUE,
                   CALL(user_insert, USER("u1", "ann@example.com")),
                   CALL(verification_insert, T("v1"), T("text"),
                        value_text(text), AT(NOW), AT(NOW), AT(NOW))));
}

static void refuse_bad_text(struct world *at)
{
    struct slice before = world_dump(at);
    struct value bad = value_text(SLICE("a\0b"));
    struct statement find = CALL(user_by_id, bad);

    refuse_text(at, SLICE("a\0b"));
    refuse_text(at, SLICE("\0"));
    refuse_text(at, SLICE("\xff"));
    refuse_text(at, SLICE("\xc0\x80"));
    refuse_text(at, SLICE("\xed\xa0\x80"));
    check_status(store_read(at->store, &find, &at->arena, at->rows),
                 STATUS_INVALID_VALUE);
    /* A column that must not be NULL. */
    check_ok(WRITE(at, STATUS_INVALID_VALUE,
                   CALL(verification_insert, T("v1"), T("text"), NONE, AT(NOW),
                        AT(NOW), AT(NOW))));
    check_slice(world_dump(at), before);
}

static void refuses_text_that_is_none(void **state)
{
    (void)state;
    world_run(&world, refuse_bad_text);
}

static const int64_t moments[] = {
    0,
    1,
    -1,
    999,
    86399999,
    NOW,
    -2208988800000,
    253402300799999,
    4107542399999,
    951782400000, /* 29 February 2000 */
};

static void moments_go_round(struct world *at)
{
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        struct record user;

        world_empty(at);
        check_ok(add_ann(at));
        check_ok(WRITE(at, STATUS_OK,
                       MUST(user_set_email_verified, T("u1"), B(i % 2 == 1),
                            AT(moments[i]))));
        check_ok(world_read(at, CALL(user_by_id, T("u1"))));
        user = world_record(at, TABLE_USER, 0, 0);
        assert_int_equal(record_number(&user, USER_UPDATED_AT), moments[i]);
        assert_int_equal(record_number(&user, USER_EMAIL_VERIFIED), i % 2);
    }
}

static void keeps_dates_and_booleans(void **state)
{
    (void)state;
    world_run(&world, moments_go_round);
}

static void count_rows(struct world *at)
{
    struct rows *rows = at->rows;

    check_ok(add_sessions_at_once(at));
    check_ok(world_select(at, "SELECT COUNT(*) FROM {session}"));
    assert_int_equal(rows->count, 1);
    assert_int_equal(rows->values[0].kind, VALUE_INTEGER);
    assert_int_equal(rows->values[0].number, 7);
    check_ok(world_select(at, "SELECT {session.token} FROM {session} "
                              "ORDER BY {session.token} DESC"));
    assert_int_equal(rows->count, 7);
    assert_int_equal(rows->width, 1);
    check_text(rows->values[0].text, "t6");
    check_text(rows->values[6].text, "t0");
}

static void reads_statements_built_at_run_time(void **state)
{
    (void)state;
    world_run(&world, count_rows);
}

static void answer_too_much(struct world *at)
{
    struct query built;
    struct statement statement = {.query = QUERY_BUILT, .built = &built};

    check_ok(store_build(
        at->store,
        SLICE("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
              "SELECT i + 1 FROM n WHERE i < 10001) SELECT i FROM n"),
        &at->arena, &built));
    check_status(store_read(at->store, &statement, &at->arena, at->rows),
                 STATUS_TOO_LARGE);
    check_ok(count_live_sessions(at, 0)); /* and it goes on */
}

static void limits_an_answer(void **state)
{
    (void)state;
    world_run(&world, answer_too_much);
}

static void run_statements_that_are_wrong(struct world *at)
{
    struct query built;
    struct statement statement = {.query = QUERY_BUILT, .built = &built};

    check_ok(store_build(at->store, SLICE("SELECT no_such_column"), &at->arena,
                         &built));
    check_status(store_read(at->store, &statement, &at->arena, at->rows),
                 STATUS_INTERNAL);
    check_status(store_write(at->store, &statement, 1, &at->arena, NULL),
                 STATUS_INTERNAL);
    check_status(store_write(at->store, &statement, 0, &at->arena, NULL),
                 STATUS_INTERNAL);
    check_ok(add_ann(at));
}

static void survives_a_wrong_statement(void **state)
{
    (void)state;
    log_set_fd(-1);
    world_run(&world, run_statements_that_are_wrong);
    log_set_fd(STDERR_FILENO);
}

/* Many at once. */

#define CROWD 64

struct caller {
    struct world *world;
    int number;
    enum status status;
    struct fiber *fiber;
    struct arena arena;
};

static _Atomic int running;

static struct value number_text(struct arena *arena, const char *format,
                                int number)
{
    char text[64];
    struct slice copy;

    snprintf(text, sizeof(text), "%.*s%d", 32, format, number);
    check_ok(slice_dup(arena, slice_from_cstr(text), &copy));
    return value_text(copy);
}

/* A user, an account and a session; then the session, as it was written. */
static enum status sign_up_number(struct caller *caller)
{
    struct arena *arena = &caller->arena;
    struct value id = number_text(arena, "crowd-u", caller->number);
    struct value token = number_text(arena, "crowd-t", caller->number);
    struct value email = number_text(arena, "crowd-e", caller->number);
    struct statement list[] = {
        CALL(user_insert, id, T("Crowd"), email, B(false), NONE, AT(NOW),
             AT(NOW), NONE, NONE, NONE, NONE),
        CALL(session_insert, id, AT(NOW + HOUR), token, AT(NOW), AT(NOW), NONE,
             NONE, value_result(0, USER_ID), NONE),
    };
    struct statement find = CALL(session_with_user, token);
    struct rows rows;

    TRY(store_write(caller->world->store, list, 2, arena, NULL));
    TRY(store_read(caller->world->store, &find, arena, &rows));
    return rows.count == 1 &&
                   slice_equal(rows.values[SESSION_TOKEN].text, token.text) &&
                   slice_equal(rows.values[SESSION_USER_ID].text, id.text)
               ? STATUS_OK
               : STATUS_NOT_FOUND;
}

static void call(void *arg)
{
    struct caller *caller = arg;

    caller->fiber = fiber_current();
    caller->status = sign_up_number(caller);
    if (--running == 0) {
        loop_stop(caller->world->loop);
    }
}

static void begin_crowd(struct caller *callers)
{
    running = CROWD;
    for (int i = 0; i < CROWD; i++) {
        callers[i] = (struct caller){.world = &world, .number = i};
        arena_init(&callers[i].arena, 1 << 20);
    }
    for (int i = 0; i < CROWD; i++) {
        check_ok(fiber_start(world.loop, call, &callers[i]));
    }
}

static void release_crowd(struct caller *callers)
{
    for (int i = 0; i < CROWD; i++) {
        arena_release(&callers[i].arena);
    }
}

static void gives_each_of_a_crowd_its_own(void **state)
{
    static struct caller callers[CROWD];

    (void)state;
    begin_crowd(callers);
    loop_run(world.loop);
    for (int i = 0; i < CROWD; i++) {
        check_ok(callers[i].status);
    }
    release_crowd(callers);
}

/* Those who are left half way have both rows or none. */
static void no_user_is_alone(struct world *at)
{
    check_ok(world_select(at, "SELECT {user.id} FROM {user} WHERE {user.id} "
                              "NOT IN (SELECT {session.userId} FROM "
                              "{session})"));
    assert_int_equal(at->rows[0].count, 0);
    check_ok(add_ann(at));
    check_ok(find_ann(at));
}

static void lets_fibers_leave(void **state)
{
    static struct caller callers[CROWD];

    (void)state;
    begin_crowd(callers);
    for (int i = 0; i < CROWD; i += 2) {
        fiber_cancel(callers[i].fiber);
    }
    loop_run(world.loop);
    for (int i = 0; i < CROWD; i++) {
        if (i % 2 == 1) {
            check_ok(callers[i].status);
        } else {
            check_status(callers[i].status, STATUS_CANCELLED);
        }
    }
    world_run(&world, no_user_is_alone);
    release_crowd(callers);
}

/* Several loops share a store. */

#define LOOPS        4
#define CALLS_A_LOOP 25

struct thread {
    struct world world;
    pthread_t id;
    int number;
    int succeeded;
};

static void call_often(struct world *at)
{
    struct thread *thread = CONTAINER_OF(at, struct thread, world);

    for (int i = 0; i < CALLS_A_LOOP; i++) {
        struct caller caller = {.world = at,
                                .number = 1000 * thread->number + i};

        arena_init(&caller.arena, 1 << 20);
        thread->succeeded += sign_up_number(&caller) == STATUS_OK;
        arena_release(&caller.arena);
    }
}

static void *thread_main(void *arg)
{
    struct thread *thread = arg;

    world_run(&thread->world, call_often);
    fiber_thread_end();
    return NULL;
}

static void serves_several_loops(void **state)
{
    static struct thread threads[LOOPS];

    (void)state;
    for (int i = 0; i < LOOPS; i++) {
        threads[i] = (struct thread){.number = i + 1};
        threads[i].world.store = world.store;
        check_ok(loop_new(&threads[i].world.loop));
        assert_int_equal(
            pthread_create(&threads[i].id, NULL, thread_main, &threads[i]), 0);
    }
    for (int i = 0; i < LOOPS; i++) {
        pthread_join(threads[i].id, NULL);
        assert_int_equal(threads[i].succeeded, CALLS_A_LOOP);
    }
    /* Before the loops are freed (store.h). */
    store_close(world.store);
    world.store = NULL;
    for (int i = 0; i < LOOPS; i++) {
        loop_free(threads[i].world.loop);
    }
}

/* The migrator's door. */

static void runs_a_script(void **state)
{
    const struct store_engine *engine = world.store->engine;
    struct slice why = SLICE_EMPTY;
    struct store_direct *direct;
    struct rows rows;

    (void)state;
    check_ok(engine->direct_open(world.store, &world.arena, &why, &direct));
    check_ok(engine->direct_run(
        direct,
        SLICE("BEGIN; DROP TABLE IF EXISTS engine_suite; CREATE TABLE "
              "engine_suite (a integer); INSERT INTO engine_suite VALUES (1), "
              "(2); COMMIT; SELECT a FROM engine_suite ORDER BY a;"),
        &world.arena, &rows, &why));
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.values[1].number, 2);
    check_status(engine->direct_run(direct, SLICE("SELECT * FROM nowhere"),
                                    &world.arena, &rows, &why),
                 STATUS_INTERNAL);
    assert_true(slice_contains(why, SLICE("nowhere")));
    check_ok(engine->direct_run(direct, SLICE("DROP TABLE engine_suite"),
                                &world.arena, NULL, &why));
    engine->direct_close(direct);
}

static void says_how_it_stands(void **state)
{
    (void)state;
    assert_int_equal(store_state(world.store), STORE_READY);
}

/* Comes last. */
static void has_run_every_query(void **state)
{
    static const char *const names[] = {
#define QUERY(name, table, sql) #name,
#include "store/queries.def"
#undef QUERY
    };
    bool all = true;

    (void)state;
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        if (!world_used[i]) {
            print_error("no test runs %s\n", names[i]);
            all = false;
        }
    }
    assert_true(all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int engine_suite_run(const struct engine_fixture *on)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_users),
        TEST(writes_all_or_nothing),
        TEST(keeps_sessions),
        TEST(ends_all_sessions),
        TEST(keeps_accounts),
        TEST(keeps_links),
        TEST(keeps_keys_and_counters),
        TEST(keeps_mails),
        TEST(keeps_progress),
        TEST(erases_what_it_holds),
        TEST(keeps_profiles),
        TEST(finds_several_profiles),
        TEST(keeps_data_keys),
        TEST(keeps_services),
        TEST(keeps_the_audit),
        TEST(keeps_text_as_it_is),
        TEST(refuses_text_that_is_none),
        TEST(keeps_dates_and_booleans),
        TEST(reads_statements_built_at_run_time),
        TEST(limits_an_answer),
        TEST(survives_a_wrong_statement),
        TEST(gives_each_of_a_crowd_its_own),
        TEST(lets_fibers_leave),
        TEST(serves_several_loops),
        TEST(runs_a_script),
        TEST(says_how_it_stands),
        cmocka_unit_test(has_run_every_query),
    };

    fixture = on;
    return cmocka_run_group_tests_name(on->name, tests, NULL, NULL);
}
