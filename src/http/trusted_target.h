/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An address somebody asks us to trust, taken apart. Used by http/trusted.c
 * only.
 */
#ifndef HTTP_TRUSTED_TARGET_H
#define HTTP_TRUSTED_TARGET_H

#include "codec/url.h"

struct trusted_target {
    struct slice text;      /* as it came */
    struct slice scheme;    /* lower-case; empty: a path of ours */
    bool is_web;            /* http or https */
    struct url url;         /* of the web: scheme, host and port */
    struct slice origin;    /* of the web: as browsers write it */
    struct slice host;      /* with a port perhaps */
    struct slice authority; /* lower-case */
    struct slice path;      /* decoded and resolved; "" or from "/" on */
    bool has_dots;          /* "." or ".." had to be resolved */
    struct slice location;  /* written anew */
};

/* STATUS_INVALID_VALUE: nobody should be sent there. */
MUST_USE enum status trusted_target_read(struct arena *arena, struct slice text,
                                         struct trusted_target *out);

/* Scheme, authority and path of an address or a pattern that is not of the
 * web; false when it has no scheme. */
struct trusted_parts {
    struct slice scheme;
    struct slice authority;
    struct slice path;
};

bool trusted_parts_split(struct slice text, struct trusted_parts *out);
/* Decoded, where it can be, and without empty, "." and ".." segments. */
MUST_USE enum status trusted_path_resolve(struct arena *arena,
                                          struct slice path, bool *has_dots,
                                          struct slice *out);
MUST_USE enum status trusted_lower(struct arena *arena, struct slice text,
                                   struct slice *out);
/* Schemes that run code, or show what is not of the web. */
bool trusted_scheme_is_dangerous(struct slice scheme);

#endif
