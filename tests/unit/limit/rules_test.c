/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/buf.h"
#include "limit/rules.h"

static struct arena arena;

static struct limit_rules make(struct slice text)
{
    struct limit_settings settings = {10000, 100, text};
    struct limit_rules rules;
    struct slice problem = SLICE_EMPTY;

    check_ok(limit_rules_make(&arena, &settings, &problem, &rules));
    return rules;
}

static void check_rule(const struct limit_rules *rules, const char *path,
                       int64_t window_ms, int64_t max)
{
    struct limit_rule rule = limit_rule_find(rules, slice_from_cstr(path));

    if (rule.window_ms != window_ms || rule.max != max) {
        fail_msg("%s: %d ms, %d", path, (int)rule.window_ms, (int)rule.max);
    }
}

static void test_special_paths_are_the_originals(void **state)
{
    struct limit_rules rules;

    (void)state;
    arena_init(&arena, 65536);
    rules = make(SLICE(""));
    check_rule(&rules, "/sign-in/email", 10000, 3);
    check_rule(&rules, "/sign-in", 10000, 3);
    check_rule(&rules, "/sign-up/email", 10000, 3);
    check_rule(&rules, "/change-password", 10000, 3);
    check_rule(&rules, "/change-email", 10000, 3);
    check_rule(&rules, "/request-password-reset", 60000, 3);
    check_rule(&rules, "/request-password-reset/x", 10000, 100);
    check_rule(&rules, "/send-verification-email", 60000, 3);
    check_rule(&rules, "/forget-password/email-otp", 60000, 3);
    check_rule(&rules, "/get-session", 10000, 100);
    check_rule(&rules, "/", 10000, 100);
    check_rule(&rules, "", 10000, 100);
    assert_int_equal(limit_rules_longest_ms(&rules), 60000);
    arena_release(&arena);
}

static void test_custom_rules_go_first(void **state)
{
    struct limit_rules rules;

    (void)state;
    arena_init(&arena, 65536);
    rules = make(SLICE("/sign-in/*=10s/5, /get-session=off,/a=b=500ms/1,"
                       "/sign-in/*=1s/1,**=2h/7"));
    check_rule(&rules, "/sign-in/email", 10000, 5);
    check_rule(&rules, "/sign-in/social/x", 7200000, 7);
    check_rule(&rules, "/get-session", 0, 0);
    check_rule(&rules, "/a=b", 500, 1);
    check_rule(&rules, "/token", 7200000, 7);
    assert_int_equal(limit_rules_longest_ms(&rules), 7200000);
    arena_release(&arena);
}

static void check_problem(struct slice text, struct slice words)
{
    struct limit_settings settings = {10000, 100, text};
    struct limit_rules rules;
    struct slice problem = SLICE_EMPTY;

    check_status(limit_rules_make(&arena, &settings, &problem, &rules),
                 STATUS_INVALID_VALUE);
    if (!slice_contains(problem, words)) {
        fail_msg("\"%.*s\" does not say \"%.*s\"", SLICE_ARG(problem),
                 SLICE_ARG(words));
    }
}

static void test_errors_are_named(void **state)
{
    struct slice many;
    struct buf buf;

    (void)state;
    arena_init(&arena, 1 << 20);
    check_problem(SLICE("/x"), SLICE("\"/x\" is not of the form"));
    check_problem(SLICE("/ok=1s/1,,"), SLICE("\"\" is not of the form"));
    check_problem(SLICE("x=1s/1"), SLICE("does not begin with /"));
    check_problem(SLICE("/x=on"), SLICE("has no limit"));
    check_problem(SLICE("/x="), SLICE("has no limit"));
    check_problem(SLICE("/x=10/5"), SLICE("1ms to 1d"));
    check_problem(SLICE("/x=0s/5"), SLICE("1ms to 1d"));
    check_problem(SLICE("/x=25h/5"), SLICE("1ms to 1d"));
    check_problem(SLICE("/x=99999999999999999999s/5"), SLICE("1ms to 1d"));
    check_problem(SLICE("/x=10s/0"), SLICE("1 to 1000000"));
    check_problem(SLICE("/x=10s/-1"), SLICE("1 to 1000000"));
    check_problem(SLICE("/x=10s/5/5"), SLICE("1 to 1000000"));
    buf_init(&buf, &arena, 65536);
    for (size_t i = 0; i <= LIMIT_RULES_MAX; i++) {
        buf_add(&buf, i == 0 ? SLICE("/x=1s/1") : SLICE(",/x=1s/1"));
    }
    check_ok(buf_finish(&buf, &many));
    check_problem(many, SLICE("one rule too many"));
    arena_release(&arena);
}

RUN_TESTS(cmocka_unit_test(test_special_paths_are_the_originals),
          cmocka_unit_test(test_custom_rules_go_first),
          cmocka_unit_test(test_errors_are_named))
