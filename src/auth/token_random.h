/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The random texts of accounts, in the alphabets and lengths of the original,
 * every letter as likely as the others. They live as long as the arena.
 */
#ifndef AUTH_TOKEN_RANDOM_H
#define AUTH_TOKEN_RANDOM_H

#include "base/arena.h"

/* 32 of a-z A-Z 0-9: a row's id, a session's token. */
MUST_USE enum status token_random_id(struct arena *arena, struct slice *out);
/* 24 of the same: the token of a mailed password reset. */
MUST_USE enum status token_random_reset(struct arena *arena, struct slice *out);
/* 32 of 0-9 a-z: the token of a mailed deletion. */
MUST_USE enum status token_random_delete(struct arena *arena,
                                         struct slice *out);
/* RFC 9562 section 5.4: version 4. */
MUST_USE enum status token_random_uuid(struct arena *arena, struct slice *out);

#endif
