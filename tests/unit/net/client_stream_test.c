/* SPDX-License-Identifier: Apache-2.0 */
#include "outbound_server.h"

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define LARGE   ((size_t)10 << 20)

static _Atomic int64_t closed_after_ms; /* -1: not yet */

/* A fiber's pause; the loop goes on. */
static void rest(int64_t ms)
{
    int64_t end = clock_mono_ms() + ms;

    while (clock_mono_ms() < end && fiber_park(5) != STATUS_CANCELLED) {
    }
}

/* What a fiber finds, for the test to judge when it is over. */
struct reader {
    struct call call;
    struct client_stream *stream;
    struct fiber *fiber;
    enum status head_status;
    int code;
    size_t reads;
    size_t total;
    size_t most_waiting;
    size_t longest;
    char text[4096]; /* the body's beginning */
};

static void take(struct reader *reader, struct slice piece)
{
    size_t room = sizeof(reader->text) - 1 - reader->total;

    if (reader->total < sizeof(reader->text) - 1) {
        struct slice kept = slice_head(piece, room);

        memcpy(reader->text + reader->total, kept.ptr, kept.len);
    }
    reader->total += piece.len;
    reader->reads++;
    if (piece.len > reader->longest) {
        reader->longest = piece.len;
    }
}

static enum status open_stream(struct reader *reader)
{
    const struct client_head *head;

    reader->fiber = fiber_current();
    TRY(client_open(client, &reader->call.request, &reader->stream));
    reader->head_status = client_stream_head(reader->stream, &head);
    reader->code = head->status;
    return reader->head_status;
}

static enum status read_all(struct reader *reader)
{
    struct slice piece;

    do {
        TRY(client_stream_read(reader->stream, &piece));
        take(reader, piece);
    } while (piece.len > 0);
    return STATUS_OK;
}

static void read_fiber(void *arg)
{
    struct reader *reader = arg;

    reader->call.status = open_stream(reader);
    if (reader->call.status == STATUS_OK) {
        reader->call.status = read_all(reader);
    }
    client_stream_close(&reader->stream);
    fiber_done();
}

static struct reader reader;

static void init_reader(void)
{
    memset(&reader, 0, sizeof(reader));
    call_init(&reader.call, "/");
    gate_open = false;
    closed_after_ms = -1;
}

static void serve_two_pieces(int fd, const char *request)
{
    (void)request;
    server_send(fd, CHUNKED);
    wait_for_gate();
    gate_open = false;
    server_send(fd, "5\r\nfirst\r\n");
    wait_for_gate();
    server_send(fd, "6\r\nsecond\r\n0\r\nX-Trailer: t\r\n\r\n");
}

static void piecewise_fiber(void *arg)
{
    struct slice piece;

    (void)arg;
    reader.call.status = open_stream(&reader);
    gate_open = true; /* only now does the server send the first */
    check_ok(client_stream_read(reader.stream, &piece));
    take(&reader, piece);
    gate_open = true; /* and now the second */
    reader.call.status = read_all(&reader);
    client_stream_close(&reader.stream);
    fiber_done();
}

static void head_and_pieces_arrive_as_they_are_sent(void **state)
{
    (void)state;
    set_up(serve_two_pieces);
    init_reader();
    start_fiber(piecewise_fiber, NULL);
    loop_run(loop);
    check_ok(reader.call.status);
    assert_int_equal(reader.code, 200);
    assert_int_equal(reader.reads, 3);
    assert_string_equal(reader.text, "firstsecond");
}

static void serve_many_pieces(int fd, const char *request)
{
    (void)request;
    server_send(fd, CHUNKED);
    for (int i = 0; i < 200; i++) {
        char chunk[32];

        (void)snprintf(chunk, sizeof(chunk), "4\r\n%03d,\r\n", i);
        server_send(fd, chunk);
        usleep(200);
    }
    server_send(fd, "0\r\n\r\n");
}

static void many_pieces_arrive_in_order(void **state)
{
    (void)state;
    set_up(serve_many_pieces);
    init_reader();
    start_fiber(read_fiber, &reader);
    loop_run(loop);
    check_ok(reader.call.status);
    assert_int_equal(reader.total, 800);
    assert_true(reader.reads > 2); /* 201 when nobody was late */
    for (int i = 0; i < 200; i++) {
        assert_int_equal(atoi(reader.text + 4 * i), i);
    }
}

static _Atomic size_t server_sent;

static void serve_large(int fd, const char *request)
{
    static char block[65536];
    char head[128];

    (void)request;
    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] = (char)('a' + i % 16);
    }
    (void)snprintf(head, sizeof(head),
                   "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", LARGE);
    server_send(fd, head);
    for (server_sent = 0; server_sent < LARGE; server_sent += sizeof(block)) {
        server_send_bytes(fd, slice_make(block, sizeof(block)));
    }
}

static size_t sent_while_resting;
static int64_t cpu_while_resting_us;

static int64_t process_cpu_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void note_waiting(void)
{
    size_t waiting = client_stream_waiting(reader.stream);

    if (waiting > reader.most_waiting) {
        reader.most_waiting = waiting;
    }
}

/* Rests before it reads, then reads with a rest now and then. */
static void slow_fiber(void *arg)
{
    struct slice piece = SLICE_EMPTY;

    (void)arg;
    reader.call.status = open_stream(&reader);
    rest(100);
    cpu_while_resting_us = process_cpu_us();
    rest(200);
    cpu_while_resting_us = process_cpu_us() - cpu_while_resting_us;
    sent_while_resting = server_sent;
    do {
        note_waiting();
        reader.call.status = client_stream_read(reader.stream, &piece);
        take(&reader, piece);
        if (reader.reads % 50 == 0) {
            rest(5);
        }
    } while (piece.len > 0);
    client_stream_close(&reader.stream);
    fiber_done();
}

static void a_slow_reader_holds_the_server_back(void **state)
{
    (void)state;
    set_up(serve_large);
    init_reader();
    reader.call.request.body_limit = LARGE;
    reader.call.request.stall_ms = 150; /* shorter than it rests */
    start_fiber(slow_fiber, NULL);
    loop_run(loop);
    check_ok(reader.call.status);
    assert_int_equal(reader.total, LARGE);
    assert_in_range(reader.most_waiting, 1, CLIENT_PIECE_MAX);
    assert_in_range(reader.longest, 1, CLIENT_PIECE_MAX);
    /* The rest sat in the kernel's buffers, or was not sent at all. */
    assert_true(sent_while_resting < LARGE);
    /* And nobody was busy with waiting. */
    assert_in_range(cpu_while_resting_us, 0, 100000);
}

static void serve_then_watch(int fd, const char *request)
{
    (void)request;
    server_send(fd, CHUNKED "5\r\nfirst\r\n");
    wait_for_gate();
    closed_after_ms = server_wait_closed(fd);
}

static void cancel_fiber(void *arg)
{
    while (reader.total == 0 && fiber_park(1) != STATUS_CANCELLED) {
    }
    fiber_cancel(arg);
    gate_open = true;
    fiber_done();
}

static void a_cancelled_reader_is_gone_within_100_ms(void **state)
{
    (void)state;
    set_up(serve_then_watch);
    init_reader();
    start_fiber(read_fiber, &reader);
    start_fiber(cancel_fiber, reader.fiber);
    loop_run(loop);
    check_status(reader.call.status, STATUS_CANCELLED);
    assert_string_equal(reader.text, "first");
    while (closed_after_ms < 0) {
        usleep(1000);
    }
    print_message("# closed after %d ms\n", (int)closed_after_ms);
    assert_in_range(closed_after_ms, 0, 100);
    assert_int_equal(client_streams(client), 0);
}

static void open_and_leave_fiber(void *arg)
{
    (void)arg;
    reader.call.status =
        client_open(client, &reader.call.request, &reader.stream);
    client_stream_close(&reader.stream);
    client_stream_close(&reader.stream); /* nothing is left to close */
    fiber_done();
}

static void a_reader_may_leave_before_anything_was_sent(void **state)
{
    (void)state;
    set_up(serve_large);
    for (int i = 0; i < 50; i++) {
        init_reader();
        start_fiber(open_and_leave_fiber, NULL);
        loop_run(loop);
        check_ok(reader.call.status);
    }
    while (client_streams(client) > 0) {
        usleep(1000);
    }
}

static void pause_and_leave_fiber(void *arg)
{
    (void)arg;
    reader.call.status = open_stream(&reader);
    rest(50); /* by now it is paused */
    note_waiting();
    client_stream_close(&reader.stream);
    fiber_done();
}

static void a_reader_may_leave_a_paused_stream(void **state)
{
    (void)state;
    set_up(serve_large);
    init_reader();
    reader.call.request.body_limit = LARGE;
    start_fiber(pause_and_leave_fiber, NULL);
    loop_run(loop);
    check_ok(reader.call.status);
    assert_true(reader.most_waiting > 0);
    while (client_streams(client) > 0) {
        usleep(1000);
    }
}

static void what_came_before_a_stall_is_still_read(void **state)
{
    (void)state;
    set_up(serve_then_watch);
    init_reader();
    gate_open = true;
    reader.call.request.stall_ms = 100;
    start_fiber(read_fiber, &reader);
    loop_run(loop);
    check_status(reader.call.status, STATUS_UPSTREAM_TIMEOUT);
    check_ok(reader.head_status);
    assert_string_equal(reader.text, "first");
}

static void serve_drips(int fd, const char *request)
{
    (void)request;
    server_send(fd, CHUNKED);
    for (int i = 0; i < 10; i++) {
        usleep(40000);
        server_send(fd, "1\r\n.\r\n");
    }
    server_send(fd, "0\r\n\r\n");
}

static void a_stream_that_drips_does_not_stall(void **state)
{
    (void)state;
    set_up(serve_drips);
    init_reader();
    reader.call.request.stall_ms = 300; /* of 400 in all */
    start_fiber(read_fiber, &reader);
    loop_run(loop);
    check_ok(reader.call.status);
    assert_string_equal(reader.text, "..........");
}

static void free_client_fiber(void *arg)
{
    (void)arg;
    while (reader.total == 0 && fiber_park(1) != STATUS_CANCELLED) {
    }
    client_free(client);
    client = NULL;
    gate_open = true;
    fiber_done();
}

static void a_stream_outlives_its_client(void **state)
{
    (void)state;
    set_up(serve_then_watch);
    init_reader();
    start_fiber(read_fiber, &reader);
    start_fiber(free_client_fiber, NULL);
    loop_run(loop);
    check_status(reader.call.status, STATUS_UNAVAILABLE);
    assert_string_equal(reader.text, "first");
}

RUN_TESTS(TEST(head_and_pieces_arrive_as_they_are_sent),
          TEST(many_pieces_arrive_in_order),
          TEST(a_slow_reader_holds_the_server_back),
          TEST(a_cancelled_reader_is_gone_within_100_ms),
          TEST(a_reader_may_leave_before_anything_was_sent),
          TEST(a_reader_may_leave_a_paused_stream),
          TEST(what_came_before_a_stall_is_still_read),
          TEST(a_stream_that_drips_does_not_stall),
          TEST(a_stream_outlives_its_client))
