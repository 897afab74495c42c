/* SPDX-License-Identifier: Apache-2.0 */
/* A connection made of a socket pair, or of loopback where sendfile asks. */
#include "../check.h"

#include "net/conn.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define WAIT_MS 2000
/* Far longer than the slow reader pauses, far shorter than it reads. */
#define STALL_MS 300

static struct loop *loop;
static struct conn_buffers buffers;
static struct conn conn;
static int other; /* the far end; blocking */
static int input_calls;
static int deadline_calls;
static struct timer later;
/* Of the fiber that uses the connection. */
static void (*fiber_body)(void);
static bool fiber_done;
static enum status result;
static size_t pinned;

static void on_input(struct conn *ready)
{
    (void)ready;
    input_calls++;
    loop_stop(loop);
}

static void on_deadline(struct conn *late)
{
    (void)late;
    deadline_calls++;
    loop_stop(loop);
}

static int set_up(void **state)
{
    struct timeval five = {5, 0};
    int small = 8192;
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair),
                     0);
    other = pair[1];
    assert_int_equal(fcntl(other, F_SETFL, 0), 0);
    setsockopt(other, SOL_SOCKET, SO_RCVTIMEO, &five, sizeof(five));
    setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    conn_buffers_init(&buffers);
    check_ok(loop_new(&loop));
    memset(&conn, 0, sizeof(conn));
    conn.on_input = on_input;
    conn.on_deadline = on_deadline;
    input_calls = 0;
    deadline_calls = 0;
    timer_init(&later, NULL);
    pinned = 0;
    result = STATUS_OK;
    check_ok(conn_open(&conn, loop, pair[0], &buffers));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    conn_close(&conn);
    conn_buffers_release(&buffers);
    fiber_thread_end();
    loop_free(loop);
    if (other >= 0) {
        close(other);
    }
    return 0;
}

static void far_send(struct slice bytes)
{
    assert_int_equal(send(other, bytes.ptr, bytes.len, MSG_NOSIGNAL),
                     bytes.len);
}

static void far_close(void)
{
    close(other);
    other = -1;
}

/* The loop runs until on_input has been called. */
static void wait_for_input(void)
{
    int before = input_calls;

    while (input_calls == before) {
        loop_run(loop);
    }
}

/* Runs it in a fiber that uses the connection, until it has ended. */
static void fiber_main(void *arg)
{
    (void)arg;
    conn_attach(&conn, pinned);
    fiber_body();
    conn_detach(&conn);
    fiber_done = true;
    loop_stop(loop);
}

static void run(void (*body)(void))
{
    fiber_body = body;
    fiber_done = false;
    check_ok(fiber_start(loop, fiber_main, NULL));
    while (!fiber_done) {
        loop_run(loop);
    }
}

/* Has `act` called from the loop while the fiber is parked. */
static void act_later(void (*act)(struct timer *timer))
{
    timer_init(&later, act);
    loop_timer(loop, &later, 20);
}

static int64_t soon(void)
{
    return loop_now(loop) + WAIT_MS;
}

static void gives_what_is_there_and_says_when_nothing_is(void **state)
{
    (void)state;
    check_status(conn_fill(&conn), STATUS_BUSY);
    far_send(SLICE("abc"));
    while (conn_fill(&conn) == STATUS_BUSY) {
        wait_for_input();
    }
    check_text(conn_input(&conn), "abc");
    check_status(conn_fill(&conn), STATUS_BUSY);
    far_send(SLICE("de"));
    shutdown(other, SHUT_WR);
    wait_for_input();
    check_ok(conn_fill(&conn)); /* the last words come before the end */
    check_text(conn_input(&conn), "abcde");
    check_status(conn_fill(&conn), STATUS_CLOSED);
    assert_true(conn.peer_closed);
    check_text(conn_input(&conn), "abcde");
}

static void fill_until(size_t len)
{
    while (conn_input(&conn).len < len) {
        if (conn_fill(&conn) == STATUS_BUSY) {
            wait_for_input();
        }
    }
}

static void
a_full_buffer_says_so_and_takes_more_when_there_is_room(void **state)
{
    static char bytes[CONN_BUFFER_SIZE + 5];

    (void)state;
    memset(bytes, 'x', sizeof(bytes));
    memcpy(bytes + CONN_BUFFER_SIZE, "after", 5);
    far_send(slice_make(bytes, sizeof(bytes)));
    fill_until(CONN_BUFFER_SIZE);
    check_status(conn_fill(&conn), STATUS_TOO_LARGE);
    conn_consume(&conn, CONN_BUFFER_SIZE - 2);
    check_ok(conn_fill(&conn));
    check_text(conn_input(&conn), "xxafter");
}

static void says_when_the_input_has_moved(void **state)
{
    const char *front;

    (void)state;
    assert_false(conn_move_up(&conn)); /* no buffer yet */
    far_send(SLICE("first second"));
    fill_until(12);
    front = conn_input(&conn).ptr;
    assert_false(conn_move_up(&conn));
    conn_consume(&conn, 6);
    assert_true(conn_move_up(&conn));
    assert_ptr_equal(conn_input(&conn).ptr, front);
    check_text(conn_input(&conn), "second");
    assert_false(conn_move_up(&conn));
}

static void an_idle_connection_holds_no_buffer(void **state)
{
    (void)state;
    far_send(SLICE("ab"));
    fill_until(2);
    conn_drop_empty_buffer(&conn);
    check_text(conn_input(&conn), "ab");
    conn_consume(&conn, 2);
    conn_drop_empty_buffer(&conn);
    assert_null(conn.in);
    assert_int_equal(buffers.count, 1);
    check_text(conn_input(&conn), "");
}

#define PINNED 16384
#define STREAM ((size_t)200 * 1000)
#define MARGIN ((size_t)1000)

static size_t streamed;

static char stream_byte(size_t at)
{
    return (char)('a' + at % 23);
}

/* A piece at a time, of every size. */
static void send_stream(struct timer *timer)
{
    char piece[1000];
    size_t len = streamed % 997 + 1;

    for (size_t i = 0; i < len; i++) {
        piece[i] = stream_byte(streamed + i);
    }
    far_send(slice_make(piece, len));
    streamed += len;
    if (streamed < STREAM + MARGIN) {
        loop_timer(loop, timer, 0);
    }
}

static void read_stream(void)
{
    const char *head = conn.in;
    size_t at = 0; /* up to seven bytes behind it stay in the buffer */

    while (result == STATUS_OK && at < STREAM) {
        struct slice input;

        result = conn_wait_input(&conn, soon());
        input = conn_input(&conn);
        size_t take = input.len > 7 ? input.len - 7 : input.len;

        for (size_t i = 0; i < take; i++) {
            assert_int_equal(input.ptr[i], stream_byte(at + i));
        }
        at += take;
        conn_consume(&conn, take);
    }
    for (size_t i = 0; i < PINNED; i++) {
        assert_int_equal(head[i], 'h');
    }
}

/* The invariant of net/conn.h: pinned input neither moves nor changes. */
static void pinned_input_stays_while_the_rest_streams_by(void **state)
{
    static char head[PINNED];

    (void)state;
    memset(head, 'h', sizeof(head));
    far_send(slice_make(head, sizeof(head)));
    fill_until(PINNED);
    pinned = PINNED;
    streamed = 0;
    act_later(send_stream);
    run(read_stream);
    check_status(result, STATUS_OK);
    assert_int_equal(conn.in_pinned, 0); /* not any more */
}

static void read_pieces(void)
{
    char text[8] = "";
    size_t got = 0;

    check_ok(conn_read(&conn, text, 2, soon(), &got));
    check_slice(slice_make(text, got), SLICE("ab"));
    check_ok(conn_read(&conn, text, sizeof(text), soon(), &got));
    check_slice(slice_make(text, got), SLICE("c")); /* what is here first */
    check_ok(conn_read(&conn, text, sizeof(text), soon(), &got));
    check_slice(slice_make(text, got), SLICE("late"));
    check_status(conn_read(&conn, text, sizeof(text), soon(), &got),
                 STATUS_CLOSED);
    check_status(conn_read(&conn, text, sizeof(text), soon(), &got),
                 STATUS_CLOSED);
}

static void send_late_and_end(struct timer *timer)
{
    (void)timer;
    far_send(SLICE("late"));
    shutdown(other, SHUT_WR);
}

static void reads_what_is_buffered_first_and_the_end_last(void **state)
{
    (void)state;
    far_send(SLICE("abc"));
    fill_until(3);
    act_later(send_late_and_end);
    run(read_pieces);
}

static void read_nothing(void)
{
    char byte;
    size_t got = 0;

    result = conn_read(&conn, &byte, 1, loop_now(loop) + 30, &got);
}

static void a_read_ends_at_its_deadline(void **state)
{
    (void)state;
    run(read_nothing);
    check_status(result, STATUS_TIMEOUT);
    run(read_nothing);
    check_status(result, STATUS_TIMEOUT);
}

static void end_input(struct timer *timer)
{
    (void)timer;
    shutdown(other, SHUT_WR);
}

static void park(void)
{
    do {
        result = fiber_park(WAIT_MS);
    } while (result == STATUS_OK);
}

/* As in Go: nobody may be waiting for what the handler is working on. */
static void the_end_of_input_cancels_work_of_its_own(void **state)
{
    (void)state;
    act_later(end_input);
    run(park);
    check_status(result, STATUS_CANCELLED);
    assert_false(conn.broken);
}

static void break_off(struct timer *timer)
{
    (void)timer;
    far_close();
}

static void a_broken_connection_cancels_it_too(void **state)
{
    (void)state;
    act_later(break_off);
    run(park);
    check_status(result, STATUS_CANCELLED);
    assert_true(conn.broken);
}

static void more_input_wakes_but_does_not_cancel(void **state)
{
    (void)state;
    act_later(send_late_and_end);
    run(read_nothing);
    check_status(result, STATUS_OK);
}

#define LARGE ((size_t)1 << 20)

static char large[LARGE];
static size_t far_got;
static size_t far_step; /* how much the other side takes at a time */
static int64_t far_pause_ms;

static void far_take(struct timer *timer)
{
    static char sink[LARGE];
    ssize_t got = recv(other, sink, far_step, MSG_DONTWAIT);

    for (ssize_t i = 0; i < got; i++) {
        assert_int_equal(sink[i], stream_byte(far_got + (size_t)i));
    }
    far_got += got > 0 ? (size_t)got : 0;
    if (far_got < LARGE) {
        loop_timer(loop, timer, far_pause_ms);
    }
}

static void far_end_and_take(struct timer *timer)
{
    shutdown(other, SHUT_WR);
    later.fire = far_take;
    far_take(timer);
}

static void far_takes(size_t step, int64_t pause_ms)
{
    far_got = 0;
    far_step = step;
    far_pause_ms = pause_ms;
    for (size_t i = 0; i < LARGE; i++) {
        large[i] = stream_byte(i);
    }
}

static void write_large(void)
{
    struct iovec vectors[] = {
        {NULL, 0}, {large, 1}, {NULL, 0}, {large + 1, LARGE - 1}, {NULL, 0}};

    result = conn_write(&conn, vectors, 5, STALL_MS);
}

/* The rest of what was sent still stands in the socket. */
static void take_the_rest(void)
{
    while (far_got < LARGE) {
        size_t before = far_got;

        far_take(&later);
        timer_cancel(&later);
        assert_true(far_got > before);
    }
}

static void sends_everything_to_a_slow_reader(void **state)
{
    (void)state;
    far_takes(20000, 2);
    act_later(far_take);
    run(write_large);
    check_ok(result);
    take_the_rest();
}

/* The limit is for each stretch without progress, not for the whole. */
static void slow_progress_is_not_a_stall(void **state)
{
    (void)state;
    far_takes(20000, 10);
    act_later(far_take);
    run(write_large);
    check_ok(result);
    take_the_rest();
}

static void no_progress_is(void **state)
{
    (void)state;
    run(write_large);
    check_status(result, STATUS_TIMEOUT);
}

static void the_end_of_input_does_not_stop_a_write(void **state)
{
    (void)state;
    far_takes(20000, 0);
    act_later(far_end_and_take);
    run(write_large);
    check_ok(result);
    take_the_rest();
}

static void a_broken_connection_stops_it(void **state)
{
    (void)state;
    act_later(break_off);
    run(write_large);
    assert_true(result == STATUS_CANCELLED || result == STATUS_CLOSED);
    assert_true(conn.broken);
    run(write_large);
    check_status(result, STATUS_CLOSED);
}

static void write_nothing(void)
{
    struct iovec vectors[] = {{NULL, 0}, {NULL, 0}};

    result = conn_write(&conn, vectors, 2, 100);
    if (result == STATUS_OK) {
        result = conn_write(&conn, NULL, 0, 100);
    }
}

static void nothing_is_written_at_once(void **state)
{
    (void)state;
    run(write_nothing);
    check_ok(result);
    assert_false(conn_write_now(&conn, slice_make(large, LARGE)));
    assert_int_equal(recv(other, &(char){0}, 1, MSG_DONTWAIT), 1);
}

static int file_fd;

static void open_file(void)
{
    char path[] = P_tmpdir "/bookplate-test-XXXXXX";

    file_fd = mkstemp(path);
    assert_true(file_fd >= 0);
    unlink(path);
    assert_int_equal(write(file_fd, large, LARGE), LARGE);
}

static void send_file(void)
{
    result = conn_send_file(&conn, file_fd, 0, LARGE, STALL_MS);
}

static void a_file_goes_out_whole(void **state)
{
    (void)state;
    far_takes(50000, 0);
    open_file();
    act_later(far_take);
    run(send_file);
    check_ok(result);
    take_the_rest();
    close(file_fd);
}

static void shrink_file(struct timer *timer)
{
    assert_int_equal(ftruncate(file_fd, LARGE / 2), 0);
    later.fire = far_take;
    far_take(timer);
}

static void a_file_that_shrinks_breaks_the_connection(void **state)
{
    (void)state;
    far_takes(50000, 0);
    open_file();
    act_later(shrink_file);
    run(send_file);
    check_status(result, STATUS_CLOSED);
    assert_true(conn.broken); /* no other answer may follow */
    timer_cancel(&later);
    close(file_fd);
}

static void send_part(void)
{
    result = conn_send_file(&conn, file_fd, LARGE - 10, 10, 100);
    if (result == STATUS_OK) {
        result = conn_send_file(&conn, file_fd, LARGE, 0, 100);
    }
}

static void a_part_of_a_file_starts_where_it_should(void **state)
{
    char text[20];

    (void)state;
    far_takes(0, 0);
    open_file();
    run(send_part);
    check_ok(result);
    assert_int_equal(recv(other, text, sizeof(text), 0), 10);
    assert_memory_equal(text, large + LARGE - 10, 10);
    close(file_fd);
}

static void read_past_deadline(void)
{
    conn_set_deadline(&conn, 5000);
    conn_clear_deadline(&conn);
    read_nothing();
}

static void the_deadline_is_quiet_while_a_fiber_is_at_work(void **state)
{
    (void)state;
    conn_set_deadline(&conn, 1);
    run(read_past_deadline);
    assert_int_equal(deadline_calls, 0);
    conn_set_deadline(&conn, 10);
    conn_set_deadline(&conn, 20); /* moved, not doubled */
    while (deadline_calls == 0) {
        loop_run(loop);
    }
    act_later(end_input);
    wait_for_input();
    assert_int_equal(deadline_calls, 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(gives_what_is_there_and_says_when_nothing_is),
          TEST(a_full_buffer_says_so_and_takes_more_when_there_is_room),
          TEST(says_when_the_input_has_moved),
          TEST(an_idle_connection_holds_no_buffer),
          TEST(pinned_input_stays_while_the_rest_streams_by),
          TEST(reads_what_is_buffered_first_and_the_end_last),
          TEST(a_read_ends_at_its_deadline),
          TEST(the_end_of_input_cancels_work_of_its_own),
          TEST(a_broken_connection_cancels_it_too),
          TEST(more_input_wakes_but_does_not_cancel),
          TEST(sends_everything_to_a_slow_reader),
          TEST(slow_progress_is_not_a_stall), TEST(no_progress_is),
          TEST(the_end_of_input_does_not_stop_a_write),
          TEST(a_broken_connection_stops_it), TEST(nothing_is_written_at_once),
          TEST(a_file_goes_out_whole),
          TEST(a_file_that_shrinks_breaks_the_connection),
          TEST(a_part_of_a_file_starts_where_it_should),
          TEST(the_deadline_is_quiet_while_a_fiber_is_at_work))
