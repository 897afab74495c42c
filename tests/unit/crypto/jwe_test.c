/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/init.h"
#include "crypto/jwe.h"

/* What the original derives from the lab's secret for its session cache. */
#define KEY                                                                    \
    "bd002944a8d32463875e47dfd7a8e65b89077044dbf65f0324e3b8f7bd50e6de"         \
    "6cef65b76b20aa74cc1dbb4d1c550d3a2454647ce965a62c0db7b8895590597d"
#define KEY_ID "d8WMTIIammdbHJLIPK9wCYaRcqPDDg3zWrmIYwgBGW0"
/* {"alg":"dir","enc":"A256CBC-HS512","kid":KEY_ID} */
#define HEADER                                                                 \
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoiZDhXTVRJSWFt"     \
    "bWRiSEpMSVBLOXdDWWFSY3FQRERnM3pXcm1JWXdnQkdXMCJ9"
/* Made by the library the original uses. */
#define WITH_ID                                                                \
    HEADER                                                                     \
    "..aa3_DlA1Kqz8XdqLlJfjDA.zdRIt2vZdfOSBVR7W_EhdA."                         \
    "l2mon9rATua4TESRBtPJ8j6j0f_bb7CDKTvNwyptaRA"
#define WITHOUT_ID                                                             \
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIn0"                          \
    "..Wi6f4pZNwjxwr7banXPX1Q.IeC4ngFZe7irUMnrPpeBDA."                         \
    "gLjprK62BGvNKqQc8x4g2Cbej5cOjxDZeQPOc6UNjcM"

static struct arena arena;
static struct jwe_key key;

static int set_up(void **state)
{
    struct slice bytes;

    (void)state;
    check_ok(crypto_init());
    arena_init(&arena, (size_t)16 << 20);
    check_ok(hex_decode(&arena, SLICE(KEY), &bytes));
    memcpy(key.bytes, bytes.ptr, sizeof(key.bytes));
    check_ok(jwe_key_name(&key));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    jwe_key_release(&key);
    arena_release(&arena);
    return 0;
}

static enum status open_with(const struct jwe_key *by, struct slice token,
                             struct slice *payload)
{
    struct jwe jwe;

    TRY(jwe_parse(token, &arena, &jwe));
    return jwe_open(&jwe, by, &arena, payload);
}

static void check_refused(struct slice token)
{
    struct slice payload = SLICE_EMPTY;

    check_status(open_with(&key, token, &payload), STATUS_INVALID_TOKEN);
    check_text(payload, "");
}

static void names_the_key_by_its_thumbprint(void **state)
{
    (void)state;
    check_text(slice_make(key.id, sizeof(key.id)), KEY_ID);
}

static void opens_the_library_s(void **state)
{
    struct slice payload = SLICE_EMPTY;
    struct jwe jwe;

    (void)state;
    check_ok(open_with(&key, SLICE(WITH_ID), &payload));
    check_text(payload, "hello bookplate");
    check_ok(open_with(&key, SLICE(WITHOUT_ID), &payload));
    check_text(payload, "hello bookplate");
    check_ok(jwe_parse(SLICE(WITH_ID), &arena, &jwe));
    check_text(jwe.key_id, KEY_ID);
    check_ok(jwe_parse(SLICE(WITHOUT_ID), &arena, &jwe));
    check_text(jwe.key_id, "");
}

static void opens_what_it_made(void **state)
{
    struct slice payload = SLICE_EMPTY;
    struct slice token;
    struct slice again;

    (void)state;
    check_ok(jwe_make(&key, SLICE("hello"), &arena, &token));
    check_ok(jwe_make(&key, SLICE("hello"), &arena, &again));
    assert_false(slice_equal(token, again));
    check_slice(slice_head(token, sizeof(HEADER) - 1), SLICE(HEADER));
    check_ok(open_with(&key, token, &payload));
    check_text(payload, "hello");
    check_ok(jwe_make(&key, SLICE_EMPTY, &arena, &token));
    check_ok(open_with(&key, token, &payload));
    check_text(payload, "");
}

static void refuses_another_key(void **state)
{
    struct jwe_key other = key;
    struct slice payload = SLICE_EMPTY;

    (void)state;
    other.bytes[0] ^= 1; /* its old name, so that the tag must tell */
    check_status(open_with(&other, SLICE(WITH_ID), &payload),
                 STATUS_INVALID_TOKEN);
    check_status(open_with(&other, SLICE(WITHOUT_ID), &payload),
                 STATUS_INVALID_TOKEN);
    other = key;
    other.id[0] ^= 1; /* the right key under another name */
    check_status(open_with(&other, SLICE(WITH_ID), &payload),
                 STATUS_INVALID_TOKEN);
    check_ok(open_with(&other, SLICE(WITHOUT_ID), &payload));
}

static void refuses_any_changed_or_missing_byte(void **state)
{
    const struct slice whole = SLICE(WITHOUT_ID);
    struct slice copy;

    (void)state;
    for (size_t i = 0; i < whole.len; i++) {
        check_ok(slice_dup(&arena, whole, &copy));
        ((char *)copy.ptr)[i] = whole.ptr[i] == 'A' ? 'B' : 'A';
        check_refused(copy);
        check_refused(slice_head(whole, i));
        check_refused(slice_from(whole, i + 1));
    }
}

/* A token whose tag is right, whatever its header says. */
static struct slice seal_under(const char *header)
{
    struct aes_cbc_hs512 by = {.key = key.bytes, .iv = key.bytes};
    struct slice sealed;
    struct slice text;
    struct buf buf;

    buf_init(&buf, &arena, (size_t)1 << 20);
    base64url_encode(&buf, slice_from_cstr(header));
    check_ok(buf_finish(&buf, &by.associated));
    check_ok(aes_cbc_hs512_encrypt(&by, SLICE("hello"), &arena, &sealed));
    buf_add(&buf, SLICE(".."));
    base64url_encode(&buf, slice_make(by.iv, AES_CBC_HS512_IV_BYTES));
    buf_add(&buf, SLICE("."));
    base64url_encode(&buf, slice_head(sealed, sealed.len - 32));
    buf_add(&buf, SLICE("."));
    base64url_encode(&buf, slice_from(sealed, sealed.len - 32));
    check_ok(buf_finish(&buf, &text));
    return text;
}

static void check_header(const char *header, bool taken)
{
    struct slice token = seal_under(header);
    struct slice payload = SLICE_EMPTY;

    if (taken) {
        check_ok(open_with(&key, token, &payload));
    } else {
        check_refused(token);
    }
}

#define PLAIN "\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\""

static void refuses_headers_that_ask_for_more(void **state)
{
    (void)state;
    check_header("{" PLAIN "}", true);
    check_header("{" PLAIN ",\"typ\":\"JWT\",\"cty\":\"x\"}", true);
    check_header("{" PLAIN ",\"zip\":\"DEF\"}", false);
    check_header("{" PLAIN ",\"crit\":[]}", false);
    check_header("{" PLAIN ",\"jwk\":{}}", false);
    check_header("{" PLAIN ",\"jku\":\"https://example.org\"}", false);
    check_header("{" PLAIN ",\"x5u\":\"\"}", false);
    check_header("{" PLAIN ",\"x5c\":[]}", false);
    check_header("{" PLAIN ",\"kid\":7}", false);
    check_header("{" PLAIN ",\"kid\":\"other\"}", false);
    check_header("{" PLAIN ",\"alg\":\"dir\"}", false);
    check_header("{\"alg\":\"none\",\"enc\":\"A256CBC-HS512\"}", false);
    check_header("{\"alg\":\"A256KW\",\"enc\":\"A256CBC-HS512\"}", false);
    check_header("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", false);
    check_header("{\"alg\":\"dir\"}", false);
    check_header("{\"enc\":\"A256CBC-HS512\"}", false);
    check_header("[]", false);
    check_header("", false);
}

static void refuses_other_shapes(void **state)
{
    (void)state;
    check_refused(SLICE(""));
    check_refused(SLICE("...."));
    check_refused(SLICE("....."));
    check_refused(SLICE(WITH_ID "."));
    check_refused(SLICE(WITH_ID "A"));
    /* An encrypted key where there is none, and a vector of 15 bytes. */
    check_refused(SLICE(HEADER ".AAAA.aa3_DlA1Kqz8XdqLlJfjDA."
                               "zdRIt2vZdfOSBVR7W_EhdA."
                               "l2mon9rATua4TESRBtPJ8j6j0f_bb7CDKTvNwyptaRA"));
    check_refused(SLICE(HEADER "..aa3_DlA1Kqz8XdqLlJfj."
                               "zdRIt2vZdfOSBVR7W_EhdA."
                               "l2mon9rATua4TESRBtPJ8j6j0f_bb7CDKTvNwyptaRA"));
    /* Bytes of the tag pushed into the ciphertext, and the other way. */
    check_refused(SLICE(HEADER "..aa3_DlA1Kqz8XdqLlJfjDA."
                               "zdRIt2vZdfOSBVR7W_EhdJdpqJ_a."
                               "wE7muExEkQbTyfI-o9H_22-wgyk7zcMqbWkQ"));
}

static void bounds_what_it_makes_and_reads(void **state)
{
    struct slice big = {arena_alloc_zero(&arena, 2 * JWE_LIMIT), 2 * JWE_LIMIT};
    struct slice payload = SLICE_EMPTY;
    struct slice token;

    (void)state;
    assert_non_null(big.ptr);
    memset((char *)big.ptr, 'A', big.len);
    check_refused(big);
    check_status(jwe_make(&key, slice_head(big, JWE_LIMIT), &arena, &token),
                 STATUS_TOO_LARGE);
    check_ok(jwe_make(&key, slice_head(big, 12000), &arena, &token));
    check_ok(open_with(&key, token, &payload));
    assert_int_equal(payload.len, 12000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_key_by_its_thumbprint),
        cmocka_unit_test(opens_the_library_s),
        cmocka_unit_test(opens_what_it_made),
        cmocka_unit_test(refuses_another_key),
        cmocka_unit_test(refuses_any_changed_or_missing_byte),
        cmocka_unit_test(refuses_headers_that_ask_for_more),
        cmocka_unit_test(refuses_other_shapes),
        cmocka_unit_test(bounds_what_it_makes_and_reads),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
