/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request as libcurl sees it: the options that hold for every request,
 * and the callbacks that bring its answer to the stream. Everything here runs
 * on the outbound thread.
 */
#ifndef NET_CLIENT_TRANSFER_H
#define NET_CLIENT_TRANSFER_H

#include "net/client_curl.h"
#include "net/client_stream.h"

/* Sets stream->easy, ready to be added to a multi handle. */
MUST_USE enum status client_transfer_begin(const struct client_curl *curl,
                                           struct client_stream *stream);
/* What libcurl's verdict means to the fiber; a failure is logged. */
enum status client_transfer_verdict(const struct client_curl *curl,
                                    struct client_stream *stream,
                                    CURLcode code);

#endif
