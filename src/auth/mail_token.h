/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The token of a mailed link that proves an address: signed, not stored, valid
 * until it expires and as often as it is used, byte for byte the original's.
 *
 * A token says what was asked for, by whom is for the caller to compare: the
 * row it names may have changed since. Results live as long as the arena.
 */
#ifndef AUTH_MAIL_TOKEN_H
#define AUTH_MAIL_TOKEN_H

#include "base/arena.h"

struct secrets;

/* What is empty is not written, and empty when it was not there. */
struct mail_token {
    struct slice email;        /* in lower case; the only one always there */
    struct slice update_to;    /* the address to change to, in lower case */
    struct slice request_type; /* "change-email-confirmation" and so on */
    struct slice user_id;
    int64_t issued_ms;  /* kept to the second */
    int64_t expires_ms; /* likewise */
};

MUST_USE enum status mail_token_make(const struct secrets *secrets,
                                     const struct mail_token *token,
                                     struct arena *arena, struct slice *out);
/*
 * STATUS_TOKEN_EXPIRED for one of ours that is too old, STATUS_INVALID_TOKEN
 * for anything else.
 */
MUST_USE enum status mail_token_open(const struct secrets *secrets,
                                     struct slice text, int64_t now_ms,
                                     struct arena *arena,
                                     struct mail_token *out);

#endif
