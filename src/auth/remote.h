/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Better Auth service that keeps the accounts, with AUTH_MODE=external:
 * how it is called, and by what its tokens are known.
 *
 * Never follows a redirect, keeps a cookie or writes down what was sent: a
 * password goes through and leaves no trace. Made at start, immutable; all
 * loops share it.
 */
#ifndef AUTH_REMOTE_H
#define AUTH_REMOTE_H

#include "auth/auth.h"
#include "net/client.h"

struct json;
struct remote_keys;
struct token_seen;

/* It hashes passwords, for many at once perhaps. */
#define REMOTE_CONNECT_MS ((int64_t)2000)
#define REMOTE_TOTAL_MS   ((int64_t)5000)
#define REMOTE_ANSWER_MAX ((size_t)65536)

struct remote {
    struct client *client;
    struct slice base_url; /* "https://accounts.example.org/api/auth" */
    struct slice origin;   /* "https://accounts.example.org" */
    struct slice issuer;   /* of its tokens */
    struct slice audience;
    struct remote_keys *keys; /* NULL: it makes no tokens */
    struct token_seen *bound; /* for token_bound.h */
};

struct remote_request {
    struct slice path;    /* below base_url */
    struct slice body;    /* JSON, to be sent with POST; ptr NULL: GET */
    struct slice cookie;  /* "name=value", or empty */
    struct slice address; /* whom it is for, as the service should count */
};

struct remote_answer {
    int status;              /* 200 to 499 */
    const struct json *body; /* NULL: it is not JSON */
    int64_t wait_ms;         /* of 429; 0: it does not say */
};

/*
 * In a fiber. The client's statuses; UPSTREAM, with a line in the log, for
 * 5xx, a redirect, or what is longer than REMOTE_ANSWER_MAX.
 */
MUST_USE enum status remote_call(const struct auth_call *call,
                                 const struct remote_request *request,
                                 struct remote_answer *out);

#endif
