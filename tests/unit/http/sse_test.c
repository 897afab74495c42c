/* SPDX-License-Identifier: Apache-2.0 */
#include "serving.h"

#include "http/sse.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define LAST(path)                                                             \
    "GET " path " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
/* Far more than the buffers of both sockets hold. */
#define FLOOD_EVENTS 2000
#define FLOOD_SIZE   ((size_t)65536)

static struct serving serving;
/* What a handler saw, for the test to look at. */
static sem_t ended;
static enum status seen;
static enum status seen_after;
static int sent;

static enum status answer_events(struct request *rq, struct response *rs)
{
    CLEANUP(sse_release) struct sse sse = {0};

    TRY(sse_start(&sse, rq, rs));
    TRY(sse_retry(&sse, 1500));
    TRY(sse_send(&sse, SLICE("delta"), SLICE("7"), SLICE("one")));
    TRY(sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE("a\nb\r\nc\rd")));
    TRY(sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE("\n")));
    TRY(sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE_EMPTY));
    return sse_end(&sse);
}

#define EVENTS_1 "retry: 1500\n\n"
#define EVENTS_2 "event: delta\nid: 7\ndata: one\n\n"
#define EVENTS_3 "data: a\ndata: b\ndata: c\ndata: d\n\n"
#define EVENTS_4 "data: \ndata: \n\n"
#define EVENTS_5 "data: \n\n"

static enum status answer_injection(struct request *rq, struct response *rs)
{
    static const struct slice bad[] = {
        SLICE_INIT("a\ndata: x"),
        SLICE_INIT("a\rdata: x"),
        SLICE_INIT("\n"),
        SLICE_INIT("a\r\n\r\n"),
        SLICE_INIT("7\0"
                   "8"),
    };
    CLEANUP(sse_release) struct sse sse = {0};

    TRY(sse_start(&sse, rq, rs));
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (sse_send(&sse, bad[i], SLICE_EMPTY, SLICE("evil")) !=
                STATUS_INVALID_VALUE ||
            sse_send(&sse, SLICE_EMPTY, bad[i], SLICE("evil")) !=
                STATUS_INVALID_VALUE) {
            TRY(sse_send(&sse, SLICE("leak"), SLICE_EMPTY, SLICE("taken")));
        }
    }
    TRY(sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE("still here")));
    return sse_end(&sse);
}

/* Parks until cancelled, and then wants to have the last word. */
static enum status answer_wait(struct request *rq, struct response *rs)
{
    CLEANUP(sse_release) struct sse sse = {0};

    TRY(sse_start(&sse, rq, rs));
    TRY(sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE("begun")));
    do {
        seen = fiber_park(FIBER_FOREVER);
    } while (seen == STATUS_OK);
    seen_after = sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE("too late"));
    sem_post(&ended);
    return seen;
}

static enum status answer_flood(struct request *rq, struct response *rs)
{
    CLEANUP(sse_release) struct sse sse = {0};
    static char data[FLOOD_SIZE];

    memset(data, 'x', sizeof(data));
    TRY(sse_start(&sse, rq, rs));
    seen = STATUS_OK;
    for (sent = 0; sent < FLOOD_EVENTS && seen == STATUS_OK; sent++) {
        seen = sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY,
                        slice_make(data, sizeof(data)));
    }
    seen_after = sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE("too late"));
    sem_post(&ended);
    return STATUS_OK; /* as if nothing had been the matter */
}

/* More than one event may hold. */
static enum status answer_too_long(struct request *rq, struct response *rs)
{
    CLEANUP(sse_release) struct sse sse = {0};
    size_t size = (size_t)300 * 1024;
    char *data = arena_alloc_text(rq->arena, size);

    TRY_ALLOC(data);
    memset(data, 'x', size);
    TRY(sse_start(&sse, rq, rs));
    seen = sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, slice_make(data, size));
    sem_post(&ended);
    TRY(sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE("still here")));
    return sse_end(&sse);
}

static enum status answer_last_id(struct request *rq, struct response *rs)
{
    CLEANUP(sse_release) struct sse sse = {0};

    TRY(sse_start(&sse, rq, rs));
    TRY(sse_send(&sse, SLICE("last"), SLICE_EMPTY, sse_last_id(rq)));
    return sse_end(&sse);
}

/* Returns without sse_end: its client must not wait for more. */
static enum status answer_unended(struct request *rq, struct response *rs)
{
    CLEANUP(sse_release) struct sse sse = {0};

    TRY(sse_start(&sse, rq, rs));
    return sse_send(&sse, SLICE_EMPTY, SLICE_EMPTY, SLICE("only"));
}

static const struct route routes[] = {
    {HTTP_GET, SLICE_INIT("/events"), answer_events, 0},
    {HTTP_GET, SLICE_INIT("/injection"), answer_injection, 0},
    {HTTP_GET, SLICE_INIT("/wait"), answer_wait, 0},
    {HTTP_GET, SLICE_INIT("/flood"), answer_flood, 0},
    {HTTP_GET, SLICE_INIT("/long"), answer_too_long, 0},
    {HTTP_GET, SLICE_INIT("/last"), answer_last_id, 0},
    {HTTP_GET, SLICE_INIT("/unended"), answer_unended, 0},
};

static int set_up(void **state)
{
    static const struct http_limits limits = {
        .head_bytes = 16384,
        .head_ms = 5000,
        .body_ms = 5000,
        .write_ms = 150,
        .idle_ms = 5000,
        .heartbeat_ms = 30,
        .connections = 20,
    };
    struct http_rules *rules = SERVING_RULES(routes);

    (void)state;
    sem_init(&ended, 0, 0);
    seen = STATUS_OK;
    seen_after = STATUS_OK;
    sent = 0;
    serving_start(&serving, rules, limits);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_end(&serving);
    return 0;
}

static const char *body_of(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");

    assert_non_null(end);
    return end + 4;
}

static void events_go_out_a_chunk_each(void **state)
{
    const char *answer = client_ask(&serving, LAST("/events"));

    (void)state;
    expect_in(answer, "HTTP/1.1 200 OK\r\n");
    expect_in(answer, "\r\nContent-Type: text/event-stream\r\n");
    expect_in(answer, "\r\nTransfer-Encoding: chunked\r\n");
    expect_in(answer, "\r\nCache-Control: no-store\r\n");
    expect_in(answer, "\r\nX-Accel-Buffering: no\r\n");
    expect_not_in(answer, "Content-Length");
    assert_string_equal(body_of(answer), "d\r\n" EVENTS_1 "\r\n"
                                         "1e\r\n" EVENTS_2 "\r\n"
                                         "21\r\n" EVENTS_3 "\r\n"
                                         "f\r\n" EVENTS_4 "\r\n"
                                         "8\r\n" EVENTS_5 "\r\n"
                                         "0\r\n\r\n");
}

static void a_stream_that_ended_well_keeps_the_connection(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, GET("/events"));
    (void)client_read(fd, "0\r\n\r\n");
    client_send(fd, GET("/events"));
    expect_in(client_read(fd, "0\r\n\r\n"), "HTTP/1.1 200 OK\r\n");
    close(fd);
}

static void one_that_was_not_ended_closes_it_without_a_last_chunk(void **state)
{
    const char *answer = client_ask(&serving, GET("/unended"));

    (void)state;
    assert_string_equal(body_of(answer), "c\r\ndata: only\n\n\r\n");
}

static void http_1_0_gets_the_stream_without_chunks(void **state)
{
    const char *answer = client_ask(
        &serving, "GET /events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    (void)state;
    expect_in(answer, "\r\nConnection: close\r\n");
    expect_not_in(answer, "Transfer-Encoding");
    expect_not_in(answer, "keep-alive");
    assert_string_equal(body_of(answer),
                        EVENTS_1 EVENTS_2 EVENTS_3 EVENTS_4 EVENTS_5);
}

static void head_gets_the_head_and_keeps_the_connection(void **state)
{
    int fd = client_connect(&serving);
    const char *answer;

    (void)state;
    client_send(fd, "HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
    client_send(fd, LAST("/last"));
    answer = client_read(fd, NULL);
    expect_in(answer, "\r\nContent-Type: text/event-stream\r\n");
    expect_not_in(answer, "data: one");
    /* Right behind the first head stands the second. */
    assert_memory_equal(body_of(answer), "HTTP/1.1 200 OK\r\n", 17);
    expect_in(body_of(answer), "event: last\ndata: \n\n");
    close(fd);
}

static void line_breaks_in_a_name_or_id_are_refused(void **state)
{
    const char *answer = client_ask(&serving, LAST("/injection"));

    (void)state;
    assert_string_equal(body_of(answer),
                        "12\r\ndata: still here\n\n\r\n0\r\n\r\n");
}

static void an_event_too_long_is_refused_and_the_stream_goes_on(void **state)
{
    const char *answer = client_ask(&serving, LAST("/long"));

    (void)state;
    sem_wait(&ended);
    assert_int_equal(seen, STATUS_TOO_LARGE);
    assert_string_equal(body_of(answer),
                        "12\r\ndata: still here\n\n\r\n0\r\n\r\n");
}

static void a_quiet_stream_is_kept_alive_by_comments(void **state)
{
    int fd = client_connect(&serving);
    int old = client_connect(&serving);

    (void)state;
    client_send(fd, GET("/wait"));
    client_send(old, "GET /wait HTTP/1.0\r\n\r\n");
    expect_in(client_read(fd, "3\r\n:\n\n\r\n3\r\n:\n\n\r\n3\r\n:\n\n\r\n"),
              "begun\n\n\r\n3\r\n:\n\n\r\n3\r\n");
    expect_in(client_read(old, ":\n\n:\n\n:\n\n"), "data: begun\n\n:\n\n:\n\n");
    close(fd);
    close(old);
}

static void the_client_says_what_it_saw_last(void **state)
{
    const char *answer =
        client_ask(&serving, "GET /last HTTP/1.1\r\nHost: a\r\n"
                             "Last-Event-ID: 42\r\nConnection: close\r\n\r\n");

    (void)state;
    expect_in(answer, "event: last\ndata: 42\n\n");
}

static void a_client_that_leaves_cancels_the_handler(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, GET("/wait"));
    (void)client_read(fd, "begun");
    close(fd);
    sem_wait(&ended);
    assert_int_equal(seen, STATUS_CANCELLED);
}

/* A stream needs a listener: who says it is through has left it. */
static void half_closing_a_stream_cancels_the_handler(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, GET("/wait"));
    (void)client_read(fd, "begun");
    shutdown(fd, SHUT_WR);
    sem_wait(&ended);
    assert_int_equal(seen, STATUS_CANCELLED);
    (void)client_read(fd, NULL);
    close(fd);
}

static void who_does_not_read_stalls_the_handler_and_is_dropped(void **state)
{
    int fd = client_connect(&serving);
    const char *answer;

    (void)state;
    client_send(fd, GET("/flood"));
    sem_wait(&ended);
    assert_int_equal(seen, STATUS_TIMEOUT);
    assert_true(sent < FLOOD_EVENTS); /* the producer was held up */
    assert_int_equal(seen_after, STATUS_TIMEOUT);
    answer = client_read(fd, "xxxx");
    expect_in(answer, "\r\nTransfer-Encoding: chunked\r\n");
    while (strlen(answer) > 0) {
        expect_not_in(answer, "too late");
        expect_not_in(answer, "\r\n0\r\n\r\n");
        expect_not_in(answer, ":\n\n");
        answer = client_read(fd, NULL);
    }
    close(fd);
}

/* The last words come once, well framed, and nothing comes behind them. */
static void cutting_the_server_sends_a_last_event(void **state)
{
    static const char last[] = "\r\n0\r\n\r\n";
    const char *answer;
    size_t len;
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, GET("/wait"));
    (void)client_read(fd, "begun");
    serving_do(&serving, serving_drain);
    serving_do(&serving, serving_cut);
    sem_wait(&serving.drained);
    assert_int_equal(seen, STATUS_CANCELLED);
    assert_int_equal(seen_after, STATUS_CANCELLED);
    answer = client_read(fd, NULL);
    len = strlen(answer);
    expect_in(answer, "67\r\nretry: 1000\nevent: error\n"
                      "data: {\"error\":{\"code\":\"UNAVAILABLE\"");
    assert_string_equal(answer + len - strlen(last), last);
    expect_not_in(answer, "too late");
    close(fd);
    serving_stop(&serving);
}

#define TEST(fn)      cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define TEST_STOP(fn) cmocka_unit_test_setup(fn, set_up)

RUN_TESTS(TEST(events_go_out_a_chunk_each),
          TEST(a_stream_that_ended_well_keeps_the_connection),
          TEST(one_that_was_not_ended_closes_it_without_a_last_chunk),
          TEST(http_1_0_gets_the_stream_without_chunks),
          TEST(head_gets_the_head_and_keeps_the_connection),
          TEST(line_breaks_in_a_name_or_id_are_refused),
          TEST(an_event_too_long_is_refused_and_the_stream_goes_on),
          TEST(a_quiet_stream_is_kept_alive_by_comments),
          TEST(the_client_says_what_it_saw_last),
          TEST(a_client_that_leaves_cancels_the_handler),
          TEST(half_closing_a_stream_cancels_the_handler),
          TEST(who_does_not_read_stalls_the_handler_and_is_dropped),
          TEST_STOP(cutting_the_server_sends_a_last_event))
