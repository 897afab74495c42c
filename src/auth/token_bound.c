/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/token_bound.h"

#include "auth/remote.h"
#include "auth/token_seen.h"
#include "base/clock.h"

/* In the place of the user, whom the token names itself. */
#define GUESS SLICE("guess")

/*
 * Without the signature: some algorithms have several for one text. Time and
 * keys play no part, since both are looked at before.
 */
static struct token_seen_key key_of(struct slice jwt)
{
    while (jwt.len > 0 && jwt.ptr[jwt.len - 1] != '.') {
        jwt.len--;
    }
    return (struct token_seen_key){.jwt = jwt};
}

enum status token_bound_find(const struct auth_call *call, struct slice jwt,
                             struct token_bound *out)
{
    const struct token_seen_key key = key_of(jwt);
    struct token_said said;

    if (call->auth->remote == NULL) {
        return STATUS_NOT_FOUND;
    }
    TRY(token_seen_find(call->auth->remote->bound, &key, call->arena, &said));
    *out = (struct token_bound){said.session_id, said.issued_ms,
                                slice_equal(said.user_id, GUESS)};
    return STATUS_OK;
}

void token_bound_put(const struct auth_call *call, struct slice jwt,
                     const struct token_bound *bound)
{
    const struct token_seen_key key = key_of(jwt);
    const struct token_said said = {.user_id =
                                        bound->is_guess ? GUESS : SLICE_EMPTY,
                                    .session_id = bound->session_id,
                                    .issued_ms = clock_wall_ms(),
                                    .expires_ms = 1};

    if (call->auth->remote != NULL) {
        token_seen_put(call->auth->remote->bound, &key, &said);
    }
}
