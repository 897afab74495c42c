/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/rest.h"

#include "api/api.h"
#include "api/better_auth/better_auth.h"
#include "api/better_auth/guard.h"
#include "api/better_auth/throttle.h"
#include "api/rest/caller.h"
#include "api/rest/refuse.h"
#include "codec/iso_date.h"
#include "http/conditional.h"
#include "http/content_hash.h"
#include "http/route.h"

#include <inttypes.h>

/* Up to and with the seconds. */
#define TIME_SECONDS ((size_t)19)

static enum status begin(struct rest *rest, struct request *request,
                         struct response *response)
{
    const struct route *route = request->route;
    struct slice path = request->head.path;
    enum status status = visit_begin(&rest->visit, request, response);

    /* Of a query; no body was looked at yet. */
    TRY(status == STATUS_TOO_LARGE ? STATUS_URI_TOO_LONG : status);
    rest->endpoint = route->with;
    rest->reader = rest->visit.api->reader;
    rest->visit.path = path;
    rest->visit.counted_path = rest->endpoint->counted_as;
    problems_init(&rest->problems, request->arena);
    if (route->path.ptr[route->path.len - 1] == '*') {
        rest->tail = slice_from(path, route->path.len - 1);
    }
    return STATUS_OK;
}

static struct slice media_type(const struct request *request)
{
    struct slice field = request_field(request, SLICE("content-type"));

    return slice_trim(slice_head(field, slice_find(field, ';')));
}

static enum status read_body(struct rest *rest)
{
    const struct rest_endpoint *endpoint = rest->endpoint;
    struct request *request = rest->visit.request;
    struct slice text;

    if (endpoint->input == NULL) {
        return STATUS_OK;
    }
    TRY(request_body(request, &text));
    if (text.len == 0 && endpoint->input_may_lack) {
        return STATUS_OK;
    }
    if (!slice_equal_nocase(media_type(request), SLICE("application/json"))) {
        return STATUS_UNSUPPORTED_MEDIA_TYPE;
    }
    TRY(json_parse(rest->visit.arena, text,
                   (struct json_limits){.bytes = request->body_limit,
                                        .values = request->body_limit / 16},
                   &rest->body));
    rest->visit.body = rest->body; /* for the operator's further fields */
    TRY(shape_check(endpoint->input, rest->body, &rest->problems));
    return rest_check_problems(rest);
}

static enum status find_caller(struct rest *rest)
{
    switch (rest->endpoint->who) {
    case REST_READER:
        return caller_find(rest, false);
    case REST_READER_OR_GUEST:
        return caller_find_or_guest(rest);
    case REST_SERVICE:
        return caller_find_service(rest);
    case REST_ANYONE:
    default:
        return STATUS_OK;
    }
}

bool rest_has_tokens(const struct auth *auth)
{
    return auth->keys != NULL || auth->remote != NULL;
}

/* The same door as Better Auth's: one limit and one switch for both. */
static enum status check_counted(struct rest *rest)
{
    if (rest->endpoint->counted_as.len == 0) {
        return STATUS_OK;
    }
    if (visit_is_disabled(&rest->visit)) {
        return STATUS_NOT_FOUND;
    }
    TRY(throttle_check(&rest->visit));
    return guard_check_form(&rest->visit);
}

static enum status serve(struct rest *rest)
{
    if (rest->endpoint->gives_token &&
        !rest_has_tokens(rest->visit.call.auth)) {
        return STATUS_NOT_FOUND;
    }
    TRY(check_counted(rest));
    TRY(guard_check_origin(&rest->visit));
    TRY(find_caller(rest));
    TRY(read_body(rest));
    rest->visit.response->status = rest->endpoint->success;
    return rest->endpoint->handle(rest);
}

enum status rest_answer(struct request *request, struct response *response)
{
    const struct api *api = request->app;
    struct rest *rest;
    enum status status;

    if (api->better_auth == NULL || api->reader == NULL) {
        return STATUS_UNAVAILABLE;
    }
    rest = ARENA_NEW(request->arena, struct rest);
    TRY_ALLOC(rest);
    status = begin(rest, request, response);
    if (status == STATUS_OK) {
        status = serve(rest);
    }
    return status == STATUS_OK ? STATUS_OK : rest_refuse_with(rest, status);
}

enum status rest_tag(struct arena *arena, struct slice bytes, struct slice *tag)
{
    struct content_hash hash;
    uint64_t lanes[2];

    content_hash_init(&hash);
    content_hash_add(&hash, bytes);
    content_hash_finish(&hash, lanes);
    return arena_format(arena, tag, "\"%016" PRIx64 "%016" PRIx64 "\"",
                        lanes[0], lanes[1]);
}

bool rest_is_unchanged(struct rest *rest, struct slice etag)
{
    const struct conditional fields = {
        .if_none_match =
            request_field(rest->visit.request, SLICE("if-none-match")),
    };
    const struct validator now = {.etag = etag};

    response_field(rest->visit.response, SLICE("ETag"), etag);
    if (conditional_evaluate(&fields, true, &now) != CONDITIONAL_NOT_MODIFIED) {
        return false;
    }
    rest->visit.response->status = 304;
    return true;
}

struct slice rest_user_id(const struct rest *rest)
{
    return record_text(&rest->visit.session.user, USER_ID);
}

void rest_write_time(struct json_writer *json, int64_t ms)
{
    char text[ISO_DATE_SIZE];

    if (ms == 0) {
        json_write_null(json);
        return;
    }
    iso_date_print(ms, text);
    text[TIME_SECONDS] = 'Z';
    json_write_text(json, slice_make(text, TIME_SECONDS + 1));
}

void rest_write_date(struct json_writer *json, const struct record *record,
                     size_t column)
{
    rest_write_time(json, record_number(record, column));
}
