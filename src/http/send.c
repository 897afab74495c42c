/* SPDX-License-Identifier: Apache-2.0 */
#include "http/send.h"

#include "base/clock.h"
#include "http/date.h"

/* Status line, date, framing and the fixed headers below. */
#define HEAD_MAX ((size_t)1024)

static const struct slice fixed_fields[] = {
    [RESPONSE_DATA] = SLICE_INIT("X-Content-Type-Options: nosniff\r\n"
                                 "Referrer-Policy: no-referrer\r\n"
                                 "Content-Security-Policy: default-src 'none'; "
                                 "frame-ancestors 'none'\r\n"
                                 "Cross-Origin-Resource-Policy: same-site\r\n"),
    [RESPONSE_PAGE] = SLICE_INIT(
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Content-Security-Policy: default-src 'none'; "
        "style-src 'unsafe-inline'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n"),
    [RESPONSE_BOOK] =
        SLICE_INIT("X-Content-Type-Options: nosniff\r\n"
                   "Referrer-Policy: strict-origin-when-cross-origin\r\n"
                   "Content-Security-Policy: frame-ancestors 'none'\r\n"),
};

/* A year; only where the client came by https. Subdomains are not ours. */
static const struct slice transport_security =
    SLICE_INIT("Strict-Transport-Security: max-age=31536000\r\n");

void date_line_init(struct date_line *date)
{
    date->second = -1;
    memcpy(date->text, "Date: ", 6);
    memcpy(date->text + 6 + HTTP_DATE_SIZE, "\r\n", 2);
}

static struct slice date_line_now(struct date_line *date)
{
    int64_t second = clock_wall_ms() / 1000;

    if (second != date->second) {
        date->second = second;
        http_date_write(second, date->text + 6);
    }
    return slice_make(date->text, sizeof(date->text));
}

static void add_connection(struct buf *head, const struct response *response,
                           const struct request *request)
{
    if (response->close) {
        buf_add(head, SLICE("Connection: close\r\n"));
    } else if (request->head.minor == 0) {
        buf_add(head, SLICE("Connection: keep-alive\r\n"));
    }
}

/* Everything but the framing fields and the last empty line. */
static void add_head(struct buf *head, const struct response *response,
                     const struct request *request, struct date_line *date)
{
    buf_add(head, response_status_line(response->status));
    buf_add(head, date_line_now(date));
    add_connection(head, response, request);
    if (response->cache_control.len > 0) {
        buf_add(head, SLICE("Cache-Control: "));
        buf_add(head, response->cache_control);
        buf_add(head, SLICE("\r\n"));
    }
    buf_add(head, fixed_fields[response->kind]);
    if (request->secure) {
        buf_add(head, transport_security);
    }
}

static enum status body_of(const struct response *response, struct slice *body)
{
    if (response->written_body.len > 0 ||
        response->written_body.failed != STATUS_OK) {
        return buf_finish(&response->written_body, body);
    }
    *body = response->body;
    return STATUS_OK;
}

static struct iovec vector_of(struct slice s)
{
    return (struct iovec){(void *)(uintptr_t)s.ptr, s.len};
}

static enum status send_all(const struct request *request, struct slice head,
                            struct slice fields, struct slice body)
{
    struct iovec vectors[] = {vector_of(head), vector_of(fields),
                              vector_of(body)};

    return conn_write(request->conn, vectors, 3, request->write_stall_ms);
}

/* The head and the start of the file travel together. */
static enum status send_with_file(const struct response *response,
                                  const struct request *request,
                                  struct slice head, struct slice fields)
{
    struct iovec vectors[] = {vector_of(head), vector_of(fields)};

    TRY(conn_write_more(request->conn, vectors, 2, request->write_stall_ms));
    return conn_send_file(request->conn, response->file_fd,
                          response->file_offset, response->file_size,
                          request->write_stall_ms);
}

/* What the handler wrote, and the empty line that ends the head. */
static enum status finish_fields(struct response *response,
                                 struct slice *fields)
{
    buf_add(&response->fields, SLICE("\r\n"));
    TRY(buf_finish(&response->fields, fields));
    return response->failed;
}

/* RFC 9110 section 6.4.1: these two end with their head. */
static bool has_body(const struct response *response)
{
    return response->status != 204 && response->status != 304;
}

enum status response_send(struct response *response, struct request *request,
                          struct date_line *date)
{
    bool has_file = response->file_fd >= 0;
    struct buf head;
    struct slice head_text;
    struct slice fields;
    struct slice body;

    TRY(body_of(response, &body));
    buf_init(&head, request->arena, HEAD_MAX);
    add_head(&head, response, request, date);
    if (has_body(response)) {
        buf_add(&head, SLICE("Content-Length: "));
        buf_add_u64(&head, has_file ? response->file_size : body.len);
        buf_add(&head, SLICE("\r\n"));
    }
    TRY(finish_fields(response, &fields));
    TRY(buf_finish(&head, &head_text));
    response->started = true;
    if (request->head.method == HTTP_HEAD || !has_body(response)) {
        return send_all(request, head_text, fields, SLICE_EMPTY);
    }
    if (has_file && response->file_size > 0) {
        return send_with_file(response, request, head_text, fields);
    }
    return send_all(request, head_text, fields, body);
}

enum status response_send_head(struct response *response,
                               struct request *request, struct date_line *date)
{
    struct buf head;
    struct slice head_text;
    struct slice fields;

    response->close |= request->head.minor == 0;
    buf_init(&head, request->arena, HEAD_MAX);
    add_head(&head, response, request, date);
    if (request->head.minor > 0) {
        buf_add(&head, SLICE("Transfer-Encoding: chunked\r\n"));
    }
    TRY(finish_fields(response, &fields));
    TRY(buf_finish(&head, &head_text));
    response->started = true;
    return send_all(request, head_text, fields, SLICE_EMPTY);
}
