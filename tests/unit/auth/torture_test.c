/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The n-th call for memory fails, for n = 1, 2, 3 and so on until none is left
 * to fail; then the n-th and all that follow. Want of memory must never look
 * like a bad token: that would sign somebody out.
 */
#include "../http/failing.h"
#include "jwks_rows.h"
#include "lab.h"

#include "auth/jwks_row.h"
#include "auth/key_ring.h"
#include "auth/mail_token.h"
#include "auth/session_cache.h"
#include "auth/session_cache_cookie.h"
#include "auth/signed.h"
#include "auth/token_random.h"
#include "codec/json_write.h"
#include "crypto/bcrypt.h"

/* What makes this many calls was not meant here. */
#define CALLS_MAX 200
#define NOW       ((int64_t)1800000000000)
#define NAME      SLICE("better-auth.session_data")

static struct secrets *secrets;
/* Made before anything fails. */
static struct slice cookie;
static struct slice mail;
static struct slice copies[3];
static struct arena kept;
static struct schema schema;

static const struct session_cache_input input = {
    .session = SLICE_INIT("{\"token\":\"t\",\"expiresAt\":"
                          "\"2099-01-22T08:00:00.000Z\"}"),
    .user = SLICE_INIT("{\"name\":\"n\"}"),
    .version = SLICE_INIT("1"),
    .now_ms = NOW,
    .max_age_s = 300,
};
static const struct mail_token token = {
    .email = SLICE_INIT("a@example.com"),
    .expires_ms = NOW + 60000,
};
static const struct jwks_row row = {
    .id = SLICE_INIT("7"),
    .public_key = SLICE_INIT(EC_PUBLIC),
    .private_key = SLICE_INIT(EC_PRIVATE),
    .algorithm = SLICE_INIT(""),
};

static enum status make_secrets(struct arena *arena)
{
    const struct secrets_settings settings = {
        SLICE("2:another-lab-secret-9876543210-zyxwvutsrq"), LAB_SECRET};
    struct secrets_problem problem;
    struct secrets *made = NULL;
    enum status status;

    (void)arena;
    status = secrets_new(&settings, &problem, &made);
    secrets_free(made);
    return status;
}

static enum status sign_and_open(struct arena *arena)
{
    struct slice out;

    TRY(signed_make_cookie(secrets, SLICE("some token"), arena, &out));
    TRY(signed_open_cookie(secrets, cookie, arena, &out));
    TRY(signed_open_cookie(secrets, SLICE("a%2Eb%ZZ"), arena, &out) ==
                STATUS_NO_MEMORY
            ? STATUS_NO_MEMORY
            : STATUS_OK);
    return token_random_uuid(arena, &out);
}

static enum status mail_and_open(struct arena *arena)
{
    struct mail_token opened;
    struct slice out;

    TRY(mail_token_make(secrets, &token, arena, &out));
    return mail_token_open(secrets, mail, NOW, arena, &opened);
}

static enum status copy_and_open(struct arena *arena)
{
    const struct session_cache_rules rules = {
        .token = SLICE("t"), .version = SLICE("1"), .now_ms = NOW};
    struct session_cache opened;
    struct slice out;

    for (size_t i = 0; i < 3; i++) {
        TRY(session_cache_make(secrets, (enum session_cache_form)i, &input,
                               arena, &out));
        TRY(session_cache_open(secrets, copies[i], &rules, arena, &opened));
    }
    return STATUS_OK;
}

static enum status split_and_join(struct arena *arena)
{
    static char letters[9000];
    const struct cookie_attributes attributes = {.path = SLICE("/")};
    const struct cookie whole = {NAME, {letters, sizeof(letters)}};
    struct cookies cookies;
    struct cookies stale;
    struct slice joined;

    TRY(session_cache_split(whole, &attributes, arena, &cookies));
    TRY(session_cache_stale(&cookies, NAME, &cookies, arena, &stale));
    return session_cache_join(&cookies, NAME, arena, &joined);
}

static enum status open_row(struct arena *arena)
{
    struct json_writer json;
    struct key *key = NULL;
    enum status status;
    struct buf buf;

    status = jwks_row_open(secrets, &row, arena, &key);
    key_free(key);
    TRY(status);
    buf_init(&buf, arena, 4096);
    json_writer_init(&json, &buf);
    TRY(jwks_row_write(&row, arena, &json));
    return buf.failed;
}

static enum status make_row(struct arena *arena)
{
    struct jwks_row made;
    struct slice text;
    bool changed;

    TRY(jwks_row_make(secrets, KEY_EDDSA, arena, &made));
    return jwks_row_seal_anew(secrets, &row, arena, &changed, &text);
}

/* The same row and one of the original's that we cannot use. */
static enum status make_ring(struct arena *arena)
{
    static struct value values[2 * JWKS_COLUMNS];
    const struct key_ring_settings settings = {.algorithm = KEY_ES256,
                                               .secrets = secrets};
    const struct rows rows = {
        .values = values, .width = JWKS_COLUMNS, .count = 2};
    const struct key_ring_rows from = {&schema.tables[TABLE_JWKS], &rows, NOW};
    struct key_ring *ring = NULL;
    bool signs;

    (void)arena;
    for (size_t i = 0; i < 2; i++) {
        struct value *of = &values[i * JWKS_COLUMNS];

        of[JWKS_ID] = value_text(i == 0 ? SLICE("7") : SLICE("8"));
        of[JWKS_PUBLIC_KEY] = value_text(row.public_key);
        of[JWKS_PRIVATE_KEY] = value_text(row.private_key);
        of[JWKS_CREATED_AT] = value_time(NOW);
        of[JWKS_ALG] = value_text(i == 0 ? SLICE("ES256") : SLICE("ES512"));
    }
    TRY(key_ring_new(&settings, &from, &ring));
    signs = key_ring_signing(ring, NOW) != NULL && key_ring_listed(ring) == 2;
    key_ring_release(ring);
    return signs ? STATUS_OK : STATUS_UNREADABLE;
}

static enum status match_bcrypt(struct arena *arena)
{
    bool matches = false;

    (void)arena;
    TRY(bcrypt_matches(
        SLICE("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        SLICE("U*U"), &matches));
    return matches ? STATUS_OK : STATUS_INVALID_TOKEN;
}

/* Whether anything failed: past the last call nothing does. */
static bool try_once(enum status (*run)(struct arena *), unsigned n,
                     bool lasting)
{
    long before = memory_held;
    struct arena arena;
    enum status status;
    unsigned failed;

    arena_init(&arena, (size_t)1 << 20);
    failing_arm(n, lasting);
    status = run(&arena);
    failed = failing_disarm();
    arena_release(&arena);
    if (failed > 0) {
        check_status(status, STATUS_NO_MEMORY);
    } else {
        check_ok(status);
    }
    assert_int_equal(memory_held, before);
    return failed > 0;
}

static void torture(enum status (*run)(struct arena *))
{
    unsigned n = 1;

    while (try_once(run, n, false)) {
        assert_true(n < CALLS_MAX);
        n++;
    }
    assert_true(n > 1);
    for (n = 1; try_once(run, n, true); n++) {
        assert_true(n < CALLS_MAX);
    }
}

static void of_secrets(void **state)
{
    (void)state;
    torture(make_secrets);
}

static void of_signed_texts(void **state)
{
    (void)state;
    torture(sign_and_open);
}

static void of_mailed_tokens(void **state)
{
    (void)state;
    torture(mail_and_open);
}

static void of_copies(void **state)
{
    (void)state;
    torture(copy_and_open);
}

static void of_their_cookies(void **state)
{
    (void)state;
    torture(split_and_join);
}

static void of_keys(void **state)
{
    (void)state;
    torture(open_row);
    torture(make_row);
}

static void of_key_rings(void **state)
{
    (void)state;
    torture(make_ring);
}

static void of_imported_passwords(void **state)
{
    (void)state;
    torture(match_bcrypt);
}

static int set_up(void **state)
{
    const struct schema_settings tables = {.jwt = true};
    struct slice why;

    (void)state;
    arena_init(&kept, (size_t)1 << 20);
    check_ok(schema_make(&tables, &kept, &why, &schema));
    secrets = lab_rotated();
    check_ok(signed_make_cookie(secrets, SLICE("t"), &kept, &cookie));
    check_ok(mail_token_make(secrets, &token, &kept, &mail));
    for (size_t i = 0; i < 3; i++) {
        check_ok(session_cache_make(secrets, (enum session_cache_form)i, &input,
                                    &kept, &copies[i]));
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    secrets_free(secrets);
    arena_release(&kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_secrets),
        cmocka_unit_test(of_signed_texts),
        cmocka_unit_test(of_mailed_tokens),
        cmocka_unit_test(of_copies),
        cmocka_unit_test(of_their_cookies),
        cmocka_unit_test(of_keys),
        cmocka_unit_test(of_key_rings),
        cmocka_unit_test(of_imported_passwords),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
