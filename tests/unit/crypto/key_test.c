/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "codec/base64.h"
#include "codec/json_read.h"
#include "codec/json_write.h"
#include "crypto/init.h"
#include "crypto/key.h"
#include "crypto/secret.h"

#include <pthread.h>

#define ALGORITHMS 3

/* RFC 8037 appendix A. */
#define OKP_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define OKP_D "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
/* RFC 7515 appendix A.3. */
#define EC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define EC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define EC_D "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"

static struct arena arena;
/* One of each algorithm, made once: an RSA key takes its time. */
static struct key *keys[ALGORITHMS];

static enum status import(struct slice text, struct key **out)
{
    const struct json *jwk = NULL;

    *out = NULL;
    check_ok(json_parse(&arena, text, JSON_LIMITS_DEFAULT, &jwk));
    return key_from_jwk(jwk, SLICE_EMPTY, out);
}

static void check_refused(struct slice text)
{
    struct key *key;

    check_status(import(text, &key), STATUS_INVALID_VALUE);
    assert_null(key);
}

#define check_refused_text(literal) check_refused(SLICE(literal))

/* What one signs the other verifies. */
static void check_pair(const struct key *signing, const struct key *verifying)
{
    struct slice signature;

    check_ok(key_sign(signing, SLICE("data"), &arena, &signature));
    check_ok(key_verify(verifying, SLICE("data"), signature));
    check_status(key_verify(verifying, SLICE("date"), signature),
                 STATUS_INVALID_TOKEN);
}

static void signs_and_refuses_every_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALGORITHMS; i++) {
        struct slice signature;
        char *bytes;

        check_pair(keys[i], keys[i]);
        check_ok(key_sign(keys[i], SLICE("data"), &arena, &signature));
        bytes = arena_alloc(&arena, signature.len + 1);
        memset(bytes, 0, signature.len + 1);
        for (size_t at = 0; at < signature.len; at++) {
            memcpy(bytes, signature.ptr, signature.len);
            bytes[at] = (char)(bytes[at] ^ 1);
            check_status(key_verify(keys[i], SLICE("data"),
                                    slice_make(bytes, signature.len)),
                         STATUS_INVALID_TOKEN);
        }
        memcpy(bytes, signature.ptr, signature.len);
        for (size_t len = 0; len <= signature.len + 1; len++) {
            check_status(
                key_verify(keys[i], SLICE("data"), slice_make(bytes, len)),
                len == signature.len ? STATUS_OK : STATUS_INVALID_TOKEN);
        }
    }
}

static void refuses_signatures_of_zeros_and_of_ones(void **state)
{
    static char bytes[KEY_SIGNATURE_LIMIT];

    (void)state;
    for (int fill = 0; fill < 256; fill += 255) {
        memset(bytes, fill, sizeof(bytes));
        for (size_t i = 0; i < ALGORITHMS; i++) {
            check_status(key_verify(keys[i], SLICE("data"),
                                    slice_make(bytes, i == 0 ? 256 : 64)),
                         STATUS_INVALID_TOKEN);
        }
    }
}

static void travels_as_pem(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALGORITHMS; i++) {
        CLEANUP(secret_release) struct secret pem = {NULL, 0};
        struct slice public_pem;
        struct key *whole = NULL;
        struct key *half = NULL;

        check_ok(key_private_pem(keys[i], &pem));
        check_ok(key_from_pem(secret_reveal(&pem), SLICE_EMPTY, &whole));
        check_ok(key_public_pem(keys[i], &arena, &public_pem));
        check_ok(key_from_pem(public_pem, SLICE("k"), &half));
        check_pair(whole, keys[i]);
        check_pair(keys[i], half);
        check_slice(key_id(whole), key_id(keys[i]));
        check_text(key_id(half), "k");
        assert_true(key_is_private(whole));
        assert_false(key_is_private(half));
        key_free(whole);
        key_free(half);
    }
}

static void travels_as_jwk(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALGORITHMS; i++) {
        CLEANUP(secret_release) struct secret jwk = {NULL, 0};
        struct slice public_jwk;
        struct key *whole = NULL;
        struct key *half = NULL;

        check_ok(key_private_jwk(keys[i], &jwk));
        check_ok(import(secret_reveal(&jwk), &whole));
        check_ok(key_public_jwk(keys[i], &arena, &public_jwk));
        assert_false(slice_contains(public_jwk, SLICE("\"d\"")));
        check_ok(import(public_jwk, &half));
        check_pair(whole, half);
        check_slice(key_id(half), key_id(keys[i]));
        assert_true(key_is_private(whole));
        assert_false(key_is_private(half));
        key_free(whole);
        key_free(half);
    }
}

static void a_public_half_neither_signs_nor_leaks(void **state)
{
    CLEANUP(secret_release) struct secret secret = {NULL, 0};
    struct slice out = SLICE_EMPTY;
    struct key *key;

    (void)state;
    check_ok(import(
        SLICE("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" OKP_X "\"}"),
        &key));
    check_status(key_sign(key, SLICE("x"), &arena, &out), STATUS_INVALID_VALUE);
    check_status(key_private_pem(key, &secret), STATUS_INVALID_VALUE);
    check_status(key_private_jwk(key, &secret), STATUS_INVALID_VALUE);
    assert_null(secret.bytes);
    key_free(key);
    key_free(NULL);
}

/* RFC 8037 appendix A.3. */
static void knows_the_thumbprint_of_rfc_8037(void **state)
{
    struct key *key;

    (void)state;
    check_ok(import(SLICE("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" OKP_D
                          "\",\"x\":\"" OKP_X "\"}"),
                    &key));
    check_text(key_id(key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    key_free(key);
}

static void writes_the_entry_of_a_key_set(void **state)
{
    struct json_writer writer;
    struct slice text;
    struct buf buf;
    struct key *key;

    (void)state;
    check_ok(import(SLICE("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
                          "\",\"y\":\"" EC_Y "\",\"kid\":\"row\",\"d\":\"" EC_D
                          "\",\"use\":\"sig\",\"alg\":\"ES256\","
                          "\"key_ops\":[\"verify\",\"sign\"]}"),
                    &key));
    check_pair(key, key);
    buf_init(&buf, &arena, KEY_TEXT_LIMIT);
    json_writer_init(&writer, &buf);
    check_ok(key_write_jwk(key, &writer));
    check_ok(json_write_finish(&writer, &text));
    check_text(text, "{\"alg\":\"ES256\",\"crv\":\"P-256\",\"kty\":\"EC\","
                     "\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\",\"kid\":\"row\"}");
    key_free(key);
}

static void refuses_wrong_edwards_keys(void **state)
{
    (void)state;
    check_refused_text("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" OKP_X
                       "\"}");
    check_refused_text("{\"kty\":\"OKP\",\"x\":\"" OKP_X "\"}");
    check_refused_text("{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}");
    check_refused_text("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}");
    check_refused_text("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" OKP_X
                       "=\"}");
    check_refused_text("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" OKP_X
                       "\",\"d\":\"" OKP_X "\"}");
    check_refused_text("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" OKP_X
                       "\",\"d\":1}");
    check_refused_text("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" OKP_X
                       "\",\"alg\":\"ES256\"}");
}

static void refuses_wrong_curve_keys(void **state)
{
    (void)state;
    check_refused_text("{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" EC_X
                       "\",\"y\":\"" EC_Y "\"}");
    /* Off the curve: x in place of y. */
    check_refused_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
                       "\",\"y\":\"" EC_X "\"}");
    /* Another's private half. */
    check_refused_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
                       "\",\"y\":\"" EC_Y "\",\"d\":\"" OKP_D "\"}");
    check_refused_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
                       "\",\"y\":\"\"}");
    check_refused_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
                       "\",\"y\":\"" EC_Y "\",\"use\":\"enc\"}");
    check_refused_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
                       "\",\"y\":\"" EC_Y "\",\"key_ops\":[\"encrypt\"]}");
    check_refused_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
                       "\",\"y\":\"" EC_Y "\",\"kid\":7}");
}

static void refuses_what_is_no_key(void **state)
{
    struct key *key = NULL;

    (void)state;
    check_refused_text("{}");
    check_refused_text("[]");
    check_refused_text("\"RSA\"");
    check_refused_text("{\"kty\":\"RSA\"}");
    check_refused_text("{\"kty\":\"oct\",\"k\":\"AAAA\"}");
    check_refused_text("{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}");
    check_status(key_from_jwk(NULL, SLICE_EMPTY, &key), STATUS_INVALID_VALUE);
    check_status(key_from_pem(SLICE(""), SLICE_EMPTY, &key),
                 STATUS_INVALID_VALUE);
    check_status(key_from_pem(SLICE("-----BEGIN PRIVATE KEY-----\nAAAA\n"
                                    "-----END PRIVATE KEY-----\n"),
                              SLICE_EMPTY, &key),
                 STATUS_INVALID_VALUE);
    check_status(
        key_from_pem(SLICE("-----BEGIN PRIVATE KEY-----\n"
                           "Proc-Type: 4,ENCRYPTED\n"
                           "DEK-Info: AES-256-CBC,"
                           "00112233445566778899AABBCCDDEEFF\n\n"
                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                           "-----END PRIVATE KEY-----\n"),
                     SLICE_EMPTY, &key),
        STATUS_INVALID_VALUE); /* and asks nobody for a passphrase */
    assert_null(key);
}

/* A public RSA key of so many bits, all of them ones, and this exponent. */
static struct slice rsa_jwk(size_t bits, const char *exponent)
{
    static char ones[KEY_RSA_MAX_BITS / 4];
    struct slice text = SLICE_EMPTY;
    struct slice n;
    struct buf buf;

    memset(ones, 0xff, sizeof(ones));
    buf_init(&buf, &arena, KEY_TEXT_LIMIT);
    base64url_encode(&buf, slice_make(ones, bits / 8));
    check_ok(buf_finish(&buf, &n));
    check_ok(arena_format(&arena, &text,
                          "{\"kty\":\"RSA\",\"n\":\"%.*s\",\"e\":\"%s\"}",
                          SLICE_ARG(n), exponent));
    return text;
}

static void refuses_rsa_too_short_too_long_or_with_a_bad_exponent(void **state)
{
    struct key *key;

    (void)state;
    check_ok(import(rsa_jwk(2048, "AQAB"), &key));
    key_free(key);
    check_ok(import(rsa_jwk(8192, "AQAB"), &key));
    key_free(key);
    check_refused(rsa_jwk(1024, "AQAB"));
    check_refused(rsa_jwk(2040, "AQAB"));
    check_refused(rsa_jwk(8200, "AQAB"));
    check_refused(rsa_jwk(16384, "AQAB"));
    check_refused(rsa_jwk(2048, "AQ"));           /* 1 */
    check_refused(rsa_jwk(2048, "Aw"));           /* 3 */
    check_refused(rsa_jwk(2048, "AQAA"));         /* 65536 */
    check_refused(rsa_jwk(2048, "AQAAAAAAAAAB")); /* beyond 2^64 */
    check_status(key_generate_rsa(1024, SLICE_EMPTY, &key),
                 STATUS_INVALID_VALUE);
    check_status(key_generate_rsa(16384, SLICE_EMPTY, &key),
                 STATUS_INVALID_VALUE);
}

static void refuses_an_id_that_is_too_long(void **state)
{
    static char id[KEY_ID_LIMIT + 1];
    struct key *key = NULL;

    (void)state;
    check_status(
        key_generate(KEY_EDDSA, slice_make(id, KEY_ID_LIMIT + 1), &key),
        STATUS_INVALID_VALUE);
    assert_null(key);
    check_ok(key_generate(KEY_EDDSA, slice_make(id, KEY_ID_LIMIT), &key));
    key_free(key);
}

static void a_cut_pem_is_refused_at_every_byte(void **state)
{
    CLEANUP(secret_release) struct secret pem = {NULL, 0};
    size_t end;

    (void)state;
    check_ok(key_private_pem(keys[KEY_EDDSA], &pem));
    end = pem.len - 1; /* the last newline may be missing */
    for (size_t len = 0; len < end; len++) {
        struct key *key = NULL;

        check_status(key_from_pem(slice_head(secret_reveal(&pem), len),
                                  SLICE_EMPTY, &key),
                     STATUS_INVALID_VALUE);
        assert_null(key);
    }
}

#define THREADS 4

static void *sign_and_verify(void *arg)
{
    const struct key *key = arg;
    struct arena own;
    unsigned good = 0;

    arena_init(&own, (size_t)1 << 20);
    for (int i = 0; i < 50; i++) {
        struct slice signature;

        if (key_sign(key, SLICE("data"), &own, &signature) == STATUS_OK &&
            key_verify(key, SLICE("data"), signature) == STATUS_OK) {
            good++;
        }
        arena_reset(&own);
    }
    arena_release(&own);
    return good == 50 ? arg : NULL;
}

static void several_threads_share_a_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALGORITHMS; i++) {
        pthread_t threads[THREADS];
        void *result = NULL;

        for (size_t t = 0; t < THREADS; t++) {
            assert_int_equal(
                pthread_create(&threads[t], NULL, sign_and_verify, keys[i]), 0);
        }
        for (size_t t = 0; t < THREADS; t++) {
            assert_int_equal(pthread_join(threads[t], &result), 0);
            assert_ptr_equal(result, keys[i]);
        }
    }
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    check_ok(crypto_init());
    for (int i = 0; i < ALGORITHMS; i++) {
        check_ok(key_generate((enum key_algorithm)i, SLICE_EMPTY, &keys[i]));
        assert_int_equal(key_algorithm(keys[i]), i);
        assert_int_equal(key_id(keys[i]).len, 43);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALGORITHMS; i++) {
        key_free(keys[i]);
    }
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_and_refuses_every_change),
        cmocka_unit_test(refuses_signatures_of_zeros_and_of_ones),
        cmocka_unit_test(travels_as_pem),
        cmocka_unit_test(travels_as_jwk),
        cmocka_unit_test(a_public_half_neither_signs_nor_leaks),
        cmocka_unit_test(knows_the_thumbprint_of_rfc_8037),
        cmocka_unit_test(writes_the_entry_of_a_key_set),
        cmocka_unit_test(refuses_wrong_edwards_keys),
        cmocka_unit_test(refuses_wrong_curve_keys),
        cmocka_unit_test(refuses_what_is_no_key),
        cmocka_unit_test(refuses_rsa_too_short_too_long_or_with_a_bad_exponent),
        cmocka_unit_test(refuses_an_id_that_is_too_long),
        cmocka_unit_test(several_threads_share_a_key),
        cmocka_unit_test(a_cut_pem_is_refused_at_every_byte),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
