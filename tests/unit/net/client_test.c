/* SPDX-License-Identifier: Apache-2.0 */
#include "outbound_server.h"

#include "base/log.h"

static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;
static char seen[SERVER_REQUEST_MAX]; /* the last request */

static void remember(const char *request)
{
    pthread_mutex_lock(&seen_lock);
    (void)snprintf(seen, sizeof(seen), "%s", request);
    pthread_mutex_unlock(&seen_lock);
}

static void serve_hello(int fd, const char *request)
{
    remember(request);
    server_send(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                    "Content-Length: 5\r\nX-Colour:  blue \r\n\r\nhello");
}

static void nothing_is_loaded_before_the_first_request(void **state)
{
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "r");
    bool loaded = false;

    (void)state;
    set_up(serve_hello);
    assert_non_null(maps);
    while (fgets(line, sizeof(line), maps) != NULL) {
        loaded = loaded || strstr(line, "libcurl") != NULL;
    }
    fclose(maps);
    assert_false(loaded);
}

static void gives_status_headers_and_body(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_hello);
    call_init(&call, "/a?b=c");
    run_call(&call);
    check_ok(call.status);
    assert_int_equal(call.response.head.status, 200);
    assert_int_equal(call.response.head.header_count, 3);
    check_text(client_header_find(&call.response.head, SLICE("x-colour")),
               "blue");
    check_text(client_header_find(&call.response.head, SLICE("x-color")), "");
    check_text(call.response.body, "hello");
    assert_memory_equal(seen, "GET /a?b=c HTTP/1.1\r\n", 21);
    assert_non_null(strstr(seen, "\r\nUser-Agent: bookplate/"));
    assert_null(strcasestr(seen, "accept-encoding"));
    arena_release(&call.arena);
}

static void serve_echo(int fd, const char *request)
{
    const char *body = strstr(request, "\r\n\r\n") + 4;
    char head[128];

    remember(request);
    (void)snprintf(head, sizeof(head),
                   "HTTP/1.1 201 Created\r\nContent-Length: %zu\r\n\r\n",
                   strlen(body));
    server_send(fd, head);
    server_send(fd, body);
}

static void posts_a_body_with_its_headers(void **state)
{
    const struct client_header headers[] = {
        {SLICE("Content-Type"), SLICE("application/json")},
        {SLICE("X-Empty"), SLICE("  ")},
        {SLICE("Authorization"), SLICE("Bearer \xc3\xa9")},
    };
    struct call call;

    (void)state;
    set_up(serve_echo);
    call_init(&call, "/");
    call.request.method = CLIENT_POST;
    call.request.headers = headers;
    call.request.header_count = 3;
    call.request.body = SLICE("{\"a\":1}");
    run_call(&call);
    check_ok(call.status);
    assert_int_equal(call.response.head.status, 201);
    check_text(call.response.body, "{\"a\":1}");
    assert_non_null(strstr(seen, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(seen, "\r\nX-Empty:\r\n"));
    assert_non_null(strstr(seen, "\r\nAuthorization: Bearer \xc3\xa9\r\n"));
    assert_non_null(strstr(seen, "\r\nContent-Length: 7\r\n"));
    arena_release(&call.arena);
}

static void sends_each_method_by_its_name(void **state)
{
    static const struct {
        enum client_method method;
        const char *line;
        bool body;
    } cases[] = {
        {CLIENT_HEAD, "HEAD / HTTP/1.1\r\n", false},
        {CLIENT_POST, "POST / HTTP/1.1\r\n", true},
        {CLIENT_PUT, "PUT / HTTP/1.1\r\n", true},
        {CLIENT_PATCH, "PATCH / HTTP/1.1\r\n", true},
        {CLIENT_DELETE, "DELETE / HTTP/1.1\r\n", true},
        {CLIENT_DELETE, "DELETE / HTTP/1.1\r\n", false},
        {CLIENT_POST, "POST / HTTP/1.1\r\n", false},
    };

    (void)state;
    set_up(serve_echo);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct call call;

        call_init(&call, "/");
        call.request.method = cases[i].method;
        call.request.body = cases[i].body ? SLICE("xyz") : SLICE_EMPTY;
        run_call(&call);
        check_ok(call.status);
        check_slice(call.response.body, call.request.body);
        assert_memory_equal(seen, cases[i].line, strlen(cases[i].line));
        assert_null(strcasestr(seen, "\r\nexpect:"));
        assert_null(strcasestr(seen, "\r\ncontent-type:"));
        arena_release(&call.arena);
    }
}

static void serve_not_found(int fd, const char *request)
{
    (void)request;
    server_send(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
}

static void not_found_is_an_answer(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_not_found);
    call_init(&call, "/");
    run_call(&call);
    check_ok(call.status);
    assert_int_equal(call.response.head.status, 404);
    check_text(call.response.body, "no");
    arena_release(&call.arena);
}

/* /N leads to /N-1, /0 is the end; /ftp and /file lead elsewhere. */
static void serve_redirects(int fd, const char *request)
{
    char answer[256];
    char to[128];
    int left = atoi(request + strlen("GET /"));

    if (strncmp(request, "GET /0", 6) == 0) {
        serve_hello(fd, request);
        return;
    }
    (void)snprintf(to, sizeof(to), "/%d", left - 1);
    if (strncmp(request, "GET /ftp", 8) == 0) {
        (void)snprintf(to, sizeof(to), "ftp://127.0.0.1:%d/0", server.port);
    } else if (strncmp(request, "GET /file", 9) == 0) {
        (void)snprintf(to, sizeof(to), "file:///etc/hostname");
    } else if (strncmp(request, "GET /user", 9) == 0) {
        (void)snprintf(to, sizeof(to), "http://u@127.0.0.1:%d/0", server.port);
    }
    (void)snprintf(answer, sizeof(answer),
                   "HTTP/1.1 302 Found\r\nLocation: %s\r\nX-Old: 1\r\n"
                   "Connection: close\r\nContent-Length: 3\r\n\r\nold",
                   to);
    server_send(fd, answer);
}

static void does_not_follow_a_redirect_unasked(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_redirects);
    call_init(&call, "/1");
    run_call(&call);
    check_ok(call.status);
    assert_int_equal(call.response.head.status, 302);
    check_text(client_header_find(&call.response.head, SLICE("location")),
               "/0");
    check_text(call.response.body, "old");
    assert_int_equal(server.accepted, 1);
    arena_release(&call.arena);
}

static void follows_as_many_redirects_as_asked(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_redirects);
    call_init(&call, "/3");
    call.request.max_redirects = 3;
    run_call(&call);
    check_ok(call.status);
    assert_int_equal(call.response.head.status, 200);
    assert_int_equal(call.response.head.header_count, 3);
    check_text(client_header_find(&call.response.head, SLICE("x-old")), "");
    check_text(call.response.body, "hello");
    arena_release(&call.arena);
    call_init(&call, "/4");
    call.request.max_redirects = 3;
    run_call(&call);
    check_status(call.status, STATUS_UPSTREAM);
    arena_release(&call.arena);
}

static void refuses_redirects_out_of_http(void **state)
{
    static const char *const paths[] = {"/ftp", "/file", "/user"};

    (void)state;
    set_up(serve_redirects);
    for (int i = 0; i < 3; i++) {
        struct call call;

        call_init(&call, paths[i]);
        call.request.max_redirects = 3;
        run_call(&call);
        assert_int_not_equal(call.status, STATUS_OK);
        assert_int_equal(server.accepted, i + 1);
        arena_release(&call.arena);
    }
}

static void serve_never(int fd, const char *request)
{
    (void)request;
    (void)server_wait_closed(fd);
}

static void a_slow_server_meets_the_deadline(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_never);
    call_init(&call, "/");
    call.request.total_ms = 100;
    run_call(&call);
    check_status(call.status, STATUS_UPSTREAM_TIMEOUT);
    assert_in_range(call.took_ms, 95, 2000);
    arena_release(&call.arena);
}

static void a_silent_server_stalls(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_never);
    call_init(&call, "/");
    call.request.method = CLIENT_POST;
    call.request.body = SLICE("question");
    call.request.stall_ms = 100;
    run_call(&call);
    check_status(call.status, STATUS_UPSTREAM_TIMEOUT);
    assert_in_range(call.took_ms, 95, 2000);
    arena_release(&call.arena);
}

static void an_answer_may_be_as_large_as_the_limit_but_no_larger(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_hello);
    for (size_t limit = 1; limit <= 6; limit++) {
        call_init(&call, "/");
        call.request.body_limit = limit;
        run_call(&call);
        check_status(call.status, limit < 5 ? STATUS_UPSTREAM : STATUS_OK);
        arena_release(&call.arena);
    }
}

static void a_refused_connection_is_upstreams_failure(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_hello);
    call_init(&call, "/");
    /* Port 1 on loopback: nobody listens there. */
    call.request.url = SLICE("http://127.0.0.1:1/");
    run_call(&call);
    check_status(call.status, STATUS_UPSTREAM);
    arena_release(&call.arena);
}

static void plain_bytes_are_not_taken_for_tls(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_hello);
    call_init(&call, "/");
    (void)snprintf(call.url, sizeof(call.url), "https://127.0.0.1:%d/",
                   server.port);
    call.request.url = slice_from_cstr(call.url);
    call.request.total_ms = 1000;
    call.request.stall_ms = 200;
    run_call(&call);
    assert_int_not_equal(call.status, STATUS_OK);
    arena_release(&call.arena);
}

static const char *reply;
static size_t reply_len;

static void serve_reply(int fd, const char *request)
{
    (void)request;
    server_send_bytes(fd, slice_make(reply, reply_len));
}

static void malformed_answers_are_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "hello\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/9.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
    };
    struct call call;

    (void)state;
    set_up(serve_reply);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        reply = cases[i];
        reply_len = strlen(cases[i]);
        call_init(&call, "/");
        run_call(&call);
        if (call.status != STATUS_UPSTREAM) {
            print_error("case %zu\n", i);
        }
        check_status(call.status, STATUS_UPSTREAM);
        arena_release(&call.arena);
    }
}

static void an_answer_cut_off_at_any_byte_is_refused(void **state)
{
    static const struct slice whole =
        SLICE_INIT("HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\n\r\n"
                   "hello");
    struct call call;

    (void)state;
    set_up(serve_reply);
    reply = whole.ptr;
    for (reply_len = 0; reply_len <= whole.len; reply_len++) {
        call_init(&call, "/");
        run_call(&call);
        if (call.status != STATUS_UPSTREAM && reply_len < whole.len) {
            print_error("cut at %zu\n", reply_len);
        }
        check_status(call.status,
                     reply_len < whole.len ? STATUS_UPSTREAM : STATUS_OK);
        arena_release(&call.arena);
    }
}

static void serve_many_headers(int fd, const char *request)
{
    int count = atoi(request + strlen("GET /"));

    server_send(fd, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < count; i++) {
        server_send(fd, "X-Field: value\r\n");
    }
    server_send(fd, "\r\n");
}

static void an_answer_may_have_a_hundred_fields_but_no_more(void **state)
{
    struct call call;

    (void)state;
    set_up(serve_many_headers);
    call_init(&call, "/100");
    run_call(&call);
    check_ok(call.status);
    assert_int_equal(call.response.head.header_count, 100);
    arena_release(&call.arena);
    call_init(&call, "/101");
    run_call(&call);
    check_status(call.status, STATUS_UPSTREAM);
    arena_release(&call.arena);
}

static void a_hundred_requests_run_at_once(void **state)
{
    static struct call calls[100];

    (void)state;
    set_up(serve_echo);
    for (int i = 0; i < 100; i++) {
        call_init(&calls[i], "/");
        calls[i].request.method = CLIENT_POST;
        calls[i].request.body = slice_from_cstr(calls[i].url);
        start_fiber(call_fiber, &calls[i]);
    }
    loop_run(loop);
    assert_int_equal(client_streams(client), 0);
    for (int i = 0; i < 100; i++) {
        check_ok(calls[i].status);
        check_slice(calls[i].response.body, calls[i].request.body);
        arena_release(&calls[i].arena);
    }
}

static void serve_gated(int fd, const char *request)
{
    wait_for_gate();
    serve_hello(fd, request);
}

static void one_too_many_is_busy(void **state)
{
    struct client_options options = {.streams_max = 2};
    struct call calls[3];

    (void)state;
    gate_open = false;
    server_start(serve_gated);
    start_client(&options);
    for (int i = 0; i < 3; i++) {
        call_init(&calls[i], "/");
        start_fiber(call_fiber, &calls[i]);
    }
    check_status(calls[2].status, STATUS_BUSY);
    assert_int_equal(client_streams(client), 2);
    gate_open = true;
    loop_run(loop);
    check_ok(calls[0].status);
    check_ok(calls[1].status);
    run_call(&calls[2]);
    check_ok(calls[2].status);
    for (int i = 0; i < 3; i++) {
        arena_release(&calls[i].arena);
    }
}

static void stopping_fails_what_is_under_way(void **state)
{
    static struct call calls[20];

    (void)state;
    set_up(serve_never);
    for (int i = 0; i < 20; i++) {
        call_init(&calls[i], "/");
        start_fiber(call_fiber, &calls[i]);
    }
    while (server.accepted < 10) {
        usleep(1000);
    }
    client_free(client);
    client = NULL;
    loop_run(loop);
    for (int i = 0; i < 20; i++) {
        check_status(calls[i].status, STATUS_UNAVAILABLE);
        arena_release(&calls[i].arena);
    }
}

/* The environment is asked for a proxy only when told to. */
static void heeds_the_environments_proxy_only_when_told(void **state)
{
    struct client_options options = {.environment_proxy = true};
    struct call call;

    (void)state;
    assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
    set_up(serve_hello);
    call_init(&call, "/");
    run_call(&call);
    check_ok(call.status);
    arena_release(&call.arena);
    stop_client();
    start_client(&options);
    call_init(&call, "/");
    run_call(&call);
    check_status(call.status, STATUS_UPSTREAM);
    arena_release(&call.arena);
    assert_int_equal(unsetenv("http_proxy"), 0);
}

static size_t count_lines(int fd)
{
    char text[4096];
    ssize_t len = read(fd, text, sizeof(text));
    size_t lines = 0;

    for (ssize_t i = 0; i < len; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

static void a_missing_library_is_said_once(void **state)
{
    struct client_options options = {.library = "libcurl-missing.so.4"};
    struct call calls[3];
    int pipe_fds[2];

    (void)state;
    assert_int_equal(pipe(pipe_fds), 0);
    log_set_fd(pipe_fds[1]);
    server_start(serve_hello);
    start_client(&options);
    for (int i = 0; i < 3; i++) {
        call_init(&calls[i], "/");
        run_call(&calls[i]);
        arena_release(&calls[i].arena);
    }
    log_set_fd(STDERR_FILENO);
    for (int i = 0; i < 3; i++) {
        check_status(calls[i].status, STATUS_UNAVAILABLE);
    }
    assert_int_equal(count_lines(pipe_fds[0]), 1);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

RUN_TESTS(TEST(nothing_is_loaded_before_the_first_request),
          TEST(gives_status_headers_and_body),
          TEST(posts_a_body_with_its_headers),
          TEST(sends_each_method_by_its_name), TEST(not_found_is_an_answer),
          TEST(does_not_follow_a_redirect_unasked),
          TEST(follows_as_many_redirects_as_asked),
          TEST(refuses_redirects_out_of_http),
          TEST(a_slow_server_meets_the_deadline), TEST(a_silent_server_stalls),
          TEST(an_answer_may_be_as_large_as_the_limit_but_no_larger),
          TEST(a_refused_connection_is_upstreams_failure),
          TEST(plain_bytes_are_not_taken_for_tls),
          TEST(malformed_answers_are_refused),
          TEST(an_answer_cut_off_at_any_byte_is_refused),
          TEST(an_answer_may_have_a_hundred_fields_but_no_more),
          TEST(a_hundred_requests_run_at_once), TEST(one_too_many_is_busy),
          TEST(stopping_fails_what_is_under_way),
          TEST(heeds_the_environments_proxy_only_when_told),
          TEST(a_missing_library_is_said_once))
