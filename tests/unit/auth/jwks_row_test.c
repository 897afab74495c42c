/* SPDX-License-Identifier: Apache-2.0 */
#include "jwks_rows.h"
#include "lab.h"

#include "auth/jwks_row.h"
#include "codec/json_write.h"
#include "crypto/jws.h"

static struct arena arena;
static struct secrets *secrets;

static const struct jwks_row rsa = {
    .id = SLICE_INIT("x3CPPIocCYzkHkmEi8I8RJt2OyI3if5F"),
    .public_key = SLICE_INIT(RSA_PUBLIC),
    .private_key = SLICE_INIT(RSA_PRIVATE),
    .algorithm = SLICE_INIT("RS256"),
    .curve = SLICE_INIT(""),
};
static const struct jwks_row ec = {
    .id = SLICE_INIT("7"),
    .public_key = SLICE_INIT(EC_PUBLIC),
    .private_key = SLICE_INIT(EC_PRIVATE),
    .algorithm = SLICE_INIT("ES256"),
    .curve = SLICE_INIT("P-256"),
};
static const struct jwks_row okp = {
    .id = SLICE_INIT("6f1c2f4e-33a1-4b8e-9d57-0b2b9d6a3c11"),
    .public_key = SLICE_INIT(OKP_PUBLIC),
    .private_key = SLICE_INIT(OKP_PRIVATE),
    .algorithm = SLICE_INIT("EdDSA"),
    .curve = SLICE_INIT("Ed25519"),
};
static const struct jwks_row *const rows[] = {&rsa, &ec, &okp};

/* What the private half signs, the published one verifies. */
static void check_opens(const struct secrets *by, const struct jwks_row *row)
{
    struct key *published = NULL;
    struct key *key = NULL;
    struct slice payload;
    struct slice token;
    struct jws jws;

    check_ok(jwks_row_open(by, row, &arena, &key));
    assert_true(key_is_private(key));
    check_slice(key_id(key), row->id);
    check_ok(jws_sign(key, SLICE_EMPTY, SLICE("{}"), &arena, &token));
    check_ok(jwks_row_open_public(row, &arena, &published));
    assert_false(key_is_private(published));
    check_slice(key_id(published), row->id);
    check_ok(jws_parse(token, &arena, &jws));
    check_ok(jws_verify(&jws, published, &arena, &payload));
    key_free(published);
    key_free(key);
}

static void check_closed(const struct secrets *by, const struct jwks_row *row)
{
    struct key *key = NULL;

    check_status(jwks_row_open(by, row, &arena, &key), STATUS_UNREADABLE);
    assert_null(key);
}

static void opens_the_original_s_rows(void **state)
{
    struct jwks_row old = ec;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        check_opens(secrets, rows[i]);
    }
    /* Before there were columns for them. */
    old.algorithm = SLICE_EMPTY;
    old.curve = SLICE_EMPTY;
    check_opens(secrets, &old);
}

static void opens_rows_after_a_rotation(void **state)
{
    struct secrets *rotated = lab_rotated();
    struct secrets *foreign = lab_foreign();
    struct jwks_row row = ec;

    (void)state;
    check_opens(rotated, &ec);
    check_closed(foreign, &ec);
    row.private_key = SLICE(EC_ROTATED);
    check_opens(rotated, &row);
    check_opens(foreign, &row);
    check_closed(secrets, &row);
    row = okp;
    row.private_key = SLICE(OKP_ROTATED);
    check_opens(rotated, &row);
    secrets_free(rotated);
    secrets_free(foreign);
}

static void opens_rows_that_were_never_sealed(void **state)
{
    struct secrets *foreign = lab_foreign();
    struct jwks_row row = ec;

    (void)state;
    row.private_key = SLICE(EC_BARE);
    check_opens(secrets, &row);
    check_opens(foreign, &row);
    secrets_free(foreign);
}

static void check_private(const char *text)
{
    struct jwks_row row = ec;

    row.private_key = slice_from_cstr(text);
    check_closed(secrets, &row);
}

static void refuses_damaged_private_halves(void **state)
{
    struct jwks_row row = ec;

    (void)state;
    check_private("");
    check_private("\"\"");
    check_private("null");
    check_private("7");
    check_private("[]");
    check_private("{}");
    check_private("\"x\"");
    check_private("\"$ba$1$\"");
    check_private("x");
    /* Only the public half, and one of another key. */
    check_private(EC_PUBLIC);
    check_private(OKP_PRIVATE);
    /* As the original would have it if it forgot to make JSON of it. */
    row.private_key = slice_make(&EC_PRIVATE[1], sizeof(EC_PRIVATE) - 3);
    check_closed(secrets, &row);
    for (size_t i = 0; i < sizeof(EC_PRIVATE) - 1; i += 7) {
        row.private_key = lab_changed(&arena, SLICE(EC_PRIVATE), i, 'g');
        check_closed(secrets, &row);
    }
}

static void refuses_halves_that_do_not_fit(void **state)
{
    struct jwks_row other = {.id = SLICE_EMPTY};
    struct jwks_row row = ec;

    (void)state;
    check_ok(jwks_row_make(secrets, KEY_ES256, &arena, &other));
    row.public_key = other.public_key;
    check_closed(secrets, &row);
    row = ec;
    row.private_key = other.private_key;
    check_closed(secrets, &row);
    row.public_key = other.public_key;
    check_opens(secrets, &row);
    row.public_key = SLICE("{}");
    check_closed(secrets, &row);
}

static void refuses_other_algorithms(void **state)
{
    struct jwks_row row = rsa;
    struct key *key = NULL;

    (void)state;
    row.algorithm = SLICE("PS256");
    check_closed(secrets, &row);
    check_status(jwks_row_open_public(&row, &arena, &key), STATUS_UNREADABLE);
    assert_null(key);
    row.algorithm = SLICE("HS256");
    check_closed(secrets, &row);
    row = ec;
    row.algorithm = SLICE("RS256");
    check_closed(secrets, &row);
}

static void makes_rows_like_the_original_s(void **state)
{
    static const char *const heads[] = {"{\"kty\":\"RSA\",\"n\":\"",
                                        "{\"kty\":\"EC\",\"x\":\"",
                                        "{\"crv\":\"Ed25519\",\"x\":\""};
    static const char *const ends[] = {
        "\",\"e\":\"AQAB\"}", "\",\"crv\":\"P-256\"}", "\",\"kty\":\"OKP\"}"};
    static const enum key_algorithm algorithms[] = {KEY_RS256, KEY_ES256,
                                                    KEY_EDDSA};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct jwks_row row;

        check_ok(jwks_row_make(secrets, algorithms[i], &arena, &row));
        check_text(row.id, "");
        check_slice(row.algorithm, rows[i]->algorithm);
        check_slice(row.curve, rows[i]->curve);
        assert_true(
            slice_starts_with(row.public_key, slice_from_cstr(heads[i])));
        assert_true(slice_ends_with(row.public_key, slice_from_cstr(ends[i])));
        assert_int_equal(row.private_key.ptr[0], '"');
        assert_int_equal(row.private_key.ptr[row.private_key.len - 1], '"');
        row.id = SLICE("some-id");
        check_opens(secrets, &row);
    }
}

static void seals_what_it_makes_under_the_newest(void **state)
{
    struct secrets *rotated = lab_rotated();
    struct jwks_row row;

    (void)state;
    check_ok(jwks_row_make(rotated, KEY_EDDSA, &arena, &row));
    assert_true(slice_starts_with(row.private_key, SLICE("\"$ba$2$")));
    row.id = SLICE("k");
    check_opens(rotated, &row);
    check_closed(secrets, &row);
    secrets_free(rotated);
}

static struct slice entry_of(const struct jwks_row *row)
{
    struct slice text = SLICE_EMPTY;
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, &arena, 8192);
    json_writer_init(&json, &buf);
    check_ok(jwks_row_write(row, &arena, &json));
    check_ok(json_write_finish(&json, &text));
    return text;
}

static void writes_entries_in_the_original_s_order(void **state)
{
    struct jwks_row row = ec;

    (void)state;
    check_text(entry_of(&ec),
               "{\"alg\":\"ES256\",\"crv\":\"P-256\",\"kty\":\"EC\","
               "\"x\":\"FfonZ2UeSgKVYadlkpcgIr0bEYcE_Xj4EgkS61jwSpE\","
               "\"y\":\"JZEVeUfX8VIVTvGt7NOq0Wkn6Q11yJ2-XyBaVuCOv3g\","
               "\"kid\":\"7\"}");
    check_text(entry_of(&okp),
               "{\"alg\":\"EdDSA\",\"crv\":\"Ed25519\","
               "\"x\":\"EYhi9dr7EjrLJGFBs2D4s3uY6LLPfJ36Mxc8LSzwUAA\","
               "\"kty\":\"OKP\","
               "\"kid\":\"6f1c2f4e-33a1-4b8e-9d57-0b2b9d6a3c11\"}");
    assert_true(slice_starts_with(
        entry_of(&rsa), SLICE("{\"alg\":\"RS256\",\"kty\":\"RSA\",\"n\":\"9")));
    row.algorithm = SLICE_EMPTY;
    check_slice(entry_of(&row), entry_of(&ec));
    /* What we cannot sign with, the original may. */
    row = rsa;
    row.algorithm = SLICE("PS256");
    assert_true(
        slice_starts_with(entry_of(&row), SLICE("{\"alg\":\"PS256\",")));
}

static void never_publishes_a_private_half(void **state)
{
    struct jwks_row row = ec;

    (void)state;
    row.public_key = SLICE(EC_BARE);
    check_slice(entry_of(&row), entry_of(&ec));
    row.public_key = SLICE("{\"kty\":\"EC\",\"kid\":\"own\",\"alg\":\"none\","
                           "\"k\":\"AA\",\"d\":\"AA\",\"x\":\"A\"}");
    check_text(entry_of(&row),
               "{\"alg\":\"ES256\",\"kty\":\"EC\",\"x\":\"A\",\"kid\":\"7\"}");
}

static void refuses_to_write_what_is_no_key(void **state)
{
    static const char *const texts[] = {"", "x", "[]", "\"\"", "null"};
    struct json_writer json;
    struct jwks_row row = ec;
    struct slice text;
    struct buf buf;

    (void)state;
    buf_init(&buf, &arena, 8192);
    json_writer_init(&json, &buf);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        row.public_key = slice_from_cstr(texts[i]);
        check_status(jwks_row_write(&row, &arena, &json), STATUS_UNREADABLE);
    }
    row.public_key = SLICE("{}");
    row.algorithm = SLICE_EMPTY;
    check_status(jwks_row_write(&row, &arena, &json), STATUS_UNREADABLE);
    check_ok(buf_finish(&buf, &text));
    check_text(text, "");
}

static void seals_anew_after_a_rotation(void **state)
{
    struct secrets *rotated = lab_rotated();
    struct secrets *foreign = lab_foreign();
    struct jwks_row row = ec;
    bool changed = false;

    (void)state;
    check_ok(
        jwks_row_seal_anew(rotated, &ec, &arena, &changed, &row.private_key));
    assert_true(changed);
    check_opens(foreign, &row);
    check_ok(
        jwks_row_seal_anew(rotated, &row, &arena, &changed, &row.private_key));
    assert_false(changed);
    check_opens(foreign, &row);
    check_ok(
        jwks_row_seal_anew(secrets, &ec, &arena, &changed, &row.private_key));
    assert_false(changed);
    row.private_key = SLICE(EC_BARE);
    check_ok(
        jwks_row_seal_anew(rotated, &row, &arena, &changed, &row.private_key));
    assert_false(changed);
    check_text(row.private_key, EC_BARE);
    /* Digits whose secret is not here. */
    row.private_key = SLICE(EC_ROTATED);
    check_status(
        jwks_row_seal_anew(secrets, &row, &arena, &changed, &row.private_key),
        STATUS_UNREADABLE);
    secrets_free(rotated);
    secrets_free(foreign);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)8 << 20);
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
        cmocka_unit_test(opens_the_original_s_rows),
        cmocka_unit_test(opens_rows_after_a_rotation),
        cmocka_unit_test(opens_rows_that_were_never_sealed),
        cmocka_unit_test(refuses_damaged_private_halves),
        cmocka_unit_test(refuses_halves_that_do_not_fit),
        cmocka_unit_test(refuses_other_algorithms),
        cmocka_unit_test(makes_rows_like_the_original_s),
        cmocka_unit_test(seals_what_it_makes_under_the_newest),
        cmocka_unit_test(writes_entries_in_the_original_s_order),
        cmocka_unit_test(never_publishes_a_private_half),
        cmocka_unit_test(refuses_to_write_what_is_no_key),
        cmocka_unit_test(seals_anew_after_a_rotation),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
