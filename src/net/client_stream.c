/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client_stream.h"

#include "base/mem.h"
#include "net/client_thread.h"

/* The request's copy, and what its arena adds. */
#define REQUEST_MEMORY (CLIENT_REQUEST_MAX + ((size_t)1 << 20))
/* The head's text, and what its arena adds. */
#define HEAD_MEMORY (2 * CLIENT_HEAD_MAX)
/* An event of a language model fits; a body soon outgrows it. */
#define PIECE_MIN ((size_t)2048)

enum status client_stream_new(struct client *client, struct client_stream **out)
{
    struct client_stream *stream = mem_alloc(sizeof(*stream));

    TRY_ALLOC(stream);
    atomic_init(&stream->owners, 1);
    stream->client = client;
    stream->loop = fiber_loop(fiber_current());
    stream->waiter = fiber_ref(fiber_current());
    list_init(&stream->node);
    timer_init(&stream->stall, NULL); /* set by the thread, if it begins */
    arena_init(&stream->request_memory, REQUEST_MEMORY);
    arena_init(&stream->head_memory, HEAD_MEMORY);
    pthread_mutex_init(&stream->lock, NULL);
    *out = stream;
    return STATUS_OK;
}

void client_stream_release(struct client_stream *stream)
{
    if (atomic_fetch_sub(&stream->owners, 1) > 1) {
        return;
    }
    pthread_mutex_destroy(&stream->lock);
    arena_release(&stream->request_memory);
    arena_release(&stream->head_memory);
    mem_free(stream->held.bytes);
    mem_free(stream->waiting.bytes);
    mem_free(stream);
}

/* On the loop's thread. */
static void deliver_news(struct message *message)
{
    struct client_stream *stream =
        CONTAINER_OF(message, struct client_stream, news);

    pthread_mutex_lock(&stream->lock);
    stream->told = false;
    pthread_mutex_unlock(&stream->lock);
    fiber_ref_wake(stream->waiter);
    client_stream_release(stream);
}

/*
 * Under the lock. A fiber woken by another hand may park again before the
 * word has come; it is not sent twice, because it stands in the loop's inbox.
 */
static void tell(struct client_stream *stream)
{
    if (!stream->parked || stream->told || stream->closed) {
        return;
    }
    stream->told = true;
    atomic_fetch_add(&stream->owners, 1);
    stream->news.deliver = deliver_news;
    loop_post(stream->loop, &stream->news);
}

/* Room for `more` bytes; the caller has seen that they are allowed. */
static enum status piece_grow(struct client_piece *piece, size_t more)
{
    size_t capacity = piece->capacity > 0 ? piece->capacity : PIECE_MIN;
    char *bytes;

    if (piece->capacity - piece->len >= more) {
        return STATUS_OK;
    }
    while (capacity - piece->len < more) {
        capacity *= 2;
    }
    bytes = mem_alloc_dirty(capacity);
    TRY_ALLOC(bytes);
    if (piece->len > 0) {
        memcpy(bytes, piece->bytes, piece->len);
    }
    mem_free(piece->bytes);
    piece->bytes = bytes;
    piece->capacity = capacity;
    return STATUS_OK;
}

static enum status push(struct client_stream *stream, struct slice bytes)
{
    struct client_piece *piece = &stream->waiting;

    if (stream->closed) {
        return STATUS_CANCELLED;
    }
    if (bytes.len > CLIENT_PIECE_MAX - piece->len) {
        stream->paused = true;
        return STATUS_BUSY;
    }
    TRY(piece_grow(piece, bytes.len));
    memcpy(piece->bytes + piece->len, bytes.ptr, bytes.len);
    piece->len += bytes.len;
    tell(stream);
    return STATUS_OK;
}

enum status client_stream_push(struct client_stream *stream, struct slice bytes)
{
    enum status status;

    pthread_mutex_lock(&stream->lock);
    status = push(stream, bytes);
    pthread_mutex_unlock(&stream->lock);
    return status;
}

void client_stream_head_ready(struct client_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->head_ready = true;
    tell(stream);
    pthread_mutex_unlock(&stream->lock);
}

void client_stream_finish(struct client_stream *stream, enum status status)
{
    pthread_mutex_lock(&stream->lock);
    stream->done = true;
    stream->status = status;
    tell(stream);
    pthread_mutex_unlock(&stream->lock);
}

/* Under the lock, which is let go meanwhile. */
static enum status park(struct client_stream *stream)
{
    enum status status;

    stream->parked = true;
    pthread_mutex_unlock(&stream->lock);
    status = fiber_park(FIBER_FOREVER);
    pthread_mutex_lock(&stream->lock);
    stream->parked = false;
    return status;
}

enum status client_stream_head(struct client_stream *stream,
                               const struct client_head **out)
{
    enum status status = STATUS_OK;

    pthread_mutex_lock(&stream->lock);
    while (status == STATUS_OK && !stream->head_ready && !stream->done) {
        status = park(stream);
    }
    if (status == STATUS_OK && !stream->head_ready) {
        status = stream->status;
    }
    pthread_mutex_unlock(&stream->lock);
    *out = &stream->head;
    return status;
}

/* Under the lock: what waits is the fiber's now, and there is room again. */
static struct slice take_waiting(struct client_stream *stream)
{
    struct client_piece empty = stream->held;

    empty.len = 0;
    stream->held = stream->waiting;
    stream->waiting = empty;
    if (stream->paused && !stream->done) {
        stream->paused = false;
        stream->drained = true;
        client_thread_order(stream);
    }
    return slice_make(stream->held.bytes, stream->held.len);
}

enum status client_stream_read(struct client_stream *stream, struct slice *out)
{
    enum status status = STATUS_OK;

    *out = SLICE_EMPTY;
    pthread_mutex_lock(&stream->lock);
    while (status == STATUS_OK && stream->waiting.len == 0 && !stream->done) {
        status = park(stream);
    }
    if (status == STATUS_OK && stream->waiting.len > 0) {
        *out = take_waiting(stream);
    } else if (status == STATUS_OK) {
        status = stream->status; /* at the end, or the failure */
    }
    pthread_mutex_unlock(&stream->lock);
    return status;
}

void client_stream_close(struct client_stream **stream)
{
    if (*stream == NULL) {
        return;
    }
    pthread_mutex_lock(&(*stream)->lock);
    (*stream)->closed = true;
    if (!(*stream)->done) {
        client_thread_order(*stream);
    }
    pthread_mutex_unlock(&(*stream)->lock);
    client_stream_release(*stream);
    *stream = NULL;
}

size_t client_stream_waiting(struct client_stream *stream)
{
    size_t waiting;

    pthread_mutex_lock(&stream->lock);
    waiting = stream->waiting.len;
    pthread_mutex_unlock(&stream->lock);
    return waiting;
}
