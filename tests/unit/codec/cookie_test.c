/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/cookie.h"

static struct cookies parse(struct slice header)
{
    struct cookies cookies = {NULL, 0};

    check_ok(cookie_parse(&arena, header, &cookies));
    return cookies;
}

static struct slice value_of(struct slice header, const char *name)
{
    struct cookies cookies = parse(header);
    struct slice value = SLICE("(none)");

    (void)cookie_find(&cookies, slice_from_cstr(name), &value);
    return value;
}

static void finds_cookies_by_their_exact_name(void **state)
{
    struct slice header = SLICE("a=1; better-auth.session_token=x.y%3D; A=2");

    (void)state;
    check_text(value_of(header, "a"), "1");
    check_text(value_of(header, "A"), "2");
    check_text(value_of(header, "better-auth.session_token"), "x.y%3D");
    check_text(value_of(header, "better-auth.session_toke"), "(none)");
    check_text(value_of(header, ""), "(none)");
}

static void the_first_of_two_counts(void **state)
{
    struct cookies cookies = parse(SLICE("s=good; s=evil; t=1; s=worse"));

    (void)state;
    assert_int_equal(cookies.count, 2);
    check_text(cookies.all[0].value, "good");
    check_text(cookies.all[1].name, "t");
}

static void strips_spaces_and_one_pair_of_quotes(void **state)
{
    (void)state;
    check_text(value_of(SLICE("a=\"x y\""), "a"), "x y");
    check_text(value_of(SLICE(" \ta = x \t;b=2"), "a"), "x");
    check_text(value_of(SLICE("a=\"\"x\"\""), "a"), "\"x\"");
    check_text(value_of(SLICE("a=\""), "a"), "\"");
    check_text(value_of(SLICE("a=\"\""), "a"), "");
    check_text(value_of(SLICE("a=b=c"), "a"), "b=c");
    check_text(value_of(SLICE("a="), "a"), "");
}

static void passes_over_what_is_no_cookie(void **state)
{
    struct cookies cookies = parse(
        SLICE("; ;=;=x;flag;b@d=1;b d=1;c\x01=1;d=\x01;e=\x7f;f=a\0b;ok=1;"));

    (void)state;
    assert_int_equal(cookies.count, 1);
    check_text(cookies.all[0].name, "ok");
    assert_int_equal(parse(SLICE_EMPTY).count, 0);
}

static void refuses_more_parts_than_the_limit(void **state)
{
    char header[2 * COOKIE_COUNT_MAX];
    struct cookies cookies;

    (void)state;
    memset(header, ';', sizeof(header));
    check_ok(cookie_parse(&arena, slice_make(header, COOKIE_COUNT_MAX - 1),
                          &cookies));
    check_status(
        cookie_parse(&arena, slice_make(header, COOKIE_COUNT_MAX), &cookies),
        STATUS_HEADERS_TOO_LARGE);
}

static void writes_attributes_in_the_order_of_the_peers(void **state)
{
    struct cookie cookie = {SLICE("__Secure-s"), SLICE("x.y%3D")};
    struct cookie_attributes attributes = {.has_max_age = true,
                                           .max_age = 604800,
                                           .domain = SLICE("example.com"),
                                           .path = SLICE("/"),
                                           .http_only = true,
                                           .secure = true,
                                           .partitioned = true,
                                           .same_site = COOKIE_SAME_SITE_NONE};

    (void)state;
    check_ok(cookie_write(&buf, cookie, &attributes));
    check_text(written(),
               "__Secure-s=x.y%3D; Max-Age=604800; Domain=example.com; Path=/; "
               "HttpOnly; Secure; SameSite=None; Partitioned");
    attributes = (struct cookie_attributes){.has_max_age = true,
                                            .same_site = COOKIE_SAME_SITE_LAX};
    cookie = (struct cookie){SLICE("a"), SLICE_EMPTY};
    check_ok(cookie_write(&buf, cookie, &attributes));
    check_text(written(), "a=; Max-Age=0; SameSite=Lax");
    attributes =
        (struct cookie_attributes){.same_site = COOKIE_SAME_SITE_STRICT};
    check_ok(cookie_write(&buf, cookie, &attributes));
    check_text(written(), "a=; SameSite=Strict");
}

static void check_not_written(struct cookie cookie,
                              struct cookie_attributes attributes)
{
    check_status(cookie_write(&buf, cookie, &attributes), STATUS_INVALID_VALUE);
    assert_int_equal(buf.len, 0);
}

static void refuses_to_write_what_ends_the_header(void **state)
{
    static const char bad[] = "\r\n;, \"\\\t\x7f\x80";
    const struct cookie_attributes none = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(bad); i++) {
        char text[3] = {'/', bad[i], 'x'};
        struct slice odd = slice_make(text, 3);

        check_not_written((struct cookie){SLICE("a"), odd}, none);
        check_not_written((struct cookie){odd, SLICE("1")}, none);
        check_not_written((struct cookie){SLICE("a"), SLICE("1")},
                          (struct cookie_attributes){.path = odd});
        check_not_written((struct cookie){SLICE("a"), SLICE("1")},
                          (struct cookie_attributes){.domain = odd});
    }
    check_not_written((struct cookie){SLICE_EMPTY, SLICE("1")}, none);
    check_not_written((struct cookie){SLICE("a=b"), SLICE("1")}, none);
}

static void refuses_to_write_what_browsers_drop(void **state)
{
    const struct cookie plain = {SLICE("a"), SLICE("1")};
    const struct cookie secure = {SLICE("__Secure-a"), SLICE("1")};
    const struct cookie host = {SLICE("__host-a"), SLICE("1")};

    (void)state;
    check_not_written(
        plain, (struct cookie_attributes){.same_site = COOKIE_SAME_SITE_NONE});
    check_not_written(plain, (struct cookie_attributes){.partitioned = true});
    check_not_written(secure, (struct cookie_attributes){0});
    check_not_written(host, (struct cookie_attributes){.secure = true});
    check_not_written(host, (struct cookie_attributes){.path = SLICE("/")});
    check_not_written(host, (struct cookie_attributes){.secure = true,
                                                       .path = SLICE("/"),
                                                       .domain = SLICE("a.b")});
    check_not_written(plain, (struct cookie_attributes){.path = SLICE("x")});
    check_not_written(
        plain, (struct cookie_attributes){.has_max_age = true, .max_age = -1});
    check_not_written(
        plain, (struct cookie_attributes){.has_max_age = true,
                                          .max_age = COOKIE_AGE_MAX + 1});
}

RUN_TESTS(TEST(finds_cookies_by_their_exact_name),
          TEST(the_first_of_two_counts),
          TEST(strips_spaces_and_one_pair_of_quotes),
          TEST(passes_over_what_is_no_cookie),
          TEST(refuses_more_parts_than_the_limit),
          TEST(writes_attributes_in_the_order_of_the_peers),
          TEST(refuses_to_write_what_ends_the_header),
          TEST(refuses_to_write_what_browsers_drop))
