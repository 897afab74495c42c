/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One answer, built by a handler and sent when the handler returns STATUS_OK.
 *
 * Writing never needs a check: what goes wrong (no memory, a header with a
 * line break in it) sticks and turns the answer into an error. Safe headers
 * are the default; an answer is not stored by caches unless it says so.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "base/buf.h"
#include "codec/json_write.h"

struct site_entry;

/* Which set of fixed headers goes along. */
enum response_kind {
    RESPONSE_DATA, /* JSON and the like: nothing in it is ever run */
    RESPONSE_PAGE, /* a page of the server's own: inline style, no script */
    RESPONSE_BOOK  /* a file of the site: the author's scripts run */
};

struct response {
    struct arena *arena;
    int status;
    enum response_kind kind;
    struct slice cache_control;
    struct buf fields; /* "Name: value\r\n" ... */
    struct slice body;
    struct buf written_body; /* used when response_body() was called */
    int file_fd;             /* -1, or sent after the head */
    uint64_t file_offset;
    uint64_t file_size;
    bool started; /* the head has gone out */
    bool close;   /* the connection ends with this answer */
    enum status failed;
};

void response_init(struct response *response, struct arena *arena);
/* As if new, for an error in place of what was built so far. */
void response_clear(struct response *response);

/* `name` is a literal; a value with CR, LF or NUL fails the answer. */
void response_field(struct response *response, struct slice name,
                    struct slice value);
/* Takes back what was written of `name` with a value that begins so. */
void response_field_drop(struct response *response, struct slice name,
                         struct slice start);
/* Whole lines made before, each with its CRLF; they are not looked at. */
void response_field_lines(struct response *response, struct slice lines);

/* A body to write to, of the type given. */
struct buf *response_body(struct response *response, struct slice type);
/* Bytes that outlive the request as the body. */
void response_text(struct response *response, struct slice type,
                   struct slice text);
/* A JSON body; finish with response_json_end. */
void response_json(struct response *response, struct json_writer *writer);
void response_json_end(struct response *response, struct json_writer *writer);

/* Takes back the body and its type; other fields, cookies too, stay. */
void response_body_drop(struct response *response);

/* {"error":{"code","message"}} with the status' own http status. */
void response_error(struct response *response, enum status status);

/* "200 OK" and the like, "HTTP/1.1 " in front and CRLF behind. */
struct slice response_status_line(int status);

#endif
