/* SPDX-License-Identifier: Apache-2.0 */
#include "http/serve.h"

#include "base/log.h"
#include "base/mem.h"
#include "http/sse.h"

#include <sys/socket.h>
#include <unistd.h>

/* Requests of one connection answered before others get their turn. */
#define REQUESTS_A_TURN 16
/* How long, and for how many reads, a closing connection may still send. */
#define LINGER_MS    2000
#define LINGER_READS 512 /* of 16 KiB: 8 MiB, about 2 ms of reading */
/* How long a request may still take to arrive when the server drains. */
#define LAST_CALL_MS 500

#define BUSY_BODY                                                              \
    "{\"error\":{\"code\":\"BUSY\","                                           \
    "\"message\":\"The server is busy. Please try again.\"}}"

const struct slice serve_busy_answer =
    SLICE_INIT("HTTP/1.1 503 Service Unavailable\r\n"
               "Content-Type: application/json\r\n"
               "Content-Length: 75\r\n"
               "Cache-Control: no-store\r\n"
               "Retry-After: 1\r\n"
               "Connection: close\r\n"
               "\r\n" BUSY_BODY);

_Static_assert(sizeof(BUSY_BODY) - 1 == 75, "the length above is wrong");

/* What became of a connection that was taken a step further. */
enum step {
    STEP_AGAIN,
    STEP_WAIT,
    STEP_GONE
};

static void drop_exchange(struct http_conn *hc)
{
    if (hc->exchange != NULL) {
        /* It counts as active from when it is to be answered. */
        hc->server->stats.active -= hc->exchange->in_use != NULL;
        exchange_give_back(&hc->server->exchanges, hc->exchange);
        hc->exchange = NULL;
    }
}

static enum step gone(struct http_conn *hc)
{
    struct http_server *server = hc->server;

    drop_exchange(hc);
    conn_close(&hc->conn);
    list_remove(&hc->node);
    list_remove(&hc->next.node);
    mem_free(hc);
    server->stats.connections--;
    if (server->stats.connections == 0 && server->drained != NULL) {
        server->drained(server, server->drained_arg);
    }
    return STEP_GONE;
}

/* Nothing more is said, and what is heard is forgotten. */
static enum step begin_linger(struct http_conn *hc)
{
    hc->lingering = true;
    conn_shut_write(&hc->conn);
    conn_consume(&hc->conn, conn_input(&hc->conn).len);
    conn_drop_empty_buffer(&hc->conn);
    conn_set_deadline(&hc->conn, LINGER_MS);
    return STEP_AGAIN;
}

static enum step refuse_without_memory(struct http_conn *hc)
{
    if (!conn_write_now(&hc->conn, serve_busy_answer) || hc->server->cutting) {
        return gone(hc);
    }
    drop_exchange(hc);
    return begin_linger(hc);
}

static enum step linger(struct http_conn *hc)
{
    enum status status = conn_discard(&hc->conn);

    if (status == STATUS_BUSY) {
        return STEP_WAIT;
    }
    if (status != STATUS_OK || ++hc->linger_reads > LINGER_READS) {
        return gone(hc);
    }
    return STEP_AGAIN;
}

static enum step finish(struct http_conn *hc)
{
    struct http_server *server = hc->server;
    bool keep = hc->exchange->keep && !server->draining;

    drop_exchange(hc);
    if (hc->conn.broken || server->cutting) {
        return gone(hc);
    }
    return keep ? STEP_AGAIN : begin_linger(hc);
}

static void exchange_fiber(void *arg)
{
    struct http_conn *hc = arg;
    struct exchange *exchange = hc->exchange;

    conn_attach(&hc->conn, exchange->refusal == STATUS_OK
                               ? head_parser_consumed(&exchange->parser)
                               : 0);
    exchange->keep = exchange_answer(exchange) == STATUS_OK;
    exchange->ended = true;
    conn_detach(&hc->conn);
    if (!hc->advancing) {
        loop_soon(hc->server->loop, &hc->next);
    }
}

/*
 * The fields proxies add, in the order they arrived. Only the last ones: what
 * a client wrote itself stands in front, however much of it there is.
 */
static size_t forwarded_fields(const struct http_head *head,
                               struct slice fields[FORWARDED_HOPS_MAX])
{
    size_t first = FORWARDED_HOPS_MAX;

    for (size_t i = head->field_count; i > 0 && first > 0; i--) {
        const struct http_field *field = &head->fields[i - 1];

        if (slice_equal_nocase(field->name, SLICE("x-forwarded-for"))) {
            fields[--first] = field->value;
        }
    }
    memmove(fields, fields + first,
            (FORWARDED_HOPS_MAX - first) * sizeof(*fields));
    return FORWARDED_HOPS_MAX - first;
}

/* Who asks, and how: the socket's word, or a trusted proxy's. */
static void fill_client(struct http_conn *hc, struct request *request)
{
    const struct http_rules *rules = hc->server->in_use->rules;
    struct client_address peer = client_address_from_socket(&hc->conn.peer.any);
    struct slice fields[FORWARDED_HOPS_MAX];

    request->client = peer;
    request->secure = rules->https;
    if (rules->trusted_proxies.count == 0) {
        return;
    }
    request->client =
        forwarded_client(&peer, &rules->trusted_proxies, fields,
                         forwarded_fields(&request->head, fields));
    request->secure |=
        forwarded_is_https(&peer, &rules->trusted_proxies,
                           request_field(request, SLICE("x-forwarded-proto")));
}

static void fill_request(struct http_conn *hc)
{
    struct http_server *server = hc->server;
    struct exchange *exchange = hc->exchange;
    struct request *request = &exchange->request;

    exchange->in_use = server->in_use;
    exchange->in_use->users++;
    exchange->date = &server->date;
    exchange->heartbeat_ms = server->limits.heartbeat_ms;
    exchange->draining = &server->draining;
    if (exchange->refusal != STATUS_OK) {
        /* What was read of the head is not to be relied upon. */
        memset(&request->head, 0, sizeof(request->head));
        request->head.minor = 1;
        request->head.path = SLICE_EMPTY;
    }
    request->arena = &exchange->arena;
    request->conn = &hc->conn;
    request->app = server->app;
    request->id = ++server->stats.requests;
    fill_client(hc, request);
    request->body_limit = 0;
    request->body_timeout_ms = server->limits.body_ms;
    request->write_stall_ms = server->limits.write_ms;
    request->body_state = BODY_UNREAD;
    response_init(&exchange->response, &exchange->arena);
}

static enum step answer(struct http_conn *hc)
{
    struct http_server *server = hc->server;

    fill_request(hc);
    server->stats.active++;
    if (fiber_start(server->loop, exchange_fiber, hc) != STATUS_OK) {
        return refuse_without_memory(hc);
    }
    return hc->exchange->ended ? finish(hc) : STEP_WAIT;
}

static enum step refuse(struct http_conn *hc, enum status status)
{
    hc->exchange->refusal = status;
    return answer(hc);
}

/* For input that is not there yet; a server that drains has little time. */
static void wait_at_most(struct http_conn *hc, int64_t ms)
{
    bool hurry = hc->server->draining && ms > LAST_CALL_MS;

    conn_set_deadline(&hc->conn, hurry ? LAST_CALL_MS : ms);
}

/* Idle: waits for the first byte of a request. */
static enum step begin(struct http_conn *hc)
{
    enum status status = STATUS_OK;

    if (conn_input(&hc->conn).len == 0) {
        status = conn_fill(&hc->conn);
    }
    if (status == STATUS_CLOSED) {
        return gone(hc);
    }
    if (status == STATUS_BUSY) {
        conn_drop_empty_buffer(&hc->conn);
        wait_at_most(hc, hc->server->limits.idle_ms);
        return STEP_WAIT;
    }
    hc->exchange =
        status == STATUS_OK ? exchange_take(&hc->server->exchanges) : NULL;
    return hc->exchange == NULL ? refuse_without_memory(hc) : STEP_AGAIN;
}

static enum step read_head(struct http_conn *hc)
{
    struct exchange *exchange = hc->exchange;
    bool done = false;
    enum status status = head_parse(&exchange->parser, conn_input(&hc->conn),
                                    &exchange->request.head, &done);

    if (status == STATUS_OK && done &&
        head_parser_consumed(&exchange->parser) >
            hc->server->limits.head_bytes) {
        status = STATUS_HEADERS_TOO_LARGE;
    }
    if (status != STATUS_OK) {
        return refuse(hc, status);
    }
    if (done) {
        return answer(hc);
    }
    /* Behind another request: what was read of it points to the old place. */
    if (conn_move_up(&hc->conn)) {
        head_parser_init(&exchange->parser);
    }
    status = conn_input(&hc->conn).len < hc->server->limits.head_bytes
                 ? conn_fill(&hc->conn)
                 : STATUS_TOO_LARGE;
    if (status == STATUS_BUSY) {
        if (!exchange->waiting) { /* from its first byte, whatever follows */
            exchange->waiting = true;
            wait_at_most(hc, hc->server->limits.head_ms);
        }
        return STEP_WAIT;
    }
    if (status == STATUS_TOO_LARGE) {
        return refuse(hc, STATUS_HEADERS_TOO_LARGE);
    }
    return status == STATUS_OK ? STEP_AGAIN : gone(hc);
}

static enum step step(struct http_conn *hc)
{
    if (hc->lingering) {
        return linger(hc);
    }
    if (hc->exchange == NULL) {
        return begin(hc);
    }
    return hc->exchange->ended ? finish(hc) : read_head(hc);
}

/* Takes the connection as far as it gets without waiting. */
static void advance(struct http_conn *hc)
{
    enum step next = STEP_AGAIN;
    struct http_server *server = hc->server;
    uint64_t last = server->stats.requests + REQUESTS_A_TURN;

    /* A turn that was put off may find the next request begun already. */
    if (hc->conn.fiber != NULL) {
        return;
    }
    hc->advancing = true;
    while (next == STEP_AGAIN && server->stats.requests < last) {
        next = step(hc);
    }
    if (next == STEP_GONE) {
        return;
    }
    hc->advancing = false;
    if (next == STEP_AGAIN) {
        loop_soon(server->loop, &hc->next);
    }
}

static void on_input(struct conn *conn)
{
    advance(CONTAINER_OF(conn, struct http_conn, conn));
}

static void on_next(struct task *task)
{
    advance(CONTAINER_OF(task, struct http_conn, next));
}

static void on_deadline(struct conn *conn)
{
    struct http_conn *hc = CONTAINER_OF(conn, struct http_conn, conn);

    if (hc->exchange == NULL) {
        (void)gone(hc);
        return;
    }
    hc->advancing = true;
    if (refuse(hc, STATUS_TIMEOUT) == STEP_GONE) {
        return;
    }
    hc->advancing = false;
    loop_soon(hc->server->loop, &hc->next);
}

static void refuse_newcomer(int fd)
{
    (void)send(fd, serve_busy_answer.ptr, serve_busy_answer.len,
               MSG_NOSIGNAL | MSG_DONTWAIT);
    close(fd);
}

void serve_accept(struct http_server *server, int fd,
                  const union net_address *peer)
{
    struct http_conn *hc = NULL;

    if (server->stats.connections < server->limits.connections) {
        hc = mem_alloc(sizeof(*hc));
    }
    if (hc == NULL) {
        refuse_newcomer(fd);
        return;
    }
    hc->server = server;
    hc->conn.peer = *peer;
    hc->conn.on_input = on_input;
    hc->conn.on_deadline = on_deadline;
    task_init(&hc->next, on_next);
    if (conn_open(&hc->conn, server->loop, fd, &server->buffers) != STATUS_OK) {
        mem_free(hc);
        return;
    }
    list_append(&server->conns, &hc->node);
    server->stats.connections++;
    conn_set_deadline(&hc->conn, server->limits.idle_ms);
}

/* The fiber has ended; the task that goes on after it has not yet run. */
static bool just_answered(const struct http_conn *hc)
{
    return hc->exchange != NULL && hc->exchange->ended;
}

void serve_drain(struct http_conn *hc)
{
    if (hc->conn.fiber != NULL || hc->lingering || just_answered(hc)) {
        return;
    }
    if (hc->exchange != NULL) { /* half a head */
        wait_at_most(hc, hc->server->limits.head_ms);
        return;
    }
    hc->conn.readable = true; /* the loop may not have said so yet */
    advance(hc);
}

void serve_cut(struct http_conn *hc)
{
    if (just_answered(hc)) {
        (void)finish(hc);
    } else if (hc->conn.fiber == NULL) {
        (void)gone(hc);
    } else if (hc->exchange->stream != NULL) {
        sse_cut(hc->exchange->stream);
    } else {
        fiber_cancel(hc->conn.fiber);
    }
}
