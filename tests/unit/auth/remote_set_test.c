/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "auth/remote_set.h"
#include "crypto/init.h"

/* RFC 8037, appendix A.2: the public key; and with its private half. */
#define X "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""
#define ED(kid)                                                                \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid "\"," X "}"
#define PRIVATE                                                                \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"p\"," X                    \
    ",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}"

static struct remote_set *set;

static void check_refused(const char *text)
{
    check_ok(crypto_init());
    check_status(remote_set_read(slice_from_cstr(text), &set), STATUS_UPSTREAM);
}

static void check_count(const char *text, size_t count)
{
    check_ok(crypto_init());
    check_ok(remote_set_read(slice_from_cstr(text), &set));
    assert_int_equal(remote_set_count(set), count);
}

static void finds_keys_by_their_ids(void **state)
{
    (void)state;
    check_count("{\"keys\":[" ED("a") "," ED("b") "],\"more\":1}", 2);
    assert_non_null(remote_set_find(set, SLICE("a")));
    assert_non_null(remote_set_find(set, SLICE("b")));
    assert_null(remote_set_find(set, SLICE("A")));
    assert_null(remote_set_find(set, SLICE_EMPTY));
    remote_set_release(set);
}

static void what_is_no_key_set_is_refused(void **state)
{
    (void)state;
    check_refused("");
    check_refused("<html>");
    check_refused("null");
    check_refused("[]");
    check_refused("{}");
    check_refused("{\"keys\":{}}");
    check_refused("{\"keys\":[]}");
    check_refused("{\"keys\":[null,1,\"a\",[],{}]}");
    check_refused("{\"keys\":[" ED("a") "],\"keys\":[" ED("a") "]}");
    check_refused("{\"keys\":[" ED("a") "]} x");
}

static void what_could_sign_or_is_for_something_else_is_left_out(void **state)
{
    (void)state;
    check_refused("{\"keys\":[" PRIVATE "]}");
    check_refused("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"o\",\"k\":\"AA\"}]}");
    check_refused("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," X "}]}");
    check_refused("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"\""
                  "," X "}]}");
    check_refused("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":"
                  "\"a\",\"use\":\"enc\"," X "}]}");
    check_refused("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":"
                  "\"a\",\"alg\":\"RS256\"," X "}]}");
    check_refused("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"e\":\"AQAB\","
                  "\"n\":\"AQAB\"}]}");
    check_count("{\"keys\":[" PRIVATE
                "," ED("a") ",{\"kty\":\"EC\","
                            "\"crv\":\"P-521\",\"kid\":\"e\"}]}",
                1);
    remote_set_release(set);
}

static void the_first_of_an_id_counts(void **state)
{
    (void)state;
    check_count("{\"keys\":[" ED("a") "," ED("a") "]}", 1);
    remote_set_release(set);
}

static void too_many_are_refused_whole(void **state)
{
    size_t size = (REMOTE_SET_KEYS_MAX + 1) * 128;
    char *text = malloc(size);
    size_t len;

    (void)state;
    assert_non_null(text);
    len = (size_t)snprintf(text, size, "{\"keys\":[");
    for (size_t i = 0; i <= REMOTE_SET_KEYS_MAX; i++) {
        len += (size_t)snprintf(text + len, size - len, "%s{\"kid\":\"%zu\"}",
                                i == 0 ? "" : ",", i);
    }
    (void)snprintf(text + len, size - len, "]}");
    check_refused(text);
    free(text);
}

static void the_mirror_has_public_members_alone(void **state)
{
    (void)state;
    check_count("{\"keys\":[" ED("a") "," PRIVATE "]}", 1);
    check_text(
        remote_set_jwks(set),
        "{\"keys\":[{\"alg\":\"EdDSA\",\"crv\":\"Ed25519\",\"kty\":\"OKP\"," X
        ",\"kid\":\"a\"}]}");
    assert_int_equal(remote_set_etag(set).len, 34);
    remote_set_release(set);
}

RUN_TESTS(
    cmocka_unit_test(finds_keys_by_their_ids),
    cmocka_unit_test(what_is_no_key_set_is_refused),
    cmocka_unit_test(what_could_sign_or_is_for_something_else_is_left_out),
    cmocka_unit_test(the_first_of_an_id_counts),
    cmocka_unit_test(too_many_are_refused_whole),
    cmocka_unit_test(the_mirror_has_public_members_alone))
