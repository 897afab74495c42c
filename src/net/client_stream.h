/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request under way, between the fiber that made it and the outbound
 * thread. Only client*.c includes this.
 *
 * It has several owners: the fiber until client_stream_close, the thread from
 * client_open until the transfer has ended, and each word on its way between
 * the two. The last one frees it, so either side may leave first.
 *
 * Invariants: once `done`, the thread touches nothing but `owners`, and no
 * word is sent to it any more, so a stream may outlive its client. Once
 * `closed`, no word is sent to the fiber's loop any more.
 */
#ifndef NET_CLIENT_STREAM_H
#define NET_CLIENT_STREAM_H

#include "net/client_mail.h"
#include "net/client_request.h"
#include "net/fiber.h"

#include <pthread.h>
#include <stdatomic.h>

struct client_curl;
struct client_thread;

struct client {
    struct client_options options;
    pthread_mutex_t lock;
    struct client_thread *thread; /* NULL until the first request */
    size_t streams;
    bool stopping;
};

/* Bytes of a body; the memory grows up to CLIENT_PIECE_MAX. */
struct client_piece {
    char *bytes;
    size_t len;
    size_t capacity;
};

struct client_stream {
    _Atomic int owners;
    struct client *client;
    struct client_thread *thread;
    struct loop *loop;
    struct fiber_ref waiter;
    struct arena request_memory;
    struct client_copy request; /* from client_open on nobody changes it */
    struct client_piece held;   /* the fiber's: what it reads now */

    pthread_mutex_t lock; /* over all that follows, up to the next mark */
    struct client_piece waiting;
    enum status status; /* how it ended; when `done` */
    bool done;
    bool closed;
    bool head_ready;
    bool parked;  /* the fiber wants a word */
    bool told;    /* a word to the fiber is on its way */
    bool paused;  /* a piece did not fit */
    bool drained; /* and now it does, which the thread has yet to see */
    bool ordered; /* a word to the thread is on its way */
    struct message news;
    struct message order;

    /* The thread's; `head` is the fiber's once head_ready is seen. */
    struct arena head_memory;
    struct client_head head;
    struct client_header headers[CLIENT_HEADERS_MAX];
    struct list node;
    struct timer stall;
    int64_t moved_ms; /* when a byte last went either way */
    size_t head_size;
    bool head_ended;
    size_t received; /* bytes of the body */
    int64_t sent;
    enum status failed; /* by us, in a callback */
    void *easy;         /* libcurl's handle; NULL before and after */
    const struct client_curl *curl; /* of a mail */
    size_t mail_taken;              /* bytes of the message */
    struct client_mail_reply reply; /* the fiber's once `done` */
};

/* The caller fills in `request` from request_memory, then starts it. */
MUST_USE enum status client_stream_new(struct client *client,
                                       struct client_stream **out);
/* Hands it to the thread (net/client.c). */
MUST_USE enum status client_stream_start(struct client_stream *stream);
void client_stream_release(struct client_stream *stream);

/* For the thread. */

/* All of `bytes` or nothing: BUSY when the fiber must read first. */
MUST_USE enum status client_stream_push(struct client_stream *stream,
                                        struct slice bytes);
void client_stream_head_ready(struct client_stream *stream);
void client_stream_finish(struct client_stream *stream, enum status status);

#endif
