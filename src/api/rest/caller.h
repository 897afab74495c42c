/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who calls the plain API, by whatever they show: a session token of /auth, a
 * token of Better Auth's /token, its bearer, or its cookie.
 *
 * The session is always looked up, so a sign-out, a ban or a deletion counts
 * from the next request on, on every server.
 */
#ifndef API_REST_CALLER_H
#define API_REST_CALLER_H

#include "api/rest/rest.h"

/*
 * rest->visit.session, extended when it is due. SIGN_IN_FIRST, TOKEN_OVER,
 * BANNED_USER. `may_be_over`: a token past its own time will do.
 */
MUST_USE enum status caller_find(struct rest *rest, bool may_be_over);

/*
 * The same, but who cannot be let in is a guest: visit.has_session is false,
 * and rest->refused says why. Who shows nothing costs no look at the database.
 */
MUST_USE enum status caller_find_or_guest(struct rest *rest);

/* rest->service, by its key. SERVICE_KEY_NEEDED. */
MUST_USE enum status caller_find_service(struct rest *rest);

/* What follows "Bearer "; ptr NULL: there is none. */
struct slice caller_bearer(const struct request *request);

#endif
