/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that take the same time whether or not there is an account: what
 * writes a row is no slower for a stranger than what found nobody.
 *
 * Never makes an answer faster: who takes longer than the pace shows it, so
 * it is well above a durable write.
 */
#ifndef API_BETTER_AUTH_PACE_H
#define API_BETTER_AUTH_PACE_H

#include "base/status.h"

#include <stdint.h>

/* Taken before anything is looked up: when the answer may leave. */
int64_t pace_begin(void);
/* Parks the fiber until then; STATUS_CANCELLED as usual. */
MUST_USE enum status pace_wait(int64_t deadline);

#endif
