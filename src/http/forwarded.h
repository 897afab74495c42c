/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who really sent a request that came through proxies.
 *
 * Never believes what a client may have written itself: only what a trusted
 * proxy added counts, read from the right, where each appends. With no trusted
 * proxies the fields are ignored. The Forwarded field (RFC 7239) is not read:
 * a proxy that adds only one of the two would leave the other to the client.
 */
#ifndef HTTP_FORWARDED_H
#define HTTP_FORWARDED_H

#include "http/client_address.h"

/* No real chain of proxies is longer. */
#define FORWARDED_HOPS_MAX 32

/*
 * The rightmost address not on the list, or the last good one when all are or
 * the next is malformed. `fields` are the values of X-Forwarded-For in the
 * order they arrived; ports ("192.0.2.1:80", "[2001:db8::1]:80") are dropped.
 */
struct client_address forwarded_client(const struct client_address *peer,
                                       const struct network_list *trusted,
                                       const struct slice *fields,
                                       size_t count);

/* X-Forwarded-Proto says https, once, and the peer may say so. */
bool forwarded_is_https(const struct client_address *peer,
                        const struct network_list *trusted, struct slice proto);

#endif
