/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a session's copy (auth/session_cache.h) lies in cookies: in one named
 * NAME, or, where browsers would drop that for its size, in NAME.0, NAME.1 and
 * so on, cut where the original cuts.
 *
 * Nothing is checked here: what was joined is as trustworthy as any cookie.
 * Names and values live as long as the arena, or point into what was given.
 */
#ifndef AUTH_SESSION_CACHE_COOKIE_H
#define AUTH_SESSION_CACHE_COOKIE_H

#include "codec/cookie.h"

/* Of a whole Set-Cookie value; Safari drops those of 4093 bytes. */
#define SESSION_CACHE_COOKIE_LIMIT ((size_t)4050)
#define SESSION_CACHE_CHUNKS_MAX   100

/*
 * The cookies to set for `whole`. STATUS_TOO_LARGE when a hundred would not
 * do: then go without.
 */
MUST_USE enum status
session_cache_split(struct cookie whole,
                    const struct cookie_attributes *attributes,
                    struct arena *arena, struct cookies *out);

/* STATUS_NOT_FOUND when the request has none; gaps are closed, not told. */
MUST_USE enum status session_cache_join(const struct cookies *request,
                                        struct slice name, struct arena *arena,
                                        struct slice *out);

/*
 * The request's cookies of this kind that are not among the `fresh`, with
 * empty values: those to expire.
 */
MUST_USE enum status session_cache_stale(const struct cookies *request,
                                         struct slice name,
                                         const struct cookies *fresh,
                                         struct arena *arena,
                                         struct cookies *out);

#endif
