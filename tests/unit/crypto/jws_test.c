/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "codec/base64.h"
#include "crypto/init.h"
#include "crypto/jws.h"

static struct arena arena;
static struct key *rsa;
static struct key *edwards;

/* header.payload.signature, all given as plain text but for the signature. */
static struct slice assemble(struct slice header, struct slice payload,
                             const struct key *key)
{
    struct slice text = SLICE_EMPTY;
    struct slice signature;
    struct buf buf;

    buf_init(&buf, &arena, (size_t)1 << 20);
    base64url_encode(&buf, header);
    buf_add_byte(&buf, '.');
    base64url_encode(&buf, payload);
    check_ok(buf_finish(&buf, &text));
    check_ok(key_sign(key, text, &arena, &signature));
    buf_add_byte(&buf, '.');
    base64url_encode(&buf, signature);
    check_ok(buf_finish(&buf, &text));
    return text;
}

static enum status verify(struct slice token, const struct key *key)
{
    struct slice payload = SLICE_EMPTY;
    struct jws jws;

    TRY(jws_parse(token, &arena, &jws));
    return jws_verify(&jws, key, &arena, &payload);
}

static void check_header(const char *header, enum status expected)
{
    check_status(verify(assemble(slice_from_cstr(header), SLICE("{}"), edwards),
                        edwards),
                 expected);
}

static void gives_back_what_it_signed(void **state)
{
    struct key *keys[] = {rsa, edwards};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct slice token;
        struct slice payload;
        struct jws jws;

        check_ok(jws_sign(keys[i], SLICE("at+jwt"), SLICE("{\"a\":1}"), &arena,
                          &token));
        check_ok(jws_parse(token, &arena, &jws));
        check_slice(jws.key_id, key_id(keys[i]));
        check_text(jws.type, "at+jwt");
        check_ok(jws_verify(&jws, keys[i], &arena, &payload));
        check_text(payload, "{\"a\":1}");
    }
}

static void writes_the_header_of_the_original(void **state)
{
    struct slice token;
    struct slice header;

    (void)state;
    check_ok(jws_sign(rsa, SLICE_EMPTY, SLICE("{}"), &arena, &token));
    check_ok(base64url_decode(&arena, slice_head(token, slice_find(token, '.')),
                              &header));
    check_text(header, "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}");
}

static void refuses_another_key_and_another_algorithm(void **state)
{
    struct slice token;

    (void)state;
    check_ok(jws_sign(rsa, SLICE_EMPTY, SLICE("{}"), &arena, &token));
    check_status(verify(token, edwards), STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\"}", STATUS_OK);
    check_header("{\"alg\":\"EdDSA\",\"kid\":\"ed-1\"}", STATUS_OK);
    check_header("{\"alg\":\"EdDSA\",\"kid\":\"rsa-1\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"none\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"HS256\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"RS256\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"eddsa\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":[\"EdDSA\"]}", STATUS_INVALID_TOKEN);
    check_header("{}", STATUS_INVALID_TOKEN);
}

static void refuses_headers_that_ask_for_more(void **state)
{
    (void)state;
    check_header("{\"alg\":\"EdDSA\",\"crit\":[\"exp\"]}",
                 STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"crit\":[]}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"b64\":false}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"b64\":true}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"jwk\":{}}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"jku\":\"https://evil.example/\"}",
                 STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"x5u\":\"x\"}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"x5c\":[]}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"kid\":null}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"typ\":1}", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\",\"x5t\":\"ignored\"}", STATUS_OK);
}

static void refuses_headers_that_are_no_object(void **state)
{
    (void)state;
    check_header("", STATUS_INVALID_TOKEN);
    check_header("[]", STATUS_INVALID_TOKEN);
    check_header("\"EdDSA\"", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\"", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"EdDSA\"} x", STATUS_INVALID_TOKEN);
    check_header("{\"alg\":\"none\",\"alg\":\"EdDSA\"}", STATUS_INVALID_TOKEN);
}

static void refuses_a_change_or_a_cut_at_every_byte(void **state)
{
    struct slice token;
    char *bytes;

    (void)state;
    check_ok(
        jws_sign(edwards, SLICE_EMPTY, SLICE("{\"a\":1}"), &arena, &token));
    check_ok(verify(token, edwards));
    bytes = arena_alloc(&arena, token.len);
    for (size_t i = 0; i < token.len; i++) {
        check_status(verify(slice_head(token, i), edwards),
                     STATUS_INVALID_TOKEN);
        for (size_t j = 0; j < 5; j++) {
            memcpy(bytes, token.ptr, token.len);
            bytes[i] = "AB.= "[j];
            if (bytes[i] != token.ptr[i]) {
                check_status(verify(slice_make(bytes, token.len), edwards),
                             STATUS_INVALID_TOKEN);
            }
        }
    }
}

static void refuses_other_shapes(void **state)
{
    static const char *const shapes[] = {
        "%.*s.", ".%.*s",  "%.*s.AAAA",         "%.*s=",
        " %.*s", "%.*s\n", "%.*s.e30.AAAA.AAAA"};
    struct slice token;
    struct slice shaped;

    (void)state;
    check_ok(jws_sign(edwards, SLICE_EMPTY, SLICE("{}"), &arena, &token));
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        const char *at = strstr(shapes[i], "%.*s");

        check_ok(arena_format(&arena, &shaped, "%.*s%.*s%s",
                              (int)(at - shapes[i]), shapes[i],
                              SLICE_ARG(token), at + 4));
        check_status(verify(shaped, edwards), STATUS_INVALID_TOKEN);
    }
    check_status(verify(SLICE(""), edwards), STATUS_INVALID_TOKEN);
    check_status(verify(SLICE(".."), edwards), STATUS_INVALID_TOKEN);
    check_status(verify(SLICE("..."), edwards), STATUS_INVALID_TOKEN);
}

static void refuses_what_is_too_long(void **state)
{
    static char big[JWS_LIMIT];
    struct slice token;
    struct slice header;

    (void)state;
    memset(big, ' ', sizeof(big));
    check_status(jws_sign(edwards, SLICE_EMPTY, slice_make(big, sizeof(big)),
                          &arena, &token),
                 STATUS_TOO_LARGE);
    check_status(verify(assemble(SLICE("{\"alg\":\"EdDSA\"}"),
                                 slice_make(big, sizeof(big)), edwards),
                        edwards),
                 STATUS_INVALID_TOKEN);
    check_ok(arena_format(&arena, &header, "{\"alg\":\"EdDSA\"}%.*s",
                          (int)JWS_HEADER_LIMIT, big));
    check_status(verify(assemble(header, SLICE("{}"), edwards), edwards),
                 STATUS_INVALID_TOKEN);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    check_ok(crypto_init());
    check_ok(key_generate(KEY_RS256, SLICE("rsa-1"), &rsa));
    check_ok(key_generate(KEY_EDDSA, SLICE("ed-1"), &edwards));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    key_free(rsa);
    key_free(edwards);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_it_signed),
        cmocka_unit_test(writes_the_header_of_the_original),
        cmocka_unit_test(refuses_another_key_and_another_algorithm),
        cmocka_unit_test(refuses_headers_that_ask_for_more),
        cmocka_unit_test(refuses_headers_that_are_no_object),
        cmocka_unit_test(refuses_a_change_or_a_cut_at_every_byte),
        cmocka_unit_test(refuses_other_shapes),
        cmocka_unit_test(refuses_what_is_too_long),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
