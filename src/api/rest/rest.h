/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plain API: /auth/... for clients without an SDK, and /api/... for what
 * the book knows of its readers.
 *
 * An endpoint is a constant that a row of routes.def names. Before its handler
 * runs: rate limit, origin, body against its shape, and who calls. A handler
 * returns a status; what is not STATUS_OK becomes
 * {"error":{"code","message","fields"?}}, and nothing was written.
 */
#ifndef API_REST_REST_H
#define API_REST_REST_H

#include "api/better_auth/visit.h"
#include "api/rest/shape.h"
#include "reader/reader.h"
#include "reader/service.h"

struct rest;

enum rest_who {
    REST_ANYONE,
    REST_READER, /* a session: JWT, Better Auth's bearer, or its cookie */
    REST_READER_OR_GUEST, /* the same if it holds, and nobody otherwise */
    REST_SERVICE          /* another service's key */
};

/* A parameter of the query or the path, for the documentation. */
struct rest_parameter {
    struct slice name;
    bool in_path;
    bool required;
    const struct shape *shape;
    struct slice text;
};

#define REST_PARAMETERS_MAX 4
#define REST_STATUSES_MAX   10

struct rest_endpoint {
    enum status (*handle)(struct rest *rest);
    enum rest_who who;
    bool gives_token;     /* there is none where tokens are switched off */
    struct slice name;    /* operationId: "signUp" */
    struct slice summary; /* what it does, in a sentence */
    struct slice path;    /* with {parameters}; empty: the row's own */
    /* Counted with this endpoint of Better Auth's; empty: not at all. */
    struct slice counted_as;
    const struct shape *input; /* of the body; NULL: none is read */
    bool input_may_lack;
    int success;                /* 200, 201 */
    const struct shape *output; /* of that answer; NULL: not JSON */
    /* What else it may answer, beside what all may: its own refusals. */
    enum status refusals[REST_STATUSES_MAX];
    struct rest_parameter parameters[REST_PARAMETERS_MAX];
    bool cacheable; /* anonymous, and the same for everybody */
    bool tagged;    /* with an ETag; cacheable ones have one anyway */
};

#define REST_BODY_MAX ((size_t)65536)

struct rest {
    struct visit visit; /* the call, its session, cookies and query */
    const struct rest_endpoint *endpoint;
    const struct reader *reader;
    struct slice tail; /* of the path, what a row's star took */
    const struct json *body;
    struct problems problems;
    struct service service; /* that calls, with REST_SERVICE */
    bool is_guess; /* its token named the user alone: it may be another one */
    enum status refused; /* of a guest who showed something that did not hold */
};

enum status rest_answer(struct request *request, struct response *response);

/* Whether endpoints are there that give tokens. */
bool rest_has_tokens(const struct auth *auth);

/* INVALID_FIELDS when any problem was noted. */
MUST_USE enum status rest_check_problems(const struct rest *rest);
/* One problem, and that status. */
enum status rest_refuse(struct rest *rest, enum status status,
                        struct slice field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* An entity-tag of these bytes, the same on every replica. */
MUST_USE enum status rest_tag(struct arena *arena, struct slice bytes,
                              struct slice *tag);
/*
 * Puts the entity-tag into the answer. True: the client has this already, and
 * the answer is 304 and complete.
 */
bool rest_is_unchanged(struct rest *rest, struct slice etag);

/* The caller's user id; only with a session. */
struct slice rest_user_id(const struct rest *rest);

/* "2026-01-02T03:04:05Z", or null for 0. */
void rest_write_time(struct json_writer *json, int64_t ms);
/* A date column of a record. */
void rest_write_date(struct json_writer *json, const struct record *record,
                     size_t column);

#endif
