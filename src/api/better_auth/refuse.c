/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/refuse.h"

#include "auth/record_json.h"
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_MAX ((size_t)1024)
/* A callback with a token or a code added. */
#define URL_MAX ((size_t)16384)

enum status visit_refuse(struct visit *visit, enum status status,
                         const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0) {
        return STATUS_INTERNAL;
    }
    len = len < (int)sizeof(text) ? len : (int)sizeof(text) - 1;
    TRY(slice_dup(visit->arena, slice_make(text, (size_t)len),
                  &visit->message));
    return status;
}

static void write_error(struct visit *visit, enum status status)
{
    struct slice message =
        visit->message.len > 0 ? visit->message : status_text(status);
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("message"));
    json_write_text(&json, message);
    if (status_code(status).len > 0) {
        json_write_name(&json, SLICE("code"));
        json_write_text(&json, status_code(status));
    }
    json_write_end(&json);
    response_json_end(visit->response, &json);
}

/* In the original's field, and in the one everybody else reads. */
static enum status say_when(struct visit *visit)
{
    struct slice seconds;

    TRY(arena_format(visit->arena, &seconds, "%lld",
                     (long long)((visit->wait_ms + 999) / 1000)));
    response_field(visit->response, SLICE("X-Retry-After"), seconds);
    response_field(visit->response, SLICE("Retry-After"), seconds);
    return STATUS_OK;
}

enum status visit_refuse_with(struct visit *visit, enum status status)
{
    int http = status_http(status);

    if (http == 0 || status == STATUS_NO_MEMORY) {
        return status;
    }
    if (http == 500) {
        log_error("request_failed",
                  log_number("request", (int64_t)visit->request->id),
                  log_text("path", request_logged_path(visit->request)),
                  log_text("status", status_code(status)));
    }
    /* Cookies that were set before stay: they tell of a session's end. */
    visit->response->status = visit->http > 0 ? visit->http : http;
    if (http == 503) {
        response_field(visit->response, SLICE("Retry-After"), SLICE("1"));
    }
    if (http == 429) {
        TRY(say_when(visit));
    }
    if (visit->no_body && http == 401) { /* as the original's plugins */
        response_text(visit->response, SLICE("application/json"), SLICE_EMPTY);
    }
    if (visit->no_body || http == 500) {
        return STATUS_OK;
    }
    if (visit->empty_body) {
        response_text(visit->response, SLICE("application/json"), SLICE_EMPTY);
        return STATUS_OK;
    }
    write_error(visit, status);
    return STATUS_OK;
}

void visit_write_session(struct json_writer *json,
                         const struct session *session)
{
    json_write_name(json, SLICE("session"));
    record_write(json, &session->row);
    json_write_name(json, SLICE("user"));
    record_write(json, &session->user);
}

enum status visit_answer_flag(struct visit *visit, struct slice name)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, name);
    json_write_bool(&json, true);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status visit_redirect(struct visit *visit, struct slice url)
{
    visit->response->status = 302;
    response_field(visit->response, SLICE("Location"), url);
    response_text(visit->response, SLICE("application/json"), SLICE_EMPTY);
    return STATUS_OK;
}

/* "http://host" alone: a query cannot follow at once. */
static bool lacks_path(struct slice url)
{
    size_t at = 0;

    if (slice_starts_with(url, SLICE("/"))) {
        return false;
    }
    while (at + 2 < url.len && memcmp(url.ptr + at, "://", 3) != 0) {
        at++;
    }
    if (at + 2 >= url.len) {
        return false;
    }
    url = slice_from(url, at + 3);
    return slice_find(url, '/') == url.len && slice_find(url, '?') == url.len;
}

/* Keeps query and fragment where they are. */
enum status visit_url_with(struct visit *visit, struct slice url,
                           struct slice name, struct slice value,
                           struct slice *out)
{
    size_t hash = slice_find(url, '#');
    struct slice front = slice_head(url, hash);
    struct slice text;
    struct buf pair;
    struct buf buf;

    buf_init(&pair, visit->arena, URL_MAX);
    form_add(&pair, name, value);
    TRY(buf_finish(&pair, &text));
    buf_init(&buf, visit->arena, URL_MAX);
    buf_add(&buf, front);
    buf_add(&buf, lacks_path(front) ? SLICE("/") : SLICE_EMPTY);
    buf_add_byte(&buf, slice_find(front, '?') < front.len ? '&' : '?');
    buf_add(&buf, text);
    buf_add(&buf, slice_from(url, hash));
    return buf_finish(&buf, out);
}

enum status visit_redirect_with(struct visit *visit, struct slice url,
                                struct slice name, struct slice value)
{
    TRY(visit_url_with(visit, url, name, value, &url));
    return visit_redirect(visit, url);
}
