/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this server offers to readers and to those who are not yet: which ways
 * in there are, and what may be done with an account. Drawn from the settings
 * that decide it, so that screens need none of their own.
 */
#ifndef API_REST_OFFERS_H
#define API_REST_OFFERS_H

#include "api/better_auth/better_auth.h"
#include "codec/json_write.h"

/*
 * One object. Of accounts that another service keeps, what that service alone
 * knows is left out or off: nothing of it is answered here.
 */
void offers_write(const struct better_auth *kit, struct json_writer *json);

#endif
