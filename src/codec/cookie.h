/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cookies (RFC 6265): the Cookie header of a request taken apart, the
 * Set-Cookie header of an answer written.
 *
 * Never fails a request for a stranger's cookie: other programs on the same
 * host send theirs to us as well, so parts that are no cookie are passed
 * over. Never writes a value that could end the header or add an attribute.
 * Values are not decoded here: codec/percent.h does that.
 *
 * Names and values point into the header.
 */
#ifndef CODEC_COOKIE_H
#define CODEC_COOKIE_H

#include "base/buf.h"

/* Browsers keep 180 a site at most, and our largest session needs 101. */
#define COOKIE_COUNT_MAX 200

/* 400 days: what browsers cut Max-Age to, and the peers refuse to pass. */
#define COOKIE_AGE_MAX 34560000

struct cookie {
    struct slice name;
    struct slice value; /* without the quotes around it */
};

struct cookies {
    struct cookie *all; /* each name once */
    size_t count;
};

/*
 * Of a name that comes twice the first counts, as in the peers. More than
 * COOKIE_COUNT_MAX parts are STATUS_HEADERS_TOO_LARGE.
 */
MUST_USE enum status cookie_parse(struct arena *arena, struct slice header,
                                  struct cookies *out);

/* False, and *value untouched, when there is none of this name. */
bool cookie_find(const struct cookies *cookies, struct slice name,
                 struct slice *value);

enum cookie_same_site {
    COOKIE_SAME_SITE_UNSET,
    COOKIE_SAME_SITE_LAX,
    COOKIE_SAME_SITE_STRICT,
    COOKIE_SAME_SITE_NONE
};

struct cookie_attributes {
    bool has_max_age; /* else the cookie ends with the browser's session */
    int64_t max_age;  /* seconds; 0 deletes */
    struct slice domain;
    struct slice path;
    bool http_only;
    bool secure;
    bool partitioned;
    enum cookie_same_site same_site;
};

/*
 * Appends the value of a Set-Cookie header. STATUS_INVALID_VALUE, and nothing
 * written, for a name, value or attribute with a character it may not have,
 * an age out of bounds, or what every browser would drop: SameSite=None,
 * Partitioned or a __Secure- name without Secure, a __Host- name with a
 * Domain or without Path=/.
 */
MUST_USE enum status cookie_write(struct buf *buf, struct cookie cookie,
                                  const struct cookie_attributes *attributes);

#endif
