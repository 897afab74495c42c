/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The address of a client, and lists of networks to compare it with.
 *
 * Never asks the name service, never takes zone names, octal or shortened
 * forms. A value: copy it freely. A list of networks lives in its arena and is
 * immutable.
 *
 * Invariant: one address has one representation. IPv4 is kept as the mapped
 * ::ffff:a.b.c.d, so a client is the same whichever socket it came through.
 */
#ifndef HTTP_CLIENT_ADDRESS_H
#define HTTP_CLIENT_ADDRESS_H

#include "base/arena.h"

#include <sys/socket.h>

/* The longest text form and its NUL. */
#define CLIENT_ADDRESS_TEXT_SIZE ((size_t)46)

struct client_address {
    unsigned char bytes[16];
};

/* Of a socket's peer; ::1 for a family that has no addresses (AF_UNIX). */
struct client_address client_address_from_socket(const struct sockaddr *peer);

/* "192.0.2.1" or "2001:db8::1", nothing before or after it. */
bool client_address_read(struct slice text, struct client_address *out);
/* Writes the canonical text (RFC 5952) and returns it. */
struct slice client_address_text(const struct client_address *address,
                                 char out[static CLIENT_ADDRESS_TEXT_SIZE]);

bool client_address_equal(const struct client_address *a,
                          const struct client_address *b);
bool client_address_is_ipv4(const struct client_address *address);

/*
 * What limits count by: an IPv4 address itself, of IPv6 the /64, which is
 * what one subscriber gets and can vary at will.
 */
struct client_address client_address_key(const struct client_address *address);

struct network {
    struct client_address base;
    unsigned prefix; /* bits of `base`, 0 to 128 */
};

struct network_list {
    const struct network *networks;
    size_t count;
};

/*
 * "10.0.0.0/8, 2001:db8::/32, 192.0.2.7": an address alone is a network of
 * one. On failure *problem says which entry is wrong, and why.
 */
MUST_USE enum status network_list_parse(struct arena *arena, struct slice text,
                                        struct slice *problem,
                                        struct network_list *out);
/* ::/0 does not contain IPv4 addresses; 0.0.0.0/0 contains all of them. */
bool network_list_contains(const struct network_list *list,
                           const struct client_address *address);

#endif
