/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to other servers, from fibers: client_call for an answer in one
 * piece, client_open for one that is read as it comes.
 *
 * It never blocks a loop, follows a redirect it was not asked to, speaks
 * anything but http and https (mail: net/client_mail.h), or takes settings from
 * the environment, .netrc or .curlrc; it keeps no cookies, and TLS certificates
 * are always verified.
 *
 * One thread of the process does the sending and receiving; it and libcurl
 * are there from the first request on, not before. A fiber may leave at any
 * time: its transfer is ended within 100 ms and the connection closed.
 *
 * Statuses: INVALID_VALUE before anything is sent, when the request could not
 * be written safely; BUSY when too many are under way; UPSTREAM_TIMEOUT past
 * a deadline; UPSTREAM for every other failure on the way, logged once;
 * UNAVAILABLE without libcurl or after client_free began; NO_MEMORY;
 * CANCELLED. An answer such as 404 or 500 is an answer, not a failure.
 *
 * Invariant: what waits for a fiber that reads slowly, and what it holds, are
 * together at most 2 * CLIENT_PIECE_MAX bytes a stream; then the other side
 * has to wait.
 */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "base/arena.h"

#define CLIENT_STREAMS_MAX ((size_t)256)
#define CLIENT_PIECE_MAX   ((size_t)32768)
#define CLIENT_URL_MAX     ((size_t)8192)
/* The url, the headers and the body together: they are copied. */
#define CLIENT_REQUEST_MAX ((size_t)8 << 20)
/* Of an answer; more, or longer ones, make it unusable. */
#define CLIENT_HEADERS_MAX    ((size_t)100)
#define CLIENT_HEAD_MAX       ((size_t)32768)
#define CLIENT_REDIRECTS_MAX  10
#define CLIENT_BODY_LIMIT     ((size_t)1 << 20)
#define CLIENT_CONNECT_MS     ((int64_t)10000)
#define CLIENT_TOTAL_MS       ((int64_t)60000)
#define CLIENT_STALL_MS       ((int64_t)30000)
#define CLIENT_TIMEOUT_MAX_MS ((int64_t)3600000)

struct client;
struct client_stream;

/* Zero and NULL mean what the comment says. Its texts outlive the client. */
struct client_options {
    size_t streams_max;     /* at once; CLIENT_STREAMS_MAX */
    bool environment_proxy; /* heed http_proxy and its kin; no */
    const char *library;    /* libcurl.so.4 */
    const char *ca_file;    /* certificates to trust; the system's */
};

enum client_method {
    CLIENT_GET,
    CLIENT_HEAD,
    CLIENT_POST,
    CLIENT_PUT,
    CLIENT_PATCH,
    CLIENT_DELETE
};

struct client_header {
    struct slice name;
    struct slice value;
};

/* Copied by client_open; zero means the default named above. */
struct client_request {
    enum client_method method;
    struct slice url; /* http or https, printable ASCII, no user name in it */
    const struct client_header *headers; /* no framing fields: they are ours */
    size_t header_count;
    struct slice body; /* empty for GET and HEAD */
    int64_t connect_ms;
    int64_t total_ms;
    int64_t stall_ms;  /* without a byte either way; not while we pause it */
    size_t body_limit; /* of the answer */
    /*
     * For GET and HEAD. The next host is sent the same headers, but for
     * Authorization and Cookie: keep other secrets out of such requests.
     */
    int max_redirects;
};

/* Of the last answer: 1xx and redirects that were followed leave no trace. */
struct client_head {
    int status;
    const struct client_header *headers; /* names as they were sent */
    size_t header_count;
};

struct client_response {
    struct client_head head;
    struct slice body;
};

MUST_USE enum status client_new(const struct client_options *options,
                                struct client **out);
/*
 * What is under way ends with STATUS_UNAVAILABLE. The streams stay valid
 * until they are closed, the client does not.
 */
void client_free(struct client *client);

/* Parks until the whole answer is there; it lives in `arena`. */
MUST_USE enum status client_call(struct client *client,
                                 const struct client_request *request,
                                 struct arena *arena,
                                 struct client_response *out);

/* Does not park. The stream belongs to the calling fiber alone. */
MUST_USE enum status client_open(struct client *client,
                                 const struct client_request *request,
                                 struct client_stream **out);
/* Parks until the answer's head is there; it lives as long as the stream. */
MUST_USE enum status client_stream_head(struct client_stream *stream,
                                        const struct client_head **out);
/*
 * Parks until there is something: all of the body that has arrived since the
 * last call, valid until the next; empty at the end.
 */
MUST_USE enum status client_stream_read(struct client_stream *stream,
                                        struct slice *out);
/* For CLEANUP; *stream may be NULL. Ends the transfer if it still runs. */
void client_stream_close(struct client_stream **stream);

/* The first field of that name, or empty. */
struct slice client_header_find(const struct client_head *head,
                                struct slice name);

/* Requests under way, and bytes that wait for the fiber: for metrics. */
size_t client_streams(struct client *client);
size_t client_stream_waiting(struct client_stream *stream);

#endif
