/* SPDX-License-Identifier: Apache-2.0 */
#include "http/head_parts.h"

#include "codec/hex.h"
#include "http/chars.h"

#include <arpa/inet.h>

/* RFC 1035 section 2.3.4. */
#define HOST_NAME_MAX_LEN 255

static const struct slice method_names[HTTP_METHOD_COUNT] = {
    SLICE_INIT("GET"),     SLICE_INIT("HEAD"),  SLICE_INIT("POST"),
    SLICE_INIT("PUT"),     SLICE_INIT("PATCH"), SLICE_INIT("DELETE"),
    SLICE_INIT("OPTIONS"),
};

struct slice http_method_name(enum http_method method)
{
    return method_names[method];
}

/*
 * Methods are case-sensitive (RFC 9110 section 9.1). TRACE and CONNECT are
 * known and not implemented: both make a server do what it must not.
 */
static enum status method_read(struct slice name, enum http_method *method)
{
    for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
        if (slice_equal(name, method_names[i])) {
            *method = (enum http_method)i;
            return STATUS_OK;
        }
    }
    if (name.len == 0 || http_chars_run(name, HTTP_CHAR_TOKEN) < name.len) {
        return STATUS_BAD_REQUEST;
    }
    return STATUS_NOT_IMPLEMENTED;
}

/* HTTP-version, RFC 9112 section 2.3: case-sensitive, one digit each. */
static enum status version_read(struct slice text, int *minor)
{
    if (text.len != 8 || !slice_starts_with(text, SLICE("HTTP/")) ||
        !ascii_is_digit(text.ptr[5]) || text.ptr[6] != '.' ||
        !ascii_is_digit(text.ptr[7])) {
        return STATUS_BAD_REQUEST;
    }
    if (text.ptr[5] != '1' || text.ptr[7] > '1') {
        return STATUS_VERSION_NOT_SUPPORTED;
    }
    *minor = text.ptr[7] - '0';
    return STATUS_OK;
}

/* Is this a whole "%41"? A NUL is never wanted, and cuts C strings. */
static bool starts_with_escape(struct slice s)
{
    return s.len >= 3 && s.ptr[0] == '%' && hex_digit(s.ptr[1]) >= 0 &&
           hex_digit(s.ptr[2]) >= 0 && !(s.ptr[1] == '0' && s.ptr[2] == '0');
}

/* How many bytes at the front of `s` are of that kind, or whole escapes. */
static size_t uri_run(struct slice s, enum http_char kind)
{
    size_t at = 0;

    while (at < s.len) {
        if (http_char_is(s.ptr[at], kind)) {
            at++;
        } else if (starts_with_escape(slice_from(s, at))) {
            at += 3;
        } else {
            return at;
        }
    }
    return at;
}

/* absolute-path [ "?" query ]; "#" belongs to neither. */
static enum status path_read(struct slice text, struct http_head *head)
{
    size_t at = uri_run(text, HTTP_CHAR_PATH);

    head->path = slice_head(text, at);
    head->query = SLICE_EMPTY;
    if (at == text.len) {
        return STATUS_OK;
    }
    if (text.ptr[at] != '?') {
        return STATUS_BAD_REQUEST;
    }
    head->query = slice_from(text, at + 1);
    if (uri_run(head->query, HTTP_CHAR_QUERY) < head->query.len) {
        return STATUS_BAD_REQUEST;
    }
    return STATUS_OK;
}

static bool is_ipv6(struct slice text)
{
    char copy[INET6_ADDRSTRLEN];
    struct in6_addr address;

    if (text.len >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return inet_pton(AF_INET6, copy, &address) == 1;
}

/* The length of the host that `text` starts with; 0 when it is none. */
static size_t host_run(struct slice text)
{
    size_t len = http_chars_run(text, HTTP_CHAR_HOST);
    struct slice inside;

    if (!slice_starts_with(text, SLICE("["))) {
        return len <= HOST_NAME_MAX_LEN ? len : 0;
    }
    inside = slice_head(slice_from(text, 1), slice_find(text, ']') - 1);
    if (inside.len + 2 > text.len || !is_ipv6(inside)) {
        return 0;
    }
    return inside.len + 2;
}

bool authority_is_valid(struct slice text)
{
    size_t len = host_run(text);
    uint64_t port = 0;

    if (len == 0) {
        return false;
    }
    if (len == text.len) {
        return true;
    }
    return text.ptr[len] == ':' &&
           slice_to_u64(slice_from(text, len + 1), 65535, &port) && port > 0;
}

/* What follows "http://" or "https://"; ptr NULL when neither is there. */
static struct slice behind_scheme(struct slice target)
{
    static const struct slice schemes[] = {SLICE_INIT("http://"),
                                           SLICE_INIT("https://")};

    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
        size_t len = schemes[i].len;

        if (slice_equal_nocase(slice_head(target, len), schemes[i])) {
            return slice_from(target, len);
        }
    }
    return slice_make(NULL, 0);
}

/* absolute-form, RFC 9112 section 3.2.2. */
static enum status absolute_read(struct head_parser *parser,
                                 struct http_head *head)
{
    struct slice rest = behind_scheme(head->target);
    size_t len = 0;

    if (rest.ptr == NULL) {
        return STATUS_BAD_REQUEST;
    }
    while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != '?') {
        len++;
    }
    parser->authority = slice_head(rest, len);
    if (!authority_is_valid(parser->authority)) {
        return STATUS_BAD_REQUEST;
    }
    TRY(path_read(slice_from(rest, len), head));
    if (head->path.len == 0) {
        /* RFC 9112 section 3.2.4: OPTIONS http://a means OPTIONS *. */
        head->path = head->method == HTTP_OPTIONS && len == rest.len
                         ? SLICE("*")
                         : SLICE("/");
    }
    return STATUS_OK;
}

/* authority-form is CONNECT's alone, so it never gets here. */
static enum status target_read(struct head_parser *parser,
                               struct http_head *head)
{
    if (slice_starts_with(head->target, SLICE("/"))) {
        return path_read(head->target, head);
    }
    if (slice_equal(head->target, SLICE("*"))) {
        head->path = head->target;
        head->query = SLICE_EMPTY;
        return head->method == HTTP_OPTIONS ? STATUS_OK : STATUS_BAD_REQUEST;
    }
    return absolute_read(parser, head);
}

/* method SP request-target SP HTTP-version; any further SP spoils the last. */
enum status head_line_read(struct head_parser *parser, struct slice line,
                           struct http_head *head)
{
    size_t first = slice_find(line, ' ');
    struct slice rest = slice_from(line, first + 1);
    size_t second = slice_find(rest, ' ');

    head->target = slice_head(rest, second);
    head->host = SLICE_EMPTY;
    head->chunked = false;
    head->has_length = false;
    head->content_length = 0;
    head->field_count = 0;
    /* The version first: the preface of HTTP/2 is a version we lack. */
    TRY(version_read(slice_from(rest, second + 1), &head->minor));
    TRY(method_read(slice_head(line, first), &head->method));
    return target_read(parser, head);
}
