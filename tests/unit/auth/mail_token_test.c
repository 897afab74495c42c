/* SPDX-License-Identifier: Apache-2.0 */
#include "lab.h"

#include "auth/mail_token.h"
#include "auth/secret_jwt.h"
#include "auth/session_cache.h"
#include "codec/base64.h"

/* Made by the original at 1800000000 s, for an hour. */
#define MAIL                                                                   \
    "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFAZXhhbXBsZS5jb20iLCJpYXQiOjE4MDAwM"   \
    "DAwMDAsImV4cCI6MTgwMDAwMzYwMH0.7SkTRndbSmQliqv5R81FHWW0flq8w1uRF7qm_6U"   \
    "55tY"
#define MAIL_CHANGE                                                            \
    "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFAZXhhbXBsZS5jb20iLCJ1cGRhdGVUbyI6I"   \
    "mJAZXhhbXBsZS5jb20iLCJyZXF1ZXN0VHlwZSI6ImNoYW5nZS1lbWFpbC1jb25maXJtYXR"   \
    "pb24iLCJpYXQiOjE4MDAwMDAwMDAsImV4cCI6MTgwMDAwMzYwMH0.pMpSW9riiDQJ8HvvY"   \
    "krCs9LAAc66_X6b1Ei7L8pdIx4"
#define MAIL_FULL                                                              \
    "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFAZXhhbXBsZS5jb20iLCJ1cGRhdGVUbyI6I"   \
    "mJAZXhhbXBsZS5jb20iLCJyZXF1ZXN0VHlwZSI6ImNoYW5nZS1lbWFpbC12ZXJpZmljYXR"   \
    "pb24iLCJ1c2VySWQiOiJWaXpPUkEzd3VzZXIwMDAwMDAwMDAwMDAwMDAwMDAwMSIsImlhd"   \
    "CI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAzNjAwfQ.4FMvlX7-iVNiwFQK2bgigC4N0Bso"   \
    "k2WcKwOmSD5IM18"
#define NOW  ((int64_t)1800000000000)
#define HOUR ((int64_t)3600000)

static struct arena arena;
static struct secrets *secrets;

static const struct mail_token full = {
    .email = SLICE_INIT("a@example.com"),
    .update_to = SLICE_INIT("b@example.com"),
    .request_type = SLICE_INIT("change-email-verification"),
    .user_id = SLICE_INIT("VizORA3wuser00000000000000000001"),
    .issued_ms = NOW + 123,
    .expires_ms = NOW + HOUR + 123,
};

static void makes_the_original_s_tokens(void **state)
{
    struct mail_token token = full;
    struct slice out;

    (void)state;
    check_ok(mail_token_make(secrets, &token, &arena, &out));
    check_text(out, MAIL_FULL);
    token.user_id = SLICE_EMPTY;
    token.request_type = SLICE("change-email-confirmation");
    check_ok(mail_token_make(secrets, &token, &arena, &out));
    check_text(out, MAIL_CHANGE);
    token.request_type = SLICE_EMPTY;
    token.update_to = SLICE_EMPTY;
    check_ok(mail_token_make(secrets, &token, &arena, &out));
    check_text(out, MAIL);
}

static void opens_the_original_s_tokens(void **state)
{
    struct mail_token token;

    (void)state;
    check_ok(mail_token_open(secrets, SLICE(MAIL_FULL), NOW, &arena, &token));
    check_slice(token.email, full.email);
    check_slice(token.update_to, full.update_to);
    check_slice(token.request_type, full.request_type);
    check_slice(token.user_id, full.user_id);
    assert_int_equal(token.issued_ms, NOW);
    assert_int_equal(token.expires_ms, NOW + HOUR);
    check_ok(mail_token_open(secrets, SLICE(MAIL), NOW, &arena, &token));
    check_slice(token.email, full.email);
    check_text(token.update_to, "");
    check_text(token.request_type, "");
    check_text(token.user_id, "");
}

static void check_open(const struct secrets *by, struct slice text, int64_t now,
                       enum status expected)
{
    struct mail_token token = {.email = SLICE("untouched")};

    check_status(mail_token_open(by, text, now, &arena, &token), expected);
    if (expected != STATUS_OK) {
        check_text(token.email, "untouched");
    }
}

static void tells_an_old_token_from_a_wrong_one(void **state)
{
    (void)state;
    check_open(secrets, SLICE(MAIL), NOW + HOUR - 1, STATUS_OK);
    check_open(secrets, SLICE(MAIL), NOW + HOUR, STATUS_TOKEN_EXPIRED);
    check_open(secrets, SLICE(MAIL), NOW * 2, STATUS_TOKEN_EXPIRED);
    /* Another clock may be behind: a token from the future is taken. */
    check_open(secrets, SLICE(MAIL), NOW - HOUR, STATUS_OK);
    assert_int_equal(status_http(STATUS_TOKEN_EXPIRED), 401);
    check_text(status_code(STATUS_TOKEN_EXPIRED), "TOKEN_EXPIRED");
    check_text(status_text(STATUS_TOKEN_EXPIRED), "Token expired");
}

static void an_old_token_must_be_ours_too(void **state)
{
    struct secrets *foreign = lab_foreign();

    (void)state;
    check_open(foreign, SLICE(MAIL), NOW, STATUS_INVALID_TOKEN);
    check_open(foreign, SLICE(MAIL), NOW + HOUR, STATUS_INVALID_TOKEN);
    secrets_free(foreign);
}

static void survives_a_rotation(void **state)
{
    struct secrets *rotated = lab_rotated();
    struct secrets *foreign = lab_foreign();
    struct slice text;

    (void)state;
    check_open(rotated, SLICE(MAIL), NOW, STATUS_OK);
    check_ok(mail_token_make(rotated, &full, &arena, &text));
    check_open(rotated, text, NOW, STATUS_OK);
    check_open(foreign, text, NOW, STATUS_OK);
    check_open(secrets, text, NOW, STATUS_INVALID_TOKEN);
    secrets_free(rotated);
    secrets_free(foreign);
}

static void refuses_any_changed_or_missing_byte(void **state)
{
    const struct slice whole = SLICE(MAIL);

    (void)state;
    for (size_t i = 0; i < whole.len; i++) {
        char other = whole.ptr[i] == 'A' ? 'B' : 'A';

        check_open(secrets, lab_changed(&arena, whole, i, other), NOW,
                   STATUS_INVALID_TOKEN);
        check_open(secrets, slice_head(whole, i), NOW, STATUS_INVALID_TOKEN);
        check_open(secrets, slice_from(whole, i + 1), NOW,
                   STATUS_INVALID_TOKEN);
    }
}

/* The payload of MAIL under another header, rightly signed all the same. */
static struct slice sign_under(const char *header)
{
    struct slice payload =
        slice_from(SLICE(MAIL), sizeof("eyJhbGciOiJIUzI1NiJ9"));
    unsigned char mac[HMAC_BYTES];
    struct slice text;
    struct buf buf;

    payload = slice_head(payload, slice_find(payload, '.'));
    buf_init(&buf, &arena, 4096);
    base64url_encode(&buf, slice_from_cstr(header));
    buf_add_byte(&buf, '.');
    buf_add(&buf, payload);
    check_ok(buf_finish(&buf, &text));
    check_ok(secrets_sign(secrets, text, mac));
    buf_add_byte(&buf, '.');
    base64url_encode(&buf, slice_make(mac, sizeof(mac)));
    check_ok(buf_finish(&buf, &text));
    return text;
}

static void check_header(const char *header, enum status expected)
{
    struct slice text = sign_under(header);

    check_open(secrets, text, NOW, expected);
    check_open(secrets, slice_head(text, text.len - 43), NOW,
               STATUS_INVALID_TOKEN);
}

static void takes_no_other_algorithm(void **state)
{
    (void)state;
    check_header("{\"alg\":\"HS256\"}", STATUS_OK);
    check_header("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", STATUS_OK);
    check_header("{\"alg\":\"none\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"hs256\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"HS512\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"RS256\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":[\"HS256\"]}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"HS256\",\"crit\":[]}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"HS256\",\"b64\":false}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"HS256\",\"jwk\":{}}", STATUS_INVALID_TOKEN);
    check_header("{}", STATUS_INVALID_TOKEN);
}

static void check_payload(const char *payload, enum status expected)
{
    struct slice text;

    check_ok(secret_jwt_make(secrets, slice_from_cstr(payload), &arena, &text));
    check_open(secrets, text, NOW, expected);
}

static void refuses_other_payloads_of_ours(void **state)
{
    (void)state;
    check_payload("{\"email\":\"a\",\"exp\":1800000001}", STATUS_OK);
    check_payload("{\"email\":\"a\",\"exp\":1800000000.5}", STATUS_OK);
    check_payload("{\"email\":\"a\",\"exp\":1800000000}", STATUS_TOKEN_EXPIRED);
    check_payload("{\"email\":\"a\"}", STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"exp\":\"1800000001\"}",
                  STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"exp\":-1}", STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"exp\":1e300}", STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"exp\":1800000001,\"nbf\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"exp\":1800000001,\"nbf\":null}",
                  STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"exp\":1800000001,\"nbf\":1800000000}",
                  STATUS_OK);
    check_payload("{\"exp\":1800000001}", STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"\",\"exp\":1800000001}", STATUS_INVALID_TOKEN);
    check_payload("{\"email\":7,\"exp\":1800000001}", STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"updateTo\":[],\"exp\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"requestType\":1,\"exp\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"userId\":null,\"exp\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("{\"email\":\"a\",\"email\":\"b\",\"exp\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("[]", STATUS_INVALID_TOKEN);
    check_payload("x", STATUS_INVALID_TOKEN);
}

static void a_session_s_copy_is_no_mail_token(void **state)
{
    const struct session_cache_input input = {
        .session = SLICE("{\"token\":\"t\",\"email\":\"a@example.com\"}"),
        .user = SLICE("{\"email\":\"a@example.com\"}"),
        .version = SLICE("1"),
        .now_ms = NOW,
        .max_age_s = 300,
    };
    struct slice text;

    (void)state;
    check_ok(
        session_cache_make(secrets, SESSION_CACHE_JWT, &input, &arena, &text));
    check_open(secrets, text, NOW, STATUS_INVALID_TOKEN);
}

static void bounds_what_it_makes_and_reads(void **state)
{
    struct mail_token token = full;
    char *bytes = arena_alloc(&arena, 20000);
    struct slice text;

    (void)state;
    assert_non_null(bytes);
    memset(bytes, 'a', 20000);
    token.email = slice_make(bytes, 320);
    token.update_to = slice_make(bytes, 320);
    check_ok(mail_token_make(secrets, &token, &arena, &text));
    check_open(secrets, text, NOW, STATUS_OK);
    token.email = slice_make(bytes, 5000);
    check_status(mail_token_make(secrets, &token, &arena, &text),
                 STATUS_TOO_LARGE);
    check_open(secrets, slice_make(bytes, 20000), NOW, STATUS_INVALID_TOKEN);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)4 << 20);
    secrets = lab_single();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    secrets_free(secrets);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_the_original_s_tokens),
        cmocka_unit_test(opens_the_original_s_tokens),
        cmocka_unit_test(tells_an_old_token_from_a_wrong_one),
        cmocka_unit_test(an_old_token_must_be_ours_too),
        cmocka_unit_test(survives_a_rotation),
        cmocka_unit_test(refuses_any_changed_or_missing_byte),
        cmocka_unit_test(takes_no_other_algorithm),
        cmocka_unit_test(refuses_other_payloads_of_ours),
        cmocka_unit_test(a_session_s_copy_is_no_mail_token),
        cmocka_unit_test(bounds_what_it_makes_and_reads),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
