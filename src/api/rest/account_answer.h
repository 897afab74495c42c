/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the endpoints of /auth answer, wherever the accounts are kept.
 */
#ifndef API_REST_ACCOUNT_ANSWER_H
#define API_REST_ACCOUNT_ANSWER_H

#include "api/rest/rest.h"
#include "reader/profile.h"

/* What a client shows from now on, and for how many seconds. */
struct account_token {
    struct slice text; /* ptr NULL: none yet */
    int64_t seconds;
};

struct account_signed {
    struct slice user_id;
    struct slice email;
    struct account_token token;
    struct slice background; /* a JSON object */
    bool is_complete;        /* for a sign-up */
};

void account_answer_sign_up(struct rest *rest, const struct account_signed *in);
void account_answer_sign_in(struct rest *rest, const struct account_signed *in);
void account_answer_token(struct rest *rest, const struct account_token *token);
/* The caller's account. */
void account_answer_account(struct rest *rest, const struct profile *profile);

#endif
