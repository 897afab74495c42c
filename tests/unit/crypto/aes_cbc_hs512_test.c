/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "codec/hex.h"
#include "crypto/aes_cbc_hs512.h"
#include "crypto/init.h"

/* RFC 7518 appendix B.3. */
#define KEY                                                                    \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"         \
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
#define VECTOR "1af38c2dc2b96ffdd86694092341bc04"
#define TEXT                                                                   \
    "A cipher system must not be required to be secret, and it must be able "  \
    "to fall into the hands of the enemy without inconvenience"
#define ASSOCIATED "The second principle of Auguste Kerckhoffs"
#define CIPHERTEXT                                                             \
    "4affaaadb78c31c5da4b1b590d10ffbd3dd8d5d302423526912da037ecbcc7bd"         \
    "822c301dd67c373bccb584ad3e9279c2e6d12a1374b77f077553df829410446b"         \
    "36ebd97066296ae6427ea75c2e0846a11a09ccf5370dc80bfecbad28c73f09b3"         \
    "a3b75e662a2594410ae496b2e2e6609e31e6e02cc837f053d21f37ff4f51950b"         \
    "be2638d09dd7a4930930806d0703b1f6"
#define TAG "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5"

static struct arena arena;
static struct aes_cbc_hs512 by;

static struct slice unhex(struct slice hex)
{
    struct slice bytes = SLICE_EMPTY;

    check_ok(hex_decode(&arena, hex, &bytes));
    return bytes;
}

static int set_up(void **state)
{
    (void)state;
    check_ok(crypto_init());
    arena_init(&arena, (size_t)8 << 20);
    by.key = (const unsigned char *)unhex(SLICE(KEY)).ptr;
    by.iv = (const unsigned char *)unhex(SLICE(VECTOR)).ptr;
    by.associated = SLICE(ASSOCIATED);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void encrypts_the_vector(void **state)
{
    struct slice sealed;

    (void)state;
    check_ok(aes_cbc_hs512_encrypt(&by, SLICE(TEXT), &arena, &sealed));
    check_slice(sealed, unhex(SLICE(CIPHERTEXT TAG)));
}

static void decrypts_the_vector(void **state)
{
    struct slice text;

    (void)state;
    check_ok(aes_cbc_hs512_decrypt(&by, unhex(SLICE(CIPHERTEXT TAG)), &arena,
                                   &text));
    check_text(text, TEXT);
}

static void opens_any_length(void **state)
{
    char bytes[64];

    (void)state;
    memset(bytes, 'x', sizeof(bytes));
    for (size_t len = 0; len <= sizeof(bytes); len++) {
        struct slice sealed;
        struct slice text;

        check_ok(aes_cbc_hs512_encrypt(&by, slice_make(bytes, len), &arena,
                                       &sealed));
        assert_int_equal(sealed.len, (len / 16 + 1) * 16 + 32);
        check_ok(aes_cbc_hs512_decrypt(&by, sealed, &arena, &text));
        check_slice(text, slice_make(bytes, len));
    }
}

static void check_refused(const struct aes_cbc_hs512 *with, struct slice sealed)
{
    struct slice text = SLICE_EMPTY;

    check_status(aes_cbc_hs512_decrypt(with, sealed, &arena, &text),
                 STATUS_UNREADABLE);
    check_text(text, "");
}

static void refuses_another_bit_anywhere(void **state)
{
    struct slice sealed = unhex(SLICE(CIPHERTEXT TAG));

    (void)state;
    for (size_t i = 0; i < sealed.len * 8; i++) {
        ((char *)sealed.ptr)[i / 8] ^= (char)(1 << i % 8);
        check_refused(&by, sealed);
        ((char *)sealed.ptr)[i / 8] ^= (char)(1 << i % 8);
    }
}

static void refuses_a_cut(void **state)
{
    struct slice sealed = unhex(SLICE(CIPHERTEXT TAG));

    (void)state;
    for (size_t len = 0; len < sealed.len; len++) {
        check_refused(&by, slice_head(sealed, len));
        check_refused(&by, slice_from(sealed, sealed.len - len));
    }
}

static void check_other(const struct aes_cbc_hs512 *other)
{
    check_refused(other, unhex(SLICE(CIPHERTEXT TAG)));
}

static void refuses_another_key_vector_or_context(void **state)
{
    struct aes_cbc_hs512 other = by;

    (void)state;
    other.associated = SLICE("The second principle of Auguste Kerckhoff");
    check_other(&other);
    other.associated = SLICE_EMPTY;
    check_other(&other);
    other = by;
    other.iv = by.key;
    check_other(&other);
    other = by;
    other.key = (const unsigned char *)unhex(SLICE(TAG TAG)).ptr;
    check_other(&other);
}

static void refuses_what_is_too_long(void **state)
{
    struct aes_cbc_hs512 other = by;
    struct slice big = {arena_alloc_zero(&arena, AES_CBC_HS512_LIMIT + 1),
                        AES_CBC_HS512_LIMIT + 1};
    struct slice out;

    (void)state;
    assert_non_null(big.ptr);
    check_status(aes_cbc_hs512_encrypt(&by, big, &arena, &out),
                 STATUS_TOO_LARGE);
    other.associated = big;
    check_status(aes_cbc_hs512_encrypt(&other, SLICE("x"), &arena, &out),
                 STATUS_TOO_LARGE);
    check_other(&other);
    big.len--;
    check_ok(aes_cbc_hs512_encrypt(&by, big, &arena, &out));
    check_ok(aes_cbc_hs512_decrypt(&by, out, &arena, &out));
    check_slice(out, big);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encrypts_the_vector),
        cmocka_unit_test(decrypts_the_vector),
        cmocka_unit_test(opens_any_length),
        cmocka_unit_test(refuses_another_bit_anywhere),
        cmocka_unit_test(refuses_a_cut),
        cmocka_unit_test(refuses_another_key_vector_or_context),
        cmocka_unit_test(refuses_what_is_too_long),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
