/* SPDX-License-Identifier: Apache-2.0 */
#include "http_reference.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define ALPHA "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
#define TCHAR ALPHA DIGIT "!#$%&'*+-.^_`|~"
#define PCHAR ALPHA DIGIT "-._~!$&'()*+,;=:@"

/* Reads from a span; every eat_ function moves `at` over what it takes. */
struct reader {
    const char *input;
    size_t at;
    size_t end;
};

static bool in_set(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool has(const struct reader *reader, char c)
{
    return reader->at < reader->end && reader->input[reader->at] == c;
}

static size_t eat_set(struct reader *reader, const char *set)
{
    size_t from = reader->at;

    while (reader->at < reader->end && in_set(reader->input[reader->at], set)) {
        reader->at++;
    }
    return reader->at - from;
}

static bool eat_char(struct reader *reader, char c)
{
    bool here = has(reader, c);

    reader->at += here;
    return here;
}

static bool eat_text(struct reader *reader, const char *text)
{
    size_t len = strlen(text);

    if (reader->end - reader->at < len ||
        memcmp(reader->input + reader->at, text, len) != 0) {
        return false;
    }
    reader->at += len;
    return true;
}

static bool eat_text_nocase(struct reader *reader, const char *text)
{
    size_t len = strlen(text);

    if (reader->end - reader->at < len ||
        strncasecmp(reader->input + reader->at, text, len) != 0) {
        return false;
    }
    reader->at += len;
    return true;
}

static bool at_end(const struct reader *reader)
{
    return reader->at == reader->end;
}

static bool span_is(const char *input, struct reference_span span,
                    const char *text)
{
    struct reader reader = {input, span.from, span.to};

    return eat_text_nocase(&reader, text) && at_end(&reader);
}

/* pct-encoded, RFC 3986 section 2.1; not NUL. */
static bool eat_escape(struct reader *reader)
{
    const char *at = reader->input + reader->at;

    if (reader->end - reader->at < 3 || at[0] != '%' ||
        !isxdigit((unsigned char)at[1]) || !isxdigit((unsigned char)at[2]) ||
        memcmp(at, "%00", 3) == 0) {
        return false;
    }
    reader->at += 3;
    return true;
}

static struct reference_span eat_uri(struct reader *reader, const char *set)
{
    struct reference_span span = {reader->at, reader->at};

    while (eat_set(reader, set) > 0 || eat_escape(reader)) {
    }
    span.to = reader->at;
    return span;
}

/* dec-octet "." dec-octet "." dec-octet "." dec-octet, to the end. */
static bool is_ipv4(struct reader reader)
{
    for (int i = 0; i < 4; i++) {
        size_t from = reader.at;
        size_t digits = eat_set(&reader, DIGIT);
        int value = 0;

        for (size_t j = from; j < from + digits && digits <= 3; j++) {
            value = value * 10 + reader.input[j] - '0';
        }
        if (digits < 1 || digits > 3 || value > 255 ||
            (digits > 1 && reader.input[from] == '0') ||
            (i < 3 && !eat_char(&reader, '.'))) {
            return false;
        }
    }
    return at_end(&reader);
}

/* IPv6address, RFC 3986 section 3.2.2, to the end of the reader. */
static bool is_ipv6(struct reader reader)
{
    int groups = 0;
    bool gap = eat_text(&reader, "::");

    while (!at_end(&reader)) {
        size_t digits;

        if (is_ipv4(reader)) {
            groups += 2;
            break;
        }
        digits = eat_set(&reader, DIGIT "abcdefABCDEF");
        if (digits < 1 || digits > 4) {
            return false;
        }
        groups++;
        if (at_end(&reader)) {
            break;
        }
        if (!gap && eat_text(&reader, "::")) {
            gap = true;
        } else if (!eat_char(&reader, ':') || at_end(&reader)) {
            return false;
        }
    }
    return gap ? groups <= 7 : groups == 8;
}

/* uri-host [ ":" port ], to the end of the reader. */
static bool is_authority(struct reader reader)
{
    unsigned long port = 0;
    size_t digits;

    if (eat_char(&reader, '[')) {
        struct reader inside = reader;

        eat_set(&reader, DIGIT "abcdefABCDEF:.");
        inside.end = reader.at;
        if (!is_ipv6(inside) || !eat_char(&reader, ']')) {
            return false;
        }
    } else {
        size_t len = eat_set(&reader, ALPHA DIGIT "-._");

        if (len < 1 || len > 255) {
            return false;
        }
    }
    if (at_end(&reader)) {
        return true;
    }
    if (!eat_char(&reader, ':') || has(&reader, '0')) {
        return false;
    }
    for (digits = 0; digits < 5 && !at_end(&reader); digits++) {
        char c = reader.input[reader.at++];

        if (!in_set(c, DIGIT)) {
            return false;
        }
        port = port * 10 + (unsigned long)(c - '0');
    }
    return at_end(&reader) && port >= 1 && port <= 65535;
}

static bool read_target(struct reader *reader, struct reference_head *head,
                        bool is_options)
{
    head->target.from = reader->at;
    if (eat_char(reader, '*')) {
        head->path = (struct reference_span){reader->at - 1, reader->at};
        head->target.to = reader->at;
        return is_options;
    }
    if (!has(reader, '/')) {
        struct reader authority = *reader;

        if (!eat_text_nocase(reader, "http://") &&
            !eat_text_nocase(reader, "https://")) {
            return false;
        }
        authority.at = reader->at;
        eat_set(reader, ALPHA DIGIT "-._[]:");
        authority.end = reader->at;
        if (!is_authority(authority)) {
            return false;
        }
        head->authority = (struct reference_span){authority.at, authority.end};
    }
    if (has(reader, '/')) {
        head->path = eat_uri(reader, PCHAR "/");
    }
    if (eat_char(reader, '?')) {
        head->query = eat_uri(reader, PCHAR "/?[]");
    }
    head->target.to = reader->at;
    return head->target.to > head->target.from;
}

static bool read_request_line(struct reader reader, struct reference_head *head)
{
    static const char *const methods[] = {"GET",   "HEAD",   "POST",   "PUT",
                                          "PATCH", "DELETE", "OPTIONS"};
    size_t count = sizeof(methods) / sizeof(*methods);

    head->method.from = reader.at;
    eat_set(&reader, TCHAR);
    head->method.to = reader.at;
    for (size_t i = 0; i < count; i++) {
        struct reader name = {reader.input, head->method.from, reader.at};

        if (eat_text(&name, methods[i]) && at_end(&name)) {
            count = 0; /* known */
        }
    }
    if (count != 0 || !eat_char(&reader, ' ') ||
        !read_target(&reader, head, reader.input[head->method.from] == 'O') ||
        !eat_text(&reader, " HTTP/1.")) {
        return false;
    }
    head->minor = has(&reader, '1');
    return (eat_char(&reader, '0') || eat_char(&reader, '1')) &&
           at_end(&reader);
}

static bool name_is_alike(const char *input, struct reference_span name,
                          const char *text)
{
    size_t len = strlen(text);

    if (name.to - name.from != len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        int c = tolower((unsigned char)input[name.from + i]);

        if (c != text[i] && !(c == '_' && text[i] == '-')) {
            return false;
        }
    }
    return true;
}

static bool is_disguised(const char *input, struct reference_span name)
{
    return (name_is_alike(input, name, "content-length") &&
            !span_is(input, name, "content-length")) ||
           (name_is_alike(input, name, "transfer-encoding") &&
            !span_is(input, name, "transfer-encoding"));
}

static bool read_length(struct reader value, struct reference_head *head)
{
    size_t digits = value.end - value.at;

    if (head->lengths++ > 0 || digits < 1 || digits > 16 ||
        (digits > 1 && has(&value, '0'))) {
        return false;
    }
    while (!at_end(&value)) {
        char c = value.input[value.at++];

        if (!in_set(c, DIGIT)) {
            return false;
        }
        head->length = head->length * 10 + (uint64_t)(c - '0');
    }
    return head->length <= UINT64_C(9007199254740992);
}

static bool read_connection(struct reader value, struct reference_head *head)
{
    do {
        struct reference_span option;

        eat_set(&value, " \t");
        option.from = value.at;
        eat_set(&value, TCHAR);
        option.to = value.at;
        eat_set(&value, " \t");
        head->close = head->close || span_is(value.input, option, "close");
        head->keep = head->keep || span_is(value.input, option, "keep-alive");
    } while (eat_char(&value, ','));
    return at_end(&value);
}

static bool read_field_line(struct reader reader, struct reference_head *head)
{
    struct reference_span name = {reader.at, 0};
    struct reference_span value;
    struct reader rest;

    eat_set(&reader, TCHAR);
    name.to = reader.at;
    if (name.from == name.to || !eat_char(&reader, ':') ||
        head->fields++ == 100 || is_disguised(reader.input, name)) {
        return false;
    }
    eat_set(&reader, " \t");
    while (reader.end > reader.at &&
           in_set(reader.input[reader.end - 1], " \t")) {
        reader.end--;
    }
    rest = reader;
    value = (struct reference_span){rest.at, rest.end};
    if (span_is(reader.input, name, "Host")) {
        head->host = value;
        return head->hosts++ == 0 && is_authority(rest);
    }
    if (span_is(reader.input, name, "Content-Length")) {
        return read_length(rest, head);
    }
    if (span_is(reader.input, name, "Transfer-Encoding")) {
        return head->codings++ == 0 && span_is(reader.input, value, "chunked");
    }
    if (span_is(reader.input, name, "Connection")) {
        return read_connection(rest, head);
    }
    if (span_is(reader.input, name, "Expect")) {
        return head->expects++ == 0 &&
               span_is(reader.input, value, "100-continue");
    }
    return true;
}

static bool is_consistent(const char *input, const struct reference_head *head)
{
    struct reference_span a = head->authority;
    struct reference_span b = head->host;

    if (head->codings > 0 && (head->lengths > 0 || head->minor == 0)) {
        return false;
    }
    if (head->hosts == 0) {
        return head->minor == 0;
    }
    return a.to == a.from ||
           (a.to - a.from == b.to - b.from &&
            strncasecmp(input + a.from, input + b.from, a.to - a.from) == 0);
}

static bool is_text(char c)
{
    return c == '\t' || ((unsigned char)c >= ' ' && c != 0x7f);
}

enum reference_verdict http_reference_head(const char *input, size_t len,
                                           struct reference_head *head)
{
    size_t lines = 0;
    size_t from = 0;

    memset(head, 0, sizeof(*head));
    for (size_t at = 0;; at++) {
        struct reader line = {input, from, at};

        if (at >= (lines == 0 ? 8194 : 16384)) {
            return REFERENCE_REFUSED;
        }
        if (at == len) {
            return REFERENCE_MORE;
        }
        if (is_text(input[at])) {
            continue;
        }
        if (input[at] != '\r') {
            return REFERENCE_REFUSED;
        }
        at++; /* only CRLF ends a line */
        if (at == len && at < (lines == 0 ? 8194 : 16384)) {
            return REFERENCE_MORE;
        }
        if (at >= (lines == 0 ? 8194 : 16384) || input[at] != '\n') {
            return REFERENCE_REFUSED;
        }
        if (lines > 0 && at_end(&line)) {
            head->consumed = at + 1;
            return is_consistent(input, head) ? REFERENCE_WHOLE
                                              : REFERENCE_REFUSED;
        }
        if (lines == 0 ? !read_request_line(line, head)
                       : !read_field_line(line, head)) {
            return REFERENCE_REFUSED;
        }
        lines++;
        from = at + 1;
    }
}

/* CRLF, as far as it has arrived. */
static enum reference_verdict eat_line_end(struct reader *reader)
{
    for (const char *end = "\r\n"; *end != '\0'; end++) {
        if (at_end(reader)) {
            return REFERENCE_MORE;
        }
        if (!eat_char(reader, *end)) {
            return REFERENCE_REFUSED;
        }
    }
    return REFERENCE_WHOLE;
}

static enum reference_verdict eat_size(struct reader *reader, uint64_t *size)
{
    int digits = 0;

    *size = 0;
    while (!at_end(reader) &&
           isxdigit((unsigned char)reader->input[reader->at])) {
        char c = (char)tolower((unsigned char)reader->input[reader->at++]);

        if (++digits > 16) {
            return REFERENCE_REFUSED;
        }
        *size = *size * 16 + (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    if (digits == 0) {
        return at_end(reader) ? REFERENCE_MORE : REFERENCE_REFUSED;
    }
    return eat_line_end(reader);
}

/* One field of the trailer, as far as it has arrived. */
static enum reference_verdict eat_trailer(struct reader *reader)
{
    struct reference_span name = {reader->at, 0};

    eat_set(reader, TCHAR);
    name.to = reader->at;
    if (at_end(reader)) {
        return REFERENCE_MORE;
    }
    if (name.to == name.from || !eat_char(reader, ':') ||
        span_is(reader->input, name, "host") ||
        name_is_alike(reader->input, name, "content-length") ||
        name_is_alike(reader->input, name, "transfer-encoding")) {
        return REFERENCE_REFUSED;
    }
    while (!at_end(reader) && is_text(reader->input[reader->at])) {
        reader->at++;
    }
    return eat_line_end(reader);
}

static enum reference_verdict eat_trailers(struct reader *reader)
{
    size_t limit = reader->at + 8192;
    bool is_cut = reader->end > limit;
    enum reference_verdict verdict = REFERENCE_WHOLE;

    reader->end = is_cut ? limit : reader->end;
    for (int fields = 0; verdict == REFERENCE_WHOLE; fields++) {
        if (at_end(reader) || has(reader, '\r')) {
            verdict = eat_line_end(reader);
            break;
        }
        verdict = fields == 32 ? REFERENCE_REFUSED : eat_trailer(reader);
    }
    return verdict == REFERENCE_MORE && is_cut ? REFERENCE_REFUSED : verdict;
}

static enum reference_verdict eat_chunks(struct reader *reader, uint64_t limit,
                                         struct reference_body *body)
{
    for (;;) {
        uint64_t size;
        enum reference_verdict verdict = eat_size(reader, &size);

        if (verdict != REFERENCE_WHOLE) {
            return verdict;
        }
        if (size == 0) {
            return eat_trailers(reader);
        }
        if (size > limit) {
            return REFERENCE_REFUSED;
        }
        limit -= size;
        for (; size > 0 && !at_end(reader); size--) {
            body->payload[body->len++] = reader->input[reader->at++];
        }
        if (size > 0) {
            return REFERENCE_MORE;
        }
        verdict = eat_line_end(reader);
        if (verdict != REFERENCE_WHOLE) {
            return verdict;
        }
    }
}

enum reference_verdict http_reference_body(const char *input, size_t len,
                                           uint64_t limit,
                                           struct reference_body *body)
{
    struct reader reader = {input, 0, len};
    enum reference_verdict verdict;

    body->len = 0;
    verdict = eat_chunks(&reader, limit, body);
    body->consumed = reader.at;
    return verdict;
}
