/* SPDX-License-Identifier: Apache-2.0 */
#include "net/conn.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

/* Idle buffers kept a loop: what a busy turn needs, not what a crowd left. */
#define IDLE_BUFFERS_MAX 64
/*
 * Up to this size the kernel takes longer to read a list of vectors than we
 * to copy what they hold.
 */
#define GATHER_MAX ((size_t)1024)
/* One sendfile call moves at most this much, so that others get a turn. */
#define SEND_FILE_STEP ((uint64_t)1 << 20)
/* On the loop's stack, for a moment. */
#define DISCARD_STEP ((size_t)16384)

/* An idle buffer begins with its list node. */
static char *buffer_take(struct conn_buffers *buffers)
{
    struct list *newest = buffers->idle.prev;

    if (list_is_empty(&buffers->idle)) {
        return mem_alloc_dirty(CONN_BUFFER_SIZE);
    }
    list_remove(newest);
    buffers->count--;
    return (char *)newest;
}

static void buffer_give_back(struct conn_buffers *buffers, char *buffer)
{
    if (buffers->count >= IDLE_BUFFERS_MAX) {
        mem_free(buffer);
        return;
    }
    list_append(&buffers->idle, (struct list *)(void *)buffer);
    buffers->count++;
}

void conn_buffers_init(struct conn_buffers *buffers)
{
    list_init(&buffers->idle);
    buffers->count = 0;
}

void conn_buffers_release(struct conn_buffers *buffers)
{
    struct list *node;

    while ((node = list_take(&buffers->idle)) != NULL) {
        mem_free(node);
    }
    buffers->count = 0;
}

static void on_ready(struct watch *watch, uint32_t events)
{
    struct conn *conn = CONTAINER_OF(watch, struct conn, watch);

    conn->readable |= (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) != 0;
    conn->writable |= (events & EPOLLOUT) != 0;
    conn->peer_closed |= (events & (EPOLLRDHUP | EPOLLHUP)) != 0;
    conn->broken |= (events & (EPOLLHUP | EPOLLERR)) != 0;
    if (conn->fiber == NULL) {
        conn->on_input(conn);
    } else if (conn->broken || (conn->peer_closed && !conn->waiting)) {
        fiber_cancel(conn->fiber);
    } else {
        fiber_wake(conn->fiber);
    }
}

static void on_deadline(struct timer *timer)
{
    struct conn *conn = CONTAINER_OF(timer, struct conn, deadline);

    conn->on_deadline(conn);
}

enum status conn_open(struct conn *conn, struct loop *loop, int fd,
                      struct conn_buffers *buffers)
{
    conn->watch = (struct watch){fd, on_ready};
    conn->loop = loop;
    conn->buffers = buffers;
    conn->fiber = NULL;
    conn->in = NULL;
    conn->in_pinned = 0;
    conn->in_start = 0;
    conn->in_end = 0;
    conn->waiting = false;
    conn->readable = false;
    conn->writable = true;
    conn->peer_closed = false;
    conn->broken = false;
    timer_init(&conn->deadline, on_deadline);
    if (loop_watch(loop, &conn->watch,
                   EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET) != STATUS_OK) {
        close(fd);
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

static void drop_buffer(struct conn *conn)
{
    if (conn->in != NULL) {
        buffer_give_back(conn->buffers, conn->in);
        conn->in = NULL;
    }
    conn->in_pinned = 0;
    conn->in_start = 0;
    conn->in_end = 0;
}

void conn_drop_empty_buffer(struct conn *conn)
{
    if (conn->in_start == conn->in_end && conn->fiber == NULL) {
        drop_buffer(conn);
    }
}

void conn_close(struct conn *conn)
{
    timer_cancel(&conn->deadline);
    drop_buffer(conn);
    loop_unwatch(conn->loop, &conn->watch);
    close(conn->watch.fd);
    conn->watch.fd = -1;
}

void conn_attach(struct conn *conn, size_t pinned)
{
    conn->fiber = fiber_current();
    conn->in_start += (uint32_t)pinned;
    conn->in_pinned = conn->in_start;
    conn_clear_deadline(conn);
}

void conn_detach(struct conn *conn)
{
    conn->fiber = NULL;
    conn->in_pinned = 0;
}

void conn_set_deadline(struct conn *conn, int64_t after_ms)
{
    loop_timer(conn->loop, &conn->deadline, after_ms);
}

void conn_clear_deadline(struct conn *conn)
{
    timer_cancel(&conn->deadline);
}

void conn_consume(struct conn *conn, size_t size)
{
    conn->in_start += (uint32_t)size;
}

bool conn_move_up(struct conn *conn)
{
    if (conn->in_start == conn->in_pinned) {
        return false;
    }
    memmove(conn->in + conn->in_pinned, conn->in + conn->in_start,
            conn->in_end - conn->in_start);
    conn->in_end -= conn->in_start - conn->in_pinned;
    conn->in_start = conn->in_pinned;
    return true;
}

/* Free room behind the input, which moves up to what must stay. */
static enum status make_room(struct conn *conn)
{
    if (conn->in == NULL) {
        conn->in = buffer_take(conn->buffers);
        TRY_ALLOC(conn->in);
    }
    (void)conn_move_up(conn);
    return conn->in_end == CONN_BUFFER_SIZE ? STATUS_TOO_LARGE : STATUS_OK;
}

/* One read; a short one means the socket is empty, so no second is needed. */
static enum status read_some(struct conn *conn, char *into, size_t size,
                             size_t *got)
{
    ssize_t len;

    if (!conn->readable) {
        return STATUS_BUSY;
    }
    do {
        len = read(conn->watch.fd, into, size);
    } while (len < 0 && errno == EINTR);
    if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        conn->readable = false;
        return STATUS_BUSY;
    }
    if (len <= 0) {
        conn->peer_closed = true;
        conn->broken |= len < 0;
        return STATUS_CLOSED;
    }
    /* After the end has been announced, the read that finds it must happen. */
    conn->readable = (size_t)len == size || conn->peer_closed;
    *got = (size_t)len;
    return STATUS_OK;
}

enum status conn_fill(struct conn *conn)
{
    size_t got = 0;

    if (conn->in == NULL && !conn->readable) {
        return STATUS_BUSY; /* no buffer for who has sent nothing */
    }
    TRY(make_room(conn));
    TRY(read_some(conn, conn->in + conn->in_end,
                  CONN_BUFFER_SIZE - conn->in_end, &got));
    conn->in_end += (uint32_t)got;
    return STATUS_OK;
}

enum status conn_discard(struct conn *conn)
{
    char drop[DISCARD_STEP];
    size_t got;

    return read_some(conn, drop, sizeof(drop), &got);
}

/* Parks until the socket may be ready again or the deadline passes. */
static enum status wait_until(struct conn *conn, int64_t deadline_ms)
{
    int64_t left = deadline_ms - loop_now(conn->loop);
    enum status status;

    if (left <= 0) {
        return STATUS_TIMEOUT;
    }
    conn->waiting = true;
    status = fiber_park(left);
    conn->waiting = false;
    return status;
}

enum status conn_read(struct conn *conn, char *into, size_t size,
                      int64_t deadline_ms, size_t *got)
{
    struct slice ready = slice_head(conn_input(conn), size);
    enum status status;

    if (ready.len > 0) {
        memcpy(into, ready.ptr, ready.len);
        conn_consume(conn, ready.len);
        *got = ready.len;
        return STATUS_OK;
    }
    while ((status = read_some(conn, into, size, got)) == STATUS_BUSY) {
        TRY(wait_until(conn, deadline_ms));
    }
    return status;
}

enum status conn_wait_input(struct conn *conn, int64_t deadline_ms)
{
    enum status status;

    while ((status = conn_fill(conn)) == STATUS_BUSY) {
        TRY(wait_until(conn, deadline_ms));
    }
    return status;
}

/*
 * Who takes nothing is reset: closed in order, the kernel would keep what was
 * not taken, for as long as the other side cares to hold it there.
 */
static void give_up(struct conn *conn)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(conn->watch.fd, SOL_SOCKET, SO_LINGER, &none,
                     sizeof(none));
    conn->broken = true;
}

/* After a call that would block: parks, for `stall_ms` at most. */
static enum status wait_writable(struct conn *conn, int64_t stall_ms)
{
    int64_t deadline = loop_now(conn->loop) + stall_ms;
    enum status status = STATUS_OK;

    conn->writable = false;
    while (status == STATUS_OK && !conn->writable) {
        status = wait_until(conn, deadline);
    }
    if (status == STATUS_TIMEOUT) {
        give_up(conn);
    }
    return status;
}

static bool would_block(ssize_t result)
{
    return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

static enum status sending_failed(struct conn *conn)
{
    conn->broken = true;
    return STATUS_CLOSED;
}

/* Takes `sent` bytes off the front of the vectors. */
static void vectors_advance(struct iovec **vectors, int *count, size_t sent)
{
    while (*count > 0 && sent >= (*vectors)->iov_len) {
        sent -= (*vectors)->iov_len;
        ++*vectors;
        --*count;
    }
    if (*count > 0) {
        (*vectors)->iov_base = (char *)(*vectors)->iov_base + sent;
        (*vectors)->iov_len -= sent;
    }
}

/* All of it in one piece, or false when that is more than `into` holds. */
static bool gather(const struct iovec *vectors, int count,
                   char into[static GATHER_MAX], size_t *size)
{
    size_t at = 0;

    for (int i = 0; i < count; i++) {
        if (vectors[i].iov_len > GATHER_MAX - at) {
            return false;
        }
        if (vectors[i].iov_len > 0) { /* an empty one may point nowhere */
            memcpy(into + at, vectors[i].iov_base, vectors[i].iov_len);
        }
        at += vectors[i].iov_len;
    }
    *size = at;
    return true;
}

static ssize_t send_vectors(int fd, struct iovec *vectors, int count, int flags)
{
    struct msghdr message = {.msg_iov = vectors, .msg_iovlen = (size_t)count};
    char piece[GATHER_MAX];
    size_t size;

    if (gather(vectors, count, piece, &size)) {
        return send(fd, piece, size, MSG_NOSIGNAL | flags);
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL | flags);
}

static enum status write_all(struct conn *conn, struct iovec *vectors,
                             int count, int flags, int64_t stall_ms)
{
    vectors_advance(&vectors, &count, 0); /* drops leading empty ones */
    while (count > 0) {
        ssize_t sent = send_vectors(conn->watch.fd, vectors, count, flags);

        if (sent >= 0) {
            vectors_advance(&vectors, &count, (size_t)sent);
        } else if (would_block(sent)) {
            TRY(wait_writable(conn, stall_ms));
        } else if (errno != EINTR) {
            return sending_failed(conn);
        }
    }
    return STATUS_OK;
}

enum status conn_write(struct conn *conn, struct iovec *vectors, int count,
                       int64_t stall_ms)
{
    return write_all(conn, vectors, count, 0, stall_ms);
}

enum status conn_write_more(struct conn *conn, struct iovec *vectors, int count,
                            int64_t stall_ms)
{
    return write_all(conn, vectors, count, MSG_MORE, stall_ms);
}

enum status conn_send_file(struct conn *conn, int fd, uint64_t offset,
                           uint64_t size, int64_t stall_ms)
{
    off_t at = (off_t)offset;

    while (size > 0) {
        size_t step = size < SEND_FILE_STEP ? size : SEND_FILE_STEP;
        ssize_t sent = sendfile(conn->watch.fd, fd, &at, step);

        if (sent > 0) {
            size -= (uint64_t)sent;
        } else if (would_block(sent)) {
            TRY(wait_writable(conn, stall_ms));
        } else if (sent == 0 || errno != EINTR) {
            /* Shorter than announced: somebody cut the file under us. */
            return sending_failed(conn);
        }
    }
    return STATUS_OK;
}

bool conn_write_now(struct conn *conn, struct slice bytes)
{
    ssize_t sent =
        send(conn->watch.fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);

    return sent == (ssize_t)bytes.len;
}

void conn_shut_write(struct conn *conn)
{
    (void)shutdown(conn->watch.fd, SHUT_WR);
}
