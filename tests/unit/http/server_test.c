/* SPDX-License-Identifier: Apache-2.0 */
#include "serving.h"

#include "http/request.h"
#include "http/response.h"

#define END "Host: a\r\nConnection: close\r\n\r\n"

static struct serving serving;
static _Atomic int cancelled;

static enum status answer_hello(struct request *rq, struct response *rs)
{
    struct json_writer json;

    (void)rq;
    response_json(rs, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("hello"));
    json_write_text(&json, SLICE("reader"));
    json_write_end(&json);
    response_json_end(rs, &json);
    return STATUS_OK;
}

static enum status answer_echo(struct request *rq, struct response *rs)
{
    struct slice body;

    TRY(request_body(rq, &body));
    buf_add(response_body(rs, SLICE("text/plain")), body);
    return STATUS_OK;
}

static enum status answer_failure(struct request *rq, struct response *rs)
{
    (void)rq;
    response_field(rs, SLICE("X-Half"), SLICE("built"));
    return STATUS_UPSTREAM;
}

static enum status answer_split(struct request *rq, struct response *rs)
{
    (void)rq;
    response_field(rs, SLICE("X-Bad"), SLICE("a\r\nX-Injected: 1"));
    return STATUS_OK;
}

static enum status answer_slowly(struct request *rq, struct response *rs)
{
    enum status status = fiber_park(300);

    if (status == STATUS_CANCELLED) {
        cancelled++;
        return status;
    }
    return answer_hello(rq, rs);
}

static enum status answer_big(struct request *rq, struct response *rs)
{
    static char big[8 << 20];

    (void)rq;
    memset(big, 'x', sizeof(big));
    response_text(rs, SLICE("text/plain"), slice_make(big, sizeof(big)));
    return STATUS_OK;
}

static const struct route routes[] = {
    {HTTP_GET, SLICE_INIT("/hello"), answer_hello, 0},
    {HTTP_POST, SLICE_INIT("/echo"), answer_echo, 1000},
    {HTTP_POST, SLICE_INIT("/hello"), answer_hello, 0},
    {HTTP_GET, SLICE_INIT("/fail"), answer_failure, 0},
    {HTTP_GET, SLICE_INIT("/split"), answer_split, 0},
    {HTTP_GET, SLICE_INIT("/slow"), answer_slowly, 0},
    {HTTP_GET, SLICE_INIT("/big"), answer_big, 0},
};

static const struct http_limits limits = {
    .head_bytes = 16384,
    .head_ms = 150,
    .body_ms = 150,
    .write_ms = 200,
    .idle_ms = 250,
    .heartbeat_ms = 1000,
    .connections = 20,
};

static int set_up(void **state)
{
    struct http_rules *rules = SERVING_RULES(routes);

    (void)state;
    rules->home = SLICE("<!doctype html>home");
    cancelled = 0;
    serving_start(&serving, rules, limits);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_end(&serving);
    return 0;
}

static void answers_and_keeps_the_connection(void **state)
{
    const char *answer;
    int fd = client_connect(&serving);

    (void)state;
    for (int i = 0; i < 3; i++) {
        client_send(fd, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        answer = client_read(fd, "{\"hello\":\"reader\"}");
        expect_in(answer, "HTTP/1.1 200 OK\r\n");
        expect_in(answer, "\r\nContent-Length: 18\r\n");
        expect_in(answer, "\r\nContent-Type: application/json\r\n");
        expect_in(answer, "\r\nDate: ");
        expect_in(answer, "\r\nCache-Control: no-store\r\n");
        expect_in(answer, "\r\nX-Content-Type-Options: nosniff\r\n");
        expect_not_in(answer, "Connection: close");
    }
    close(fd);
}

static void answers_a_pipeline_in_order(void **state)
{
    static char many[200 * 80];
    const char *at;
    int fd = client_connect(&serving);

    (void)state;
    many[0] = '\0';
    for (int i = 0; i < 100; i++) {
        char one[200];

        snprintf(one, sizeof(one),
                 "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                 "\r\n<%02d>",
                 i);
        strcat(many, one);
    }
    client_send(fd, many);
    client_send(fd, "GET /hello HTTP/1.1\r\n" END);
    at = client_read(fd, NULL);
    for (int i = 0; i < 100; i++) {
        char want[8];

        snprintf(want, sizeof(want), "<%02d>", i);
        at = strstr(at, want);
        assert_non_null(at);
    }
    expect_in(at, "{\"hello\":\"reader\"}");
    close(fd);
}

static void takes_a_request_in_any_pieces(void **state)
{
    static const char request[] =
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
    int fd = client_connect(&serving);

    (void)state;
    for (size_t i = 0; request[i] != '\0'; i++) {
        assert_int_equal(send(fd, request + i, 1, MSG_NOSIGNAL), 1);
    }
    expect_in(client_read(fd, NULL), "\r\n\r\nabcdefg");
    close(fd);
}

static void answers_head_like_get_without_the_body(void **state)
{
    const char *answer = client_ask(&serving, "HEAD /hello HTTP/1.1\r\n" END);

    (void)state;
    expect_in(answer, "HTTP/1.1 200 OK\r\n");
    expect_in(answer, "\r\nContent-Length: 18\r\n");
    expect_not_in(answer, "hello");
}

static void says_what_is_not_there_or_not_allowed(void **state)
{
    const char *answer;

    (void)state;
    answer = client_ask(&serving, "GET /nothing HTTP/1.1\r\n" END);
    expect_in(answer, "HTTP/1.1 404 Not Found\r\n");
    expect_in(answer, "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":");
    answer = client_ask(&serving, "PUT /hello HTTP/1.1\r\n" END);
    expect_in(answer, "HTTP/1.1 405 Method Not Allowed\r\n");
    expect_in(answer, "\r\nAllow: GET, HEAD, POST, OPTIONS\r\n");
    answer = client_ask(&serving, "OPTIONS /echo HTTP/1.1\r\n" END);
    expect_in(answer, "HTTP/1.1 204 No Content\r\n");
    expect_in(answer, "\r\nAllow: POST, OPTIONS\r\n");
    expect_not_in(answer, "Content-Length");
    answer = client_ask(&serving, "GET /hello/ HTTP/1.1\r\n" END);
    expect_in(answer, "HTTP/1.1 404 ");
    answer = client_ask(&serving, "GET / HTTP/1.1\r\n" END);
    expect_in(answer, "<!doctype html>home");
    answer = client_ask(&serving, "POST / HTTP/1.1\r\n" END);
    expect_in(answer, "HTTP/1.1 405 ");
}

static void refuses_a_bad_head_and_closes(void **state)
{
    const char *answer =
        client_ask(&serving, "GET /hello HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n"
                             "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");

    (void)state;
    expect_in(answer, "HTTP/1.1 400 Bad Request\r\n");
    expect_in(answer, "\r\nConnection: close\r\n");
    expect_in(answer, "\"code\":\"BAD_REQUEST\"");
    expect_not_in(answer, "reader");
}

static void a_body_too_long_is_refused_before_it_is_read(void **state)
{
    const char *answer =
        client_ask(&serving, "POST /echo HTTP/1.1\r\nHost: a\r\n"
                             "Content-Length: 1000000000\r\n\r\nabc");

    (void)state;
    expect_in(answer, "HTTP/1.1 413 Content Too Large\r\n");
    expect_in(answer, "\r\nConnection: close\r\n");
    answer = client_ask(&serving, "POST /echo HTTP/1.1\r\nHost: a\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n"
                                  "3e9\r\n");
    expect_in(answer, "HTTP/1.1 413 ");
}

static void an_unwanted_body_is_read_past(void **state)
{
    const char *answer;
    char early;
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "POST /hello HTTP/1.1\r\nHost: a\r\n"
                    "Content-Length: 5\r\n\r\nab");
    usleep(20000);
    assert_int_equal(recv(fd, &early, 1, MSG_DONTWAIT), -1);
    client_send(fd, "cde");
    expect_in(client_read(fd, "reader\"}"), " 200 ");
    client_send(fd, "POST /nowhere HTTP/1.1\r\nHost: a\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
                    "GET /hello HTTP/1.1\r\n" END);
    answer = client_read(fd, NULL);
    expect_in(answer, " 404 ");
    expect_in(strstr(answer, " 404 "), " 200 ");
    close(fd);
}

static void an_unwanted_body_must_be_framed_well_all_the_same(void **state)
{
    const char *answer =
        client_ask(&serving, "POST /nowhere HTTP/1.1\r\nHost: a\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n1\nx");

    (void)state;
    expect_in(answer, "HTTP/1.1 400 ");
    expect_in(answer, "\r\nConnection: close\r\n");
    answer = client_ask(&serving, "POST /nowhere HTTP/1.1\r\nHost: a\r\n"
                                  "Content-Length: 4294967300\r\n\r\n");
    expect_in(answer, "HTTP/1.1 413 ");
}

static void says_continue_when_asked(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\n"
                    "Content-Length: 3\r\n" END);
    assert_string_equal(client_read(fd, "\r\n\r\n"),
                        "HTTP/1.1 100 Continue\r\n\r\n");
    client_send(fd, "abc");
    expect_in(client_read(fd, NULL), "\r\n\r\nabc");
    close(fd);
    /* An answer without reading the body: no 100, and the end. */
    fd = client_connect(&serving);
    client_send(fd, "POST /nowhere HTTP/1.1\r\nExpect: 100-continue\r\n"
                    "Content-Length: 3\r\nHost: a\r\n\r\n");
    expect_not_in(client_read(fd, NULL), "100 Continue");
    close(fd);
}

static void drops_who_is_too_slow(void **state)
{
    int idle = client_connect(&serving);
    int head = client_connect(&serving);
    int body = client_connect(&serving);
    const char *answer;

    (void)state;
    client_send(head, "GET /hello HTTP/1.1\r\nHost:");
    client_send(body, "POST /echo HTTP/1.1\r\nHost: a\r\n"
                      "Content-Length: 3\r\n\r\na");
    answer = client_read(head, NULL);
    expect_in(answer, "HTTP/1.1 408 Request Timeout\r\n");
    expect_in(answer, "\r\nConnection: close\r\n");
    expect_in(client_read(body, NULL), "HTTP/1.1 408 ");
    client_expect_end(idle);
    close(idle);
    close(head);
    close(body);
}

static void dripping_does_not_move_the_deadline(void **state)
{
    int fd = client_connect(&serving);
    ssize_t sent = 1;
    int drips = 0;

    (void)state;
    client_send(fd, "GET /hello HTTP/1.1\r\nX-Drip: ");
    while (sent == 1 && drips < 100) {
        usleep(20000);
        drips++;
        if (recv(fd, &(char){0}, 1, MSG_DONTWAIT | MSG_PEEK) > 0) {
            break;
        }
        sent = send(fd, "x", 1, MSG_NOSIGNAL);
    }
    assert_true(drips < 50);
    expect_in(client_read(fd, NULL), "HTTP/1.1 408 ");
    close(fd);
}

static void drops_who_does_not_read(void **state)
{
    static char sink[1 << 16];
    int fd = client_connect(&serving);
    size_t total = 0;
    ssize_t got;

    (void)state;
    client_send(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    usleep(500000);
    while ((got = recv(fd, sink, sizeof(sink), 0)) > 0) {
        total += (size_t)got;
    }
    assert_true(total < (8 << 20)); /* the rest was never sent */
    close(fd);
}

static void a_failure_replaces_what_was_built(void **state)
{
    const char *answer = client_ask(&serving, "GET /fail HTTP/1.1\r\n" END);

    (void)state;
    expect_in(answer, "HTTP/1.1 502 Bad Gateway\r\n");
    expect_in(answer, "\"code\":\"UPSTREAM_FAILED\"");
    expect_not_in(answer, "X-Half");
    answer = client_ask(&serving, "GET /split HTTP/1.1\r\n" END);
    expect_in(answer, "HTTP/1.1 500 ");
    expect_not_in(answer, "X-Injected");
}

static void a_client_that_leaves_cancels_its_request(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    usleep(50000);
    close(fd);
    for (int i = 0; i < 100 && cancelled == 0; i++) {
        usleep(1000);
    }
    assert_int_equal(cancelled, 1);
}

static void a_parked_request_does_not_hold_others_up(void **state)
{
    int slow = client_connect(&serving);
    struct timeval before;
    struct timeval after;

    (void)state;
    gettimeofday(&before, NULL);
    client_send(slow, "GET /slow HTTP/1.1\r\n" END);
    expect_in(client_ask(&serving, "GET /hello HTTP/1.1\r\n" END), " 200 ");
    gettimeofday(&after, NULL);
    assert_true((after.tv_sec - before.tv_sec) * 1000000 + after.tv_usec -
                    before.tv_usec <
                250000);
    expect_in(client_read(slow, NULL), " 200 ");
    close(slow);
}

static void speaks_1_0_as_well(void **state)
{
    const char *answer = client_ask(&serving, "GET /hello HTTP/1.0\r\n\r\n");
    int fd;

    (void)state;
    expect_in(answer, "HTTP/1.1 200 OK\r\n");
    expect_in(answer, "\r\nConnection: close\r\n");
    fd = client_connect(&serving);
    client_send(fd, "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect_in(client_read(fd, "reader\"}"), "\r\nConnection: keep-alive\r\n");
    client_send(fd, "GET /hello HTTP/1.0\r\n\r\n");
    expect_in(client_read(fd, NULL), "reader");
    close(fd);
}

static void one_connection_too_many_is_told_so(void **state)
{
    int held[20];
    const char *answer;

    (void)state;
    for (int i = 0; i < 20; i++) {
        held[i] = client_connect(&serving);
        client_send(held[i], "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        (void)client_read(held[i], "reader\"}");
    }
    answer = client_ask(&serving, "");
    expect_in(answer, "HTTP/1.1 503 Service Unavailable\r\n");
    expect_in(answer, "\r\nRetry-After: 1\r\n");
    assert_int_equal(strlen(strstr(answer, "\r\n\r\n") + 4), 75);
    for (int i = 0; i < 20; i++) {
        close(held[i]);
    }
}

static void draining_closes_the_idle_and_finishes_the_busy(void **state)
{
    int idle = client_connect(&serving);
    int busy = client_connect(&serving);
    const char *answer;

    (void)state;
    client_send(idle, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    (void)client_read(idle, "reader\"}");
    client_send(busy, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    usleep(20000);
    serving_do(&serving, serving_drain);
    client_expect_end(idle);
    answer = client_read(busy, NULL);
    expect_in(answer, "HTTP/1.1 200 OK\r\n");
    expect_in(answer, "\r\nConnection: close\r\n");
    sem_wait(&serving.drained);
    close(idle);
    close(busy);
    serving_stop(&serving);
}

static int fresh;

/* On the loop's thread, so that it cannot look at the request in between. */
static void ask_and_drain(struct serving *busy)
{
    fresh = client_connect(busy);
    client_send(fresh, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    serving_drain(busy);
}

static void what_has_come_before_the_drain_is_still_answered(void **state)
{
    const char *answer;

    (void)state;
    serving_do(&serving, ask_and_drain);
    answer = client_read(fresh, NULL);
    expect_in(answer, "HTTP/1.1 200 OK\r\n");
    expect_in(answer, "\r\nConnection: close\r\n");
    close(fresh);
    sem_wait(&serving.drained);
    serving_stop(&serving);
}

static void cutting_ends_what_is_left(void **state)
{
    int busy = client_connect(&serving);

    (void)state;
    client_send(busy, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    usleep(20000);
    serving_do(&serving, serving_drain);
    serving_do(&serving, serving_cut);
    sem_wait(&serving.drained);
    assert_int_equal(cancelled, 1);
    close(busy);
    serving_stop(&serving);
}

#define TEST(fn)      cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define TEST_STOP(fn) cmocka_unit_test_setup(fn, set_up)

RUN_TESTS(TEST(answers_and_keeps_the_connection),
          TEST(answers_a_pipeline_in_order),
          TEST(takes_a_request_in_any_pieces),
          TEST(answers_head_like_get_without_the_body),
          TEST(says_what_is_not_there_or_not_allowed),
          TEST(refuses_a_bad_head_and_closes),
          TEST(a_body_too_long_is_refused_before_it_is_read),
          TEST(an_unwanted_body_is_read_past),
          TEST(an_unwanted_body_must_be_framed_well_all_the_same),
          TEST(says_continue_when_asked), TEST(drops_who_is_too_slow),
          TEST(dripping_does_not_move_the_deadline),
          TEST(drops_who_does_not_read),
          TEST(a_failure_replaces_what_was_built),
          TEST(a_client_that_leaves_cancels_its_request),
          TEST(a_parked_request_does_not_hold_others_up),
          TEST(speaks_1_0_as_well), TEST(one_connection_too_many_is_told_so),
          TEST_STOP(draining_closes_the_idle_and_finishes_the_busy),
          TEST_STOP(what_has_come_before_the_drain_is_still_answered),
          TEST_STOP(cutting_ends_what_is_left))
