/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbound thread: a loop like any other, whose sockets and timers are
 * libcurl's. Streams come to it as messages and are driven until they end.
 */
#ifndef NET_CLIENT_THREAD_H
#define NET_CLIENT_THREAD_H

#include "net/client_stream.h"

/* `client` must outlive it. libcurl is loaded on the new thread. */
MUST_USE enum status client_thread_new(struct client *client,
                                       struct client_thread **out);
/* Ends what runs with STATUS_UNAVAILABLE, then the thread. */
void client_thread_free(struct client_thread *thread);

/*
 * Under the stream's lock and not once it is done: the thread will look at
 * it, to begin, to go on or to end it.
 */
void client_thread_order(struct client_stream *stream);

#endif
