/* SPDX-License-Identifier: Apache-2.0 */
#include "http/response.h"

#include <assert.h>

/* The reader's own limits are far below; this one is against our mistakes. */
#define FIELDS_MAX ((size_t)32 * 1024)
#define BODY_MAX   ((size_t)64 << 20)

struct status_line {
    int status;
    struct slice line;
};

#define LINE(status, text)                                                     \
    {                                                                          \
        status, SLICE_INIT("HTTP/1.1 " #status " " text "\r\n")                \
    }

static const struct status_line status_lines[] = {
    LINE(200, "OK"),
    LINE(201, "Created"),
    LINE(202, "Accepted"),
    LINE(204, "No Content"),
    LINE(206, "Partial Content"),
    LINE(301, "Moved Permanently"),
    LINE(302, "Found"),
    LINE(303, "See Other"),
    LINE(304, "Not Modified"),
    LINE(307, "Temporary Redirect"),
    LINE(308, "Permanent Redirect"),
    LINE(400, "Bad Request"),
    LINE(401, "Unauthorized"),
    LINE(403, "Forbidden"),
    LINE(404, "Not Found"),
    LINE(405, "Method Not Allowed"),
    LINE(408, "Request Timeout"),
    LINE(409, "Conflict"),
    LINE(410, "Gone"),
    LINE(411, "Length Required"),
    LINE(412, "Precondition Failed"),
    LINE(413, "Content Too Large"),
    LINE(414, "URI Too Long"),
    LINE(415, "Unsupported Media Type"),
    LINE(416, "Range Not Satisfiable"),
    LINE(417, "Expectation Failed"),
    LINE(421, "Misdirected Request"),
    LINE(422, "Unprocessable Content"),
    LINE(428, "Precondition Required"),
    LINE(429, "Too Many Requests"),
    LINE(431, "Request Header Fields Too Large"),
    LINE(500, "Internal Server Error"),
    LINE(501, "Not Implemented"),
    LINE(502, "Bad Gateway"),
    LINE(503, "Service Unavailable"),
    LINE(504, "Gateway Timeout"),
    LINE(505, "HTTP Version Not Supported"),
    LINE(507, "Insufficient Storage"),
};

struct slice response_status_line(int status)
{
    for (size_t i = 0; i < sizeof(status_lines) / sizeof(*status_lines); i++) {
        if (status_lines[i].status == status) {
            return status_lines[i].line;
        }
    }
    assert(status == 500); /* a status without a line is our mistake */
    return response_status_line(500);
}

void response_init(struct response *response, struct arena *arena)
{
    memset(response, 0, sizeof(*response));
    response->arena = arena;
    response_clear(response);
}

void response_clear(struct response *response)
{
    response->status = 200;
    response->kind = RESPONSE_DATA;
    response->cache_control = SLICE("no-store");
    buf_init(&response->fields, response->arena, FIELDS_MAX);
    buf_init(&response->written_body, response->arena, BODY_MAX);
    response->body = SLICE_EMPTY;
    response->file_fd = -1;
    response->failed = STATUS_OK;
}

static bool is_field_value(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '\r' || value.ptr[i] == '\n' ||
            value.ptr[i] == '\0') {
            return false;
        }
    }
    return true;
}

void response_field(struct response *response, struct slice name,
                    struct slice value)
{
    if (!is_field_value(value)) {
        response->failed = STATUS_INTERNAL;
        return;
    }
    buf_add(&response->fields, name);
    buf_add(&response->fields, SLICE(": "));
    buf_add(&response->fields, value);
    buf_add(&response->fields, SLICE("\r\n"));
}

static bool is_field(struct slice line, struct slice name, struct slice start)
{
    return slice_starts_with(line, name) &&
           slice_starts_with(slice_from(line, name.len), SLICE(": ")) &&
           slice_starts_with(slice_from(line, name.len + 2), start);
}

void response_field_drop(struct response *response, struct slice name,
                         struct slice start)
{
    struct buf *fields = &response->fields;
    size_t kept = 0;
    size_t at = 0;

    while (at < fields->len) {
        struct slice rest = slice_make(fields->bytes + at, fields->len - at);
        struct slice line = slice_head(rest, slice_find(rest, '\n') + 1);

        if (!is_field(line, name, start)) {
            memmove(fields->bytes + kept, line.ptr, line.len);
            kept += line.len;
        }
        at += line.len;
    }
    fields->len = kept;
}

void response_field_lines(struct response *response, struct slice lines)
{
    buf_add(&response->fields, lines);
}

struct buf *response_body(struct response *response, struct slice type)
{
    response_field(response, SLICE("Content-Type"), type);
    return &response->written_body;
}

void response_text(struct response *response, struct slice type,
                   struct slice text)
{
    response_field(response, SLICE("Content-Type"), type);
    response->body = text;
}

void response_json(struct response *response, struct json_writer *writer)
{
    json_writer_init(writer,
                     response_body(response, SLICE("application/json")));
}

void response_json_end(struct response *response, struct json_writer *writer)
{
    struct slice text;
    enum status status = json_write_finish(writer, &text);

    if (status != STATUS_OK) {
        response->failed = status;
    }
}

void response_body_drop(struct response *response)
{
    response_field_drop(response, SLICE("Content-Type"), SLICE_EMPTY);
    buf_init(&response->written_body, response->arena, BODY_MAX);
    response->body = SLICE_EMPTY;
    response->kind = RESPONSE_DATA;
    response->cache_control = SLICE("no-store");
    response->failed = STATUS_OK;
}

void response_error(struct response *response, enum status status)
{
    struct json_writer json;
    int http = status_http(status);

    response_clear(response);
    response->status = http == 0 ? 500 : http;
    if (response->status == 503) {
        response_field(response, SLICE("Retry-After"), SLICE("1"));
    }
    response_json(response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("error"));
    json_write_object(&json);
    json_write_name(&json, SLICE("code"));
    json_write_text(&json, status_code(status));
    json_write_name(&json, SLICE("message"));
    json_write_text(&json, status_text(status));
    json_write_end(&json);
    json_write_end(&json);
    response_json_end(response, &json);
}
