/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/refuse.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_MAX ((size_t)512)

/* Better Auth's texts are for its own clients. */
static const struct {
    enum status from;
    enum status to;
} translations[] = {
    {STATUS_USER_ALREADY_EXISTS, STATUS_EMAIL_TAKEN},
    {STATUS_PASSWORD_TOO_SHORT, STATUS_REST_PASSWORD_TOO_SHORT},
    {STATUS_PASSWORD_TOO_LONG, STATUS_REST_PASSWORD_TOO_LONG},
    {STATUS_PASSWORD_COMPROMISED, STATUS_REST_PASSWORD_LISTED},
    {STATUS_EMAIL_PASSWORD_SIGN_UP_DISABLED, STATUS_SIGN_UP_CLOSED},
    {STATUS_EMAIL_PASSWORD_DISABLED, STATUS_SIGN_IN_CLOSED},
    {STATUS_UNAUTHORIZED, STATUS_SIGN_IN_FIRST},
    {STATUS_INVALID_TOKEN, STATUS_SIGN_IN_FIRST},
    {STATUS_TOO_MANY_REQUESTS, STATUS_SLOW_DOWN},
    {STATUS_PRECONDITION_FAILED, STATUS_STALE_VERSION},
    {STATUS_FAILED_TO_CREATE_USER, STATUS_INVALID_FIELDS},
    {STATUS_MISSING_FIELD, STATUS_INVALID_FIELDS},
    {STATUS_FIELD_NOT_ALLOWED, STATUS_INVALID_FIELDS},
    {STATUS_VALIDATION_ERROR, STATUS_INVALID_FIELDS},
};

enum status rest_status(enum status status)
{
    for (size_t i = 0; i < sizeof(translations) / sizeof(*translations); i++) {
        if (translations[i].from == status) {
            return translations[i].to;
        }
    }
    return status;
}

enum status rest_check_problems(const struct rest *rest)
{
    return rest->problems.count == 0 ? STATUS_OK : STATUS_INVALID_FIELDS;
}

enum status rest_refuse(struct rest *rest, enum status status,
                        struct slice field, const char *format, ...)
{
    char text[TEXT_MAX];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0) {
        return STATUS_INTERNAL;
    }
    TRY(problems_add(&rest->problems, field, "%s", text));
    return status;
}

static void write_fields(const struct rest *rest, struct json_writer *json)
{
    const struct problems *problems = &rest->problems;

    if (problems->count == 0) {
        return;
    }
    json_write_name(json, SLICE("fields"));
    json_write_object(json);
    for (size_t i = 0; i < problems->count; i++) {
        json_write_name(json, problems->items[i].field);
        json_write_text(json, problems->items[i].text);
    }
    json_write_end(json);
}

static void write_error(struct rest *rest, enum status status)
{
    struct json_writer json;

    response_json(rest->visit.response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("error"));
    json_write_object(&json);
    json_write_name(&json, SLICE("code"));
    json_write_text(&json, status_code(status));
    json_write_name(&json, SLICE("message"));
    json_write_text(&json, status_text(status));
    write_fields(rest, &json);
    json_write_end(&json);
    json_write_end(&json);
    response_json_end(rest->visit.response, &json);
}

static enum status say_when(struct rest *rest, int http)
{
    struct response *response = rest->visit.response;
    struct slice seconds = SLICE("1");

    if (http == 429) {
        TRY(arena_format(rest->visit.arena, &seconds, "%lld",
                         (long long)((rest->visit.wait_ms + 999) / 1000)));
    }
    response_field(response, SLICE("Retry-After"), seconds);
    return STATUS_OK;
}

enum status rest_refuse_with(struct rest *rest, enum status status)
{
    struct visit *visit = &rest->visit;
    int http;

    status = rest_status(status);
    http = status_http(status);
    if (http == 0 || status == STATUS_NO_MEMORY) {
        return status;
    }
    if (http >= 500 && http != 503) {
        log_error("request_failed",
                  log_number("request", (int64_t)visit->request->id),
                  log_text("path", request_logged_path(visit->request)),
                  log_text("status", status_code(status)));
    }
    /* It may have failed in the middle of an answer. */
    response_body_drop(visit->response);
    visit->response->status = http;
    if (http == 401) {
        response_field(visit->response, SLICE("WWW-Authenticate"),
                       SLICE("Bearer"));
    }
    if (http == 429 || http == 503) {
        TRY(say_when(rest, http));
    }
    write_error(rest, status);
    return STATUS_OK;
}
