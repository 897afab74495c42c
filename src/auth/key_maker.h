/* SPDX-License-Identifier: Apache-2.0 */
/*
 * New keys, made where they hold up no loop: an RSA key takes 50 to 300 ms.
 * For auth/keys.c.
 */
#ifndef AUTH_KEY_MAKER_H
#define AUTH_KEY_MAKER_H

#include "auth/jwks_row.h"

struct key_maker;

MUST_USE enum status key_maker_new(const struct secrets *secrets,
                                   enum key_algorithm algorithm,
                                   struct key_maker **out);
/* NULL is allowed. */
void key_maker_free(struct key_maker *maker);

/* From a fiber: parks until there is one. The row lives in the arena. */
MUST_USE enum status key_maker_run(struct key_maker *maker, struct arena *arena,
                                   struct jwks_row *out);

#endif
