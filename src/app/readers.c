/* SPDX-License-Identifier: Apache-2.0 */
#include "app/readers.h"

#include "app/keys_open.h"
#include "base/mem.h"
#include "reader/profile.h"
#include "reader/questionnaire.h"
#include "reader/vault.h"

/* The questionnaire in all its languages. */
#define READERS_ARENA_MAX ((size_t)16 << 20)

struct readers {
    struct arena arena;
    struct questionnaire questionnaire;
    struct reader reader;
};

static enum status fill(struct readers *readers, const struct config *config,
                        struct slice *why)
{
    struct store *store = readers->reader.auth->store;

    TRY(questionnaire_load(config->QUESTIONNAIRE, &readers->arena, why,
                           &readers->questionnaire));
    readers->reader.questionnaire = &readers->questionnaire;
    TRY(profile_claims_name(&readers->reader, config->JWT_ANSWERS,
                            &readers->arena, why));
    return keys_open_vault(config, store, &readers->arena, why,
                           &readers->reader.vault);
}

enum status readers_open(const struct config *config, const struct auth *auth,
                         struct slice *why, struct readers **out)
{
    struct readers *readers = mem_alloc(sizeof(*readers));
    enum status status;

    TRY_ALLOC(readers);
    *out = readers;
    arena_init(&readers->arena, READERS_ARENA_MAX);
    readers->reader.auth = auth;
    *why = SLICE_EMPTY;
    status = fill(readers, config, why);
    if (status != STATUS_OK && why->len == 0) {
        *why = status_text(status);
    }
    return status;
}

const struct reader *readers_get(const struct readers *readers)
{
    return &readers->reader;
}

void readers_close(struct readers *readers)
{
    if (readers == NULL) {
        return;
    }
    vault_free(readers->reader.vault);
    arena_release(&readers->arena);
    mem_free(readers);
}
