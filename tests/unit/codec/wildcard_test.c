/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/clock.h"
#include "codec/wildcard.h"

static bool match(struct slice pattern, struct slice text)
{
    struct wildcard wildcard;
    struct arena arena;
    bool matched;

    arena_init(&arena, 65536);
    check_ok(wildcard_compile(&arena, pattern, &wildcard));
    matched = wildcard_match(&wildcard, text);
    arena_release(&arena);
    return matched;
}

/* What the original's own matcher says to each. */
static const struct {
    struct slice pattern;
    struct slice text;
    bool matches;
} rows[] = {
    {SLICE_INIT("a"), SLICE_INIT("a"), true},
    {SLICE_INIT("a"), SLICE_INIT("A"), false},
    {SLICE_INIT("a"), SLICE_INIT("a/"), true},
    {SLICE_INIT("a"), SLICE_INIT("aa"), false},
    {SLICE_INIT(""), SLICE_INIT(""), true},
    {SLICE_INIT(""), SLICE_INIT("x"), false},
    {SLICE_INIT("*"), SLICE_INIT(""), true},
    {SLICE_INIT("*"), SLICE_INIT("book.example.com:8443"), true},
    {SLICE_INIT("*"), SLICE_INIT("a/b"), false},
    {SLICE_INIT("?"), SLICE_INIT("a"), true},
    {SLICE_INIT("?"), SLICE_INIT(""), false},
    {SLICE_INIT("?"), SLICE_INIT("/"), false},
    {SLICE_INIT("*.example.com"), SLICE_INIT("a.b.example.com"), true},
    {SLICE_INIT("*.example.com"), SLICE_INIT("example.com"), false},
    {SLICE_INIT("*.example.com"), SLICE_INIT("a.example.com.evil"), false},
    {SLICE_INIT("a.c"), SLICE_INIT("abc"), false},
    {SLICE_INIT("https://*.example.com"), SLICE_INIT("https://a.example.com"),
     true},
    {SLICE_INIT("https://*.example.com"),
     SLICE_INIT("https://a.example.com:8443"), false},
    {SLICE_INIT("https://*.example.com:*"),
     SLICE_INIT("https://a.example.com:8443"), true},
    {SLICE_INIT("https://*.example.com"), SLICE_INIT("https:a.example.com"),
     false},
    {SLICE_INIT("exp://192.168.*.*:*/**"),
     SLICE_INIT("exp://192.168.1.5:8081/--/a/b"), true},
    {SLICE_INIT("exp://192.168.*.*:*/**"), SLICE_INIT("exp://192.168.1.5:8081"),
     true},
    {SLICE_INIT("exp://**"), SLICE_INIT("exp://a/b/c"), true},
    {SLICE_INIT("/sign-in/*"), SLICE_INIT("/sign-in/email"), true},
    {SLICE_INIT("/sign-in/*"), SLICE_INIT("/sign-in/email/x"), false},
    {SLICE_INIT("/sign-in/*"), SLICE_INIT("/sign-in"), false},
    {SLICE_INIT("/sign-in/*"), SLICE_INIT("/sign-in/"), true},
    {SLICE_INIT("/a/**/z"), SLICE_INIT("/a/z"), true},
    {SLICE_INIT("/a/**/z"), SLICE_INIT("/a/b/c/z"), true},
    {SLICE_INIT("/a/**/z"), SLICE_INIT("/a/bz"), false},
    {SLICE_INIT("**/z"), SLICE_INIT("z"), true},
    {SLICE_INIT("**/z"), SLICE_INIT("a/b/z"), true},
    {SLICE_INIT("**"), SLICE_INIT("a/b/z"), true},
    {SLICE_INIT("a**b"), SLICE_INIT("axxb"), true},
    {SLICE_INIT("a**b"), SLICE_INIT("ax/xb"), false},
    {SLICE_INIT("\\*a"), SLICE_INIT("*a"), true},
    {SLICE_INIT("\\*a"), SLICE_INIT("ba"), false},
    {SLICE_INIT("a\\"), SLICE_INIT("a"), true},
    {SLICE_INIT("a+(b)[c]"), SLICE_INIT("a+(b)[c]"), true},
};

static void test_every_recorded_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (match(rows[i].pattern, rows[i].text) != rows[i].matches) {
            fail_msg("pattern \"%.*s\", text \"%.*s\"",
                     SLICE_ARG(rows[i].pattern), SLICE_ARG(rows[i].text));
        }
    }
}

static void test_a_long_pattern_is_refused(void **state)
{
    char text[WILDCARD_LENGTH_MAX + 1];
    struct wildcard wildcard;
    struct arena arena;

    (void)state;
    memset(text, '/', sizeof(text));
    arena_init(&arena, 65536);
    check_status(
        wildcard_compile(&arena, slice_make(text, sizeof(text)), &wildcard),
        STATUS_TOO_LARGE);
    check_ok(wildcard_compile(&arena, slice_make(text, sizeof(text) - 1),
                              &wildcard));
    for (size_t i = 0; i + 1 < sizeof(text); i += 2) {
        memcpy(text + i, "a/", 2);
    }
    check_ok(wildcard_compile(&arena, slice_make(text, sizeof(text) - 1),
                              &wildcard));
    assert_true(wildcard_match(&wildcard, slice_make(text, sizeof(text) - 1)));
    arena_release(&arena);
}

/* A backtracking matcher would take longer than the universe has had. */
static void test_stars_do_not_multiply(void **state)
{
    char pattern[WILDCARD_LENGTH_MAX];
    char text[2048];
    int64_t from = clock_mono_ms();

    (void)state;
    for (size_t i = 0; i < sizeof(pattern); i += 2) {
        memcpy(pattern + i, "*a", 2);
    }
    pattern[sizeof(pattern) - 1] = 'b';
    memset(text, 'a', sizeof(text));
    assert_false(match(slice_make(pattern, sizeof(pattern)),
                       slice_make(text, sizeof(text))));
    assert_true(clock_mono_ms() - from < 2000);
}

RUN_TESTS(cmocka_unit_test(test_every_recorded_row),
          cmocka_unit_test(test_a_long_pattern_is_refused),
          cmocka_unit_test(test_stars_do_not_multiply))
