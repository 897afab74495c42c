/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the database is: the operator's URL as libpq reads it, with what we
 * insist on. One option is ours and never reaches libpq: prepare=off, for a
 * pooler between us and the server.
 *
 * Never logs or shows any part of the URL: it holds a password. Immutable
 * after parsing; all loops share it.
 */
#ifndef STORE_POSTGRES_ADDRESS_H
#define STORE_POSTGRES_ADDRESS_H

#include "base/arena.h"

/* libpq 15 knows 44 options; each is set at most once, ours too. */
#define POSTGRES_OPTIONS_MAX ((size_t)64)
/* Servers of one URL, and addresses of all their names together. */
#define POSTGRES_HOSTS_MAX ((size_t)16)

struct postgres_options {
    size_t count;
    /* One more than the most: libpq wants a NULL at the end. */
    const char *keywords[POSTGRES_OPTIONS_MAX + 1];
    const char *values[POSTGRES_OPTIONS_MAX + 1];
};

struct postgres_address {
    struct postgres_options options;
    bool unnamed;      /* prepare=off */
    bool has_names;    /* a host that must be looked up */
    struct slice host; /* as in the URL: a list with commas */
    struct slice port;
    size_t host_count;
};

MUST_USE enum status postgres_address_parse(struct slice url,
                                            int64_t timeout_ms,
                                            struct arena *arena,
                                            struct slice *why,
                                            struct postgres_address *out);

/* Sets an option, or gives it another value. */
MUST_USE enum status postgres_options_set(struct postgres_options *options,
                                          const char *keyword,
                                          const char *value);

#endif
