/* SPDX-License-Identifier: Apache-2.0 */
/* What the server's stop may meet in one turn of the loop. */
#include "serving.h"

#include "base/clock.h"
#include "http/request.h"
#include "http/response.h"
#include "http/sse.h"

#include <sched.h>

#define HEARTBEAT_MS 20
#define END          "Host: a\r\nContent-Length: 4\r\n\r\nbody"

static struct serving serving;
static struct http_stats stats;

static enum status answer_body(struct request *rq, struct response *rs)
{
    struct slice body;

    TRY(request_body(rq, &body));
    response_text(rs, SLICE("text/plain"), body);
    return STATUS_OK;
}

static void deliver_cut(struct message *message)
{
    (void)message;
    http_server_cut(serving.server);
}

static void deliver_drain(struct message *message)
{
    (void)message;
    serving_drain(&serving);
}

/* Ends, and finds in the next turn that the server stops, before its own. */
static enum status answer_at_the_end(struct request *rq, struct response *rs)
{
    static struct message drain = {NULL, deliver_drain};
    static struct message cut = {NULL, deliver_cut};

    TRY(fiber_yield());
    loop_post(serving.loop, &drain);
    if (slice_equal(rq->head.query, SLICE("cut"))) {
        loop_post(serving.loop, &cut);
    }
    return answer_body(rq, rs);
}

/* In the next turn the heartbeat is due, and the server stops. */
static void deliver_late(struct message *message)
{
    static struct message cut = {NULL, deliver_cut};
    int64_t until = clock_mono_ms() + 2 * HEARTBEAT_MS;

    (void)message;
    while (clock_mono_ms() < until) {
        sched_yield();
    }
    loop_post(serving.loop, &cut);
}

static enum status answer_stream(struct request *rq, struct response *rs)
{
    static struct message late = {NULL, deliver_late};
    CLEANUP(sse_release) struct sse sse = {0};

    TRY(sse_start(&sse, rq, rs));
    loop_post(serving.loop, &late);
    while (fiber_park(FIBER_FOREVER) == STATUS_OK) {
    }
    /* Said when all has been said: goes nowhere. */
    TRY(sse_send(&sse, SLICE("delta"), SLICE_EMPTY, SLICE("late")));
    return sse_end(&sse);
}

static const struct route routes[] = {
    {HTTP_POST, SLICE_INIT("/end"), answer_at_the_end, 100},
    {HTTP_GET, SLICE_INIT("/stream"), answer_stream, 0},
};

static int set_up(void **state)
{
    static const struct http_limits limits = {
        .head_bytes = 16384,
        .head_ms = 5000,
        .body_ms = 5000,
        .write_ms = 5000,
        .idle_ms = 5000,
        .heartbeat_ms = HEARTBEAT_MS,
        .connections = 20,
    };
    struct http_rules *rules = SERVING_RULES(routes);

    (void)state;
    serving_start(&serving, rules, limits);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_end(&serving);
    return 0;
}

static void count(struct serving *server)
{
    stats = http_server_stats(server->server);
}

static void an_answer_just_sent_is_no_longer_active(void **state)
{
    static const char *const requests[] = {"POST /end HTTP/1.1\r\n" END,
                                           "POST /end?cut HTTP/1.1\r\n" END};

    for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
        int64_t start = clock_mono_ms();

        assert_int_equal(set_up(state), 0);
        expect_in(client_ask(&serving, requests[i]), "\r\n\r\nbody");
        sem_wait(&serving.drained);
        serving_do(&serving, count);
        assert_int_equal(stats.active, 0);
        assert_int_equal(stats.connections, 0);
        serving_stop(&serving);
        assert_true(clock_mono_ms() - start < 1000); /* by no deadline */
    }
}

static void nothing_follows_the_last_words_of_a_stream(void **state)
{
    const char *answer;
    const char *end;

    (void)state;
    answer = client_ask(&serving, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_in(answer, "retry: 1000\nevent: error\n");
    end = strstr(answer, "\r\n0\r\n\r\n");
    assert_non_null(end);
    assert_string_equal(end, "\r\n0\r\n\r\n");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(cmocka_unit_test(an_answer_just_sent_is_no_longer_active),
          TEST(nothing_follows_the_last_words_of_a_stream))
