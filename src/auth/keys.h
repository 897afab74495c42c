/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys that tokens are signed with: rows of the table jwks, which all
 * processes share, the original's too.
 *
 * They are read at first use, and again every five seconds at most or when none
 * can sign. Between that everything is in memory, and while the database is
 * away what was read last goes on serving. A missing key is made on a thread
 * of its own: exactly one, however many ask at once in however many processes.
 *
 * Before a key's time is over the next one is published, so that nobody who
 * keeps the key set for keys_max_age meets a token it cannot verify.
 */
#ifndef AUTH_KEYS_H
#define AUTH_KEYS_H

#include "auth/auth.h"
#include "auth/key_ring.h"

struct token_cache;
struct token_seen;

struct keys_settings {
    enum key_algorithm algorithm;
    int64_t rotation_ms; /* a key signs that long; 0: for ever */
    int64_t grace_ms;    /* and is published that much longer */
    int64_t expires_ms;  /* of a token */
    struct slice issuer; /* and audience; lives as long as the keys */
    const struct secrets *secrets;
};

MUST_USE enum status keys_new(const struct keys_settings *settings,
                              struct keys **out);
/* After the loops stopped and before they are freed. NULL is allowed. */
void keys_free(struct keys *keys);

const struct keys_settings *keys_settings(const struct keys *keys);
/* NULL of NULL. */
struct token_cache *keys_tokens(struct keys *keys);
struct token_seen *keys_seen(struct keys *keys);
/* For how many seconds others may keep the key set. */
int64_t keys_max_age(const struct keys *keys);
/* key_ring_print of what was read last. */
uint64_t keys_print(const struct keys *keys);

/* What a ring is wanted for. */
enum keys_need {
    KEYS_TO_LIST,  /* there is at least one; it is made when there is none */
    KEYS_TO_SIGN,  /* one that signs; likewise */
    KEYS_TO_VERIFY /* whatever there is */
};

/*
 * A ring for as long as the call's arena. STATUS_UNREADABLE when a key should
 * sign but was sealed with a secret that is not here; the store's statuses
 * when there is nothing in memory that would do.
 */
MUST_USE enum status keys_take(const struct auth_call *call,
                               enum keys_need need,
                               const struct key_ring **out);
/*
 * The key of that id; looks into the table for one that another process has
 * just made, but no more often than every few seconds. NULL: there is none.
 */
MUST_USE enum status keys_find(const struct auth_call *call, struct slice id,
                               const struct key **out);
/*
 * A new key now, whatever there is. It is published at once and signs when
 * nobody goes by an older key set any more (keys_max_age); with `at_once` the
 * moment another process looks. What signed before is published for its grace.
 * *signs_at: by the wall clock.
 */
MUST_USE enum status keys_rotate(const struct auth_call *call, bool at_once,
                                 int64_t *signs_at);
/*
 * The private halves under the newest secret, so that an older one can be
 * given up; *count: how many were not. Those that do not open stay.
 */
MUST_USE enum status keys_reseal(const struct auth_call *call, size_t *count);

#endif
