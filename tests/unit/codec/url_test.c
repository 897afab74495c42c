/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/url.h"

static enum status try(struct slice text)
{
    struct slice copy = alone(text);
    struct url url;
    enum status status = url_parse(&arena, copy, &url);

    alone_end(copy);
    return status;
}

static void check_origin(const char *text, const char *want)
{
    struct url url;
    struct slice origin;

    check_ok(url_parse(&arena, slice_from_cstr(text), &url));
    check_ok(url_origin_text(&arena, &url, &origin));
    check_slice(origin, slice_from_cstr(want));
}

static void takes_a_url_apart(void **state)
{
    struct url url;

    (void)state;
    check_ok(url_parse(&arena,
                       SLICE("HTTPS://Book.Example:8443/a/b%20c?x=1&y[]=2#top"),
                       &url));
    check_text(url.scheme, "https");
    check_text(url.host, "book.example");
    assert_int_equal(url.port, 8443);
    check_text(url.path, "/a/b%20c");
    check_text(url.query, "x=1&y[]=2");
    check_text(url.fragment, "top");
}

static void absent_parts_differ_from_empty_ones(void **state)
{
    struct url url;

    (void)state;
    check_ok(url_parse(&arena, SLICE("http://h"), &url));
    check_text(url.path, "");
    assert_null(url.query.ptr);
    assert_null(url.fragment.ptr);
    assert_int_equal(url.port, 80);
    check_ok(url_parse(&arena, SLICE("http://h?#"), &url));
    assert_non_null(url.query.ptr);
    assert_non_null(url.fragment.ptr);
    check_text(url.query, "");
}

static void prints_origins_as_browsers_do(void **state)
{
    (void)state;
    check_origin("https://Example.COM:443/x", "https://example.com");
    check_origin("http://example.com:80", "http://example.com");
    check_origin("https://example.com:80", "https://example.com:80");
    check_origin("http://127.0.0.1:3000/", "http://127.0.0.1:3000");
    check_origin("http://[::1]:3000", "http://[::1]:3000");
    check_origin("http://[0:0:0:0:0:0:0:0]", "http://[::]");
    check_origin("http://[2001:DB8:0:0:1:0:0:1]", "http://[2001:db8::1:0:0:1]");
    check_origin("http://[1:0:2:3:4:5:6:7]", "http://[1:0:2:3:4:5:6:7]");
    check_origin("http://[1:2:3:4:5:6:0:0]", "http://[1:2:3:4:5:6::]");
    check_origin("http://[::ffff:1.2.3.4]", "http://[::ffff:102:304]");
    check_origin("https://xn--bcher-kva.example",
                 "https://xn--bcher-kva.example");
}

static void compares_origins(void **state)
{
    static const char *const others[] = {
        "http://a.example",       "https://a.example:8443", "https://b.example",
        "https://a.example.evil", "https://www.a.example",  "https://a.exampl"};
    struct url a;
    struct url b;

    (void)state;
    check_ok(url_parse(&arena, SLICE("https://a.example"), &a));
    check_ok(url_parse(&arena, SLICE("HTTPS://A.example:443/x?y"), &b));
    assert_true(url_origin_equal(&a, &b));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        check_ok(url_parse(&arena, slice_from_cstr(others[i]), &b));
        assert_false(url_origin_equal(&a, &b));
    }
}

static void refuses_anything_odd(void **state)
{
    static const struct slice bad[] = {
        SLICE_INIT(""),
        SLICE_INIT("example.com"),
        SLICE_INIT("//example.com"),
        SLICE_INIT("/path"),
        SLICE_INIT("javascript:alert(1)"),
        SLICE_INIT("ftp://h"),
        SLICE_INIT("https:h"),
        SLICE_INIT("https:/h"),
        SLICE_INIT("https:///h"),
        SLICE_INIT("https://"),
        SLICE_INIT("https://?x"),
        SLICE_INIT("https://:80"),
        SLICE_INIT("null"),
        /* what one reader takes for the host and another does not */
        SLICE_INIT("https://user@h"),
        SLICE_INIT("https://good.example@evil.example"),
        SLICE_INIT("https://good.example\\@evil.example"),
        SLICE_INIT("https:\\\\h"),
        SLICE_INIT("https://h\\x"),
        SLICE_INIT("https://h /"),
        SLICE_INIT(" https://h"),
        SLICE_INIT("https://h "),
        SLICE_INIT("https://h\t/"),
        SLICE_INIT("https://h/\r\nx"),
        SLICE_INIT("https://h/\0"),
        SLICE_INIT("https://h/\x7f"),
        SLICE_INIT("https://h%2eexample"),
        SLICE_INIT("https://b\xc3\xbc.example"),
        SLICE_INIT("https://h/\xc3\xbc"),
        SLICE_INIT("https://*.example"),
        SLICE_INIT("https://h,example"),
        SLICE_INIT("https://.example"),
        SLICE_INIT("https://example."),
        SLICE_INIT("https://a..b"),
        SLICE_INIT("https://-a.b"),
        SLICE_INIT("https://a-.b"),
        /* ports */
        SLICE_INIT("https://h:"),
        SLICE_INIT("https://h:0"),
        SLICE_INIT("https://h:080"),
        SLICE_INIT("https://h:65536"),
        SLICE_INIT("https://h:99999999999999999999"),
        SLICE_INIT("https://h:+80"),
        SLICE_INIT("https://h:80:80"),
        SLICE_INIT("https://h:8a"),
        /* numbers that are no dotted quad */
        SLICE_INIT("https://2130706433"),
        SLICE_INIT("https://127.1"),
        SLICE_INIT("https://0x7f.1"),
        SLICE_INIT("https://a.0X7F"),
        SLICE_INIT("https://127.0.0.256"),
        SLICE_INIT("https://127.0.0.01"),
        SLICE_INIT("https://1.2.3.4.5"),
        SLICE_INIT("https://a.b.c.4"),
        /* IPv6 */
        SLICE_INIT("https://[]"),
        SLICE_INIT("https://[::1"),
        SLICE_INIT("https://::1"),
        SLICE_INIT("https://::1]"),
        SLICE_INIT("https://[::1]x"),
        SLICE_INIT("https://[::1]:"),
        SLICE_INIT("https://[1::2::3]"),
        SLICE_INIT("https://[fe80::1%25eth0]"),
        SLICE_INIT("https://[::1\0]"),
        SLICE_INIT("https://[1:2:3:4:5:6:7:8:9]"),
        SLICE_INIT("https://[v1.x]"),
        /* paths */
        SLICE_INIT("https://h/a/../b"),
        SLICE_INIT("https://h/."),
        SLICE_INIT("https://h/%2e%2E/b"),
        SLICE_INIT("https://h/.%2e"),
        SLICE_INIT("https://h/%"),
        SLICE_INIT("https://h/%2"),
        SLICE_INIT("https://h/%zz"),
        SLICE_INIT("https://h/?a=%g0"),
        SLICE_INIT("https://h/#%"),
        SLICE_INIT("https://h/#a#b"),
        SLICE_INIT("https://h/<x>"),
        SLICE_INIT("https://h/\"x"),
        SLICE_INIT("https://h/`x"),
        SLICE_INIT("https://h/{x}"),
        SLICE_INIT("https://h/|"),
        SLICE_INIT("https://h/^"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (try(bad[i]) != STATUS_INVALID_VALUE) {
            print_error("accepted: %.*s\n", SLICE_ARG(bad[i]));
            fail();
        }
    }
}

static void refuses_what_is_too_long(void **state)
{
    char text[URL_LENGTH_MAX + 1];

    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text, "https://h/", 10);
    check_ok(try(slice_make(text, URL_LENGTH_MAX)));
    check_status(try(slice_make(text, URL_LENGTH_MAX + 1)),
                 STATUS_INVALID_VALUE);
    /* a label of 63 is one; of 64 is none; four of 63 pass 253 */
    check_ok(try(slice_make(memcpy(text + 64, "https://", 8), 71)));
    check_status(try(slice_make(text + 64, 72)), STATUS_INVALID_VALUE);
    for (size_t i = 72 + 63; i < 72 + 256; i += 64) {
        text[i] = '.';
    }
    check_ok(try(slice_make(text + 64, 8 + 253)));
    check_status(try(slice_make(text + 64, 8 + 254)), STATUS_INVALID_VALUE);
}

static void an_origin_has_nothing_behind_it(void **state)
{
    static const char *const bad[] = {"https://h/",  "https://h?", "https://h#",
                                      "https://h/x", "null",       "*"};
    struct url url;

    (void)state;
    check_ok(url_parse_origin(&arena, SLICE("https://h:8443"), &url));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        check_status(url_parse_origin(&arena, slice_from_cstr(bad[i]), &url),
                     STATUS_INVALID_VALUE);
    }
}

static void a_path_stays_on_our_origin(void **state)
{
    static const char *const good[] = {"/", "/a/b?x=/y#z", "/a//b", "/..a",
                                       "/a%2fb"};
    static const char *const bad[] = {"",
                                      "a",
                                      "//evil.example",
                                      "/\\evil.example",
                                      "\\/evil",
                                      "/%2fevil",
                                      "/%5Cevil",
                                      "/\tevil",
                                      "/a/../..",
                                      "/%2e%2e/",
                                      "https://h",
                                      "/a b",
                                      "/a\r\nb",
                                      "?x",
                                      "#x",
                                      "/a%"};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(url_is_path(slice_from_cstr(good[i])));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(url_is_path(slice_from_cstr(bad[i])));
    }
}

RUN_TESTS(TEST(takes_a_url_apart), TEST(absent_parts_differ_from_empty_ones),
          TEST(prints_origins_as_browsers_do), TEST(compares_origins),
          TEST(refuses_anything_odd), TEST(refuses_what_is_too_long),
          TEST(an_origin_has_nothing_behind_it),
          TEST(a_path_stays_on_our_origin))
