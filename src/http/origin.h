/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which origins may use this server from a browser, and which host names it
 * answers for. Everything comes from the settings; nothing from a request.
 *
 * Never trusts "null", a suffix without a dot, another port or scheme, or an
 * address that url_parse (codec/url.h) would not take apart in one way only.
 *
 * Without a public URL (development) every Host is accepted. A page that
 * rebinds its own name to this machine (DNS rebinding) then reaches the
 * server, but only as a stranger: no link, cookie or token is ever made from
 * Host, and browsers keep the cookies of "localhost" from other names. With a
 * public URL such requests get 421.
 *
 * A struct origin_rules is immutable and lives as long as its arena.
 */
#ifndef HTTP_ORIGIN_H
#define HTTP_ORIGIN_H

#include "codec/url.h"

/* One entry of the settings. */
struct origin_rule {
    struct url url;
    bool any_below; /* host begins with "." and stands for what is before it */
    bool any_port;
};

struct origin_rules {
    const struct origin_rule *rules;
    size_t count;
    bool any_host;
};

struct origin_settings {
    struct slice public_url;    /* BETTER_AUTH_URL; empty: development */
    struct slice frontend_urls; /* FRONTEND_URL, a comma list */
    uint16_t port;              /* where we listen */
};

/*
 * A path behind a host is dropped: an origin has none. An entry whose first
 * label is a star stands for all names below the rest, not for the rest; only
 * a star as port stands for other ports than the one written. In development
 * localhost and 127.0.0.1 at our port are trusted too. On failure *problem
 * says which entry is wrong, and why.
 */
MUST_USE enum status origin_rules_make(struct arena *arena,
                                       const struct origin_settings *settings,
                                       struct slice *problem,
                                       struct origin_rules *out);

/*
 * An Origin header, or the origin of a link we are asked to redirect to.
 * Without memory nobody knows: STATUS_NO_MEMORY, never "not allowed".
 */
MUST_USE enum status origin_allowed(const struct origin_rules *rules,
                                    struct arena *arena, struct slice origin,
                                    bool *allowed);

/* A Host header. Patterns count for origins, never for hosts. */
bool origin_host_allowed(const struct origin_rules *rules, struct slice host);

/* The fields of a request that CORS looks at; ptr NULL: absent. */
struct origin_cors_request {
    bool is_options;
    struct slice origin;
    struct slice request_method; /* Access-Control-Request-Method */
};

struct origin_cors {
    bool is_preflight;   /* to be answered 204, whoever asks */
    struct slice fields; /* whole header lines, each with its CRLF */
};

/*
 * What to add to any answer (Fetch standard, section 3.3): Vary: Origin in
 * any case, so that no cache gives one origin's answer to another; leave to
 * read it, with credentials, only for an allowed origin, by its exact name.
 */
MUST_USE enum status origin_cors_decide(const struct origin_rules *rules,
                                        struct arena *arena,
                                        const struct origin_cors_request *asked,
                                        struct origin_cors *out);

#endif
