/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client_request.h"

/* Fields that frame the message or belong to the connection: libcurl's own. */
static const struct slice ours[] = {
    SLICE_INIT("connection"), SLICE_INIT("content-length"),
    SLICE_INIT("expect"),     SLICE_INIT("host"),
    SLICE_INIT("te"),         SLICE_INIT("trailer"),
    SLICE_INIT("upgrade"),    SLICE_INIT("transfer-encoding"),
};

/* A token (RFC 9110 section 5.6.2). */
static bool is_token(struct slice name)
{
    static const struct slice marks = SLICE_INIT("!#$%&'*+-.^_`|~");

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        char lower = ascii_lower(c);

        if (!(lower >= 'a' && lower <= 'z') && !ascii_is_digit(c) &&
            slice_find(marks, c) == marks.len) {
            return false;
        }
    }
    return name.len > 0;
}

/* RFC 9110 section 5.5: no control character but the tab. */
static bool is_field_value(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool is_ours(struct slice name)
{
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (slice_equal_nocase(name, ours[i])) {
            return true;
        }
    }
    return false;
}

static bool is_visible_ascii(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= 0x20 || text.ptr[i] >= 0x7f) {
            return false;
        }
    }
    return true;
}

/* Where the scheme of `url` ends, behind "://"; 0 when it is neither. */
static size_t scheme_length(struct slice url)
{
    static const struct slice schemes[] = {SLICE_INIT("http://"),
                                           SLICE_INIT("https://")};

    for (size_t i = 0; i < 2; i++) {
        if (slice_equal_nocase(slice_head(url, schemes[i].len), schemes[i])) {
            return schemes[i].len;
        }
    }
    return 0;
}

/*
 * A user name is refused (RFC 9110 section 4.2.4): it hides the real host
 * from a reader of the log. So is a backslash, which some take for a slash.
 */
static enum status copy_url(struct arena *arena, struct slice url,
                            struct client_copy *copy)
{
    size_t scheme = scheme_length(url);
    size_t end = scheme;
    struct slice text;

    if (scheme == 0 || url.len > CLIENT_URL_MAX || !is_visible_ascii(url)) {
        return STATUS_INVALID_VALUE;
    }
    while (end < url.len && url.ptr[end] != '/' && url.ptr[end] != '?' &&
           url.ptr[end] != '#') {
        if (url.ptr[end] == '@' || url.ptr[end] == '\\') {
            return STATUS_INVALID_VALUE;
        }
        end++;
    }
    if (end == scheme) {
        return STATUS_INVALID_VALUE;
    }
    TRY(slice_dup(arena, url, &text));
    copy->url = text.ptr;
    copy->host = slice_make(text.ptr + scheme, end - scheme);
    return STATUS_OK;
}

static enum status copy_line(struct arena *arena,
                             const struct client_header *header,
                             const char **out)
{
    struct slice value = slice_trim(header->value);
    struct slice line;

    if (!is_token(header->name) || is_ours(header->name) ||
        !is_field_value(value)) {
        return STATUS_INVALID_VALUE;
    }
    if (header->name.len + value.len > CLIENT_HEAD_MAX) {
        return STATUS_INVALID_VALUE;
    }
    /* To libcurl "Name:" means: do not send it. */
    TRY(arena_format(arena, &line, value.len > 0 ? "%.*s: %.*s" : "%.*s;%.*s",
                     SLICE_ARG(header->name), SLICE_ARG(value)));
    *out = line.ptr;
    return STATUS_OK;
}

static enum status copy_headers(struct arena *arena,
                                const struct client_request *request,
                                struct client_copy *copy)
{
    if (request->header_count > CLIENT_HEADERS_MAX) {
        return STATUS_INVALID_VALUE;
    }
    copy->lines =
        arena_alloc(arena, request->header_count * sizeof(*copy->lines));
    TRY_ALLOC(copy->lines);
    for (size_t i = 0; i < request->header_count; i++) {
        TRY(copy_line(arena, &request->headers[i], &copy->lines[i]));
        if (slice_equal_nocase(request->headers[i].name,
                               SLICE("content-type"))) {
            copy->has_content_type = true;
        }
    }
    copy->line_count = request->header_count;
    return STATUS_OK;
}

/* No wait without an end, and none that overflows. */
static int64_t timeout(int64_t asked, int64_t otherwise)
{
    if (asked <= 0) {
        return otherwise;
    }
    return asked < CLIENT_TIMEOUT_MAX_MS ? asked : CLIENT_TIMEOUT_MAX_MS;
}

enum status client_request_copy_limits(const struct client_request *request,
                                       struct client_copy *copy)
{
    bool safe = request->method == CLIENT_GET || request->method == CLIENT_HEAD;

    if (request->max_redirects < 0 ||
        request->max_redirects > CLIENT_REDIRECTS_MAX ||
        (safe && request->body.len > 0) ||
        (!safe && request->max_redirects > 0)) {
        return STATUS_INVALID_VALUE;
    }
    copy->method = request->method;
    copy->connect_ms = timeout(request->connect_ms, CLIENT_CONNECT_MS);
    copy->total_ms = timeout(request->total_ms, CLIENT_TOTAL_MS);
    copy->stall_ms = timeout(request->stall_ms, CLIENT_STALL_MS);
    copy->body_limit =
        request->body_limit > 0 ? request->body_limit : CLIENT_BODY_LIMIT;
    copy->max_redirects = request->max_redirects;
    return STATUS_OK;
}

enum status client_request_copy(struct arena *arena,
                                const struct client_request *request,
                                struct client_copy *out)
{
    *out = (struct client_copy){0};
    if (request->body.len > CLIENT_REQUEST_MAX) {
        return STATUS_INVALID_VALUE;
    }
    TRY(client_request_copy_limits(request, out));
    TRY(copy_url(arena, request->url, out));
    TRY(copy_headers(arena, request, out));
    return slice_dup(arena, request->body, &out->body);
}
