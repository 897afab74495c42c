/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the head of an HTTP/1.1 request: request line and header section
 * (RFC 9112 sections 2 to 5), and settles how its body is framed (section 6).
 *
 * It never guesses. There is no lenient mode: where RFC 9112 lets a server
 * choose between repairing and refusing, it refuses, because a proxy in front
 * may have repaired the other way. So lines end in CRLF only, an empty line
 * before the request line is refused (section 2.2 would let it pass), and a
 * Content-Length has no leading zero.
 *
 * It never copies: the slices of a head point into the input, which must stay
 * where it is until the request is done. (Only the path of an absolute-form
 * target without one is a constant, "/".)
 *
 * It can stop anywhere. Each byte is looked at once however the input is cut,
 * the verdict does not depend on the cuts, and a control character is refused
 * when it arrives, not when its line ends.
 *
 * Invariant: what it lets pass has exactly one reading. At most one of
 * `chunked` and `has_length` is set; neither means that there is no body.
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "base/status.h"

/* Past any browser's; each costs 32 bytes a connection. */
#define HTTP_FIELDS_MAX 100
/* The request line without its CRLF; RFC 9112 section 3 asks for 8000. */
#define HTTP_LINE_MAX ((size_t)8 * 1024)
/* The head with its last CRLF. */
#define HTTP_HEAD_MAX ((size_t)16 * 1024)
/* The largest length that a JavaScript number holds exactly. */
#define HTTP_LENGTH_MAX (UINT64_C(1) << 53)

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_METHOD_COUNT
};

struct http_field {
    struct slice name;  /* as sent: compare without case */
    struct slice value; /* without the blanks around it */
};

struct http_head {
    enum http_method method;
    struct slice target; /* as sent */
    struct slice path;   /* before "?", percent-encoded; "*" for OPTIONS * */
    struct slice query;  /* behind "?", empty when there is none */
    struct slice host;   /* Host, or the target's authority; 1.0: maybe empty */
    int minor;           /* HTTP/1.minor: 0 or 1 */
    bool keep_alive;
    bool chunked;
    bool has_length;
    bool expect_continue; /* 1.1, and there is a body to wait for */
    uint64_t content_length;
    size_t field_count;
    struct http_field fields[HTTP_FIELDS_MAX]; /* in the order sent */
};

struct head_parser {
    size_t line;    /* where the line being read starts */
    size_t scanned; /* no control stands in the line before this */
    bool has_line;  /* the request line is read */
    bool done;
    bool has_host;   /* there was a Host field */
    bool has_coding; /* there was a Transfer-Encoding field */
    bool has_expect;
    bool wants_close;       /* Connection said close */
    bool wants_keep;        /* Connection said keep-alive */
    struct slice authority; /* of an absolute-form target; else empty */
    enum status refused;
};

void head_parser_init(struct head_parser *parser);

/*
 * `input` is every byte from the start of the head so far, always from the
 * same address; what follows the head is not looked at. `head` must be the
 * same in every call and is whole when *done is set. Any status but OK
 * refuses the request for good: answer it and close, for where the next one
 * would start is unknown.
 */
MUST_USE enum status head_parse(struct head_parser *parser, struct slice input,
                                struct http_head *head, bool *done);
/* Bytes of the head; what follows is body, or the next request. */
size_t head_parser_consumed(const struct head_parser *parser);

/* The first value of that name (lower case), or ptr NULL. */
struct slice http_head_field(const struct http_head *head, struct slice name);
size_t http_head_field_count(const struct http_head *head, struct slice name);

struct slice http_method_name(enum http_method method);

#endif
