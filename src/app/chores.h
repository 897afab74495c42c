/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server does by itself, on one of its loops: takes away what has
 * expired, and chains the audit.
 */
#ifndef APP_CHORES_H
#define APP_CHORES_H

#include "app/config.h"
#include "audit/chain.h"
#include "auth/sweep.h"

struct chores {
    struct sweep sweep;
    struct audit_names *names;
    struct audit_chain *chain;
};

/* On failure *why is a line for the operator; to be closed nevertheless. */
MUST_USE enum status chores_open(struct chores *chores,
                                 const struct config *config,
                                 const struct auth *auth, struct arena *arena,
                                 struct slice *why);
/* On the loop's own thread, both. */
void chores_start(struct chores *chores, struct loop *loop);
void chores_stop(struct chores *chores);
/* After the loop has ended. */
void chores_close(struct chores *chores);

#endif
