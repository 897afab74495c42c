/* SPDX-License-Identifier: Apache-2.0 */
#include "app/chores.h"

#include "app/keys_open.h"
#include "base/log.h"

enum status chores_open(struct chores *chores, const struct config *config,
                        const struct auth *auth, struct arena *arena,
                        struct slice *why)
{
    chores->sweep.auth = auth;
    TRY(keys_open_names(config, arena, why, &chores->names));
    return audit_chain_new(auth->store, chores->names, &chores->chain);
}

void chores_start(struct chores *chores, struct loop *loop)
{
    if (sweep_start(&chores->sweep, loop) != STATUS_OK) {
        log_error("sweep_not_started", log_text("reason", SLICE("no memory")));
    }
    if (audit_chain_start(chores->chain, loop) != STATUS_OK) {
        log_error("audit_not_started", log_text("reason", SLICE("no memory")));
    }
}

void chores_stop(struct chores *chores)
{
    sweep_stop(&chores->sweep);
    audit_chain_stop(chores->chain);
}

void chores_close(struct chores *chores)
{
    audit_chain_free(chores->chain);
    audit_names_free(chores->names);
}
