/* SPDX-License-Identifier: Apache-2.0 */
#include "http/request.h"

#include "base/buf.h"
#include "http/chunked.h"
#include "http/route.h"

/* A longer unwanted body costs more to read than a new connection. */
#define DISCARD_MAX ((uint64_t)65536)

static const struct slice go_on = SLICE_INIT("HTTP/1.1 100 Continue\r\n\r\n");

struct slice request_logged_path(const struct request *request)
{
    const struct route *route = request->route;

    return route != NULL && slice_ends_with(route->path, SLICE("*"))
               ? route->path
               : request->head.path;
}

static bool has_body(const struct http_head *head)
{
    return head->chunked || (head->has_length && head->content_length > 0);
}

/* The client waits for a word before it sends; unless it could not wait. */
static bool awaits_continue(const struct request *request)
{
    return request->head.expect_continue && conn_input(request->conn).len == 0;
}

static enum status say_continue(struct request *request)
{
    struct iovec vector = {(void *)(uintptr_t)go_on.ptr, go_on.len};

    if (!awaits_continue(request)) {
        return STATUS_OK;
    }
    return conn_write(request->conn, &vector, 1, request->write_stall_ms);
}

static enum status read_sized(struct request *request, int64_t deadline)
{
    size_t size = (size_t)request->head.content_length;
    struct slice here = conn_input(request->conn);
    size_t at = 0;
    char *bytes;

    if (here.len >= size) { /* it came with the head: no copy */
        request->body = slice_head(here, size);
        conn_consume(request->conn, size);
        return STATUS_OK;
    }
    bytes = arena_alloc_text(request->arena, size);
    TRY_ALLOC(bytes);
    while (at < size) {
        size_t got = 0;

        TRY(conn_read(request->conn, bytes + at, size - at, deadline, &got));
        at += got;
    }
    request->body = slice_make(bytes, size);
    return STATUS_OK;
}

/* Decodes what is buffered; *done at the end of the body. */
static enum status decode_buffered(struct conn *conn, struct chunked *chunked,
                                   struct buf *buf, bool *done)
{
    struct slice input = conn_input(conn);
    struct slice data;

    do {
        size_t before = input.len;

        TRY(chunked_next(chunked, &input, &data, done));
        if (buf != NULL) {
            buf_add(buf, data);
        }
        conn_consume(conn, before - input.len);
    } while (!*done && data.len > 0);
    return STATUS_OK;
}

static enum status read_chunked(struct request *request, struct buf *buf,
                                uint64_t limit, int64_t deadline)
{
    struct chunked chunked;
    bool done = false;

    chunked_init(&chunked, limit);
    for (;;) {
        TRY(decode_buffered(request->conn, &chunked, buf, &done));
        if (done) {
            return STATUS_OK;
        }
        TRY(conn_wait_input(request->conn, deadline));
    }
}

static enum status read_body(struct request *request)
{
    int64_t deadline = loop_now(request->conn->loop) + request->body_timeout_ms;
    struct buf buf;

    if (request->head.content_length > request->body_limit) {
        return STATUS_TOO_LARGE;
    }
    TRY(say_continue(request));
    if (!request->head.chunked) {
        return read_sized(request, deadline);
    }
    buf_init(&buf, request->arena, request->body_limit);
    TRY(read_chunked(request, &buf, request->body_limit, deadline));
    return buf_finish(&buf, &request->body);
}

enum status request_body(struct request *request, struct slice *body)
{
    if (request->body_state == BODY_UNREAD) {
        /* Broken until read: a failure half way leaves it so. */
        request->body_state = BODY_BROKEN;
        request->body = SLICE_EMPTY;
        if (has_body(&request->head)) {
            TRY(read_body(request));
        }
        request->body_state = BODY_READ;
    }
    if (request->body_state == BODY_BROKEN) {
        return STATUS_BAD_REQUEST;
    }
    *body = request->body;
    return STATUS_OK;
}

static enum status skip_sized(struct request *request, int64_t deadline)
{
    uint64_t left = request->head.content_length;
    char drop[1024];
    size_t got = 0;

    for (; left > 0; left -= got) {
        size_t want = left < sizeof(drop) ? (size_t)left : sizeof(drop);

        TRY(conn_read(request->conn, drop, want, deadline, &got));
    }
    return STATUS_OK;
}

/* Whether reading it is cheaper, and surer, than a new connection. */
static bool worth_skipping(const struct request *request)
{
    /* Who is not told to continue may send the body or not: nobody knows. */
    return request->body_state != BODY_BROKEN && !awaits_continue(request) &&
           request->head.content_length <= DISCARD_MAX;
}

static enum status skip(struct request *request)
{
    int64_t deadline = loop_now(request->conn->loop) + request->body_timeout_ms;

    request->body_state = BODY_BROKEN;
    TRY(request->head.chunked
            ? read_chunked(request, NULL, DISCARD_MAX, deadline)
            : skip_sized(request, deadline));
    request->body_state = BODY_READ;
    return STATUS_OK;
}

enum status request_skip_body(struct request *request, bool *close)
{
    if (request->body_state == BODY_READ || !has_body(&request->head)) {
        return STATUS_OK;
    }
    if (worth_skipping(request)) {
        return skip(request);
    }
    *close = true;
    return request->head.content_length > DISCARD_MAX &&
                   request->head.content_length > request->body_limit
               ? STATUS_TOO_LARGE
               : STATUS_OK;
}
