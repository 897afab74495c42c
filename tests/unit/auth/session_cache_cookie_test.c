/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "auth/session_cache.h"
#include "auth/session_cache_cookie.h"

#define NAME "better-auth.session_data"
/*
 * What the original leaves for a value beside
 * "better-auth.session_data.99=; Max-Age=300; Path=/; HttpOnly; SameSite=Lax".
 */
#define ROOM ((size_t)3977)

static const struct cookie_attributes attributes = {
    .has_max_age = true,
    .max_age = 300,
    .path = SLICE_INIT("/"),
    .http_only = true,
    .same_site = COOKIE_SAME_SITE_LAX,
};

static const struct cookies none = {NULL, 0};
static struct arena arena;
static char letters[500000];

static struct cookie cookie_of(size_t len)
{
    return (struct cookie){SLICE(NAME), slice_make(letters, len)};
}

static void split(size_t len, struct cookies *out)
{
    check_ok(session_cache_split(cookie_of(len), &attributes, &arena, out));
}

static void check_kept_by_browsers(struct cookie cookie)
{
    struct slice text;
    struct buf buf;

    buf_init(&buf, &arena, 8192);
    check_ok(cookie_write(&buf, cookie, &attributes));
    check_ok(buf_finish(&buf, &text));
    assert_true(text.len <= SESSION_CACHE_COOKIE_LIMIT);
}

static void what_fits_stays_whole(void **state)
{
    static const size_t lengths[] = {0, 1, 1000, ROOM};
    struct cookies cookies;

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        split(lengths[i], &cookies);
        assert_int_equal(cookies.count, 1);
        check_text(cookies.all[0].name, NAME);
        check_slice(cookies.all[0].value, slice_make(letters, lengths[i]));
    }
}

static void cuts_where_the_original_cuts(void **state)
{
    struct cookies cookies;

    (void)state;
    split(ROOM + 1, &cookies);
    assert_int_equal(cookies.count, 2);
    check_text(cookies.all[0].name, NAME ".0");
    assert_int_equal(cookies.all[0].value.len, ROOM);
    check_text(cookies.all[1].name, NAME ".1");
    assert_int_equal(cookies.all[1].value.len, 1);
    check_kept_by_browsers(cookies.all[0]);
    split(12 * ROOM, &cookies);
    assert_int_equal(cookies.count, 12);
    check_text(cookies.all[11].name, NAME ".11");
    check_kept_by_browsers(cookies.all[11]);
    split(100 * ROOM, &cookies);
    assert_int_equal(cookies.count, 100);
    check_text(cookies.all[99].name, NAME ".99");
    check_kept_by_browsers(cookies.all[99]);
}

static void goes_without_what_a_hundred_cannot_hold(void **state)
{
    struct cookie_attributes wide = attributes;
    struct cookies cookies;
    char path[4096];

    (void)state;
    check_status(session_cache_split(cookie_of(100 * ROOM + 1), &attributes,
                                     &arena, &cookies),
                 STATUS_TOO_LARGE);
    memset(path, '/', sizeof(path));
    wide.path = slice_make(path, sizeof(path));
    check_status(session_cache_split(cookie_of(1), &wide, &arena, &cookies),
                 STATUS_TOO_LARGE);
    wide.path = slice_make(path, ROOM + 1);
    check_status(session_cache_split(cookie_of(1), &wide, &arena, &cookies),
                 STATUS_TOO_LARGE);
    wide.path = slice_make(path, ROOM);
    check_ok(session_cache_split(cookie_of(2), &wide, &arena, &cookies));
    assert_int_equal(cookies.count, 2);
}

static void check_join(const char *header, const char *expected)
{
    struct cookies request;
    struct slice joined = SLICE_EMPTY;

    check_ok(cookie_parse(&arena, slice_from_cstr(header), &request));
    if (expected == NULL) {
        check_status(session_cache_join(&request, SLICE(NAME), &arena, &joined),
                     STATUS_NOT_FOUND);
        return;
    }
    check_ok(session_cache_join(&request, SLICE(NAME), &arena, &joined));
    check_slice(joined, slice_from_cstr(expected));
}

static void joins_by_number(void **state)
{
    (void)state;
    check_join(NAME "=abc", "abc");
    check_join(NAME ".0=ab; " NAME ".1=cd; " NAME ".2=e", "abcde");
    check_join(NAME ".10=k; " NAME ".2=c; x=y; " NAME ".0=a", "ack");
    check_join(NAME "=whole; " NAME ".0=part", "whole");
    check_join(NAME ".0=part; " NAME "=", "part");
    check_join(NAME ".0=first; " NAME ".0=second", "first");
    check_join(NAME ".99=z", "z");
    check_join(NAME "=a%2Eb", "a.b");
}

static void passes_over_other_names(void **state)
{
    (void)state;
    check_join("", NULL);
    check_join(NAME "=", NULL);
    check_join(NAME ".=a", NULL);
    check_join(NAME ".00=a", NULL);
    check_join(NAME ".01=a", NULL);
    check_join(NAME ".-1=a", NULL);
    check_join(NAME ".1x=a", NULL);
    check_join(NAME ".1.0=a", NULL);
    check_join(NAME ".100=a", NULL);
    check_join(NAME ".99999999999999999999=a", NULL);
    check_join(NAME "x0=a", NULL);
    check_join("__Secure-" NAME ".0=a", NULL);
}

static void joins_what_was_split(void **state)
{
    struct cookies cookies;
    struct slice joined;

    (void)state;
    split(SESSION_CACHE_LIMIT, &cookies);
    assert_int_equal(cookies.count, 5);
    check_ok(session_cache_join(&cookies, SLICE(NAME), &arena, &joined));
    check_slice(joined, slice_make(letters, SESSION_CACHE_LIMIT));
    split(SESSION_CACHE_LIMIT + 1, &cookies);
    check_status(session_cache_join(&cookies, SLICE(NAME), &arena, &joined),
                 STATUS_TOO_LARGE);
}

static void says_which_to_expire(void **state)
{
    struct cookies request;
    struct cookies fresh;
    struct cookies stale;

    (void)state;
    check_ok(cookie_parse(&arena,
                          SLICE(NAME "=w; " NAME ".0=a; x=y; " NAME
                                     ".1=b; " NAME ".2=c; " NAME ".100=d"),
                          &request));
    check_ok(session_cache_stale(&request, SLICE(NAME), &none, &arena, &stale));
    assert_int_equal(stale.count, 4);
    check_text(stale.all[0].name, NAME);
    check_text(stale.all[0].value, "");
    check_text(stale.all[3].name, NAME ".2");
    split(ROOM + 1, &fresh);
    check_ok(
        session_cache_stale(&request, SLICE(NAME), &fresh, &arena, &stale));
    assert_int_equal(stale.count, 2);
    check_text(stale.all[0].name, NAME);
    check_text(stale.all[1].name, NAME ".2");
    split(1, &fresh);
    check_ok(
        session_cache_stale(&request, SLICE(NAME), &fresh, &arena, &stale));
    assert_int_equal(stale.count, 3);
    check_ok(session_cache_stale(&none, SLICE(NAME), &fresh, &arena, &stale));
    assert_int_equal(stale.count, 0);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)4 << 20);
    for (size_t i = 0; i < sizeof(letters); i++) {
        letters[i] = (char)('a' + i % 26);
    }
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
        cmocka_unit_test(what_fits_stays_whole),
        cmocka_unit_test(cuts_where_the_original_cuts),
        cmocka_unit_test(goes_without_what_a_hundred_cannot_hold),
        cmocka_unit_test(joins_by_number),
        cmocka_unit_test(passes_over_other_names),
        cmocka_unit_test(joins_what_was_split),
        cmocka_unit_test(says_which_to_expire),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
