/* SPDX-License-Identifier: Apache-2.0 */
/* SERVICE_KEYS; what the database says is asked in tests/rest/service. */
#include "../check.h"

#include "crypto/init.h"
#include "reader/service.h"

#define TUTOR_KEY  "tutor-key-0123456789-abcdefghijklm"
#define GRADER_KEY "grader-key-0123456789-abcdefghijkl"

static struct arena arena;
static const struct service_list *list;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    check_ok(crypto_init());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static enum status find(const char *key, struct service *out)
{
    const struct auth_call call = {.arena = &arena};

    return service_find(&call, list, slice_from_cstr(key), out);
}

static void finds_whom_the_setting_names(void **state)
{
    struct service service;
    struct slice why;

    (void)state;
    check_ok(
        service_list_read(SLICE(" tutor : " TUTOR_KEY " ,grader:" GRADER_KEY),
                          &arena, &why, &list));
    check_ok(find(GRADER_KEY, &service));
    check_text(service.name, "grader");
    assert_true(service_may(&service, SERVICE_SCOPE_READ));
    assert_false(service_may(&service, SLICE("background")));
    check_ok(find(TUTOR_KEY, &service));
    check_text(service.name, "tutor");
    check_status(find(TUTOR_KEY "x", &service), STATUS_NOT_FOUND);
    check_status(find("tutor", &service), STATUS_NOT_FOUND);
    check_status(find("", &service), STATUS_NOT_FOUND);
}

static void an_empty_setting_names_nobody(void **state)
{
    struct service service;
    struct slice why;

    (void)state;
    check_ok(service_list_read(SLICE_EMPTY, &arena, &why, &list));
    check_status(find(TUTOR_KEY, &service), STATUS_NOT_FOUND);
}

static void refuse_list(const char *text, const char *expected)
{
    struct slice why = SLICE_EMPTY;

    check_status(service_list_read(slice_from_cstr(text), &arena, &why, &list),
                 STATUS_INVALID_VALUE);
    if (!slice_starts_with(why, slice_from_cstr(expected))) {
        check_slice(why, slice_from_cstr(expected));
    }
    assert_false(slice_contains(why, SLICE("key-0123456789")));
}

static void wrong_entries_are_named_and_not_shown(void **state)
{
    char many[8192] = "";
    size_t len = 0;

    (void)state;
    refuse_list(TUTOR_KEY, "SERVICE_KEYS: entry 1 does not begin with a name");
    refuse_list(":" TUTOR_KEY, "SERVICE_KEYS: entry 1 does not begin");
    refuse_list("a b:" TUTOR_KEY, "SERVICE_KEYS: entry 1 does not begin");
    refuse_list("a:" TUTOR_KEY ",", "SERVICE_KEYS: entry 2 does not begin");
    refuse_list("a:" TUTOR_KEY ",b:short", "SERVICE_KEYS: entry 2 has a key");
    refuse_list("a:" TUTOR_KEY ",a:" GRADER_KEY,
                "SERVICE_KEYS: entry 2 has the name of an earlier one");
    for (size_t i = 0; i <= SERVICE_LIST_MAX; i++) {
        len += (size_t)snprintf(many + len, sizeof(many) - len, "%ss%zu:%s",
                                i == 0 ? "" : ",", i, TUTOR_KEY);
    }
    refuse_list(many, "SERVICE_KEYS: entry 65 is one more");
}

static void names_are_of_letters_digits_and_little_else(void **state)
{
    static const char *const bad[] = {"", "a b", "a/b", "a:b", "ä", "a\n"};

    (void)state;
    assert_true(service_name_is_good(SLICE("Tutor-2_b.example")));
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_false(service_name_is_good(slice_from_cstr(bad[i])));
    }
    assert_true(service_name_is_good(slice_make(
        "0123456789012345678901234567890123456789012345678901234567890123",
        SERVICE_NAME_MAX)));
    assert_false(service_name_is_good(slice_make(
        "01234567890123456789012345678901234567890123456789012345678901234",
        SERVICE_NAME_MAX + 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_whom_the_setting_names),
        cmocka_unit_test(an_empty_setting_names_nobody),
        cmocka_unit_test(wrong_entries_are_named_and_not_shown),
        cmocka_unit_test(names_are_of_letters_digits_and_little_else),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
