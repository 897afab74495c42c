/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other services that may read what readers know: who they are, by the key
 * they send.
 *
 * A key is made once and shown once; what is kept is its SHA-256, which is
 * enough since a key is 256 random bits. Keys of the setting SERVICE_KEYS are
 * kept in the same way, in memory. A key that is revoked counts for nothing
 * from the next request on, on every server: each request looks.
 *
 * Every read is written to the audit before it is answered.
 */
#ifndef READER_SERVICE_H
#define READER_SERVICE_H

#include "auth/auth.h"

/* "bps_" and 32 random bytes in base64url. */
#define SERVICE_KEY_PREFIX SLICE("bps_")
#define SERVICE_KEY_LEN    ((size_t)47)
#define SERVICE_NAME_MAX   ((size_t)64)
/* Of SERVICE_KEYS. */
#define SERVICE_LIST_MAX   ((size_t)64)
#define SERVICE_KEY_MIN    ((size_t)32)
#define SERVICE_KEY_MAX    ((size_t)512)
#define SERVICE_SCOPE_READ SLICE("background:read")
#define SERVICE_LISTED_MAX ((size_t)1000)

struct service {
    struct slice id; /* the row's; empty for one of the setting */
    struct slice name;
    struct slice scopes; /* with a space between */
};

/* What the setting says. */
struct service_list;

/*
 * "name:key,name:key". STATUS_INVALID_VALUE and *why, one line that shows no
 * key. Lives as long as the arena.
 */
MUST_USE enum status service_list_read(struct slice text, struct arena *arena,
                                       struct slice *why,
                                       const struct service_list **out);

/* A name that fits into a log and an actor: letters, digits and "._-". */
bool service_name_is_good(struct slice name);

/* STATUS_NOT_FOUND: the key is unknown or was revoked. `list` may be NULL. */
MUST_USE enum status service_find(const struct auth_call *call,
                                  const struct service_list *list,
                                  struct slice key, struct service *out);
bool service_may(const struct service *service, struct slice scope);

/*
 * That it read, durably, and when it last came, to the minute. `about` says
 * whom (subject) and perhaps more (detail).
 */
MUST_USE enum status service_note_read(const struct auth_call *call,
                                       const struct service *service,
                                       const struct audit_note *about);

/*
 * *key is shown once. STATUS_TAKEN: there is one of that name that was not
 * revoked. The name is good and the scopes are known.
 */
MUST_USE enum status service_add(const struct auth_call *call,
                                 struct slice name, struct slice scopes,
                                 struct slice *key);
/* STATUS_NOT_FOUND when there is none, or it was revoked before. */
MUST_USE enum status service_revoke(const struct auth_call *call,
                                    struct slice name);
/* name, scopes, created_at, last_used_at, revoked_at; by name. */
MUST_USE enum status service_rows(const struct auth_call *call,
                                  struct rows *out);

#endif
