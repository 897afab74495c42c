/* SPDX-License-Identifier: Apache-2.0 */
/* Every case is fed whole, byte by byte, and cut in two at every place. */
#include "../check.h"

#include "http/head.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
/* What surrounds the part a case is about. */
#define GET(fields) "GET / HTTP/1.1\r\nHost: a\r\n" fields "\r\n"
#define LINE(line)  line "\r\nHost: a\r\n\r\n"
#define HOST(value) "GET / HTTP/1.1\r\nHost:" value "\r\n\r\n"

struct outcome {
    enum status status;
    bool done;
    size_t consumed;
};

struct refusal {
    struct slice input;
    enum status status;
};

static struct http_head head;

static struct outcome feed(struct slice input, size_t first, size_t step)
{
    struct outcome out = {STATUS_OK, false, 0};
    struct head_parser parser;
    size_t len = first;

    head_parser_init(&parser);
    memset(&head, 0x5a, sizeof(head));
    while (out.status == STATUS_OK && !out.done) {
        out.status =
            head_parse(&parser, slice_head(input, len), &head, &out.done);
        if (len >= input.len) {
            break;
        }
        len += step;
    }
    out.consumed = head_parser_consumed(&parser);
    return out;
}

static void check_same(struct outcome a, struct outcome b, struct slice input)
{
    if (a.status != b.status || a.done != b.done || a.consumed != b.consumed) {
        print_error("cut and whole differ for \"%.*s\"\n", SLICE_ARG(input));
        fail();
    }
}

/* The outcome, which must not depend on the cuts; `head` holds the last. */
static struct outcome parse(struct slice input)
{
    struct outcome whole = feed(input, input.len, 1);

    check_same(feed(input, 0, 1), whole, input);
    if (input.len < 1024) {
        for (size_t at = 0; at < input.len; at++) {
            check_same(feed(input, at, input.len), whole, input);
        }
    }
    return feed(input, input.len, 1);
}

static void check_accepted(struct slice input)
{
    struct outcome out = parse(input);

    if (out.status != STATUS_OK || !out.done || out.consumed != input.len) {
        print_error("refused (%.*s): \"%.*s\"\n",
                    SLICE_ARG(status_code(out.status)), SLICE_ARG(input));
        fail();
    }
}

static void check_refused(struct slice input, enum status status)
{
    struct outcome out = parse(input);

    if (out.status != status || out.done) {
        print_error("got %.*s, want %.*s: \"%.*s\"\n",
                    SLICE_ARG(status_code(out.status)),
                    SLICE_ARG(status_code(status)), SLICE_ARG(input));
        fail();
    }
}

static void check_all_refused(const struct refusal *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_refused(cases[i].input, cases[i].status);
    }
}

static void check_all_bad(const struct slice *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_refused(inputs[i], STATUS_BAD_REQUEST);
    }
}

static void reads_a_whole_request(void **state)
{
    (void)state;
    check_accepted(SLICE("POST /a/b%20c?d=[e]&f HTTP/1.1\r\n"
                         "Host: book.example:8080\r\n"
                         "X-Empty:\r\n"
                         "X-Blanks:\t  a\tb \t\r\n"
                         "x-text: \xc3\xa9\r\n"
                         "Content-Length: 12\r\n\r\n"));
    assert_int_equal(head.method, HTTP_POST);
    check_text(head.target, "/a/b%20c?d=[e]&f");
    check_text(head.path, "/a/b%20c");
    check_text(head.query, "d=[e]&f");
    check_text(head.host, "book.example:8080");
    assert_int_equal(head.minor, 1);
    assert_true(head.keep_alive);
    assert_false(head.chunked);
    assert_false(head.expect_continue);
    assert_true(head.has_length);
    assert_int_equal(head.content_length, 12);
    assert_int_equal(head.field_count, 5);
    check_text(head.fields[1].name, "X-Empty");
    check_text(head.fields[1].value, "");
    check_text(head.fields[2].value, "a\tb");
    check_text(head.fields[3].value, "\xc3\xa9");
}

static void finds_fields_by_lower_case_name(void **state)
{
    (void)state;
    check_accepted(SLICE(GET("Cookie: a\r\nCOOKIE: b\r\nX: \r\n")));
    check_text(http_head_field(&head, SLICE("cookie")), "a");
    check_text(http_head_field(&head, SLICE("x")), "");
    assert_non_null(http_head_field(&head, SLICE("x")).ptr);
    assert_null(http_head_field(&head, SLICE("cooki")).ptr);
    assert_int_equal(http_head_field_count(&head, SLICE("cookie")), 2);
    assert_int_equal(http_head_field_count(&head, SLICE("date")), 0);
}

static void leaves_what_follows_the_head(void **state)
{
    struct slice input = SLICE(GET("") "\0\n\r body");
    struct outcome out = feed(input, input.len, 1);

    (void)state;
    check_status(out.status, STATUS_OK);
    assert_true(out.done);
    assert_int_equal(out.consumed, input.len - 8);
}

static void waits_when_cut_at_every_byte(void **state)
{
    struct slice input = SLICE(GET("Content-Length: 3\r\nX: y\r\n"));

    (void)state;
    for (size_t len = 0; len < input.len; len++) {
        struct outcome out = feed(slice_head(input, len), len, 1);

        check_status(out.status, STATUS_OK);
        assert_false(out.done);
    }
}

static void stays_refused_and_stays_done(void **state)
{
    struct slice bad = SLICE("GET / HTTP/1.1\n");
    struct slice good = SLICE(GET(""));
    struct head_parser parser;
    bool done = true;

    (void)state;
    head_parser_init(&parser);
    check_status(head_parse(&parser, bad, &head, &done), STATUS_BAD_REQUEST);
    check_status(head_parse(&parser, good, &head, &done), STATUS_BAD_REQUEST);
    assert_false(done);
    head_parser_init(&parser);
    check_ok(head_parse(&parser, good, &head, &done));
    check_ok(head_parse(&parser, good, &head, &done));
    assert_true(done);
    assert_int_equal(head_parser_consumed(&parser), good.len);
}

static void reads_each_method(void **state)
{
    char text[64];

    (void)state;
    for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
        struct slice name = http_method_name((enum http_method)i);
        int len =
            snprintf(text, sizeof(text), "%.*s / HTTP/1.1\r\nHost: a\r\n\r\n",
                     SLICE_ARG(name));

        check_accepted(slice_make(text, (size_t)len));
        assert_int_equal(head.method, i);
    }
}

static void refuses_other_methods(void **state)
{
    static const struct refusal cases[] = {
        {SLICE_INIT(LINE("get / HTTP/1.1")), STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(LINE("Get / HTTP/1.1")), STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(LINE("GETS / HTTP/1.1")), STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(LINE("GE / HTTP/1.1")), STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(LINE("TRACE / HTTP/1.1")), STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(LINE("CONNECT a:443 HTTP/1.1")), STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(LINE("!#$%&'*+-.^_`|~ / HTTP/1.1")),
         STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(LINE(" / HTTP/1.1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("G@T / HTTP/1.1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("\"GET\" / HTTP/1.1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET\xff / HTTP/1.1")), STATUS_BAD_REQUEST},
    };

    (void)state;
    check_all_refused(cases, COUNT(cases));
}

static void refuses_other_shapes_of_the_request_line(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT("\r\n" GET("")),
        SLICE_INIT(" " GET("")),
        SLICE_INIT("\n" GET("")),
        SLICE_INIT("\xef\xbb\xbf" GET("")),
        SLICE_INIT(LINE("GET")),
        SLICE_INIT(LINE("GET ")),
        SLICE_INIT(LINE("GET /")),
        SLICE_INIT(LINE("GET / ")),
        SLICE_INIT(LINE("GET HTTP/1.1")),
        SLICE_INIT(LINE("GET  / HTTP/1.1")),
        SLICE_INIT(LINE("GET /  HTTP/1.1")),
        SLICE_INIT(LINE("GET / HTTP/1.1 ")),
        SLICE_INIT(LINE("GET / HTTP/1.1 x")),
        SLICE_INIT(LINE("GET\t/ HTTP/1.1")),
        SLICE_INIT(LINE("GET /\tHTTP/1.1")),
        SLICE_INIT(LINE("GET /a b HTTP/1.1")),
        SLICE_INIT(LINE("GET  HTTP/1.1")),
        SLICE_INIT("GET / HTTP/1.1\nHost: a\r\n\r\n"),
        SLICE_INIT("GET / HTTP/1.1\rHost: a\r\n\r\n"),
        SLICE_INIT("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
        SLICE_INIT("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void speaks_two_versions_only(void **state)
{
    static const struct refusal cases[] = {
        {SLICE_INIT(LINE("GET / HTTP/1.2")), STATUS_VERSION_NOT_SUPPORTED},
        {SLICE_INIT(LINE("GET / HTTP/1.9")), STATUS_VERSION_NOT_SUPPORTED},
        {SLICE_INIT(LINE("GET / HTTP/0.9")), STATUS_VERSION_NOT_SUPPORTED},
        {SLICE_INIT(LINE("GET / HTTP/2.0")), STATUS_VERSION_NOT_SUPPORTED},
        {SLICE_INIT(LINE("GET / HTTP/3.1")), STATUS_VERSION_NOT_SUPPORTED},
        {SLICE_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
         STATUS_VERSION_NOT_SUPPORTED},
        {SLICE_INIT(LINE("GET / HTTP/2")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / HTTP/1.10")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / HTTP/1.")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / HTTP/11.1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / HTTP/1,1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / HTTP/ 1.1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / http/1.1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / HTTP/1.a")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / HTTP/a.1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / HTTPS/1.1")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / ICY/1.1x")), STATUS_BAD_REQUEST},
        {SLICE_INIT(LINE("GET / /1.1")), STATUS_BAD_REQUEST},
    };

    (void)state;
    check_all_refused(cases, COUNT(cases));
    check_accepted(SLICE("GET / HTTP/1.0\r\n\r\n"));
    assert_int_equal(head.minor, 0);
    check_text(head.host, "");
}

static void reads_each_form_of_target(void **state)
{
    (void)state;
    check_accepted(SLICE(LINE("GET /?? HTTP/1.1")));
    check_text(head.path, "/");
    check_text(head.query, "?");
    check_accepted(SLICE(LINE("GET //b/../c;d=1,2:@ HTTP/1.1")));
    check_text(head.path, "//b/../c;d=1,2:@");
    check_text(head.query, "");
    check_accepted(SLICE(LINE("OPTIONS * HTTP/1.1")));
    check_text(head.path, "*");
    check_accepted(SLICE("GET hTTp://A:80/b?c HTTP/1.1\r\nHost: a:80\r\n\r\n"));
    check_text(head.target, "hTTp://A:80/b?c");
    check_text(head.path, "/b");
    check_text(head.query, "c");
    check_text(head.host, "A:80");
    check_accepted(SLICE(LINE("GET https://a HTTP/1.1")));
    check_text(head.path, "/");
    check_accepted(SLICE(LINE("GET http://a?b HTTP/1.1")));
    check_text(head.path, "/");
    check_text(head.query, "b");
    check_accepted(SLICE(LINE("OPTIONS http://a HTTP/1.1")));
    check_text(head.path, "*");
    check_accepted(SLICE(LINE("OPTIONS http://a? HTTP/1.1")));
    check_text(head.path, "/");
    check_accepted(SLICE("GET http://a/ HTTP/1.0\r\n\r\n"));
    check_text(head.host, "a");
}

static void refuses_other_targets(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT(LINE("GET * HTTP/1.1")),
        SLICE_INIT(LINE("OPTIONS ** HTTP/1.1")),
        SLICE_INIT(LINE("OPTIONS *?a HTTP/1.1")),
        SLICE_INIT(LINE("GET a:80 HTTP/1.1")),
        SLICE_INIT(LINE("GET a HTTP/1.1")),
        SLICE_INIT(LINE("GET ?a HTTP/1.1")),
        SLICE_INIT(LINE("GET ../a HTTP/1.1")),
        SLICE_INIT(LINE("GET ftp://a/ HTTP/1.1")),
        SLICE_INIT(LINE("GET http:/a HTTP/1.1")),
        SLICE_INIT(LINE("GET http:// HTTP/1.1")),
        SLICE_INIT(LINE("GET http:///a HTTP/1.1")),
        SLICE_INIT(LINE("GET http://u@a/ HTTP/1.1")),
        SLICE_INIT(LINE("GET http://a:/ HTTP/1.1")),
        SLICE_INIT(LINE("GET http://b/ HTTP/1.1")),
        SLICE_INIT(LINE("GET http://a:80/ HTTP/1.1")),
        SLICE_INIT("GET http://a/ HTTP/1.1\r\n\r\n"),
        SLICE_INIT(LINE("GET http://a#b HTTP/1.1")),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

/* RFC 3986: every one of 256 bytes, in the path and in the query. */
static void refuses_bytes_that_no_target_may_hold(void **state)
{
    static const char allowed[] = "-._~!$&'()*+,;=:@/?"
                                  "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    char path[] = LINE("GET /x HTTP/1.1");
    char query[] = LINE("GET /?x HTTP/1.1");

    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        bool fine = byte != 0 && strchr(allowed, byte) != NULL;
        bool bracket = byte == '[' || byte == ']';

        path[5] = (char)byte;
        query[6] = (char)byte;
        assert_int_equal(parse(slice_make(path, sizeof(path) - 1)).done, fine);
        assert_int_equal(parse(slice_make(query, sizeof(query) - 1)).done,
                         fine || bracket);
    }
}

static void checks_percent_signs(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT(LINE("GET /% HTTP/1.1")),
        SLICE_INIT(LINE("GET /%4 HTTP/1.1")),
        SLICE_INIT(LINE("GET /%g1 HTTP/1.1")),
        SLICE_INIT(LINE("GET /%1g HTTP/1.1")),
        SLICE_INIT(LINE("GET /%%41 HTTP/1.1")),
        SLICE_INIT(LINE("GET /%u0041 HTTP/1.1")),
        SLICE_INIT(LINE("GET /%00 HTTP/1.1")),
        SLICE_INIT(LINE("GET /?%00 HTTP/1.1")),
        SLICE_INIT(LINE("GET /?%2 HTTP/1.1")),
        SLICE_INIT(LINE("GET /?a%zz HTTP/1.1")),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
    check_accepted(SLICE(LINE("GET /%aF%20%0a?%01%fe HTTP/1.1")));
    check_text(head.path, "/%aF%20%0a");
}

static void refuses_malformed_field_lines(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT(GET("X : y\r\n")),
        SLICE_INIT(GET("X\t: y\r\n")),
        SLICE_INIT(GET(": y\r\n")),
        SLICE_INIT(GET("X\r\n")),
        SLICE_INIT(GET("X y\r\n")),
        SLICE_INIT(GET(" X: y\r\n")),
        SLICE_INIT(GET("\tX: y\r\n")),
        SLICE_INIT(GET("X: y\r\n z\r\n")),
        SLICE_INIT(GET("X: y\r\n\tz\r\n")),
        SLICE_INIT(GET("X: y\r\n \r\n")),
        SLICE_INIT(GET("X(: y\r\n")),
        SLICE_INIT(GET("X\"Y: z\r\n")),
        SLICE_INIT(GET("X{Y}: z\r\n")),
        SLICE_INIT(GET("\xc3\x89: y\r\n")),
        SLICE_INIT(GET("X: y\n")),
        SLICE_INIT(GET("X: y\rZ: w\r\n")),
        SLICE_INIT(GET("X: y\r\r\n")),
        SLICE_INIT(GET("X: y\n\r")),
        SLICE_INIT(GET("X\0: y\r\n")),
        SLICE_INIT(GET("\0X: y\r\n")),
        SLICE_INIT("GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        SLICE_INIT("GET / HTTP/1.1\r\n\r\r\n"),
        SLICE_INIT("GET / HTTP/1.1\r\nHost: a\r\n\n"),
        SLICE_INIT("GET / HTTP/1.1\r\nHost: a\r\n\rX"),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void lets_only_text_into_values(void **state)
{
    char input[] = GET("Some-Field: 12345678x0\r\n");
    size_t at = sizeof(input) - 1 - 6;

    (void)state;
    assert_int_equal(input[at], 'x');
    for (int byte = 0; byte < 256; byte++) {
        bool fine = byte == '\t' || (byte >= 0x20 && byte != 0x7f);

        input[at] = (char)byte;
        assert_int_equal(parse(slice_make(input, sizeof(input) - 1)).done,
                         fine);
    }
}

/* The line is not whole yet, and already not one. */
static void refuses_a_control_when_it_arrives(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT("\x16\x03\x01"), SLICE_INIT("GET /\0"),
        SLICE_INIT("GET /\rX"),     SLICE_INIT("GET / HTTP/1.1\r\nHo\x01"),
        SLICE_INIT("GET\n"),        SLICE_INIT("GET / HTTP/1.1\r\nA: b\rc"),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void wants_exactly_one_host(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT("GET / HTTP/1.1\r\n\r\n"),
        SLICE_INIT("GET / HTTP/1.1\r\nX: a\r\n\r\n"),
        SLICE_INIT(GET("Host: a\r\n")),
        SLICE_INIT(GET("hOST: b\r\n")),
        SLICE_INIT("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
    check_accepted(SLICE("GET / HTTP/1.0\r\nHost: a\r\n\r\n"));
    check_text(head.host, "a");
}

static void accepts_valid_hosts(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT(HOST("a")),
        SLICE_INIT(HOST(" Book.Example.")),
        SLICE_INIT(HOST("127.0.0.1:1")),
        SLICE_INIT(HOST("my_service-1:65535")),
        SLICE_INIT(HOST("[::1]")),
        SLICE_INIT(HOST("[2001:db8::1]:443")),
        SLICE_INIT(HOST("[::ffff:10.0.0.1]")),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(inputs); i++) {
        check_accepted(inputs[i]);
    }
    check_text(head.host, "[::ffff:10.0.0.1]");
}

static void refuses_invalid_hosts(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT(HOST("")),
        SLICE_INIT(HOST(" ")),
        SLICE_INIT(HOST("a b")),
        SLICE_INIT(HOST("a,b")),
        SLICE_INIT(HOST("a:")),
        SLICE_INIT(HOST("a:0")),
        SLICE_INIT(HOST("a:65536")),
        SLICE_INIT(HOST("a:080")),
        SLICE_INIT(HOST("a:8x")),
        SLICE_INIT(HOST("a:-1")),
        SLICE_INIT(HOST("a:80:80")),
        SLICE_INIT(HOST(":80")),
        SLICE_INIT(HOST("u@a")),
        SLICE_INIT(HOST("a/")),
        SLICE_INIT(HOST("a/b")),
        SLICE_INIT(HOST("a?b")),
        SLICE_INIT(HOST("a#b")),
        SLICE_INIT(HOST("http://a")),
        SLICE_INIT(HOST("a%2e")),
        SLICE_INIT(HOST("\xc3\xa9.example")),
        SLICE_INIT(HOST("[::1")),
        SLICE_INIT(HOST("[]")),
        SLICE_INIT(HOST("[")),
        SLICE_INIT(HOST("[a]")),
        SLICE_INIT(HOST("[::1]x")),
        SLICE_INIT(HOST("[::1]:")),
        SLICE_INIT(HOST("[v1.a]")),
        SLICE_INIT(HOST("[fe80::1%25e]")),
        SLICE_INIT(HOST("::1")),
        SLICE_INIT(HOST("[1::2::3]")),
        SLICE_INIT(HOST("a\\b")),
        SLICE_INIT(HOST("a\tb")),
        SLICE_INIT(HOST("[0000:0000:0000:0000:0000:0000:0000:0000:0000:0:0]")),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void limits_the_host_name(void **state)
{
    char input[512];
    int len;

    (void)state;
    for (int host = 255; host <= 256; host++) {
        len = snprintf(input, sizeof(input), "GET / HTTP/1.1\r\nHost: %0*d\r\n",
                       host, 0);
        memcpy(input + len, "\r\n", 2);
        assert_int_equal(parse(slice_make(input, (size_t)len + 2)).done,
                         host == 255);
    }
}

static void reads_one_plain_length(void **state)
{
    (void)state;
    check_accepted(SLICE(GET("content-LENGTH: \t0\t\r\n")));
    assert_true(head.has_length);
    assert_int_equal(head.content_length, 0);
    check_accepted(SLICE(GET("Content-Length:9007199254740992\r\n")));
    assert_true(head.content_length == UINT64_C(9007199254740992));
    check_accepted(SLICE(GET("")));
    assert_false(head.has_length);
    assert_int_equal(head.content_length, 0);
}

static void refuses_other_lengths(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT(GET("Content-Length:\r\n")),
        SLICE_INIT(GET("Content-Length: +4\r\n")),
        SLICE_INIT(GET("Content-Length: -4\r\n")),
        SLICE_INIT(GET("Content-Length: -0\r\n")),
        SLICE_INIT(GET("Content-Length: 0x4\r\n")),
        SLICE_INIT(GET("Content-Length: 4x\r\n")),
        SLICE_INIT(GET("Content-Length: 4.0\r\n")),
        SLICE_INIT(GET("Content-Length: 4 4\r\n")),
        SLICE_INIT(GET("Content-Length: 4,\r\n")),
        SLICE_INIT(GET("Content-Length: 4,4\r\n")),
        SLICE_INIT(GET("Content-Length: 4, 4\r\n")),
        SLICE_INIT(GET("Content-Length: 4, 5\r\n")),
        SLICE_INIT(GET("Content-Length: 04\r\n")),
        SLICE_INIT(GET("Content-Length: 00\r\n")),
        SLICE_INIT(GET("Content-Length: 1e1\r\n")),
        SLICE_INIT(GET("Content-Length: \"4\"\r\n")),
        SLICE_INIT(GET("Content-Length: 9007199254740993\r\n")),
        SLICE_INIT(GET("Content-Length: 18446744073709551620\r\n")),
        SLICE_INIT(GET("Content-Length: 4\xc2\xa0\r\n")),
        SLICE_INIT(GET("Content_Length: 4\r\n")),
        SLICE_INIT(GET("content_length: 4\r\n")),
        SLICE_INIT(GET("Content-Length : 4\r\n")),
        SLICE_INIT(GET("Content-Length\x0b: 4\r\n")),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void refuses_a_second_length(void **state)
{
    (void)state;
    check_refused(SLICE(GET("Content-Length: 4\r\nContent-Length: 4\r\n")),
                  STATUS_BAD_REQUEST);
    check_refused(SLICE(GET("Content-Length: 4\r\nCONTENT-length: 5\r\n")),
                  STATUS_BAD_REQUEST);
    check_refused(SLICE(GET("Content-Length: 4\r\nX: y\r\n"
                            "Content_Length: 5\r\n")),
                  STATUS_BAD_REQUEST);
}

static void reads_chunked_as_the_only_coding(void **state)
{
    (void)state;
    check_accepted(SLICE(GET("Transfer-Encoding: chunked\r\n")));
    assert_true(head.chunked);
    assert_false(head.has_length);
    check_accepted(SLICE(GET("TRANSFER-encoding:\tChunKED \r\n")));
    assert_true(head.chunked);
    check_accepted(SLICE(GET("TE: trailers\r\nTransfer-Encodin: x\r\n")));
    assert_false(head.chunked);
}

static void refuses_other_codings(void **state)
{
    static const struct refusal cases[] = {
        {SLICE_INIT(GET("Transfer-Encoding: gzip, chunked\r\n")),
         STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(GET("Transfer-Encoding: chunked, chunked\r\n")),
         STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(GET("Transfer-Encoding: ,chunked\r\n")),
         STATUS_NOT_IMPLEMENTED},
        {SLICE_INIT(GET("Transfer-Encoding:\r\n")), STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: gzip\r\n")), STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: identity\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: xchunked\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: chunkedx\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: x chunked\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: chunked,\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: chunked, gzip\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: chunked;a=b\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: \"chunked\"\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: chun\xc4\xb8"
                        "ed\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: \x0b"
                        "chunked\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer_Encoding: chunked\r\n")), STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding : chunked\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding:\r\n chunked\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: chunked\r\n"
                        "Transfer-Encoding: chunked\r\n")),
         STATUS_BAD_REQUEST},
        {SLICE_INIT(GET("Transfer-Encoding: chunked\r\n"
                        "transfer-encoding: gzip\r\n")),
         STATUS_BAD_REQUEST},
    };

    (void)state;
    check_all_refused(cases, COUNT(cases));
}

static void refuses_coding_with_length_or_in_1_0(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT(GET("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")),
        SLICE_INIT(GET("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n")),
        SLICE_INIT(GET("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")),
        SLICE_INIT("POST / HTTP/1.0\r\nHost: a\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n"),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void check_keeps(struct slice input, bool keeps)
{
    check_accepted(input);
    assert_int_equal(head.keep_alive, keeps);
}

static void keeps_the_connection_as_told(void **state)
{
    (void)state;
    check_keeps(SLICE(GET("")), true);
    check_keeps(SLICE(GET("Connection: close\r\n")), false);
    check_keeps(SLICE(GET("connection: X, CLOSE ,,y\r\n")), false);
    check_keeps(SLICE(GET("Connection: keep-alive\r\n")), true);
    check_keeps(SLICE(GET("Connection: keep-alive, close\r\n")), false);
    check_keeps(SLICE(GET("Connection: close\r\nConnection: keep-alive\r\n")),
                false);
    check_keeps(SLICE(GET("Connection: closed\r\n")), true);
    check_keeps(SLICE(GET("Connection: Upgrade\r\nUpgrade: h2c\r\n")), true);
    check_keeps(SLICE(GET("Connection:\r\n")), true);
    check_keeps(SLICE("GET / HTTP/1.0\r\n\r\n"), false);
    check_keeps(SLICE("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
                true);
    check_refused(SLICE(GET("Connection: clo se\r\n")), STATUS_BAD_REQUEST);
    check_refused(SLICE(GET("Connection: close;a\r\n")), STATUS_BAD_REQUEST);
}

static void meets_one_expectation_only(void **state)
{
    (void)state;
    check_accepted(SLICE(GET("Expect: 100-Continue\r\nContent-Length: 1\r\n")));
    assert_true(head.expect_continue);
    check_accepted(
        SLICE(GET("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n")));
    assert_true(head.expect_continue);
    check_accepted(SLICE(GET("Expect: 100-continue\r\n")));
    assert_false(head.expect_continue);
    check_accepted(SLICE("POST / HTTP/1.0\r\nExpect: 100-continue\r\n"
                         "Content-Length: 1\r\n\r\n"));
    assert_false(head.expect_continue);
    check_refused(SLICE(GET("Expect: 200-ok\r\n")), STATUS_EXPECTATION_FAILED);
    check_refused(SLICE(GET("Expect:\r\n")), STATUS_EXPECTATION_FAILED);
    check_refused(SLICE(GET("Expect: 100-continue, x\r\n")),
                  STATUS_EXPECTATION_FAILED);
    check_refused(
        SLICE(GET("Expect: 100-continue\r\nExpect: 100-continue\r\n")),
        STATUS_EXPECTATION_FAILED);
}

/* A request line of `len` bytes, then `rest`. */
static struct slice long_line(char *buf, size_t len, struct slice rest)
{
    memset(buf, 'a', len);
    memcpy(buf, "GET /", 5);
    memcpy(buf + len - 9, " HTTP/1.1", 9);
    memcpy(buf + len, rest.ptr, rest.len);
    return slice_make(buf, len + rest.len);
}

static void limits_the_request_line(void **state)
{
    static char buf[3 * HTTP_LINE_MAX];
    struct slice rest = SLICE("\r\nHost: a\r\n\r\n");

    (void)state;
    check_accepted(long_line(buf, HTTP_LINE_MAX, rest));
    check_refused(long_line(buf, HTTP_LINE_MAX + 1, rest), STATUS_URI_TOO_LONG);
    check_refused(long_line(buf, 2 * HTTP_LINE_MAX, rest), STATUS_URI_TOO_LONG);
    check_refused(long_line(buf, HTTP_LINE_MAX + 1, SLICE("\r")),
                  STATUS_URI_TOO_LONG);
    /* What stands behind the limit is not looked at. */
    check_refused(long_line(buf, HTTP_LINE_MAX + 2, SLICE("\0")),
                  STATUS_URI_TOO_LONG);
    check_refused(long_line(buf, HTTP_LINE_MAX, SLICE("\rX")),
                  STATUS_BAD_REQUEST);
}

/* A head of `len` bytes whose last value fills it. */
static struct slice long_head(char *buf, size_t len)
{
    static const char start[] = "GET / HTTP/1.1\r\nHost: a\r\nX: ";

    memset(buf, 'x', len);
    memcpy(buf, start, sizeof(start) - 1);
    memcpy(buf + len - 4, "\r\n\r\n", 4);
    return slice_make(buf, len);
}

static void limits_the_head(void **state)
{
    static char buf[3 * HTTP_HEAD_MAX];

    (void)state;
    check_accepted(long_head(buf, HTTP_HEAD_MAX));
    for (size_t more = 1; more < 5; more++) {
        check_refused(long_head(buf, HTTP_HEAD_MAX + more),
                      STATUS_HEADERS_TOO_LARGE);
    }
    check_refused(long_head(buf, sizeof(buf)), STATUS_HEADERS_TOO_LARGE);
}

static void limits_the_number_of_fields(void **state)
{
    static const char start[] = "GET / HTTP/1.1\r\nHost: a\r\n";
    char buf[1024];
    size_t len;

    (void)state;
    for (size_t fields = 99; fields <= 101; fields++) {
        len = sizeof(start) - 1;
        memcpy(buf, start, len);
        for (size_t i = 1; i < fields; i++, len += 4) {
            memcpy(buf + len, "X:\r\n", 4);
        }
        memcpy(buf + len, "\r\n", 2);
        if (fields <= HTTP_FIELDS_MAX) {
            check_accepted(slice_make(buf, len + 2));
            assert_int_equal(head.field_count, fields);
        } else {
            check_refused(slice_make(buf, len + 2), STATUS_HEADERS_TOO_LARGE);
        }
    }
}

RUN_TESTS(cmocka_unit_test(reads_a_whole_request),
          cmocka_unit_test(finds_fields_by_lower_case_name),
          cmocka_unit_test(leaves_what_follows_the_head),
          cmocka_unit_test(waits_when_cut_at_every_byte),
          cmocka_unit_test(stays_refused_and_stays_done),
          cmocka_unit_test(reads_each_method),
          cmocka_unit_test(refuses_other_methods),
          cmocka_unit_test(refuses_other_shapes_of_the_request_line),
          cmocka_unit_test(speaks_two_versions_only),
          cmocka_unit_test(reads_each_form_of_target),
          cmocka_unit_test(refuses_other_targets),
          cmocka_unit_test(refuses_bytes_that_no_target_may_hold),
          cmocka_unit_test(checks_percent_signs),
          cmocka_unit_test(refuses_malformed_field_lines),
          cmocka_unit_test(lets_only_text_into_values),
          cmocka_unit_test(refuses_a_control_when_it_arrives),
          cmocka_unit_test(wants_exactly_one_host),
          cmocka_unit_test(accepts_valid_hosts),
          cmocka_unit_test(refuses_invalid_hosts),
          cmocka_unit_test(limits_the_host_name),
          cmocka_unit_test(reads_one_plain_length),
          cmocka_unit_test(refuses_other_lengths),
          cmocka_unit_test(refuses_a_second_length),
          cmocka_unit_test(reads_chunked_as_the_only_coding),
          cmocka_unit_test(refuses_other_codings),
          cmocka_unit_test(refuses_coding_with_length_or_in_1_0),
          cmocka_unit_test(keeps_the_connection_as_told),
          cmocka_unit_test(meets_one_expectation_only),
          cmocka_unit_test(limits_the_request_line),
          cmocka_unit_test(limits_the_head),
          cmocka_unit_test(limits_the_number_of_fields))
