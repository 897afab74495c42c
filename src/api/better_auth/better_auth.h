/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all calls of /api/auth share: how cookies are named, who is trusted,
 * what is switched off. Made at start, immutable but for the counters.
 */
#ifndef API_BETTER_AUTH_BETTER_AUTH_H
#define API_BETTER_AUTH_BETTER_AUTH_H

#include "api/better_auth/visit.h"
#include "auth/session_cache.h"
#include "http/trusted.h"
#include "limit/rules.h"

struct limiter;

#define BETTER_AUTH_BASE      SLICE("/api/auth")
#define BETTER_AUTH_BODY_MAX  65536
#define BETTER_AUTH_QUERY_MAX ((size_t)64)

struct cookie_names {
    struct slice token;
    struct slice data;
    struct slice dont_remember;
    struct slice admin;
};

struct cookie_look {
    struct slice domain;
    bool secure;
    bool partitioned;
    enum cookie_same_site same_site;
};

struct session_copy {
    enum session_cache_form form; /* of the second cookie */
    bool on;
    int64_t age_ms;
    struct slice version;
};

enum jwt_header {
    JWT_HEADER_ASKED,
    JWT_HEADER_ALWAYS,
    JWT_HEADER_NEVER
};

struct better_auth {
    const struct auth *auth;
    struct cookie_names cookies;
    struct cookie_look look;
    struct session_copy copy;
    struct trusted_rules trusted;
    struct limiter *limiter; /* NULL: nothing is counted */
    struct limit_rules limits;
    bool limits_in_database;
    const struct slice *disabled_paths;
    size_t disabled_count;
    bool bearer;
    bool plugins[OPEN_API + 1];
    enum jwt_header jwt_header;
    struct slice error_url;
    struct slice origin; /* "https://book.example.org" */
};

/* The original's names with the prefix; Secure ones begin "__Secure-". */
MUST_USE enum status better_auth_name_cookies(struct arena *arena,
                                              struct slice prefix, bool secure,
                                              struct cookie_names *out);

/* Whether the operator switched that path below /api/auth off. */
bool better_auth_is_disabled(const struct better_auth *kit, struct slice path);

#endif
