/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "net/client_request.h"

static struct arena arena;
static struct client_copy copy;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, CLIENT_REQUEST_MAX * 2);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static enum status try_url(struct slice url)
{
    struct client_request request = {.url = url};

    return client_request_copy(&arena, &request, &copy);
}

static enum status try_header(struct slice name, struct slice value)
{
    struct client_header header = {name, value};
    struct client_request request = {
        .url = SLICE("http://h/"), .headers = &header, .header_count = 1};

    return client_request_copy(&arena, &request, &copy);
}

static void keeps_url_and_host(void **state)
{
    (void)state;
    check_ok(try_url(SLICE("http://h.example:80/a?b#c")));
    check_text(slice_from_cstr(copy.url), "http://h.example:80/a?b#c");
    check_text(copy.host, "h.example:80");
    check_ok(try_url(SLICE("HTTPS://[::1]:9?q=a@b")));
    check_text(copy.host, "[::1]:9");
    check_ok(try_url(SLICE("http://h")));
    check_text(copy.host, "h");
}

static void refuses_urls_that_are_not_http(void **state)
{
    static const struct slice cases[] = {
        SLICE_INIT(""),           SLICE_INIT("h"),
        SLICE_INIT("/path"),      SLICE_INIT("http:"),
        SLICE_INIT("http:/h"),    SLICE_INIT("http://"),
        SLICE_INIT("http:///x"),  SLICE_INIT("http://?x"),
        SLICE_INIT("ftp://h/"),   SLICE_INIT("file:///etc/passwd"),
        SLICE_INIT("httpx://h/"), SLICE_INIT("gopher://h/"),
        SLICE_INIT(" http://h/"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_status(try_url(cases[i]), STATUS_INVALID_VALUE);
    }
}

static void refuses_urls_that_break_their_line_or_hide_the_host(void **state)
{
    static const struct slice cases[] = {
        SLICE_INIT("http://h/\r\nX: y"), SLICE_INIT("http://h/\n"),
        SLICE_INIT("http://h/\r"),       SLICE_INIT("http://h/a b"),
        SLICE_INIT("http://h/\t"),       SLICE_INIT("http://h/\0x"),
        SLICE_INIT("http://h\r\n/"),     SLICE_INIT("http://h/\x7f"),
        SLICE_INIT("http://h/\xc3\xa9"), SLICE_INIT("http://u@h/"),
        SLICE_INIT("http://u:p@h/"),     SLICE_INIT("http://h\\@g/"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_status(try_url(cases[i]), STATUS_INVALID_VALUE);
    }
}

static void refuses_a_url_that_is_too_long(void **state)
{
    static char url[CLIENT_URL_MAX + 1];

    (void)state;
    memset(url, 'a', sizeof(url));
    memcpy(url, "http://", 7);
    check_ok(try_url(slice_make(url, CLIENT_URL_MAX)));
    check_status(try_url(slice_make(url, CLIENT_URL_MAX + 1)),
                 STATUS_INVALID_VALUE);
}

static void writes_a_field_as_libcurl_reads_it(void **state)
{
    (void)state;
    check_ok(try_header(SLICE("X-A"), SLICE(" b\tc ")));
    check_text(slice_from_cstr(copy.lines[0]), "X-A: b\tc");
    assert_false(copy.has_content_type);
    check_ok(try_header(SLICE("X-A"), SLICE("")));
    check_text(slice_from_cstr(copy.lines[0]), "X-A;");
    check_ok(try_header(SLICE("content-TYPE"), SLICE("a/b")));
    assert_true(copy.has_content_type);
}

static void refuses_fields_that_break_their_line(void **state)
{
    static const struct slice names[] = {
        SLICE_INIT(""),    SLICE_INIT("a b"),      SLICE_INIT("a:"),
        SLICE_INIT("a\r"), SLICE_INIT("a\nb"),     SLICE_INIT("a\0"),
        SLICE_INIT(" a"),  SLICE_INIT("\xc3\xa9"), SLICE_INIT("a(b)"),
    };
    static const struct slice values[] = {
        SLICE_INIT("a\r\nX: y"), SLICE_INIT("a\n"),  SLICE_INIT("\r"),
        SLICE_INIT("a\0b"),      SLICE_INIT("\x01"), SLICE_INIT("\x7f"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        check_status(try_header(names[i], SLICE("v")), STATUS_INVALID_VALUE);
    }
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        check_status(try_header(SLICE("n"), values[i]), STATUS_INVALID_VALUE);
    }
}

static void refuses_fields_that_frame_the_message(void **state)
{
    static const struct slice names[] = {
        SLICE_INIT("Content-Length"),
        SLICE_INIT("TRANSFER-ENCODING"),
        SLICE_INIT("host"),
        SLICE_INIT("Connection"),
        SLICE_INIT("Expect"),
        SLICE_INIT("Upgrade"),
        SLICE_INIT("TE"),
        SLICE_INIT("Trailer"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        check_status(try_header(names[i], SLICE("1")), STATUS_INVALID_VALUE);
    }
}

static void refuses_too_many_or_too_long_fields(void **state)
{
    static struct client_header headers[CLIENT_HEADERS_MAX + 1];
    static char value[CLIENT_HEAD_MAX];
    struct client_request request = {.url = SLICE("http://h/"),
                                     .headers = headers};

    (void)state;
    for (size_t i = 0; i <= CLIENT_HEADERS_MAX; i++) {
        headers[i] = (struct client_header){SLICE("n"), SLICE("v")};
    }
    request.header_count = CLIENT_HEADERS_MAX;
    check_ok(client_request_copy(&arena, &request, &copy));
    assert_int_equal(copy.line_count, CLIENT_HEADERS_MAX);
    request.header_count++;
    check_status(client_request_copy(&arena, &request, &copy),
                 STATUS_INVALID_VALUE);
    memset(value, 'v', sizeof(value));
    check_ok(try_header(SLICE("n"), slice_make(value, sizeof(value) - 1)));
    check_status(try_header(SLICE("n"), slice_make(value, sizeof(value))),
                 STATUS_INVALID_VALUE);
}

static void a_body_goes_with_a_method_that_has_one(void **state)
{
    struct client_request request = {.url = SLICE("http://h/"),
                                     .body = SLICE("b")};

    (void)state;
    for (int i = CLIENT_GET; i <= CLIENT_DELETE; i++) {
        request.method = (enum client_method)i;
        check_status(client_request_copy(&arena, &request, &copy),
                     i <= CLIENT_HEAD ? STATUS_INVALID_VALUE : STATUS_OK);
    }
    request.method = CLIENT_POST;
    request.body = slice_make("", CLIENT_REQUEST_MAX + 1);
    check_status(client_request_copy(&arena, &request, &copy),
                 STATUS_INVALID_VALUE);
}

static void redirects_are_for_reading_and_few(void **state)
{
    struct client_request request = {.url = SLICE("http://h/"),
                                     .max_redirects = CLIENT_REDIRECTS_MAX};

    (void)state;
    check_ok(client_request_copy(&arena, &request, &copy));
    request.method = CLIENT_POST;
    check_status(client_request_copy(&arena, &request, &copy),
                 STATUS_INVALID_VALUE);
    request.method = CLIENT_GET;
    request.max_redirects = CLIENT_REDIRECTS_MAX + 1;
    check_status(client_request_copy(&arena, &request, &copy),
                 STATUS_INVALID_VALUE);
    request.max_redirects = -1;
    check_status(client_request_copy(&arena, &request, &copy),
                 STATUS_INVALID_VALUE);
}

static void every_wait_has_an_end(void **state)
{
    struct client_request request = {
        .url = SLICE("http://h/"), .connect_ms = -5, .stall_ms = INT64_MAX};

    (void)state;
    check_ok(client_request_copy(&arena, &request, &copy));
    assert_int_equal(copy.connect_ms, CLIENT_CONNECT_MS);
    assert_int_equal(copy.total_ms, CLIENT_TOTAL_MS);
    assert_int_equal(copy.stall_ms, CLIENT_TIMEOUT_MAX_MS);
    assert_int_equal(copy.body_limit, CLIENT_BODY_LIMIT);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(keeps_url_and_host), TEST(refuses_urls_that_are_not_http),
          TEST(refuses_urls_that_break_their_line_or_hide_the_host),
          TEST(refuses_a_url_that_is_too_long),
          TEST(writes_a_field_as_libcurl_reads_it),
          TEST(refuses_fields_that_break_their_line),
          TEST(refuses_fields_that_frame_the_message),
          TEST(refuses_too_many_or_too_long_fields),
          TEST(a_body_goes_with_a_method_that_has_one),
          TEST(redirects_are_for_reading_and_few), TEST(every_wait_has_an_end))
