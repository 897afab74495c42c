/* SPDX-License-Identifier: Apache-2.0 */
#include "http/sse.h"

#include "base/log.h"
#include "http/exchange.h"

#include <stdio.h>

/* One event with its field names; the model's words come in small pieces. */
#define EVENT_MAX ((size_t)256 * 1024)
/* Chunk framing round an event: size, CRLF, and the CRLF behind. */
#define CHUNK_HEAD_MAX 20

static const struct slice heartbeat_plain = SLICE_INIT(":\n\n");
static const struct slice heartbeat_chunk = SLICE_INIT("3\r\n:\n\n\r\n");

/* The last words of a stream that the server's stop cuts off. */
#define CUT_EVENT                                                              \
    "retry: 1000\nevent: error\ndata: {\"error\":{\"code\":\"UNAVAILABLE\","   \
    "\"message\":\"The server is restarting.\"}}\n\n"
#define CUT_CHUNK "67\r\n" CUT_EVENT "\r\n0\r\n\r\n"

_Static_assert(sizeof(CUT_EVENT) - 1 == 0x67, "the size in CUT_CHUNK is wrong");

static void on_heartbeat(struct timer *timer)
{
    struct sse *sse = CONTAINER_OF(timer, struct sse, heartbeat);
    struct conn *conn = sse->request->conn;

    /* A socket that is full shows that something is on its way anyway. */
    if (!sse->sending && conn->writable &&
        !conn_write_now(conn,
                        sse->in_chunks ? heartbeat_chunk : heartbeat_plain)) {
        conn->broken = true;
        fiber_cancel(conn->fiber);
        return;
    }
    loop_timer(conn->loop, timer, sse->heartbeat_ms);
}

enum status sse_start(struct sse *sse, struct request *request,
                      struct response *response)
{
    struct exchange *exchange = exchange_of(request);

    sse->request = request;
    sse->response = response;
    sse->heartbeat_ms = exchange->heartbeat_ms;
    sse->sending = false;
    sse->failed = STATUS_OK;
    sse->in_chunks = request->head.minor > 0;
    sse->open = request->head.method != HTTP_HEAD;
    timer_init(&sse->heartbeat, on_heartbeat);
    response_field(response, SLICE("Content-Type"), SLICE("text/event-stream"));
    /* Proxies that gather answers must let this one through. */
    response_field(response, SLICE("X-Accel-Buffering"), SLICE("no"));
    TRY(exchange_send_head(exchange));
    if (sse->open) {
        exchange->stream = sse;
        loop_timer(request->conn->loop, &sse->heartbeat, sse->heartbeat_ms);
    }
    return STATUS_OK;
}

/* From here on the stream is nobody's business but the caller's. */
static void close_stream(struct sse *sse)
{
    timer_cancel(&sse->heartbeat);
    exchange_of(sse->request)->stream = NULL;
    sse->open = false;
}

/* An event may be half out: nothing can be said behind it. */
static enum status fail(struct sse *sse, enum status status)
{
    close_stream(sse);
    sse->response->close = true;
    sse->failed = status;
    return status;
}

/* `text` as one chunk, or plain where the end of the connection ends it. */
static enum status send_text(struct sse *sse, struct slice text)
{
    char size[CHUNK_HEAD_MAX];
    struct iovec vectors[3] = {{size, 0},
                               {(void *)(uintptr_t)text.ptr, text.len},
                               {(void *)(uintptr_t) "\r\n", 0}};
    enum status status;

    if (sse->in_chunks) {
        vectors[0].iov_len =
            (size_t)snprintf(size, sizeof(size), "%zx\r\n", text.len);
        vectors[2].iov_len = 2;
    }
    sse->sending = true;
    status = conn_write(sse->request->conn, vectors, 3,
                        sse->request->write_stall_ms);
    sse->sending = false;
    return status == STATUS_OK ? STATUS_OK : fail(sse, status);
}

/* HTML section 9.2.6: an id with a NUL in it is ignored by who reads it. */
static bool is_one_line(struct slice text)
{
    return slice_find(text, '\n') == text.len &&
           slice_find(text, '\r') == text.len &&
           slice_find(text, '\0') == text.len;
}

static void add_line(struct buf *buf, struct slice name, struct slice value)
{
    buf_add(buf, name);
    buf_add(buf, SLICE(": "));
    buf_add(buf, value);
    buf_add_byte(buf, '\n');
}

/* LF, CR and CRLF all end a line for the reader; so each begins a new one. */
static void add_data(struct buf *buf, struct slice data)
{
    size_t begin = 0;

    for (size_t i = 0; i < data.len; i++) {
        if (data.ptr[i] != '\n' && data.ptr[i] != '\r') {
            continue;
        }
        add_line(buf, SLICE("data"), slice_make(data.ptr + begin, i - begin));
        if (data.ptr[i] == '\r' && i + 1 < data.len &&
            data.ptr[i + 1] == '\n') {
            i++;
        }
        begin = i + 1;
    }
    add_line(buf, SLICE("data"), slice_from(data, begin));
}

enum status sse_send(struct sse *sse, struct slice event, struct slice id,
                     struct slice data)
{
    struct arena scratch;
    struct buf buf;
    struct slice text;
    enum status status;

    if (!is_one_line(event) || !is_one_line(id)) {
        return STATUS_INVALID_VALUE;
    }
    if (!sse->open) {
        return sse->failed;
    }
    arena_init(&scratch, 2 * EVENT_MAX); /* of its own: a stream is long */
    buf_init(&buf, &scratch, EVENT_MAX);
    if (event.len > 0) {
        add_line(&buf, SLICE("event"), event);
    }
    if (id.len > 0) {
        add_line(&buf, SLICE("id"), id);
    }
    add_data(&buf, data);
    buf_add_byte(&buf, '\n');
    status = buf_finish(&buf, &text);
    if (status == STATUS_OK) {
        status = send_text(sse, text);
    }
    arena_release(&scratch);
    return status;
}

enum status sse_retry(struct sse *sse, uint64_t after_ms)
{
    char text[40];
    int len = snprintf(text, sizeof(text), "retry: %llu\n\n",
                       (unsigned long long)after_ms);

    return sse->open ? send_text(sse, slice_make(text, (size_t)len))
                     : sse->failed;
}

enum status sse_end(struct sse *sse)
{
    struct iovec last = {(void *)(uintptr_t) "0\r\n\r\n", 5};

    if (!sse->open) {
        return sse->failed;
    }
    close_stream(sse);
    return sse->in_chunks ? conn_write(sse->request->conn, &last, 1,
                                       sse->request->write_stall_ms)
                          : STATUS_OK;
}

void sse_release(struct sse *sse)
{
    if (sse->open) {
        sse->response->close = true; /* its end is not told otherwise */
        close_stream(sse);
    }
}

void sse_cut(struct sse *sse)
{
    static const struct slice plain = SLICE_INIT(CUT_EVENT);
    static const struct slice chunk = SLICE_INIT(CUT_CHUNK);
    struct conn *conn = sse->request->conn;

    if (!sse->sending && conn->writable) {
        (void)conn_write_now(conn, sse->in_chunks ? chunk : plain);
    }
    (void)fail(sse, STATUS_CANCELLED); /* those were the last words */
    fiber_cancel(conn->fiber);
}

struct slice sse_last_id(const struct request *request)
{
    return request_field(request, SLICE("last-event-id"));
}
