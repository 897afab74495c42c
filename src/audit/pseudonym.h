/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the audit calls a user: the same for the same id, and nobody's name
 * without the key. When the account is erased, its rows stay and say nothing.
 *
 * A struct audit_names never changes; threads may share it.
 */
#ifndef AUDIT_PSEUDONYM_H
#define AUDIT_PSEUDONYM_H

#include "base/arena.h"

#define AUDIT_KEY_BYTES ((size_t)32)
/* As many as there can be secrets (auth/secrets.h). */
#define AUDIT_KEYS_MAX ((size_t)16)

struct audit_names;

/* The first names; the others did once, and are only looked for. */
struct audit_keys {
    unsigned char bytes[AUDIT_KEYS_MAX][AUDIT_KEY_BYTES];
    size_t count;
};

MUST_USE enum status audit_names_new(const struct audit_keys *keys,
                                     struct audit_names **out);
/* Wipes. NULL is allowed. */
void audit_names_free(struct audit_names *names);
/* How many keys. */
size_t audit_names_count(const struct audit_names *names);

/* "p_..." of that id under the key; empty for an empty one. */
MUST_USE enum status audit_name(const struct audit_names *names, size_t key,
                                struct slice user_id, struct arena *arena,
                                struct slice *out);

#endif
