/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/remote.h"

#include "base/log.h"
#include "codec/json_read.h"

#define HEADERS_MAX 6
/* Nobody is told to wait longer by a mistake of the service. */
#define WAIT_MAX_S 86400

struct headers {
    struct client_header items[HEADERS_MAX];
    size_t count;
};

static void add(struct headers *headers, struct slice name, struct slice value)
{
    if (value.len > 0) {
        headers->items[headers->count++] = (struct client_header){name, value};
    }
}

/* What its own pages send: it refuses other origins. */
static void fill(const struct auth_call *call,
                 const struct remote_request *request, struct headers *out)
{
    add(out, SLICE("Accept"), SLICE("application/json"));
    add(out, SLICE("Content-Type"),
        request->body.ptr == NULL ? SLICE_EMPTY : SLICE("application/json"));
    add(out, SLICE("Origin"), call->auth->remote->origin);
    add(out, SLICE("Cookie"), request->cookie);
    add(out, SLICE("User-Agent"), call->agent);
    add(out, SLICE("X-Forwarded-For"), request->address);
}

static enum status send_request(const struct auth_call *call,
                                const struct remote_request *request,
                                struct client_response *out)
{
    const struct remote *remote = call->auth->remote;
    struct headers headers = {.count = 0};
    struct client_request sent = {
        .method = request->body.ptr == NULL ? CLIENT_GET : CLIENT_POST,
        .headers = headers.items,
        .body = request->body,
        .connect_ms = REMOTE_CONNECT_MS,
        .total_ms = REMOTE_TOTAL_MS,
        .stall_ms = REMOTE_TOTAL_MS,
        .body_limit = REMOTE_ANSWER_MAX,
    };

    fill(call, request, &headers);
    sent.header_count = headers.count;
    TRY(arena_format(call->arena, &sent.url, "%.*s%.*s",
                     SLICE_ARG(remote->base_url), SLICE_ARG(request->path)));
    return client_call(remote->client, &sent, call->arena, out);
}

/* The original says X-Retry-After, what is in front of it the other. */
static int64_t wait_ms(const struct client_head *head)
{
    struct slice text = client_header_find(head, SLICE("X-Retry-After"));
    uint64_t seconds = 0;

    if (text.len == 0) {
        text = client_header_find(head, SLICE("Retry-After"));
    }
    return slice_to_u64(text, WAIT_MAX_S, &seconds) ? (int64_t)seconds * 1000
                                                    : 0;
}

enum status remote_call(const struct auth_call *call,
                        const struct remote_request *request,
                        struct remote_answer *out)
{
    struct client_response response;
    enum status status;

    *out = (struct remote_answer){0};
    TRY(send_request(call, request, &response));
    out->status = response.head.status;
    if (out->status >= 500 || out->status / 100 == 3) {
        log_error("remote_failed", log_text("path", request->path),
                  log_number("status", out->status));
        return STATUS_UPSTREAM;
    }
    out->wait_ms = wait_ms(&response.head);
    status = json_parse(call->arena, response.body,
                        (struct json_limits){.bytes = REMOTE_ANSWER_MAX,
                                             .values = REMOTE_ANSWER_MAX / 16},
                        &out->body);
    if (status != STATUS_OK) {
        out->body = NULL;
    }
    return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}
