/* SPDX-License-Identifier: Apache-2.0 */
/* What may come together, in pieces, or at an awkward moment; and files. */
#include "serving.h"

#include "base/clock.h"
#include "http/request.h"
#include "http/response.h"

#include <sys/mman.h>

#define END "Host: a\r\nContent-Length: 4\r\n\r\nbody"

#define LONG_BODY ((size_t)60000)

static struct serving serving;
/* Posted by a handler that is about to park, and by the client. */
static sem_t parked;
static sem_t go_on;
/* Of the loop's thread. */
static struct fiber_ref first;
static struct fiber_ref second;
static bool is_open;
static _Atomic int begun;
static _Atomic int cancelled;
static struct http_stats stats;

/* Longer than one turn of sendfile and than what a socket takes at once. */
#define FILE_SIZE ((size_t)5 << 20)
static int file;

static enum status wait_until_open(struct fiber_ref *ref)
{
    *ref = fiber_ref(fiber_current());
    sem_post(&parked);
    while (!is_open) {
        TRY(fiber_park(FIBER_FOREVER));
    }
    return STATUS_OK;
}

static enum status answer_body(struct request *rq, struct response *rs)
{
    struct slice body;

    TRY(request_body(rq, &body));
    response_text(rs, SLICE("text/plain"), body);
    return STATUS_OK;
}

static enum status answer_first(struct request *rq, struct response *rs)
{
    TRY(wait_until_open(&first));
    return answer_body(rq, rs);
}

/* Holds the whole loop up until the client has sent its next request. */
static enum status answer_second(struct request *rq, struct response *rs)
{
    TRY(wait_until_open(&second));
    sem_wait(&go_on);
    return answer_body(rq, rs);
}

static enum status answer_open(struct request *rq, struct response *rs)
{
    is_open = true;
    fiber_ref_wake(first);
    fiber_ref_wake(second);
    return answer_body(rq, rs);
}

static void cut(struct message *message)
{
    (void)message;
    http_server_cut(serving.server);
}

static struct message cut_message = {NULL, cut};

/* The server is cut when this has ended and nobody has looked at it yet. */
static enum status answer_and_cut(struct request *rq, struct response *rs)
{
    TRY(wait_until_open(&first));
    loop_post(serving.loop, &cut_message);
    return answer_body(rq, rs);
}

static enum status answer_when_open(struct request *rq, struct response *rs)
{
    enum status status = wait_until_open(&first);

    cancelled += status == STATUS_CANCELLED;
    TRY(status);
    return answer_body(rq, rs);
}

static enum status answer_slowly(struct request *rq, struct response *rs)
{
    begun++;
    if (fiber_park(50) == STATUS_CANCELLED) {
        return STATUS_CANCELLED;
    }
    return answer_body(rq, rs);
}

/* A file in the making: its query's worth of bytes. */
static enum status answer_file(struct request *rq, struct response *rs)
{
    uint64_t size = 0;

    assert_true(slice_to_u64(rq->head.query, FILE_SIZE, &size));
    rs->file_fd = file;
    rs->file_size = size;
    return STATUS_OK;
}

/* Head and body are both looked at when the whole body has come. */
static enum status answer_long_body(struct request *rq, struct response *rs)
{
    struct slice body;
    struct slice filler;

    TRY(request_body(rq, &body));
    filler = request_field(rq, SLICE("x-filler"));
    for (size_t i = 0; i < filler.len; i++) {
        if (filler.ptr[i] != 'f') {
            return STATUS_INTERNAL;
        }
    }
    response_field(rs, SLICE("X-Path"), rq->head.path);
    response_text(rs, SLICE("text/plain"), body);
    return STATUS_OK;
}

/* What the head said, so that a slice gone astray is seen. */
static enum status answer_head(struct request *rq, struct response *rs)
{
    struct buf *body = response_body(rs, SLICE("text/plain"));

    buf_add(body, rq->head.path);
    buf_add(body, SLICE("|"));
    buf_add(body, rq->head.query);
    buf_add(body, SLICE("|"));
    buf_add(body, rq->head.host);
    buf_add(body, SLICE("|"));
    buf_add(body, request_field(rq, SLICE("x-one")));
    buf_add(body, SLICE("|"));
    buf_add(body, request_field(rq, SLICE("x-two")));
    buf_add(body, SLICE("|end"));
    return STATUS_OK;
}

static const struct route routes[] = {
    {HTTP_GET, SLICE_INIT("/head"), answer_head, 0},
    {HTTP_GET, SLICE_INIT("/file"), answer_file, 0},
    {HTTP_POST, SLICE_INIT("/first"), answer_first, 100},
    {HTTP_POST, SLICE_INIT("/second"), answer_second, 100},
    {HTTP_POST, SLICE_INIT("/open"), answer_open, 100},
    {HTTP_POST, SLICE_INIT("/slow"), answer_slowly, 100},
    {HTTP_POST, SLICE_INIT("/cut"), answer_and_cut, 100},
    {HTTP_POST, SLICE_INIT("/wait"), answer_when_open, 100},
    {HTTP_POST, SLICE_INIT("/body"), answer_long_body, LONG_BODY},
};

static int set_up(void **state)
{
    static const struct http_limits limits = {
        .head_bytes = 16384,
        .head_ms = 5000,
        .body_ms = 5000,
        .write_ms = 5000,
        .idle_ms = 5000,
        .heartbeat_ms = 1000,
        .connections = 20,
    };
    struct http_rules *rules = SERVING_RULES(routes);

    (void)state;
    sem_init(&parked, 0, 0);
    sem_init(&go_on, 0, 0);
    is_open = false;
    file = memfd_create("file", MFD_CLOEXEC);
    assert_int_equal(ftruncate(file, FILE_SIZE - 3), 0);
    assert_int_equal(pwrite(file, "end", 3, FILE_SIZE - 3), 3);
    begun = 0;
    cancelled = 0;
    serving_start(&serving, rules, limits);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_end(&serving);
    close(file);
    return 0;
}

/*
 * The answer goes out, the connection is put off to the next turn, and there
 * its next request is found by the socket before the turn comes.
 */
static void a_request_that_follows_at_once_is_begun_once(void **state)
{
    int a = client_connect(&serving);
    int b = client_connect(&serving);
    int c = client_connect(&serving);

    (void)state;
    client_send(a, "POST /first HTTP/1.1\r\n" END);
    sem_wait(&parked);
    client_send(b, "POST /second HTTP/1.1\r\n" END);
    sem_wait(&parked);
    client_send(c, "POST /open HTTP/1.1\r\n" END);
    expect_in(client_read(a, "\r\n\r\nbody"), " 200 ");
    client_send(a, "POST /slow HTTP/1.1\r\n" END);
    sem_post(&go_on);
    expect_in(client_read(a, "\r\n\r\nbody"), " 200 ");
    assert_int_equal(begun, 1);
    client_send(a, "POST /slow HTTP/1.1\r\nConnection: close\r\n" END);
    expect_not_in(client_read(a, NULL), " 400 ");
    assert_int_equal(begun, 2);
    close(a);
    close(b);
    close(c);
}

static size_t read_to_the_end(int fd, char last[4])
{
    static char bytes[65536];
    size_t total = 0;
    ssize_t got;

    while ((got = recv(fd, bytes, sizeof(bytes), 0)) > 0) {
        total += (size_t)got;
        if (got >= 3) {
            memcpy(last, bytes + got - 3, 3);
        }
    }
    assert_int_equal(got, 0);
    return total;
}

static void a_file_goes_out_whole_behind_its_head(void **state)
{
    char last[4] = "";
    int fd = client_connect(&serving);
    size_t total;

    (void)state;
    client_send(fd, "GET /file?5242880 HTTP/1.1\r\nHost: a\r\n"
                    "Connection: close\r\n\r\n");
    total = read_to_the_end(fd, last);
    assert_in_range(total, FILE_SIZE + 100, FILE_SIZE + 1000);
    assert_string_equal(last, "end");
    close(fd);
}

/* Behind this head comes nothing that the kernel could wait for. */
static void an_empty_file_is_not_waited_for(void **state)
{
    int fd = client_connect(&serving);
    int64_t before = clock_mono_ms();

    (void)state;
    for (int i = 0; i < 10; i++) { /* waited for 200 ms each, were they */
        client_send(fd, "GET /file?0 HTTP/1.1\r\nHost: a\r\n\r\n");
        expect_in(client_read(fd, "\r\n\r\n"), "\r\nContent-Length: 0\r\n");
    }
    assert_in_range(clock_mono_ms() - before, 0, 1500);
    close(fd);
}

/* The second head begins behind the first, where the buffer is moved up. */
static void a_head_that_follows_may_come_in_any_two_pieces(void **state)
{
    static const char first_request[] =
        "GET /head?first HTTP/1.1\r\nHost: one.example\r\nX-One: 1\r\n\r\n";
    static const char second_request[] =
        "GET /head?second HTTP/1.1\r\nHost: other.example\r\n"
        "X-One: alpha\r\nX-Two: beta\r\n\r\n";
    char piece[300];
    int fd = client_connect(&serving);

    (void)state;
    for (size_t i = 0; i < sizeof(second_request); i++) {
        snprintf(piece, sizeof(piece), "%s%.*s", first_request, (int)i,
                 second_request);
        client_send(fd, piece);
        expect_in(client_read(fd, "|end"), "/head|first|one.example|1||end");
        if (i == sizeof(second_request) - 1) {
            break;
        }
        client_send(fd, second_request + i);
        expect_in(client_read(fd, "|end"),
                  "/head|second|other.example|alpha|beta|end");
    }
    close(fd);
}

static void send_all(int fd, const char *bytes, size_t len)
{
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

/* A head of as many bytes as are allowed, which leaves 4 KiB of the buffer. */
static void send_longest_head(int fd)
{
    static const char end[] = "\r\n\r\n";
    char head[16384];
    int len = snprintf(head, sizeof(head),
                       "POST /body HTTP/1.1\r\nHost: a\r\n"
                       "Transfer-Encoding: chunked\r\n");

    for (int i = 0; i < 4; i++) { /* one line may not be as long as that */
        int fill = i < 3 ? 4000 : (int)sizeof(head) - len - 10 - 4;

        len += snprintf(head + len, sizeof(head) - (size_t)len, "X-Filler: ");
        memset(head + len, 'f', (size_t)fill);
        len += fill;
        memcpy(head + len, end, 2);
        len += 2;
    }
    memcpy(head + len, end, 2);
    assert_int_equal(len + 2, sizeof(head));
    send_all(fd, head, sizeof(head));
}

static void a_long_head_stays_whole_while_its_body_trickles_in(void **state)
{
    const char *answer;
    int fd = client_connect(&serving);

    (void)state;
    send_longest_head(fd);
    for (size_t at = 0; at < LONG_BODY; at += 100) {
        char chunk[120];
        int len = snprintf(chunk, sizeof(chunk), "64\r\n");

        memset(chunk + len, (int)('a' + at / 100 % 26), 100);
        memcpy(chunk + len + 100, "\r\n", 2);
        send_all(fd, chunk, 1); /* the size line in two */
        send_all(fd, chunk + 1, (size_t)len + 101);
    }
    client_send(fd, "0\r\nX-Trailer: x\r\n\r\n");
    client_send(fd, "GET /head HTTP/1.1\r\nHost: a\r\n\r\n");
    answer = client_read(fd, "|end");
    expect_in(answer, "HTTP/1.1 200 OK\r\n");
    expect_in(answer, "\r\nX-Path: /body\r\n");
    expect_in(answer, "\r\nContent-Length: 60000\r\n");
    answer = strstr(answer, "\r\n\r\n") + 4;
    for (size_t at = 0; at < LONG_BODY; at++) {
        assert_int_equal(answer[at], 'a' + at / 100 % 26);
    }
    expect_in(answer + LONG_BODY, "/head||a|||end");
    close(fd);
}

static void half_closing_behind_a_request_does_not_lose_its_answer(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "GET /head?half HTTP/1.1\r\nHost: a\r\n\r\n"
                    "POST /body HTTP/1.1\r\nHost: a\r\n"
                    "Content-Length: 4\r\n\r\nlast");
    shutdown(fd, SHUT_WR);
    expect_in(client_read(fd, NULL), "\r\n\r\nlast");
    close(fd);
}

/* Half a request is none: there is nobody to answer. */
static void half_closing_within_a_request_ends_it(void **state)
{
    static const char request[] =
        "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nlast";

    (void)state;
    for (size_t i = 0; i < sizeof(request) - 1; i++) {
        int fd = client_connect(&serving);

        send_all(fd, request, i);
        shutdown(fd, SHUT_WR);
        expect_not_in(client_read(fd, NULL), " 200 ");
        close(fd);
    }
}

/*
 * As in Go: once a handler has parked in work of its own, the end of the
 * input means that nobody waits for it.
 */
static void half_closing_cancels_what_has_parked(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "POST /wait HTTP/1.1\r\n" END);
    sem_wait(&parked);
    shutdown(fd, SHUT_WR);
    assert_string_equal(client_read(fd, NULL), "");
    assert_int_equal(cancelled, 1);
    close(fd);
}

static void open_gate(struct serving *held)
{
    (void)held;
    is_open = true;
    fiber_ref_wake(first);
}

static void read_stats(struct serving *read)
{
    stats = http_server_stats(read->server);
}

static void cutting_behind_an_answer_leaves_nothing_counted(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "POST /cut HTTP/1.1\r\n" END);
    sem_wait(&parked);
    serving_do(&serving, read_stats);
    assert_int_equal(stats.active, 1);
    serving_do(&serving, open_gate);
    expect_in(client_read(fd, NULL), "\r\n\r\nbody");
    serving_do(&serving, read_stats);
    assert_int_equal(stats.active, 0);
    assert_int_equal(stats.connections, 0);
    close(fd);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(a_request_that_follows_at_once_is_begun_once),
          TEST(a_file_goes_out_whole_behind_its_head),
          TEST(an_empty_file_is_not_waited_for),
          TEST(a_head_that_follows_may_come_in_any_two_pieces),
          TEST(a_long_head_stays_whole_while_its_body_trickles_in),
          TEST(half_closing_behind_a_request_does_not_lose_its_answer),
          TEST(half_closing_within_a_request_ends_it),
          TEST(half_closing_cancels_what_has_parked),
          TEST(cutting_behind_an_answer_leaves_nothing_counted))
