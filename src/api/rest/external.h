/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /auth where another service keeps the accounts (AUTH_MODE=external): a call
 * goes on to it, and its answer comes back as ours. What the book knows of a
 * reader is written here, once the service has said yes and never before.
 *
 * A password goes through; it is neither kept nor logged.
 *
 * A refusal of the service is a refusal here, by its code; UPSTREAM and
 * UPSTREAM_TIMEOUT say that nothing is known of what it did.
 */
#ifndef API_REST_EXTERNAL_H
#define API_REST_EXTERNAL_H

#include "api/rest/rest.h"

/*
 * The body was checked. What could not be saved of it is not claimed to be:
 * the account is there, and the reader can send it again.
 */
MUST_USE enum status external_sign_up(struct rest *rest, struct slice email,
                                      struct slice name);
MUST_USE enum status external_sign_in(struct rest *rest, struct slice email);
/* For the caller's session. */
MUST_USE enum status external_refresh(struct rest *rest);
/* Its row is gone already: for what the service keeps elsewhere. */
MUST_USE enum status external_sign_out(struct rest *rest);

#endif
