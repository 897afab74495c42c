/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom the accounts trust: origins that may call them with cookies, and
 * addresses they may send a reader to. The settings are FRONTEND_URL, in the
 * form of http/origin.h, and BETTER_AUTH_TRUSTED_ORIGINS, in the original's:
 *
 *   https://book.example.org  this origin
 *   *.example.org             these hosts, by any scheme
 *   https://b*.example.org:*  what stands for the whole origin
 *   192.168.*.*               addresses, never names such as 192.168.evil.org
 *   myapp://                  any address of that scheme
 *   myapp://host/path         that path and all below
 *   exp://192.168.*.*:*       what stands for the whole address
 *
 * The wildcards are those of codec/wildcard.h.
 *
 * Never trusts what a browser may take for another address than we do: user
 * names, backslashes, controls, odd ports, addresses that are no dotted quad;
 * nor, whatever the pattern, schemes that run code or open files. There the
 * original is laxer, and so it is about a path that resolves to "//host".
 *
 * A struct trusted_rules is immutable and lives as long as its arena.
 */
#ifndef HTTP_TRUSTED_H
#define HTTP_TRUSTED_H

#include "http/origin.h"

/* They are walked by every request that has cookies. */
#define TRUSTED_PATTERNS_MAX ((size_t)64)

struct trusted_pattern;

struct trusted_rules {
    struct origin_rules origins; /* the public URL and FRONTEND_URL */
    const struct trusted_pattern *patterns;
    size_t count;
};

struct trusted_settings {
    struct origin_settings origins;
    struct slice patterns; /* BETTER_AUTH_TRUSTED_ORIGINS */
};

/* On failure *problem says which entry is wrong, and why. */
MUST_USE enum status trusted_init(struct arena *arena,
                                  const struct trusted_settings *settings,
                                  struct slice *problem,
                                  struct trusted_rules *out);

/* An Origin header, or a Referer. */
MUST_USE enum status trusted_origin(const struct trusted_rules *rules,
                                    struct arena *arena, struct slice origin,
                                    bool *trusted);

/*
 * A callbackURL or its like: a path on our own origin, or an address as
 * above. STATUS_FORBIDDEN_ORIGIN: it is not trusted. *location is the same
 * address written anew from its parts, in ASCII, without "." and "..": fit
 * for a header.
 */
MUST_USE enum status trusted_url(const struct trusted_rules *rules,
                                 struct arena *arena, struct slice url,
                                 struct slice *location);

#endif
