/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cookies of a session: its signed token, the copy of session and user
 * when that is on, and the mark of one that is not to be remembered.
 */
#ifndef API_BETTER_AUTH_SESSION_COOKIE_H
#define API_BETTER_AUTH_SESSION_COOKIE_H

#include "api/better_auth/visit.h"
#include "auth/session_cache.h"

/* Token, copy and mark, as after signing in. */
MUST_USE enum status session_cookie_set(struct visit *visit,
                                        const struct session *session,
                                        bool brief);
/* The copy alone; nothing when it is off. */
MUST_USE enum status session_cookie_copy(struct visit *visit,
                                         const struct session *session,
                                         bool brief);
/* All of them, with every part of the copy that came in. */
MUST_USE enum status session_cookie_clear(struct visit *visit);
/* The copy's alone. */
MUST_USE enum status session_cookie_clear_copy(struct visit *visit);

/* Only those that came in. */
MUST_USE enum status session_cookie_clear_parts(struct visit *visit);

/* STATUS_NOT_FOUND without one, STATUS_INVALID_TOKEN when it does not count. */
MUST_USE enum status session_cookie_read_copy(struct visit *visit,
                                              struct session_cache *out);

/* One more cookie with the session's attributes; age 0 expires it. */
MUST_USE enum status session_cookie_put(struct visit *visit, struct slice name,
                                        struct slice value, int64_t age_ms);
#define SESSION_COOKIE_NO_AGE ((int64_t)-1)

#endif
