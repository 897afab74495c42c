/* SPDX-License-Identifier: Apache-2.0 */
#include "http/exchange.h"

#include "base/log.h"
#include "http/book.h"

/* Probes come by address, and must be answered whatever the settings say. */
static bool is_probe(struct slice path)
{
    return slice_equal(path, SLICE("/healthz")) ||
           slice_equal(path, SLICE("/readyz"));
}

static enum status options(const struct route_set *set,
                           struct response *response)
{
    response->status = 204;
    response_field(response, SLICE("Allow"),
                   set == NULL ? SLICE("GET, HEAD, OPTIONS") : set->allow);
    return STATUS_OK;
}

static const struct route *find_route(const struct exchange *exchange,
                                      const struct route_set *set)
{
    const struct http_head *head = &exchange->request.head;
    const struct route *route =
        set == NULL ? NULL : route_for_method(set, head->method);

    return route != NULL ? route
                         : router_find_star(&exchange->in_use->rules->router,
                                            head->method, head->path);
}

/* An address of the API, or a file of the book, or nothing. */
static enum status dispatch(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    struct response *response = &exchange->response;
    const struct route_set *set =
        router_find(&exchange->in_use->rules->router, request->head.path);
    const struct route *route = find_route(exchange, set);

    if (route == NULL && request->head.method == HTTP_OPTIONS) {
        return options(set, response);
    }
    if (route == NULL && set == NULL) {
        return book_answer(exchange->in_use->rules, request, response);
    }
    if (route == NULL) {
        return STATUS_METHOD_NOT_ALLOWED;
    }
    request->route = route;
    request->body_limit = route->body_limit;
    return route->handle(request, response);
}

/* What CORS adds to the answer; true: it is the whole answer. */
static enum status decide_cors(struct exchange *exchange, bool *preflight)
{
    struct request *request = &exchange->request;
    struct origin_cors_request asked = {
        .is_options = request->head.method == HTTP_OPTIONS,
        .origin = request_field(request, SLICE("origin")),
        .request_method =
            request_field(request, SLICE("access-control-request-method")),
    };
    struct origin_cors cors;

    TRY(origin_cors_decide(&exchange->in_use->rules->origins, &exchange->arena,
                           &asked, &cors));
    exchange->cors_fields = cors.fields;
    *preflight = cors.is_preflight;
    return STATUS_OK;
}

static enum status act(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    bool preflight = false;

    TRY(exchange->refusal);
    if (!is_probe(request->head.path) &&
        !origin_host_allowed(&exchange->in_use->rules->origins,
                             request->head.host)) {
        return STATUS_MISDIRECTED;
    }
    TRY(decide_cors(exchange, &preflight));
    if (preflight) {
        exchange->response.status = 204;
        return STATUS_OK;
    }
    return dispatch(exchange);
}

/* What the handler says; unless the body it left unread is wrongly framed. */
static enum status handle(struct exchange *exchange)
{
    struct response *response = &exchange->response;
    enum status status = act(exchange);

    if (response->started || status_http(status) == 0) {
        return status;
    }
    TRY(request_skip_body(&exchange->request, &response->close));
    return status;
}

static void log_failure(const struct exchange *exchange, enum status status)
{
    if (status_http(status) == 500) {
        log_error("request_failed",
                  log_number("request", (int64_t)exchange->request.id),
                  log_text("path", request_logged_path(&exchange->request)),
                  log_text("status", status_code(status)));
    }
}

static void make_error(struct exchange *exchange, enum status status)
{
    struct response *response = &exchange->response;
    const struct route_set *set;

    log_failure(exchange, status);
    response_error(response, status);
    if (status == STATUS_METHOD_NOT_ALLOWED) {
        set = router_find(&exchange->in_use->rules->router,
                          exchange->request.head.path);
        response_field(response, SLICE("Allow"),
                       set == NULL ? SLICE("GET, HEAD, OPTIONS") : set->allow);
    }
    if (exchange->refusal != STATUS_OK) {
        response->close = true;
    }
}

/* The last touch before the head goes out. */
static void finish_head(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    struct response *response = &exchange->response;

    response->close |= !request->head.keep_alive || *exchange->draining ||
                       request->body_state == BODY_BROKEN;
    /* The book's files are for the book's own pages. */
    if (response->kind != RESPONSE_BOOK) {
        response_field_lines(response, exchange->cors_fields);
    }
}

static enum status send_answer(struct exchange *exchange)
{
    finish_head(exchange);
    return response_send(&exchange->response, &exchange->request,
                         exchange->date);
}

enum status exchange_send_head(struct exchange *exchange)
{
    TRY(request_skip_body(&exchange->request, &exchange->response.close));
    finish_head(exchange);
    return response_send_head(&exchange->response, &exchange->request,
                              exchange->date);
}

/* The answer to a failure takes the place of what the handler had begun. */
static enum status send_error(struct exchange *exchange, enum status status)
{
    if (status == STATUS_NO_MEMORY) { /* make room for saying so */
        exchange->cors_fields = SLICE_EMPTY;
        arena_reset(&exchange->arena);
    }
    make_error(exchange, status);
    return send_answer(exchange);
}

/* The one place where a status becomes an answer. */
static enum status answer(struct exchange *exchange)
{
    enum status status = handle(exchange);

    if (exchange->response.started) {
        return status; /* a stream: its end has been sent by itself */
    }
    if (status == STATUS_OK) {
        status = send_answer(exchange);
    }
    if (status == STATUS_OK || exchange->response.started ||
        status_http(status) == 0) {
        return status;
    }
    return send_error(exchange, status);
}

/* Never the query: it may hold a token. */
static void log_answer(const struct exchange *exchange, enum status status)
{
    log_debug("answered", log_number("request", (int64_t)exchange->request.id),
              log_text("path", request_logged_path(&exchange->request)),
              log_number("http", exchange->response.status),
              log_text("end", status_code(status)));
}

enum status exchange_answer(struct exchange *exchange)
{
    enum status status = answer(exchange);

    log_answer(exchange, status);
    TRY(status);
    return exchange->response.close ? STATUS_CLOSED : STATUS_OK;
}
