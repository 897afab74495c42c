/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "codec/json_read.h"
#include "crypto/jws.h"
#include "crypto/jwt.h"

/* Now is 1000 seconds; the other clock may be 10 wrong. */
static const struct jwt_rules rules = {
    .issuer = SLICE_INIT("https://book.example"),
    .audience = SLICE_INIT("https://api.example"),
    .now_ms = 1000000,
    .leeway_ms = 10000,
};

static struct arena arena;

static enum status check(struct slice payload, const struct jwt_rules *by)
{
    const struct jws jws = {.type = SLICE_EMPTY};
    struct jwt_claims claims;

    return jwt_check(&jws, payload, by, &arena, &claims);
}

/* A token that is right but for what the test puts behind its claims. */
static void check_with(const char *more, enum status expected)
{
    struct slice payload;

    check_ok(arena_format(&arena, &payload,
                          "{\"iss\":\"https://book.example\","
                          "\"aud\":\"https://api.example\"%s}",
                          more));
    check_status(check(payload, &rules), expected);
}

static void takes_the_original_s_claims(void **state)
{
    const struct jws jws = {.type = SLICE_EMPTY};
    struct jwt_claims claims;
    struct slice email;

    (void)state;
    check_ok(jwt_check(
        &jws,
        SLICE("{\"iat\":990,\"email\":\"a@b.c\",\"sub\":\"u1\",\"exp\":1890,"
              "\"iss\":\"https://book.example\","
              "\"aud\":\"https://api.example\"}"),
        &rules, &arena, &claims));
    check_text(claims.subject, "u1");
    check_ok(json_text(json_get(claims.all, SLICE("email")), &email));
    check_text(email, "a@b.c");
}

static void expiry_is_to_the_second_with_leeway(void **state)
{
    (void)state;
    check_with(",\"exp\":1000", STATUS_OK);
    check_with(",\"exp\":991", STATUS_OK);
    check_with(",\"exp\":990.5", STATUS_OK);
    check_with(",\"exp\":990", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":0", STATUS_INVALID_TOKEN);
}

static void refuses_a_missing_or_strange_expiry(void **state)
{
    (void)state;
    check_with("", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":null", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":\"2000\"", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":[2000]", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":-1", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":1e300", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":9223372036854775807", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":2000,\"exp\":2000", STATUS_INVALID_TOKEN);
}

static void refuses_a_token_from_the_future(void **state)
{
    (void)state;
    check_with(",\"exp\":2000,\"nbf\":1010", STATUS_OK);
    check_with(",\"exp\":2000,\"nbf\":1011", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":2000,\"iat\":1010", STATUS_OK);
    check_with(",\"exp\":2000,\"iat\":1011", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":2000,\"iat\":\"1\"", STATUS_INVALID_TOKEN);
    check_with(",\"exp\":2000,\"nbf\":null", STATUS_INVALID_TOKEN);
}

static void refuses_another_issuer_or_audience(void **state)
{
    static const char *const refused[] = {
        "{\"exp\":2000,\"aud\":\"https://api.example\"}",
        "{\"exp\":2000,\"iss\":\"https://book.example\"}",
        "{\"exp\":2000,\"iss\":\"https://book.example/\","
        "\"aud\":\"https://api.example\"}",
        "{\"exp\":2000,\"iss\":[\"https://book.example\"],"
        "\"aud\":\"https://api.example\"}",
        "{\"exp\":2000,\"iss\":\"https://book.example\",\"aud\":[]}",
        "{\"exp\":2000,\"iss\":\"https://book.example\","
        "\"aud\":{\"x\":\"https://api.example\"}}",
        "{\"exp\":2000,\"iss\":\"https://book.example\","
        "\"aud\":[[\"https://api.example\"]]}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        check_status(check(slice_from_cstr(refused[i]), &rules),
                     STATUS_INVALID_TOKEN);
    }
    check_ok(check(SLICE("{\"exp\":2000,\"iss\":\"https://book.example\","
                         "\"aud\":[\"x\",1,\"https://api.example\"]}"),
                   &rules));
}

static void asks_only_for_what_the_rules_name(void **state)
{
    const struct jwt_rules loose = {.now_ms = 1000000};

    (void)state;
    check_ok(check(SLICE("{\"exp\":1001}"), &loose));
    check_status(check(SLICE("{\"exp\":1000}"), &loose), STATUS_INVALID_TOKEN);
}

static void the_type_must_fit(void **state)
{
    static const struct {
        const char *type;
        const char *wanted;
        enum status expected;
    } cases[] = {
        {"", "", STATUS_OK},
        {"JWT", "", STATUS_OK},
        {"jwt", "", STATUS_OK},
        {"application/jwt", "", STATUS_OK},
        {"at+jwt", "", STATUS_INVALID_TOKEN},
        {"at+jwt", "at+jwt", STATUS_OK},
        {"application/at+jwt", "at+jwt", STATUS_OK},
        {"JWT", "at+jwt", STATUS_INVALID_TOKEN},
        {"", "at+jwt", STATUS_INVALID_TOKEN},
        {"application/", "", STATUS_INVALID_TOKEN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct jws jws = {.type = slice_from_cstr(cases[i].type)};
        const struct jwt_rules typed = {
            .type = slice_from_cstr(cases[i].wanted), .now_ms = 1000000};
        struct jwt_claims claims;

        check_status(
            jwt_check(&jws, SLICE("{\"exp\":2000}"), &typed, &arena, &claims),
            cases[i].expected);
    }
}

static void refuses_what_is_no_object(void **state)
{
    const struct jwt_rules loose = {.now_ms = 1000000};

    (void)state;
    check_status(check(SLICE(""), &loose), STATUS_INVALID_TOKEN);
    check_status(check(SLICE("[]"), &loose), STATUS_INVALID_TOKEN);
    check_status(check(SLICE("null"), &loose), STATUS_INVALID_TOKEN);
    check_status(check(SLICE("{\"exp\":2000"), &loose), STATUS_INVALID_TOKEN);
    check_status(check(SLICE("{\"exp\":2000,\"sub\":7}"), &loose),
                 STATUS_INVALID_TOKEN);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_original_s_claims),
        cmocka_unit_test(expiry_is_to_the_second_with_leeway),
        cmocka_unit_test(refuses_a_missing_or_strange_expiry),
        cmocka_unit_test(refuses_a_token_from_the_future),
        cmocka_unit_test(refuses_another_issuer_or_audience),
        cmocka_unit_test(asks_only_for_what_the_rules_name),
        cmocka_unit_test(the_type_must_fit),
        cmocka_unit_test(refuses_what_is_no_object),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
