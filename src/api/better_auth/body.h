/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a call: JSON, or a form where an endpoint takes one, as an
 * object. What is not declared as either is refused before it is looked at.
 */
#ifndef API_BETTER_AUTH_BODY_H
#define API_BETTER_AUTH_BODY_H

#include "api/better_auth/visit.h"

/* UNSUPPORTED_MEDIA_TYPE, INVALID_JSON, TOO_LARGE; visit->body. */
MUST_USE enum status body_read(struct visit *visit);

#endif
