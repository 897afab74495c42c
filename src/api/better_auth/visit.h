/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of /api/auth: what came in, taken apart once, and what goes out.
 *
 * An endpoint is a row of routes.def. Before its handler runs, in the
 * original's order: disabled paths, rate limit, the body's type and syntax,
 * origin and CSRF rules, the bearer, the fields, the session. A handler
 * returns a status; what is not STATUS_OK becomes {"message","code"} with the
 * texts of status.def, or with `message` where the handler set one.
 */
#ifndef API_BETTER_AUTH_VISIT_H
#define API_BETTER_AUTH_VISIT_H

#include "api/better_auth/input.h"
#include "auth/session.h"
#include "codec/cookie.h"
#include "codec/form.h"
#include "http/request.h"
#include "http/response.h"

struct api;
struct better_auth;
struct visit;

/* Whose session an endpoint needs. */
enum visit_who {
    ANYONE,
    SIGNED_IN,
    FRESH /* and signed in not long ago */
};

enum visit_plugin {
    CORE,
    JWT,
    ADMIN,
    OPEN_API
};

struct endpoint {
    enum status (*handle)(struct visit *visit);
    const struct input *input;
    enum visit_who who;
    enum visit_plugin plugin;
};

struct visit {
    struct request *request;
    struct response *response;
    struct arena *arena;
    const struct api *api;
    const struct better_auth *kit;
    const struct endpoint *endpoint; /* NULL: there is none at this path */
    struct auth_call call;
    struct slice path;         /* below /api/auth */
    struct slice counted_path; /* the same without slashes at its end */
    struct buf exposed;        /* fields that scripts may read */
    struct cookies cookies;
    struct form query;
    const struct json *body; /* an object, or NULL without one */
    struct slice message;    /* of an error, in place of the status' text */
    bool no_body;            /* an error goes out without one */
    bool empty_body;         /* or with one of no bytes, called JSON */
    int http;                /* of an error, in place of the status' own */
    int64_t wait_ms;         /* of TOO_MANY_REQUESTS */

    struct slice token; /* the caller's session, when a signature said so */
    bool brief;         /* the caller is not to be remembered */
    bool looked;        /* `has_session` is known */
    bool has_session;
    struct session session;
    struct slice given_token; /* of the session cookie in this answer */
};

/* What rows with a star and the exact ones go to. */
enum status better_auth_answer(struct request *request,
                               struct response *response);

/* What every API begins with: who calls from where, cookies and query. */
MUST_USE enum status visit_begin(struct visit *visit, struct request *request,
                                 struct response *response);
/*
 * visit->token, of a bearer or a cookie that we signed; and visit->brief, by
 * which a session is not extended.
 */
MUST_USE enum status visit_find_token(struct visit *visit);

/* Whether the operator switched visit->counted_path off. */
bool visit_is_disabled(const struct visit *visit);

/*
 * Finds the caller's session, extends it when it is due, and sets or expires
 * cookies as the original does; *found in visit->has_session.
 */
MUST_USE enum status visit_session(struct visit *visit);
/* The same without extending or any cookie. */
MUST_USE enum status visit_session_quietly(struct visit *visit);

/* A member of the body, or NULL. */
const struct json *visit_member(const struct visit *visit, struct slice name);
/* Its text; ptr NULL when it is absent, null or of another kind. */
struct slice visit_text(const struct visit *visit, struct slice name);
/* `otherwise` when it is absent or no boolean. */
bool visit_flag(const struct visit *visit, struct slice name, bool otherwise);
/* A parameter of the query; ptr NULL: absent. */
struct slice visit_query(const struct visit *visit, struct slice name);
/* As JavaScript takes it: any text but the empty one is true. */
bool visit_query_flag(const struct visit *visit, struct slice name);

/* Lets scripts of other origins read a field of the answer. */
void visit_expose(struct visit *visit, struct slice name);

/* For errors whose text names a field: returns `status`. */
enum status visit_refuse(struct visit *visit, enum status status,
                         const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "session" and "user", into an object that is open. */
void visit_write_session(struct json_writer *json,
                         const struct session *session);
/* {"name":true} and the like. */
enum status visit_answer_flag(struct visit *visit, struct slice name);
/* 302 to a place that was checked. */
enum status visit_redirect(struct visit *visit, struct slice url);
/* The URL with name=value added to its query. */
MUST_USE enum status visit_url_with(struct visit *visit, struct slice url,
                                    struct slice name, struct slice value,
                                    struct slice *out);
/* The same with name=value added to its query. */
enum status visit_redirect_with(struct visit *visit, struct slice url,
                                struct slice name, struct slice value);
/*
 * A URL we are asked to go to; empty and absent ones pass. *url becomes the
 * address written anew, fit for a header.
 */
MUST_USE enum status visit_check_url(struct visit *visit, struct slice *url,
                                     enum status refusal);

#endif
