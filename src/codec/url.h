/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Absolute http and https URLs and origins (RFC 3986, RFC 6454), for
 * configuration, CORS and redirect targets.
 *
 * Never repairs: whatever two readers might take apart in two ways is
 * refused. That is user information, backslashes, spaces, controls, bytes
 * beyond ASCII, "." and ".." as segments (encoded too), a bad "%", hosts that
 * look like numbers but are no dotted quad, empty or leading-zero ports.
 *
 * Invariant: scheme, host and port are canonical, so two URLs have the same
 * origin exactly when these three are equal. The host is lower-case, an IPv6
 * address as browsers print it, in brackets. `host` lives in the arena, the
 * other parts point into the text.
 */
#ifndef CODEC_URL_H
#define CODEC_URL_H

#include "base/arena.h"

/* Longer ones do not survive browsers and proxies anyway. */
#define URL_LENGTH_MAX 2048

struct url {
    struct slice scheme; /* "http" or "https" */
    struct slice host;
    uint16_t port;         /* the scheme's own when not written */
    struct slice path;     /* "" or from "/" on; as written */
    struct slice query;    /* behind "?"; ptr NULL: there is none */
    struct slice fragment; /* behind "#"; ptr NULL: there is none */
};

/* STATUS_INVALID_VALUE for anything odd. */
MUST_USE enum status url_parse(struct arena *arena, struct slice text,
                               struct url *out);
/* Nothing behind host and port: an Origin header, or a setting. */
MUST_USE enum status url_parse_origin(struct arena *arena, struct slice text,
                                      struct url *out);

/* "https://host" or "https://host:8443"; never the scheme's own port. */
MUST_USE enum status url_origin_text(struct arena *arena, const struct url *url,
                                     struct slice *out);
bool url_origin_equal(const struct url *a, const struct url *b);

/*
 * A path on our own origin, with query and fragment perhaps, that no browser
 * takes for another host: one slash first, and nothing that url_parse would
 * refuse.
 */
bool url_is_path(struct slice text);

#endif
