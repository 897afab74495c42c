/* SPDX-License-Identifier: Apache-2.0 */
/* What an operation may answer: its success, and each refusal by status. */
#include "api/rest/manual/parts.h"

#include <stdio.h>

/* "#/components/responses/Status404" */
#define REFERENCE_MAX ((size_t)64)

static const struct slice error_schema =
    SLICE_INIT("#/components/schemas/Error");

/* What a refusal means, whatever its code. */
static struct slice http_text(int http)
{
    switch (http) {
    case 400:
        return SLICE("The request could not be read.");
    case 401:
        return SLICE("It is not known who calls, or not any more.");
    case 403:
        return SLICE("Who calls, or the page they call from, may not.");
    case 404:
        return SLICE("There is no such thing.");
    case 409:
        return SLICE("It is taken.");
    case 412:
        return SLICE("It is no longer what the request expects.");
    case 413:
        return SLICE("The body is too long.");
    case 415:
        return SLICE("The body is not JSON, or does not say so.");
    case 422:
        return SLICE("Something in the request is missing or wrong.");
    case 429:
        return SLICE("Too many requests.");
    case 500:
        return SLICE("Something stored is damaged.");
    default:
        return SLICE("The server cannot answer now.");
    }
}

static void write_etag_header(struct json_writer *json)
{
    open_member(json, SLICE("headers"));
    open_member(json, SLICE("ETag"));
    write_member(json, SLICE("$ref"), SLICE("#/components/headers/ETag"));
    json_write_end(json);
    json_write_end(json);
}

/* What is no JSON is a page, or nothing. */
static void write_page_media(struct json_writer *json)
{
    open_member(json, SLICE("content"));
    open_member(json, SLICE("text/html"));
    open_member(json, SLICE("schema"));
    write_member(json, SLICE("type"), SLICE("string"));
    json_write_end(json);
    json_write_end(json);
    json_write_end(json);
}

static void open_response(struct json_writer *json, int http)
{
    char name[] = {(char)('0' + http / 100), (char)('0' + http / 10 % 10),
                   (char)('0' + http % 10)};

    open_member(json, slice_make(name, sizeof(name)));
}

static void write_success(struct json_writer *json,
                          const struct operation *operation,
                          const struct manual_facts *facts)
{
    const struct rest_endpoint *endpoint = operation->endpoint;
    const struct shape_use use = {.facts = facts, .answered = true};

    open_response(json, endpoint->success);
    write_member(json, SLICE("description"), SLICE("Done."));
    if (manual_has_tag(endpoint)) {
        write_etag_header(json);
    }
    if (endpoint->output != NULL) {
        manual_write_media(json, endpoint->output, use);
    } else if (endpoint->success == 200) {
        write_page_media(json);
    }
    json_write_end(json);
    if (manual_may_be_unchanged(operation)) {
        open_response(json, 304);
        write_member(json, SLICE("description"),
                     SLICE("It is what If-None-Match says."));
        write_etag_header(json);
        json_write_end(json);
    }
}

static void write_example_refusal(struct json_writer *json, enum status status)
{
    open_member(json, status_code(status));
    open_member(json, SLICE("value"));
    open_member(json, SLICE("error"));
    write_member(json, SLICE("code"), status_code(status));
    write_member(json, SLICE("message"), status_text(status));
    json_write_end(json);
    json_write_end(json);
    json_write_end(json);
}

/* Two statuses may have one code: the first stands for both. */
static bool is_first_of_code(const struct refusals *all, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (status_http(all->items[i]) == status_http(all->items[at]) &&
            slice_equal(status_code(all->items[i]),
                        status_code(all->items[at]))) {
            return false;
        }
    }
    return true;
}

static bool is_shown(const struct refusals *all, size_t at, int http)
{
    return status_http(all->items[at]) == http && is_first_of_code(all, at);
}

/* An error whose code is one of these. */
static void write_error_schema(struct json_writer *json,
                               const struct refusals *all, int http)
{
    open_member(json, SLICE("schema"));
    write_member(json, SLICE("$ref"), error_schema);
    write_member(json, SLICE("type"), SLICE("object"));
    open_member(json, SLICE("properties"));
    open_member(json, SLICE("error"));
    write_member(json, SLICE("type"), SLICE("object"));
    open_member(json, SLICE("properties"));
    open_member(json, SLICE("code"));
    json_write_name(json, SLICE("enum"));
    json_write_array(json);
    for (size_t i = 0; i < all->count; i++) {
        if (is_shown(all, i, http)) {
            json_write_text(json, status_code(all->items[i]));
        }
    }
    json_write_end(json);
    for (int i = 0; i < 5; i++) {
        json_write_end(json);
    }
}

static void write_retry_header(struct json_writer *json, int http)
{
    if (http != 429 && http != 503) {
        return;
    }
    open_member(json, SLICE("headers"));
    open_member(json, SLICE("Retry-After"));
    write_member(json, SLICE("$ref"), SLICE("#/components/headers/RetryAfter"));
    json_write_end(json);
    json_write_end(json);
}

/* The members of a response, for all refusals with that http status. */
static void write_refusal(struct json_writer *json, const struct refusals *all,
                          int http)
{
    write_member(json, SLICE("description"), http_text(http));
    write_retry_header(json, http);
    open_member(json, SLICE("content"));
    open_member(json, SLICE("application/json"));
    write_error_schema(json, all, http);
    open_member(json, SLICE("examples"));
    for (size_t i = 0; i < all->count; i++) {
        if (is_shown(all, i, http)) {
            write_example_refusal(json, all->items[i]);
        }
    }
    json_write_end(json);
    json_write_end(json);
    json_write_end(json);
}

static void write_common_reference(struct json_writer *json, int http)
{
    char text[REFERENCE_MAX];
    int len =
        snprintf(text, sizeof(text), "#/components/responses/Status%d", http);

    write_member(json, SLICE("$ref"), slice_make(text, (size_t)len));
}

void manual_write_responses(struct json_writer *json,
                            const struct operation *operation,
                            const struct manual_facts *facts)
{
    struct refusals all;
    int http = 0;

    manual_refusals(operation, &all);
    open_member(json, SLICE("responses"));
    write_success(json, operation, facts);
    for (size_t i = 0; i < all.count; i++) {
        if (status_http(all.items[i]) == http) {
            continue;
        }
        http = status_http(all.items[i]);
        open_response(json, http);
        if (manual_is_common(operation, http)) {
            write_common_reference(json, http);
        } else {
            write_refusal(json, &all, http);
        }
        json_write_end(json);
    }
    json_write_end(json);
}

void manual_write_common_responses(struct json_writer *json)
{
    char name[REFERENCE_MAX];
    struct refusals all;
    int http = 0;
    int len;

    manual_common_refusals(&all);
    open_member(json, SLICE("responses"));
    for (size_t i = 0; i < all.count; i++) {
        if (status_http(all.items[i]) == http) {
            continue;
        }
        http = status_http(all.items[i]);
        len = snprintf(name, sizeof(name), "Status%d", http);
        open_member(json, slice_make(name, (size_t)len));
        write_refusal(json, &all, http);
        json_write_end(json);
    }
    json_write_end(json);
}
