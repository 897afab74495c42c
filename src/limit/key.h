/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By what requests are counted, in the original's spelling, so that both
 * servers find the same row in one database.
 *
 * Invariant: one client has one key, however its address was written, and so
 * have all addresses of one IPv6 subscriber (/64).
 */
#ifndef LIMIT_KEY_H
#define LIMIT_KEY_H

#include "http/client_address.h"

/* Eight groups of four digits with colons between them. */
#define LIMIT_ADDRESS_MAX ((size_t)39)
/* What is longer is no path of ours and shares one key with its like. */
#define LIMIT_PATH_MAX ((size_t)128)
#define LIMIT_KEY_MAX  (LIMIT_ADDRESS_MAX + 1 + LIMIT_PATH_MAX)

/* "192.0.2.1", or "2001:0db8:0001:0002:0000:0000:0000:0000". */
struct slice limit_key_of_address(const struct client_address *address,
                                  char out[static LIMIT_ADDRESS_MAX + 1]);
/* "192.0.2.1|/sign-in/email": the column "key" of the table rateLimit. */
struct slice limit_key_text(const struct client_address *address,
                            struct slice path,
                            char out[static LIMIT_KEY_MAX + 1]);

#endif
