/* SPDX-License-Identifier: Apache-2.0 */
#include "lab.h"

#define LIST_HEAD "1:bookplate-lab-secret-0123456789abcdefABCDEF"
/* Made by the original under the lab's secret. */
#define HELLO                                                                  \
    "b257a0963207143078f3dda80c7015d946220a7be7a6b9ccd4ce812546bc8c82bf"       \
    "2d49d1d4e76348ddc8dab63134edb5fc4907dc6fdeb1"

static struct arena arena;

static void check_refused(const char *list, const char *single, size_t entry,
                          const char *text)
{
    const struct secrets_settings settings = {slice_from_cstr(list),
                                              slice_from_cstr(single)};
    struct secrets_problem problem;
    struct secrets *secrets = NULL;

    check_status(secrets_new(&settings, &problem, &secrets),
                 STATUS_INVALID_VALUE);
    assert_null(secrets);
    assert_int_equal(problem.entry, entry);
    check_slice(problem.text, slice_from_cstr(text));
}

static void says_what_is_wrong_with_a_list(void **state)
{
    const char *version = "does not begin with a version, such as 2:";
    const char *brief = "is shorter than 32 characters";

    (void)state;
    check_refused("", "", 0, "is not set");
    check_refused("x", "", 1, version);
    check_refused(LIST_HEAD ",", "", 2, version);
    check_refused("," LIST_HEAD, "", 1, version);
    check_refused("bookplate-lab-secret-0123456789abcdefABCDEF", "", 1,
                  version);
    check_refused("v1:bookplate-lab-secret-0123456789abcdefABCDEF", "", 1,
                  version);
    check_refused("-1:bookplate-lab-secret-0123456789abcdefABCDEF", "", 1,
                  version);
    check_refused("01:bookplate-lab-secret-0123456789abcdefABCDEF", "", 1,
                  version);
    check_refused(
        "9007199254740992:bookplate-lab-secret-0123456789abcdefABCDEF", "", 1,
        version);
    check_refused(LIST_HEAD ",2:", "", 2, brief);
    check_refused(LIST_HEAD ",2:                                     x", "", 2,
                  brief);
    check_refused(LIST_HEAD ",2:0123456789abcdef0123456789abcde", "", 2, brief);
    check_refused(LIST_HEAD ", 1 :0123456789abcdef0123456789abcdef", "", 2,
                  "has the version of an earlier one");
}

static void says_what_is_wrong_with_the_single_one(void **state)
{
    (void)state;
    check_refused("", "0123456789abcdef0123456789abcde", 0,
                  "is shorter than 32 characters");
    check_refused(LIST_HEAD, "brief", 0, "is shorter than 32 characters");
    check_refused("", "better-auth-secret-12345678901234567890", 0,
                  "is a published default");
    check_refused("3:better-auth-secret-12345678901234567890", "", 1,
                  "is a published default");
}

static void keeps_a_bounded_number(void **state)
{
    struct slice list = SLICE_EMPTY;
    struct secrets *secrets;

    (void)state;
    for (int i = 1; i < SECRETS_MAX; i++) {
        check_ok(arena_format(&arena, &list,
                              "%.*s%s%d:0123456789abcdef0123456789abcdef",
                              SLICE_ARG(list), i == 1 ? "" : ",", i));
    }
    secrets = lab_secrets(list, LAB_SECRET);
    assert_int_equal(secrets->count, SECRETS_MAX);
    secrets_free(secrets);
    check_ok(arena_format(&arena, &list, "%.*s,99:%.*s", SLICE_ARG(list),
                          SLICE_ARG(LAB_SECRET)));
    check_refused(list.ptr, "", SECRETS_MAX, "is one more than can be kept");
}

static void the_first_signs_and_all_verify(void **state)
{
    struct secrets *old = lab_single();
    struct secrets *both = lab_rotated();
    struct secrets *beside = lab_secrets(
        SLICE("7: another-lab-secret-9876543210-zyxwvutsrq "), LAB_SECRET);
    struct secrets *new = lab_foreign();
    unsigned char mac[HMAC_BYTES];
    struct slice mac_text = slice_make(mac, sizeof(mac));

    (void)state;
    check_ok(secrets_sign(old, SLICE("x"), mac));
    check_ok(secrets_verify(old, SLICE("x"), mac_text));
    check_ok(secrets_verify(both, SLICE("x"), mac_text));
    check_ok(secrets_verify(beside, SLICE("x"), mac_text));
    check_status(secrets_verify(new, SLICE("x"), mac_text),
                 STATUS_INVALID_TOKEN);
    check_ok(secrets_sign(both, SLICE("x"), mac));
    check_ok(secrets_verify(new, SLICE("x"), mac_text));
    check_ok(secrets_verify(beside, SLICE("x"), mac_text));
    check_status(secrets_verify(old, SLICE("x"), mac_text),
                 STATUS_INVALID_TOKEN);
    check_status(secrets_verify(both, SLICE("y"), mac_text),
                 STATUS_INVALID_TOKEN);
    check_status(secrets_verify(both, SLICE("x"), SLICE("")),
                 STATUS_INVALID_TOKEN);
    secrets_free(old);
    secrets_free(both);
    secrets_free(beside);
    secrets_free(new);
}

static void check_opens(const struct secrets *secrets, struct slice sealed)
{
    struct slice text = SLICE_EMPTY;

    check_ok(secrets_open(secrets, sealed, &arena, &text));
    check_text(text, "hello bookplate");
}

static void check_closed(const struct secrets *secrets, struct slice sealed)
{
    struct slice text = SLICE_EMPTY;

    check_status(secrets_open(secrets, sealed, &arena, &text),
                 STATUS_UNREADABLE);
    check_text(text, "");
}

static void opens_what_the_original_sealed(void **state)
{
    struct secrets *single = lab_single();
    struct secrets *rotated = lab_rotated();
    struct secrets *foreign = lab_foreign();

    (void)state;
    check_opens(single, SLICE(HELLO));
    check_opens(rotated, SLICE(HELLO));
    check_opens(rotated, SLICE("$ba$1$" HELLO));
    /* A version that is here is the only one tried. */
    check_closed(rotated, SLICE("$ba$2$" HELLO));
    check_opens(rotated, SLICE("$ba$3$" HELLO));
    check_opens(single, SLICE("$ba$1$" HELLO));
    check_closed(foreign, SLICE(HELLO));
    check_closed(foreign, SLICE("$ba$1$" HELLO));
    secrets_free(single);
    secrets_free(rotated);
    secrets_free(foreign);
}

static void refuses_other_spellings(void **state)
{
    struct secrets *single = lab_single();

    (void)state;
    check_closed(single, SLICE(""));
    check_closed(single, SLICE("$ba$"));
    check_closed(single, SLICE("$ba$1"));
    check_closed(single, SLICE("$ba$1$"));
    check_closed(single, SLICE("$ba$$" HELLO));
    check_closed(single, SLICE("$ba$01$" HELLO));
    check_closed(single, SLICE("$ba$-1$" HELLO));
    check_closed(single, SLICE("$ba$99999999999999999999$" HELLO));
    check_closed(single, SLICE("$BA$1$" HELLO));
    check_closed(single, SLICE("$ba$1$$" HELLO));
    check_closed(single, SLICE(" " HELLO));
    secrets_free(single);
}

static void seals_under_the_newest(void **state)
{
    struct secrets *old = lab_single();
    struct secrets *both = lab_rotated();
    struct secrets *new = lab_foreign();
    struct slice bare;
    struct slice versioned;

    (void)state;
    check_ok(secrets_seal(old, SLICE("hello bookplate"), &arena, &bare));
    assert_int_equal(bare.len, sizeof(HELLO) - 1);
    check_ok(secrets_seal(both, SLICE("hello bookplate"), &arena, &versioned));
    check_slice(slice_head(versioned, 6), SLICE("$ba$2$"));
    assert_int_equal(versioned.len, 6 + bare.len);
    check_opens(old, bare);
    check_opens(both, bare);
    check_opens(both, versioned);
    check_opens(new, versioned);
    check_closed(old, versioned);
    secrets_free(old);
    secrets_free(both);
    secrets_free(new);
}

static void knows_what_to_seal_anew(void **state)
{
    struct secrets *single = lab_single();
    struct secrets *rotated = lab_rotated();

    (void)state;
    assert_true(secrets_seal_is_current(single, SLICE(HELLO)));
    assert_false(secrets_seal_is_current(single, SLICE("$ba$1$" HELLO)));
    assert_true(secrets_seal_is_current(rotated, SLICE("$ba$2$" HELLO)));
    assert_false(secrets_seal_is_current(rotated, SLICE("$ba$1$" HELLO)));
    assert_false(secrets_seal_is_current(rotated, SLICE(HELLO)));
    secrets_free(single);
    secrets_free(rotated);
}

static int set_up(void **state)
{
    (void)state;
    check_ok(crypto_init());
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
        cmocka_unit_test(says_what_is_wrong_with_a_list),
        cmocka_unit_test(says_what_is_wrong_with_the_single_one),
        cmocka_unit_test(keeps_a_bounded_number),
        cmocka_unit_test(the_first_signs_and_all_verify),
        cmocka_unit_test(opens_what_the_original_sealed),
        cmocka_unit_test(refuses_other_spellings),
        cmocka_unit_test(seals_under_the_newest),
        cmocka_unit_test(knows_what_to_seal_anew),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
