/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client_transfer.h"

#include "base/log.h"
#include "net/client_mail_parts.h"
#include "net/client_setup.h"

#include <assert.h>

/* What requests may speak, redirects included; for mail it is smtp alone. */
#define PROTOCOLS "http,https"

static_assert(CURL_MAX_WRITE_SIZE <= CLIENT_PIECE_MAX,
              "one callback's bytes fit an empty piece");

static const char *const methods[] = {
    [CLIENT_GET] = "GET", [CLIENT_HEAD] = "HEAD",   [CLIENT_POST] = "POST",
    [CLIENT_PUT] = "PUT", [CLIENT_PATCH] = "PATCH", [CLIENT_DELETE] = "DELETE",
};

/*
 * QUICK_EXIT: otherwise ending a transfer whose name is being resolved joins
 * the resolver thread, which may sit in getaddrinfo for half a minute, and
 * every other transfer would wait for it.
 * HTTP/1.1 only: one transfer a connection, so a paused or cancelled one
 * holds up no other.
 */
static const struct {
    CURLoption option;
    long value;
} fixed[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_QUICK_EXIT, 1},
    {CURLOPT_NOPROGRESS, 0}, /* on_progress is wanted */
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_HTTP09_ALLOWED, 0},
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
};

static void note_movement(struct client_stream *stream)
{
    stream->moved_ms = loop_now(loop_current());
}

static int on_progress(void *arg, curl_off_t down_total, curl_off_t down,
                       curl_off_t up_total, curl_off_t up)
{
    struct client_stream *stream = arg;

    (void)down_total;
    (void)down;
    (void)up_total;
    if (up != stream->sent) {
        stream->sent = up;
        note_movement(stream);
    }
    return 0;
}

/* Makes the answer unusable; libcurl ends the transfer by itself. */
static size_t refuse(struct client_stream *stream, const char *event)
{
    log_warn(event, log_text("host", stream->request.host));
    stream->failed = STATUS_UPSTREAM;
    return 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct client_stream *stream = arg;
    size_t len = size * count;
    enum status status;

    note_movement(stream);
    if (len > stream->request.body_limit - stream->received) {
        return refuse(stream, "upstream_body_too_large");
    }
    client_stream_head_ready(stream);
    status = client_stream_push(stream, slice_make(bytes, len));
    if (status == STATUS_BUSY) {
        return CURL_WRITEFUNC_PAUSE; /* the same bytes come again */
    }
    if (status != STATUS_OK) {
        stream->failed = status;
        return 0;
    }
    stream->received += len;
    return len;
}

static void head_clear(struct client_stream *stream)
{
    arena_reset(&stream->head_memory);
    stream->head_size = 0;
    stream->head_ended = false;
    stream->head = (struct client_head){0, stream->headers, 0};
}

static enum status head_add(struct client_stream *stream, struct slice line)
{
    size_t colon = slice_find(line, ':');
    struct client_header *header = &stream->headers[stream->head.header_count];

    if (colon == line.len || colon == 0) {
        return STATUS_OK; /* not a field, or a folded one: nobody needs it */
    }
    if (stream->head.header_count == CLIENT_HEADERS_MAX) {
        return STATUS_TOO_LARGE;
    }
    TRY(slice_dup(&stream->head_memory, slice_head(line, colon),
                  &header->name));
    TRY(slice_dup(&stream->head_memory, slice_trim(slice_from(line, colon + 1)),
                  &header->value));
    stream->head.header_count++;
    return STATUS_OK;
}

/*
 * The empty line. A head that another one will follow is not shown: 1xx, and
 * a redirect that libcurl is about to follow. Should it not be followed after
 * all, the end of the transfer shows it.
 */
static void head_end(struct client_stream *stream)
{
    int status = stream->head.status;
    bool moving = status >= 300 && status < 400 &&
                  stream->request.max_redirects > 0 &&
                  client_header_find(&stream->head, SLICE("location")).len > 0;

    stream->head_ended = status >= 200;
    if (status >= 200 && !moving) {
        client_stream_head_ready(stream);
    }
}

/* "HTTP/1.1 200 OK"; libcurl has looked at it already. */
static int status_of(struct slice line)
{
    struct slice code =
        slice_head(slice_from(line, slice_find(line, ' ') + 1), 3);
    uint64_t status;

    return slice_to_u64(code, 999, &status) ? (int)status : 0;
}

static struct slice without_newline(struct slice line)
{
    while (line.len > 0 &&
           (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r')) {
        line.len--;
    }
    return line;
}

/* One whole line at a time. Trailers come here too and are dropped. */
static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
    struct client_stream *stream = arg;
    size_t len = size * count;
    struct slice line = without_newline(slice_make(bytes, len));

    note_movement(stream);
    if (stream->head_ready) { /* written by this thread only */
        return len;
    }
    if (slice_starts_with(line, SLICE("HTTP/"))) {
        head_clear(stream);
        stream->head.status = status_of(line);
    }
    stream->head_size += len;
    if (line.len == 0) {
        head_end(stream);
    } else if (stream->head_size > CLIENT_HEAD_MAX ||
               head_add(stream, line) != STATUS_OK) {
        return refuse(stream, "upstream_head_too_large");
    }
    return len;
}

/* libcurl only walks the list, so it may live in the request's memory. */
static enum status add_line(struct client_stream *stream, const char *line,
                            struct curl_slist **list)
{
    struct curl_slist *node =
        ARENA_NEW(&stream->request_memory, struct curl_slist);

    TRY_ALLOC(node);
    node->data = (char *)line;
    node->next = *list;
    *list = node;
    return STATUS_OK;
}

/*
 * The request's fields, and two of libcurl's taken away: a content type
 * nobody asked for, and "Expect: 100-continue", which costs a round trip, or
 * a second with servers that do not know it.
 */
static enum status make_lines(struct client_stream *stream,
                              struct curl_slist **list)
{
    const struct client_copy *request = &stream->request;

    *list = NULL;
    for (size_t i = request->line_count; i > 0; i--) {
        TRY(add_line(stream, request->lines[i - 1], list));
    }
    TRY(add_line(stream, "Expect:", list));
    if (!request->has_content_type) {
        TRY(add_line(stream, "Content-Type:", list));
    }
    return STATUS_OK;
}

static void set_method(struct client_setup *setup,
                       const struct client_copy *request)
{
    switch (request->method) {
    case CLIENT_GET:
        client_setup_long(setup, CURLOPT_HTTPGET, 1);
        return;
    case CLIENT_HEAD:
        client_setup_long(setup, CURLOPT_NOBODY, 1);
        return;
    case CLIENT_POST:
    case CLIENT_PUT:
    case CLIENT_PATCH:
    case CLIENT_DELETE:
        break;
    }
    if (request->method != CLIENT_DELETE || request->body.len > 0) {
        client_setup_keep(setup, setup->curl->easy_setopt(
                                     setup->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                     (curl_off_t)request->body.len));
        client_setup_text(setup, CURLOPT_POSTFIELDS, request->body.ptr);
    }
    client_setup_text(setup, CURLOPT_CUSTOMREQUEST, methods[request->method]);
}

static void set_limits(struct client_setup *setup,
                       const struct client_stream *stream)
{
    const struct client_options *options = &stream->client->options;
    const struct client_copy *request = &stream->request;

    client_setup_text(setup, CURLOPT_PROTOCOLS_STR, PROTOCOLS);
    client_setup_text(setup, CURLOPT_REDIR_PROTOCOLS_STR, PROTOCOLS);
    client_setup_long(setup, CURLOPT_FOLLOWLOCATION,
                      request->max_redirects > 0);
    client_setup_long(setup, CURLOPT_MAXREDIRS, request->max_redirects);
    client_setup_long(setup, CURLOPT_CONNECTTIMEOUT_MS, request->connect_ms);
    client_setup_long(setup, CURLOPT_TIMEOUT_MS, request->total_ms);
    if (!options->environment_proxy) {
        client_setup_text(setup, CURLOPT_PROXY, "");
    }
    if (options->ca_file != NULL) {
        client_setup_text(setup, CURLOPT_CAINFO, options->ca_file);
    }
}

static void set_callbacks(struct client_setup *setup,
                          struct client_stream *stream)
{
    CURLcode (*setopt)(CURL *, CURLoption, ...) = setup->curl->easy_setopt;

    client_setup_pointer(setup, CURLOPT_PRIVATE, stream);
    client_setup_pointer(setup, CURLOPT_WRITEDATA, stream);
    client_setup_pointer(setup, CURLOPT_HEADERDATA, stream);
    client_setup_pointer(setup, CURLOPT_XFERINFODATA, stream);
    client_setup_keep(setup,
                      setopt(setup->easy, CURLOPT_WRITEFUNCTION, on_body));
    client_setup_keep(setup,
                      setopt(setup->easy, CURLOPT_HEADERFUNCTION, on_header));
    client_setup_keep(
        setup, setopt(setup->easy, CURLOPT_XFERINFOFUNCTION, on_progress));
}

static enum status set_request(struct client_setup *setup,
                               struct client_stream *stream)
{
    struct curl_slist *lines;

    TRY(make_lines(stream, &lines));
    client_setup_pointer(setup, CURLOPT_HTTPHEADER, lines);
    set_method(setup, &stream->request);
    return STATUS_OK;
}

enum status client_transfer_begin(const struct client_curl *curl,
                                  struct client_stream *stream)
{
    struct client_setup setup = {curl, curl->easy_init(), CURLE_OK};

    TRY_ALLOC(setup.easy);
    stream->easy = setup.easy;
    head_clear(stream);
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        client_setup_long(&setup, fixed[i].option, fixed[i].value);
    }
    client_setup_text(&setup, CURLOPT_USERAGENT,
                      "bookplate/" BOOKPLATE_VERSION);
    client_setup_text(&setup, CURLOPT_URL, stream->request.url);
    set_limits(&setup, stream);
    set_callbacks(&setup, stream);
    TRY(stream->request.mail != NULL ? client_mail_setup(&setup, stream)
                                     : set_request(&setup, stream));
    if (setup.failed != CURLE_OK) {
        log_error("libcurl_option_refused",
                  log_text("error",
                           slice_from_cstr(curl->easy_strerror(setup.failed))));
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

static enum status status_of_code(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return STATUS_OK;
    case CURLE_OPERATION_TIMEDOUT:
        return STATUS_UPSTREAM_TIMEOUT;
    case CURLE_OUT_OF_MEMORY:
        return STATUS_NO_MEMORY;
    case CURLE_URL_MALFORMAT:
        return STATUS_INVALID_VALUE;
    default:
        return STATUS_UPSTREAM;
    }
}

enum status client_transfer_verdict(const struct client_curl *curl,
                                    struct client_stream *stream, CURLcode code)
{
    if (stream->failed != STATUS_OK) {
        return stream->failed; /* logged where it was seen */
    }
    if (stream->request.mail != NULL) {
        client_mail_judge(stream, (int)code);
    } else if (code == CURLE_OK && !stream->head_ended) {
        /* libcurl takes a head that is cut off for a whole one. */
        log_warn("upstream_head_cut_off",
                 log_text("host", stream->request.host));
        return STATUS_UPSTREAM;
    }
    if (code != CURLE_OK) {
        log_warn("upstream_failed", log_text("host", stream->request.host),
                 log_text("error", slice_from_cstr(curl->easy_strerror(code))));
    }
    return status_of_code(code);
}
