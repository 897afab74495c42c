/* SPDX-License-Identifier: Apache-2.0 */
/* A small book, asked for over a socket. */
#include "folder.h"
#include "serving.h"

#define END "Host: a\r\nConnection: close\r\n\r\n"
/* More than the buffers of both sockets hold at once. */
#define LARGE_SIZE ((size_t)5 << 20)
#define HUGE_SIZE  ((size_t)48 << 20)

static struct serving serving;

static char large_byte(size_t at)
{
    return (char)('a' + at % 23);
}

static void write_large(const char *name, size_t size)
{
    char *bytes = malloc(size);

    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = large_byte(i);
    }
    folder_write(name, slice_make(bytes, size));
    free(bytes);
}

static void write_book(void)
{
    folder_write("index.html", SLICE("<p>home"));
    folder_write("docs/intro/index.html", SLICE("<p>intro"));
    folder_write("404.html", SLICE("<p>lost"));
    folder_write("fr/index.html", SLICE("<p>accueil"));
    folder_write("fr/404.html", SLICE("<p>perdu"));
    folder_write("assets/css/a.0123abcd.css", SLICE("p{color:red}"));
    folder_write("assets/js/a.0123abcd.js", SLICE("let a=1;"));
    folder_write("assets/js/a.0123abcd.js.gz", SLICE("gzipped"));
    folder_write("assets/js/a.0123abcd.js.br", SLICE("brotli"));
    folder_write("digits.txt", SLICE("0123456789"));
    write_large("large.bin", LARGE_SIZE);
}

/* ptr NULL: at "/". */
static struct slice base;

static int start(void **state, bool with_huge, int64_t write_ms)
{
    const struct http_limits limits = {
        .head_bytes = 16384,
        .head_ms = 5000,
        .body_ms = 5000,
        .write_ms = write_ms,
        .idle_ms = 5000,
        .heartbeat_ms = 1000,
        .connections = 20,
    };
    struct http_rules *rules = serving_rules(NULL, 0);
    struct site_source source = {.base = base, .limits = SITE_LIMITS};
    struct slice problem = SLICE_EMPTY;

    assert_int_equal(folder_set_up(state), 0);
    source.folder = slice_from_cstr(folder);
    write_book();
    if (with_huge) {
        write_large("huge.bin", HUGE_SIZE);
    }
    check_ok(site_load(&source, &rules->arena, &problem, &rules->site));
    serving_start(&serving, rules, limits);
    return 0;
}

static int set_up(void **state)
{
    return start(state, false, 5000);
}

static int set_up_huge(void **state)
{
    return start(state, true, 5000);
}

static int set_up_below(void **state)
{
    int failed;

    base = SLICE("/my/book");
    failed = start(state, false, 5000);
    base = (struct slice){NULL, 0};
    return failed;
}

static int set_up_impatient(void **state)
{
    return start(state, true, 300);
}

static int tear_down(void **state)
{
    serving_end(&serving);
    return folder_tear_down(state);
}

static const char *body_of(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");

    assert_non_null(end);
    return end + 4;
}

/* Reads to the end and compares with the large file; how many bytes. */
static size_t drain_large(int fd)
{
    static char piece[1 << 16];
    char head[2048] = "";
    const char *body = NULL;
    size_t head_len = 0;
    size_t at = 0;
    ssize_t got;

    while (body == NULL) {
        assert_true(head_len < sizeof(head) - 1);
        assert_int_equal(recv(fd, head + head_len, 1, 0), 1);
        head[++head_len] = '\0';
        body = strstr(head, "\r\n\r\n");
    }
    while ((got = recv(fd, piece, sizeof(piece), 0)) > 0) {
        for (ssize_t i = 0; i < got; i++, at++) {
            if (piece[i] != large_byte(at)) {
                fail_msg("byte %zu is not the file's", at);
            }
        }
    }
    return at;
}

static void pages_and_assets_have_their_types(void **state)
{
    static const struct {
        const char *request;
        const char *type;
        const char *body;
    } cases[] = {
        {"GET / HTTP/1.1\r\n" END, "text/html; charset=utf-8", "<p>home"},
        {"GET /docs/intro HTTP/1.1\r\n" END, "text/html; charset=utf-8",
         "<p>intro"},
        {"GET /docs/intro/?q=../x HTTP/1.1\r\n" END, "text/html; charset=utf-8",
         "<p>intro"},
        {"GET /assets/css/a.0123abcd.css HTTP/1.1\r\n" END,
         "text/css; charset=utf-8", "p{color:red}"},
        {"GET /assets/js/a.0123abcd.js HTTP/1.1\r\n" END,
         "text/javascript; charset=utf-8", "let a=1;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *answer = client_ask(&serving, cases[i].request);
        char want[80];

        snprintf(want, sizeof(want), "\r\nContent-Type: %s\r\n", cases[i].type);
        expect_in(answer, "HTTP/1.1 200 OK\r\n");
        expect_in(answer, want);
        expect_in(answer, "\r\nETag: \"");
        expect_in(answer, "\r\nX-Content-Type-Options: nosniff\r\n");
        assert_string_equal(body_of(answer), cases[i].body);
    }
}

#define ASSET "GET /assets/js/a.0123abcd.js HTTP/1.1\r\n"

static void the_client_chooses_the_encoding(void **state)
{
    static const struct {
        const char *request;
        const char *encoding; /* NULL: none */
        const char *body;
    } cases[] = {
        {ASSET "Accept-Encoding: gzip, br\r\n" END, "br", "brotli"},
        {ASSET "Accept-Encoding: gzip\r\n" END, "gzip", "gzipped"},
        {ASSET "Accept-Encoding: br;q=0, gzip\r\n" END, "gzip", "gzipped"},
        {ASSET "Accept-Encoding: identity\r\n" END, NULL, "let a=1;"},
        {ASSET "Accept-Encoding: zstd, ,;;=\r\n" END, NULL, "let a=1;"},
        {ASSET END, NULL, "let a=1;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *answer = client_ask(&serving, cases[i].request);
        char want[80] = "";

        expect_in(answer, "\r\nVary: Accept-Encoding\r\n");
        if (cases[i].encoding == NULL) {
            expect_not_in(answer, "Content-Encoding");
        } else {
            snprintf(want, sizeof(want), "\r\nContent-Encoding: %s\r\n",
                     cases[i].encoding);
            expect_in(answer, want);
        }
        assert_string_equal(body_of(answer), cases[i].body);
    }
}

static void what_the_client_has_is_not_sent_again(void **state)
{
    const char *answer =
        client_ask(&serving, "GET /digits.txt HTTP/1.1\r\n" END);
    char etag[80] = "";
    char request[400];

    (void)state;
    assert_int_equal(sscanf(strstr(answer, "\r\nETag: ") + 8, "%79[^\r]", etag),
                     1);
    snprintf(request, sizeof(request),
             "GET /digits.txt HTTP/1.1\r\nIf-None-Match: \"x\", %s\r\n" END,
             etag);
    answer = client_ask(&serving, request);
    expect_in(answer, "HTTP/1.1 304 Not Modified\r\n");
    expect_in(answer, etag);
    expect_not_in(answer, "Content-Length");
    assert_string_equal(body_of(answer), "");
    answer = client_ask(&serving, "GET /digits.txt HTTP/1.1\r\n"
                                  "If-None-Match: \"x\"\r\n" END);
    expect_in(answer, "HTTP/1.1 200 OK\r\n");
    answer = client_ask(&serving, "GET /digits.txt HTTP/1.1\r\n"
                                  "If-Match: \"x\"\r\n" END);
    expect_in(answer, "HTTP/1.1 412 ");
}

#define DIGITS(range) "GET /digits.txt HTTP/1.1\r\nRange: " range "\r\n" END

static void a_range_is_cut_out(void **state)
{
    static const struct {
        const char *request;
        const char *status;
        const char *content_range;
        const char *body; /* NULL: an error's */
    } cases[] = {
        {DIGITS("bytes=2-4"), " 206 ", "bytes 2-4/10", "234"},
        {DIGITS("bytes=7-"), " 206 ", "bytes 7-9/10", "789"},
        {DIGITS("bytes=-2"), " 206 ", "bytes 8-9/10", "89"},
        {DIGITS("bytes=0-99999999999"), " 206 ", "bytes 0-9/10", "0123456789"},
        {DIGITS("bytes=10-"), " 416 ", "bytes */10", NULL},
        {DIGITS("bytes=-0"), " 416 ", "bytes */10", NULL},
        {DIGITS("bytes=4-2"), " 200 ", NULL, "0123456789"},
        {DIGITS("lines=1-2"), " 200 ", NULL, "0123456789"},
        {DIGITS("bytes=99999999999999999999999-"), NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *answer = client_ask(&serving, cases[i].request);

        expect_not_in(answer, "HTTP/1.1 5");
        if (cases[i].status != NULL) {
            expect_in(answer, cases[i].status);
        }
        if (cases[i].content_range != NULL) {
            expect_in(answer, cases[i].content_range);
        }
        if (cases[i].body != NULL) {
            assert_string_equal(body_of(answer), cases[i].body);
        }
    }
}

#define LOCATION(url) "\r\nLocation: " url "\r\n"

static void below_a_base_all_is_as_it_was(void **state)
{
    static const struct {
        const char *request;
        const char *found[3];
    } cases[] = {
        {"GET /my/book/ HTTP/1.1\r\n" END, {" 200 ", "ETag: ", "<p>home"}},
        {"GET /my/book/fr/ HTTP/1.1\r\n" END, {" 200 ", "", "<p>accueil"}},
        {"GET /my/book/docs/intro HTTP/1.1\r\n" END,
         {" 200 ", "text/html; charset=utf-8", "<p>intro"}},
        {"GET /my/book/digits.txt HTTP/1.1\r\nRange: bytes=2-4\r\n" END,
         {" 206 ", "bytes 2-4/10", "\r\n\r\n234"}},
        {"GET /my/book/assets/js/a.0123abcd.js HTTP/1.1\r\n"
         "Accept-Encoding: br\r\n" END,
         {"Content-Encoding: br", "immutable", "brotli"}},
        {"GET /my/book/x HTTP/1.1\r\nAccept: text/html\r\n" END,
         {" 404 ", "", "<p>lost"}},
        {"GET /my/book/fr/x HTTP/1.1\r\nAccept: text/html\r\n" END,
         {" 404 ", "", "<p>perdu"}},
        {"GET /docs/intro HTTP/1.1\r\nAccept: text/html\r\n" END,
         {" 404 ", "", "<p>lost"}},
        {"GET /docs/intro HTTP/1.1\r\n" END,
         {" 404 ", "application/json", "NOT_FOUND"}},
        {"POST /my/book/ HTTP/1.1\r\n" END, {" 405 ", "", ""}},
        {"POST /my/book HTTP/1.1\r\n" END, {" 405 ", "", ""}},
        {"POST /docs/intro HTTP/1.1\r\n" END, {" 404 ", "", ""}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *answer = client_ask(&serving, cases[i].request);

        for (size_t j = 0; j < 3; j++) {
            expect_in(answer, cases[i].found[j]);
        }
    }
}

static void people_are_sent_on_to_the_base_and_nowhere_else(void **state)
{
    static const struct {
        const char *request;
        const char *location; /* NULL: none */
    } cases[] = {
        {"GET / HTTP/1.1\r\n" END, LOCATION("/my/book/")},
        {"HEAD / HTTP/1.1\r\n" END, LOCATION("/my/book/")},
        {"GET /my/book HTTP/1.1\r\n" END, LOCATION("/my/book/")},
        {"GET /?a=//evil.example&b=%0d%0aX HTTP/1.1\r\n" END,
         LOCATION("/my/book/?a=//evil.example&b=%0d%0aX")},
        {"GET /my/book?q HTTP/1.1\r\n" END, LOCATION("/my/book/?q")},
        {"GET /my HTTP/1.1\r\n" END, NULL},
        {"GET /my/ HTTP/1.1\r\n" END, NULL},
        {"GET // HTTP/1.1\r\n" END, NULL},
        {"GET //evil.example HTTP/1.1\r\n" END, NULL},
        {"GET /my/books HTTP/1.1\r\n" END, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *answer = client_ask(&serving, cases[i].request);

        if (cases[i].location == NULL) {
            expect_in(answer, " 404 ");
            expect_not_in(answer, "Location");
            continue;
        }
        expect_in(answer, "HTTP/1.1 302 Found\r\n");
        expect_in(answer, cases[i].location);
        expect_in(answer, "\r\nCache-Control: no-store\r\n");
        assert_string_equal(body_of(answer), "");
    }
}

static void head_says_the_length_and_nothing_more(void **state)
{
    const char *answer =
        client_ask(&serving, "HEAD /large.bin HTTP/1.1\r\n" END);

    (void)state;
    expect_in(answer, "HTTP/1.1 200 OK\r\n");
    expect_in(answer, "\r\nContent-Length: 5242880\r\n");
    assert_string_equal(body_of(answer), "");
    answer = client_ask(&serving, "HEAD /digits.txt HTTP/1.1\r\n"
                                  "Range: bytes=2-4\r\n" END);
    expect_in(answer, "HTTP/1.1 200 OK\r\n"); /* RFC 9110 section 14.2 */
    expect_in(answer, "\r\nContent-Length: 10\r\n");
}

static void people_get_a_page_for_what_is_lost_and_programs_json(void **state)
{
    const char *answer;

    (void)state;
    answer = client_ask(&serving, "GET /nowhere HTTP/1.1\r\n"
                                  "Accept: text/html,*/*;q=0.8\r\n" END);
    expect_in(answer, "HTTP/1.1 404 Not Found\r\n");
    expect_not_in(answer, "ETag");
    assert_string_equal(body_of(answer), "<p>lost");
    answer = client_ask(&serving, "GET /fr/nowhere HTTP/1.1\r\n"
                                  "Accept: text/html\r\n" END);
    assert_string_equal(body_of(answer), "<p>perdu");
    answer = client_ask(&serving, "GET /nowhere HTTP/1.1\r\n"
                                  "Accept: application/json\r\n" END);
    expect_in(answer, "HTTP/1.1 404 Not Found\r\n");
    expect_in(answer, "{\"error\":{\"code\":\"NOT_FOUND\"");
}

static void a_page_cannot_be_written_to(void **state)
{
    const char *answer;

    (void)state;
    answer = client_ask(&serving, "POST /docs/intro HTTP/1.1\r\n"
                                  "Content-Length: 2\r\n" END "hi");
    expect_in(answer, "HTTP/1.1 405 Method Not Allowed\r\n");
    expect_in(answer, "\r\nAllow: GET, HEAD, OPTIONS\r\n");
    answer = client_ask(&serving, "DELETE /nowhere HTTP/1.1\r\n" END);
    expect_in(answer, "HTTP/1.1 404 ");
}

static void no_path_leads_out_of_the_book(void **state)
{
    static const char *const paths[] = {
        "/../secret.txt",
        "/docs/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/docs/..%5c..%5csecret",
        "//secret.txt",
        "/docs/./intro",
        "/docs/%2e/intro",
        "/docs/%2E%2E/index.html",
        "/index.html%00.css",
        "/%00",
        "/..;/secret.txt",
        "/docs/intro/index.html/",
        "/%c0%ae%c0%ae/secret.txt",
        "/digits%2etxt%20",
        "/etc/passwd",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        char request[200];
        const char *answer;

        snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" END, paths[i]);
        answer = client_ask(&serving, request);
        if (strncmp(answer, "HTTP/1.1 404 ", 13) != 0 &&
            strncmp(answer, "HTTP/1.1 400 ", 13) != 0) {
            fail_msg("%s: %.40s", paths[i], answer);
        }
    }
}

static void a_large_file_arrives_whole(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "GET /large.bin HTTP/1.1\r\n" END);
    assert_int_equal(drain_large(fd), LARGE_SIZE);
    close(fd);
}

static void a_range_of_a_large_file_starts_where_it_should(void **state)
{
    const char *answer = client_ask(&serving, "GET /large.bin HTTP/1.1\r\n"
                                              "Range: bytes=5242870-\r\n" END);
    const char *body = body_of(answer);

    (void)state;
    expect_in(answer, "\r\nContent-Length: 10\r\n");
    assert_int_equal(strlen(body), 10);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(body[i], large_byte(5242870 + i));
    }
}

/* Waits until the server cannot send more: the client's buffer is full. */
static void wait_until_full(int fd)
{
    static char seen[1 << 25];
    ssize_t before = -1;
    ssize_t now = 0;

    while (now == 0 || now != before) {
        before = now;
        usleep(20000);
        now = recv(fd, seen, sizeof(seen), MSG_PEEK | MSG_DONTWAIT);
        now = now < 0 ? 0 : now;
    }
}

/*
 * The end of the request side alone is no reason to stop an answer that is on
 * its way, however slowly the client takes it.
 */
static void half_closing_while_a_file_is_sent_does_not_stop_it(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "GET /huge.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    wait_until_full(fd);
    shutdown(fd, SHUT_WR);
    assert_int_equal(drain_large(fd), HUGE_SIZE);
    close(fd);
}

static void half_closing_at_once_does_not_stop_it(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "GET /huge.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    shutdown(fd, SHUT_WR);
    wait_until_full(fd);
    assert_int_equal(drain_large(fd), HUGE_SIZE);
    close(fd);
}

/* What was promised cannot be kept: the client must see that, not wait. */
static void a_file_cut_while_it_is_sent_ends_the_connection(void **state)
{
    int fd = client_connect(&serving);
    size_t got;

    (void)state;
    client_send(fd, "GET /huge.bin HTTP/1.1\r\nHost: a\r\n\r\n"
                    "GET /digits.txt HTTP/1.1\r\nHost: a\r\n\r\n");
    wait_until_full(fd);
    assert_int_equal(truncate(folder_path("huge.bin"), HUGE_SIZE / 2), 0);
    got = drain_large(fd); /* fails if the second answer comes behind it */
    assert_true(got <= HUGE_SIZE / 2);
    close(fd);
    expect_in(client_ask(&serving, "GET /digits.txt HTTP/1.1\r\n" END),
              "0123456789");
}

static void who_does_not_take_a_file_is_dropped(void **state)
{
    int fd = client_connect(&serving);
    struct timeval before;
    struct timeval after;

    (void)state;
    gettimeofday(&before, NULL);
    client_send(fd, "GET /huge.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    usleep(500000); /* write_ms is 300 */
    assert_true(drain_large(fd) < HUGE_SIZE);
    gettimeofday(&after, NULL);
    assert_true(after.tv_sec - before.tv_sec < 4);
    close(fd);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define TEST_HUGE(fn)                                                          \
    cmocka_unit_test_setup_teardown(fn, set_up_huge, tear_down)
#define TEST_BELOW(fn)                                                         \
    cmocka_unit_test_setup_teardown(fn, set_up_below, tear_down)
#define TEST_IMPATIENT(fn)                                                     \
    cmocka_unit_test_setup_teardown(fn, set_up_impatient, tear_down)

RUN_TESTS(TEST(pages_and_assets_have_their_types),
          TEST(the_client_chooses_the_encoding),
          TEST(what_the_client_has_is_not_sent_again), TEST(a_range_is_cut_out),
          TEST(head_says_the_length_and_nothing_more),
          TEST(people_get_a_page_for_what_is_lost_and_programs_json),
          TEST(a_page_cannot_be_written_to),
          TEST_BELOW(below_a_base_all_is_as_it_was),
          TEST_BELOW(people_are_sent_on_to_the_base_and_nowhere_else),
          TEST(no_path_leads_out_of_the_book), TEST(a_large_file_arrives_whole),
          TEST(a_range_of_a_large_file_starts_where_it_should),
          TEST_HUGE(half_closing_while_a_file_is_sent_does_not_stop_it),
          TEST_HUGE(half_closing_at_once_does_not_stop_it),
          TEST_HUGE(a_file_cut_while_it_is_sent_ends_the_connection),
          TEST_IMPATIENT(who_does_not_take_a_file_is_dropped))
