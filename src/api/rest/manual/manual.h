/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plain API described: an OpenAPI 3.1 document for programs, and a page
 * for people.
 *
 * Both are printed from the constants that answer and check requests (the
 * rows of routes.def, endpoints, shapes, statuses, the questionnaire), so that
 * they cannot say what the server does not do. Neither asks for anything from
 * elsewhere, and the page runs no script.
 *
 * Made once at start, in an arena of the process; immutable; all loops share
 * it.
 */
#ifndef API_REST_MANUAL_MANUAL_H
#define API_REST_MANUAL_MANUAL_H

#include "base/arena.h"

struct questionnaire;
struct table;

/* What this server's settings add to the constants. */
struct manual_facts {
    struct slice base_url; /* "https://book.example.org"; or empty */
    struct slice cookie;   /* the session's, by name */
    const struct questionnaire *questionnaire;
    size_t min_password;
    size_t max_password;
    const struct table *users;    /* whose further fields an open body takes */
    const struct slice *disabled; /* paths of Better Auth's, switched off */
    size_t disabled_count;
    bool tokens;             /* the calls that give them are there */
    bool accounts_elsewhere; /* another service keeps them */
    bool accounts_described; /* Better Auth's endpoints have a page too */
};

/* Something to serve, with its quoted entity-tag. */
struct manual_text {
    struct slice text;
    struct slice etag;
};

struct manual {
    struct manual_text document; /* GET /api/openapi.json */
    struct manual_text page;     /* GET /api/docs */
};

/* Of each of the two. */
#define MANUAL_MAX ((size_t)1 << 20)

/* `arena` has room for a few times MANUAL_MAX. */
MUST_USE enum status manual_make(const struct manual_facts *facts,
                                 struct arena *arena, struct manual *out);

#endif
