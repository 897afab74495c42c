/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/clock.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/digest.h"
#include "crypto/equal.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/init.h"

static struct arena arena;

static struct slice hex(const unsigned char *bytes, size_t len)
{
    struct buf buf;
    struct slice text = SLICE_EMPTY;

    buf_init(&buf, &arena, 1024);
    hex_encode(&buf, slice_make(bytes, len));
    check_ok(buf_finish(&buf, &text));
    return text;
}

/* FIPS 180-4's example. */
static void sha2_of_abc(void **state)
{
    unsigned char out[SHA512_BYTES];

    (void)state;
    check_ok(digest_sha256(SLICE("abc"), out));
    check_text(hex(out, SHA256_BYTES),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
               "ad");
    check_ok(digest_sha384(SLICE("abc"), out));
    check_text(hex(out, SHA384_BYTES),
               "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5b"
               "ed8086072ba1e7cc2358baeca134c825a7");
    check_ok(digest_sha512(SLICE("abc"), out));
    check_text(hex(out, SHA512_BYTES),
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d3"
               "9a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54c"
               "a49f");
    check_ok(digest_sha256(slice_make(NULL, 0), out));
    check_text(hex(out, SHA256_BYTES),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8"
               "55");
}

/* RFC 4231, cases 2 and 6: a short key, and one longer than a block. */
static void hmac_of_rfc_4231(void **state)
{
    unsigned char out[HMAC_BYTES];
    char long_key[131];
    struct hmac_key *key = NULL;

    (void)state;
    check_ok(hmac_key_new(SLICE("Jefe"), &key));
    check_ok(hmac_sign(key, SLICE("what do ya want for nothing?"), out));
    check_text(hex(out, HMAC_BYTES),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38"
               "43");
    hmac_key_free(key);
    memset(long_key, 0xaa, sizeof(long_key));
    check_ok(hmac_key_new(slice_make(long_key, sizeof(long_key)), &key));
    check_ok(hmac_sign(key,
                       SLICE("Test Using Larger Than Block-Size Key - Hash Key"
                             " First"),
                       out));
    check_text(hex(out, HMAC_BYTES),
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f"
               "54");
    hmac_key_free(key);
    hmac_key_free(NULL);
}

/* What the original put behind the dot of a session cookie. */
static void hmac_signs_the_cookie_of_the_original(void **state)
{
    unsigned char out[HMAC_BYTES];
    struct hmac_key *key = NULL;
    struct slice text;
    struct buf buf;

    (void)state;
    check_ok(hmac_key_new(SLICE("bookplate-lab-secret-0123456789abcdefABCDEF"),
                          &key));
    check_ok(hmac_sign(key, SLICE("BcKPcULvfQW0r2Q8pzSXK74Qbyu92Nfq"), out));
    buf_init(&buf, &arena, 64);
    base64_encode(&buf, slice_make(out, HMAC_BYTES));
    check_ok(buf_finish(&buf, &text));
    check_text(text, "O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8=");
    hmac_key_free(key);
}

static void one_hmac_key_signs_many_times(void **state)
{
    unsigned char first[HMAC_BYTES];
    unsigned char again[HMAC_BYTES];
    struct hmac_key *key = NULL;

    (void)state;
    check_ok(hmac_key_new(slice_make(NULL, 0), &key));
    check_ok(hmac_sign(key, SLICE("a"), first));
    check_ok(hmac_sign(key, SLICE("b"), again));
    assert_memory_not_equal(first, again, HMAC_BYTES);
    check_ok(hmac_sign(key, SLICE("a"), again));
    assert_memory_equal(first, again, HMAC_BYTES);
    hmac_key_free(key);
}

static void hmac_verify_refuses_every_other_mac(void **state)
{
    unsigned char mac[HMAC_BYTES];
    struct hmac_key *key = NULL;

    (void)state;
    check_ok(hmac_key_new(SLICE("secret"), &key));
    check_ok(hmac_sign(key, SLICE("data"), mac));
    check_ok(hmac_verify(key, SLICE("data"), slice_make(mac, HMAC_BYTES)));
    check_status(hmac_verify(key, SLICE("date"), slice_make(mac, HMAC_BYTES)),
                 STATUS_INVALID_TOKEN);
    for (size_t len = 0; len < HMAC_BYTES; len++) {
        check_status(hmac_verify(key, SLICE("data"), slice_make(mac, len)),
                     STATUS_INVALID_TOKEN);
    }
    for (size_t bit = 0; bit < 8 * HMAC_BYTES; bit++) {
        mac[bit / 8] ^= (unsigned char)(1 << bit % 8);
        check_status(
            hmac_verify(key, SLICE("data"), slice_make(mac, HMAC_BYTES)),
            STATUS_INVALID_TOKEN);
        mac[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    hmac_key_free(key);
}

/* RFC 5869, appendix A.1. */
static void hkdf_of_rfc_5869(void **state)
{
    char secret[22];
    unsigned char out[42];
    struct hkdf_input input = {
        .secret = slice_make(secret, sizeof(secret)),
        .salt = SLICE("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"),
        .info = SLICE("\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9"),
    };

    (void)state;
    memset(secret, 0x0b, sizeof(secret));
    check_ok(hkdf_sha256(&input, out, sizeof(out)));
    check_text(hex(out, sizeof(out)),
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5"
               "bf34007208d5b887185865");
}

static void hkdf_refuses_what_rfc_5869_refuses(void **state)
{
    static unsigned char out[HKDF_OUT_LIMIT + 1];
    struct hkdf_input input = {SLICE("secret"), SLICE_EMPTY, SLICE_EMPTY};

    (void)state;
    check_status(hkdf_sha256(&input, out, 0), STATUS_INVALID_VALUE);
    check_status(hkdf_sha256(&input, out, sizeof(out)), STATUS_INVALID_VALUE);
    check_ok(hkdf_sha256(&input, out, HKDF_OUT_LIMIT));
    input.secret = SLICE_EMPTY;
    check_status(hkdf_sha256(&input, out, 32), STATUS_INVALID_VALUE);
}

static void equality_looks_at_every_byte(void **state)
{
    (void)state;
    assert_true(equal_in_constant_time(SLICE(""), slice_make(NULL, 0)));
    assert_true(equal_in_constant_time(SLICE("abc"), SLICE("abc")));
    assert_false(equal_in_constant_time(SLICE("abc"), SLICE("abd")));
    assert_false(equal_in_constant_time(SLICE("abc"), SLICE("xbc")));
    assert_false(equal_in_constant_time(SLICE("abc"), SLICE("ab")));
    assert_false(equal_in_constant_time(SLICE("a\0c"), SLICE("a\0d")));
}

static int set_up(void **state)
{
    int64_t start = clock_thread_cpu_us();

    (void)state;
    arena_init(&arena, (size_t)1 << 20);
    check_ok(crypto_init());
    print_message("# crypto_init: %d us\n",
                  (int)(clock_thread_cpu_us() - start));
    check_ok(crypto_init());
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
        cmocka_unit_test(sha2_of_abc),
        cmocka_unit_test(hmac_of_rfc_4231),
        cmocka_unit_test(hmac_signs_the_cookie_of_the_original),
        cmocka_unit_test(one_hmac_key_signs_many_times),
        cmocka_unit_test(hmac_verify_refuses_every_other_mac),
        cmocka_unit_test(hkdf_of_rfc_5869),
        cmocka_unit_test(hkdf_refuses_what_rfc_5869_refuses),
        cmocka_unit_test(equality_looks_at_every_byte),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
