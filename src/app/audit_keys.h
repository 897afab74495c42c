/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of the audit's pseudonyms (audit/pseudonym.h), made of the secrets:
 * of the oldest that is configured, so that a reader keeps the name when a
 * newer secret is put in front, and of the others to look for. Once the
 * oldest is taken out, later rows have other names.
 */
#ifndef APP_AUDIT_KEYS_H
#define APP_AUDIT_KEYS_H

#include "audit/pseudonym.h"
#include "auth/secrets.h"

/* `secrets` as secrets_new() took them. */
MUST_USE enum status audit_keys_make(const struct secrets_settings *secrets,
                                     struct audit_keys *out);

#endif
