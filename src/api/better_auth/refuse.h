/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors in the original's form: {"message","code"}, the code left out where
 * it has none.
 */
#ifndef API_BETTER_AUTH_REFUSE_H
#define API_BETTER_AUTH_REFUSE_H

#include "api/better_auth/visit.h"

/* STATUS_OK when the answer was made, else `status` for the server's own. */
enum status visit_refuse_with(struct visit *visit, enum status status);

#endif
