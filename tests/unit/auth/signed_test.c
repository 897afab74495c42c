/* SPDX-License-Identifier: Apache-2.0 */
#include "lab.h"

#include "auth/signed.h"

/* Both signatures were made by the original under the lab's secret. */
#define TOKEN       "BcKPcULvfQW0r2Q8pzSXK74Qbyu92Nfq"
#define SIGNED      TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8="
#define COOKIE      TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8%3D"
#define FLAG        "true.59KQ+FDuFR4M3omIuNVeW9glhYx6vXSxkXMkj2UR2oY="
#define FLAG_COOKIE "true.59KQ%2BFDuFR4M3omIuNVeW9glhYx6vXSxkXMkj2UR2oY%3D"

static struct arena arena;
static struct secrets *secrets;

static void check_opens(const char *value, const char *expected)
{
    struct slice text = SLICE_EMPTY;

    check_ok(signed_open(secrets, slice_from_cstr(value), &arena, &text));
    check_slice(text, slice_from_cstr(expected));
}

static void check_closed(const char *value)
{
    struct slice text = SLICE_EMPTY;

    check_status(signed_open(secrets, slice_from_cstr(value), &arena, &text),
                 STATUS_INVALID_TOKEN);
    check_text(text, "");
}

static void signs_as_the_original(void **state)
{
    struct slice out;

    (void)state;
    check_ok(signed_make(secrets, SLICE(TOKEN), &arena, &out));
    check_text(out, SIGNED);
    check_ok(signed_make(secrets, SLICE("true"), &arena, &out));
    check_text(out, FLAG);
    check_ok(signed_make_cookie(secrets, SLICE(TOKEN), &arena, &out));
    check_text(out, COOKIE);
    check_ok(signed_make_cookie(secrets, SLICE("true"), &arena, &out));
    check_text(out, FLAG_COOKIE);
}

static void opens_what_was_signed(void **state)
{
    struct slice made;
    struct slice text;

    (void)state;
    check_opens(SIGNED, TOKEN);
    check_opens(FLAG, "true");
    /* Dots of the text are its own: the last one divides. */
    check_ok(signed_make(secrets, SLICE("..a.b"), &arena, &made));
    check_ok(signed_open(secrets, made, &arena, &text));
    check_text(text, "..a.b");
}

static void refuses_other_signatures(void **state)
{
    (void)state;
    check_closed("");
    check_closed(".");
    check_closed(TOKEN);
    check_closed(TOKEN ".");
    check_closed("." TOKEN);
    check_closed(".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8=");
    check_closed(TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8");
    check_closed(TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8==");
    check_closed(TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj80");
    check_closed(TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8= ");
    check_closed(" " SIGNED);
    check_closed(SIGNED SIGNED);
    /* The same bits spelled otherwise, and in the other alphabet. */
    check_closed(TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj9=");
    check_closed("true.59KQ-FDuFR4M3omIuNVeW9glhYx6vXSxkXMkj2UR2oY=");
    /* Of another text. */
    check_closed("true.O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8=");
    /* Not decoded here. */
    check_closed(COOKIE);
}

static void refuses_any_changed_byte(void **state)
{
    const struct slice whole = SLICE(SIGNED);
    struct slice text;

    (void)state;
    for (size_t i = 0; i < whole.len; i++) {
        char other = whole.ptr[i] == 'A' ? 'B' : 'A';

        check_status(signed_open(secrets, lab_changed(&arena, whole, i, other),
                                 &arena, &text),
                     STATUS_INVALID_TOKEN);
        check_status(signed_open(secrets, slice_head(whole, i), &arena, &text),
                     STATUS_INVALID_TOKEN);
    }
}

static void refuses_what_no_cookie_holds(void **state)
{
    struct arena big;
    struct slice text;
    char *bytes;

    (void)state;
    arena_init(&big, (size_t)1 << 20);
    bytes = arena_alloc(&big, 100000);
    assert_non_null(bytes);
    memset(bytes, 'a', 100000);
    check_status(
        signed_make(secrets, slice_make(bytes, SIGNED_LIMIT - 44), &big, &text),
        STATUS_TOO_LARGE);
    check_ok(signed_make(secrets, slice_make(bytes, SIGNED_LIMIT - 45), &big,
                         &text));
    check_ok(signed_open(secrets, text, &big, &text));
    check_status(
        signed_open_cookie(secrets, slice_make(bytes, 100000), &big, &text),
        STATUS_INVALID_TOKEN);
    memset(bytes, '%', 100000);
    check_status(
        signed_open_cookie(secrets, slice_make(bytes, 12000), &big, &text),
        STATUS_INVALID_TOKEN);
    arena_release(&big);
}

static void check_cookie(const char *value, const char *expected)
{
    struct slice text = SLICE_EMPTY;
    enum status status =
        signed_open_cookie(secrets, slice_from_cstr(value), &arena, &text);

    check_status(status, expected == NULL ? STATUS_INVALID_TOKEN : STATUS_OK);
    check_slice(text, slice_from_cstr(expected == NULL ? "" : expected));
}

static void decodes_cookies(void **state)
{
    (void)state;
    check_cookie(COOKIE, TOKEN);
    check_cookie(SIGNED, TOKEN);
    check_cookie(FLAG_COOKIE, "true");
    check_cookie(FLAG, "true");
    check_cookie("%74rue%2e59KQ%2bFDuFR4M3omIuNVeW9glhYx6vXSxkXMkj2UR2oY%3d",
                 "true");
    /* Encoded twice, or wrongly. */
    check_cookie(TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8%253D",
                 NULL);
    check_cookie(TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8%3", NULL);
    check_cookie(TOKEN "%00.O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8%3D",
                 NULL);
    check_cookie("%", NULL);
    check_cookie("", NULL);
}

static void check_bearer(const char *header, const char *expected)
{
    struct slice token = SLICE_EMPTY;
    enum status status =
        signed_open_bearer(secrets, slice_from_cstr(header), &arena, &token);

    check_status(status, expected == NULL ? STATUS_INVALID_TOKEN : STATUS_OK);
    check_slice(token, slice_from_cstr(expected == NULL ? "" : expected));
}

static void reads_bearer_headers(void **state)
{
    (void)state;
    check_bearer("Bearer " TOKEN, TOKEN);
    check_bearer("bEARER   " TOKEN " ", TOKEN);
    check_bearer("Bearer " SIGNED, TOKEN);
    check_bearer("Bearer " COOKIE, TOKEN);
}

static void passes_over_other_credentials(void **state)
{
    struct slice made;
    struct slice header;

    (void)state;
    check_bearer("", NULL);
    check_bearer("Bearer", NULL);
    check_bearer("Bearer ", NULL);
    check_bearer("Bearer    ", NULL);
    check_bearer("Basic " TOKEN, NULL);
    check_bearer("Bearer\t" TOKEN, NULL);
    check_bearer("Bearer" TOKEN, NULL);
    check_bearer("Bearer " TOKEN ".O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8",
                 NULL);
    check_bearer("Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA", NULL);
    check_bearer("Bearer .", NULL);
    /* Signed by us, but no token. */
    check_ok(signed_make(secrets, SLICE("a.b"), &arena, &made));
    check_ok(arena_format(&arena, &header, "Bearer %.*s", SLICE_ARG(made)));
    check_bearer(header.ptr, NULL);
}

static void survives_a_rotation(void **state)
{
    struct secrets *rotated = lab_rotated();
    struct secrets *foreign = lab_foreign();
    struct slice text;
    struct slice made;

    (void)state;
    check_ok(signed_open_cookie(rotated, SLICE(COOKIE), &arena, &text));
    check_text(text, TOKEN);
    check_ok(signed_make_cookie(rotated, SLICE(TOKEN), &arena, &made));
    assert_false(slice_equal(made, SLICE(COOKIE)));
    check_ok(signed_open_cookie(foreign, made, &arena, &text));
    check_status(signed_open_cookie(foreign, SLICE(COOKIE), &arena, &text),
                 STATUS_INVALID_TOKEN);
    secrets_free(rotated);
    secrets_free(foreign);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 20);
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
        cmocka_unit_test(signs_as_the_original),
        cmocka_unit_test(opens_what_was_signed),
        cmocka_unit_test(refuses_other_signatures),
        cmocka_unit_test(refuses_any_changed_byte),
        cmocka_unit_test(refuses_what_no_cookie_holds),
        cmocka_unit_test(decodes_cookies),
        cmocka_unit_test(reads_bearer_headers),
        cmocka_unit_test(passes_over_other_credentials),
        cmocka_unit_test(survives_a_rotation),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
