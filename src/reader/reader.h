/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the book knows about its readers: the questionnaire, their answers,
 * their progress. Policy only, like auth/: no HTTP, and SQL only by name.
 *
 * A struct reader is made at start and never changes; all loops share it.
 * Every function takes the call it serves, runs in a fiber and may park; what
 * it gives out lives as long as the call's arena.
 *
 * Nothing here is kept in memory between requests: what one server writes the
 * next request on any other sees.
 */
#ifndef READER_READER_H
#define READER_READER_H

#include "auth/auth.h"

struct question;
struct audit_names;
struct questionnaire;
struct service_list;
struct vault;

struct reader {
    const struct auth *auth;
    const struct questionnaire *questionnaire;
    struct vault *vault;
    const struct service_list *services; /* of SERVICE_KEYS */
    const struct audit_names *names;     /* the audit's, of readers */
    /* Whose answers ride in tokens (profile.h). */
    const struct question *const *claims;
    size_t claim_count;
};

#endif
