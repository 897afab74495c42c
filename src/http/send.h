/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts an answer on the wire: one system call for whatever fits into the
 * socket, parked in between when it does not.
 */
#ifndef HTTP_SEND_H
#define HTTP_SEND_H

#include "http/request.h"
#include "http/response.h"

/* The Date field, made anew once a second; one a loop. */
struct date_line {
    int64_t second;
    char text[37]; /* "Date: ", the date, CRLF */
};

void date_line_init(struct date_line *date);

/*
 * Sends the answer, without its body for HEAD. A response that failed while it
 * was built gives its failure, and nothing has been sent (see `started`).
 */
MUST_USE enum status response_send(struct response *response,
                                   struct request *request,
                                   struct date_line *date);

/*
 * Sends only the head of an answer whose length is not known; the body
 * follows in chunks (or until the end of the connection for HTTP/1.0).
 */
MUST_USE enum status response_send_head(struct response *response,
                                        struct request *request,
                                        struct date_line *date);

#endif
