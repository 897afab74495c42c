/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the service that keeps the accounts says no with, in our words.
 */
#ifndef API_REST_EXTERNAL_REFUSAL_H
#define API_REST_EXTERNAL_REFUSAL_H

#include "api/rest/rest.h"
#include "auth/remote.h"

/*
 * For an answer of 400 to 499, by its code. One we do not know is
 * ACCOUNTS_REFUSED with its text; UPSTREAM, with a line in the log, what is
 * about our request and not about the reader's.
 */
MUST_USE enum status external_refuse(struct rest *rest,
                                     const struct remote_answer *answer);
/* It could not write, and may when it is asked again. */
bool external_may_pass(const struct remote_answer *answer);
/* For an answer of 200 that opened no account or session. */
MUST_USE enum status external_refuse_odd(struct rest *rest,
                                         const struct remote_answer *answer);

#endif
