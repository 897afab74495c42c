/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request checked and copied into the form libcurl reads: nothing in it can
 * break out of its line, and no field can shift where the body begins or ends.
 * It lives in the arena given and points to nothing outside.
 */
#ifndef NET_CLIENT_REQUEST_H
#define NET_CLIENT_REQUEST_H

#include "net/client.h"

struct client_mail_copy;

struct client_copy {
    enum client_method method;
    const char *url;
    struct slice host;  /* in url, with the port: for the log */
    const char **lines; /* "Name: value", or "Name;" when there is no value */
    size_t line_count;
    struct slice body;
    bool has_content_type;
    int64_t connect_ms;
    int64_t total_ms;
    int64_t stall_ms;
    size_t body_limit;
    int max_redirects;
    const struct client_mail_copy *mail; /* NULL: it is a request */
};

MUST_USE enum status client_request_copy(struct arena *arena,
                                         const struct client_request *request,
                                         struct client_copy *out);
/* The times and bounds alone. */
MUST_USE enum status
client_request_copy_limits(const struct client_request *request,
                           struct client_copy *out);

#endif
