/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One TCP connection on a loop: its input buffer, its deadline, and reads and
 * writes that park the fiber using it.
 *
 * While no fiber uses the connection, `on_input` is called on the loop's
 * stack when bytes or the end may have arrived, and `on_deadline` when the
 * deadline passes. While one does (conn_attach), both are quiet, and the other
 * side's leaving cancels the fiber: a broken connection at once, the mere end
 * of the input only while the fiber is parked in work of its own, for nobody
 * may be waiting for that. It does not stop an answer that is being sent: a
 * client may close its side once it has asked.
 *
 * Readiness is edge-triggered and remembered in `readable` and `writable`, so
 * a request costs no epoll call. An idle connection holds no buffer: one is
 * borrowed from the loop's pool while there is input to keep.
 *
 * Invariant: between conn_attach and conn_detach the pinned input neither
 * moves nor is overwritten, so slices into it stay valid, and nothing is read
 * but by the fiber.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "net/fiber.h"
#include "net/listener.h"

#include <sys/uio.h>

/* A buffer holds the largest request head, and room to read on behind it. */
#define CONN_HEAD_MAX    ((size_t)16384)
#define CONN_BUFFER_SIZE (CONN_HEAD_MAX + (size_t)4096)

/* Input buffers that no connection needs now; one a loop. */
struct conn_buffers {
    struct list idle;
    size_t count;
};

struct conn {
    struct watch watch;
    struct loop *loop;
    struct conn_buffers *buffers;
    struct fiber *fiber; /* the one using it, or NULL */
    struct timer deadline;
    char *in;           /* NULL: nothing is buffered */
    uint32_t in_pinned; /* bytes in front that the fiber's slices point at */
    uint32_t in_start;
    uint32_t in_end;
    bool waiting; /* the fiber waits for the socket, not for its own work */
    bool readable;
    bool writable;
    bool peer_closed; /* nothing will come any more */
    bool broken;      /* nothing can be sent any more either */
    union net_address peer;
    void (*on_input)(struct conn *conn);
    void (*on_deadline)(struct conn *conn);
};

void conn_buffers_init(struct conn_buffers *buffers);
void conn_buffers_release(struct conn_buffers *buffers);

/* Takes `fd` over; on failure it is closed. The callbacks are set before. */
MUST_USE enum status conn_open(struct conn *conn, struct loop *loop, int fd,
                               struct conn_buffers *buffers);
void conn_close(struct conn *conn);

/*
 * From now on the running fiber uses the connection. The first `pinned` bytes
 * of the input are consumed and stay where they are until conn_detach.
 */
void conn_attach(struct conn *conn, size_t pinned);
void conn_detach(struct conn *conn);

/* on_deadline is called after so many milliseconds, unless moved. */
void conn_set_deadline(struct conn *conn, int64_t after_ms);
void conn_clear_deadline(struct conn *conn);

/* What has been read and not yet consumed. */
static inline struct slice conn_input(const struct conn *conn)
{
    return conn->in == NULL
               ? SLICE_EMPTY
               : slice_make(conn->in + conn->in_start,
                            (size_t)(conn->in_end - conn->in_start));
}

/* The first `size` bytes of the input are done with. */
void conn_consume(struct conn *conn, size_t size);
/* Gives the buffer back when there is nothing in it. */
void conn_drop_empty_buffer(struct conn *conn);

/*
 * Moves the input to where what was consumed began, to make room behind it;
 * true when it did not stand there already. Slices into it are void then.
 */
bool conn_move_up(struct conn *conn);

/*
 * Reads what is there without waiting; moves the input up before. OK: there is
 * new input. BUSY: none for now. CLOSED: the end. TOO_LARGE: the buffer is
 * full. NO_MEMORY.
 */
MUST_USE enum status conn_fill(struct conn *conn);
/* Reads and forgets what is there: as conn_fill, but it needs no buffer. */
MUST_USE enum status conn_discard(struct conn *conn);

/* For fibers. Both give TIMEOUT at `deadline_ms`, a time of loop_now(). */

/* At least one byte into `into`, buffered input first. */
MUST_USE enum status conn_read(struct conn *conn, char *into, size_t size,
                               int64_t deadline_ms, size_t *got);
/* Waits until conn_fill has given new input. */
MUST_USE enum status conn_wait_input(struct conn *conn, int64_t deadline_ms);

/*
 * Sends everything; each stretch without progress may last `stall_ms`, and
 * when it does the connection is broken, to be reset by conn_close.
 * The vectors are used up.
 */
MUST_USE enum status conn_write(struct conn *conn, struct iovec *vectors,
                                int count, int64_t stall_ms);
/* The same for what conn_send_file follows: the kernel may wait for it. */
MUST_USE enum status conn_write_more(struct conn *conn, struct iovec *vectors,
                                     int count, int64_t stall_ms);
MUST_USE enum status conn_send_file(struct conn *conn, int fd, uint64_t offset,
                                    uint64_t size, int64_t stall_ms);
/* What fits without waiting; false when not all of it did. */
bool conn_write_now(struct conn *conn, struct slice bytes);
/* No more will be sent; the other side may still be sending. */
void conn_shut_write(struct conn *conn);

#endif
