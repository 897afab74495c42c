/* SPDX-License-Identifier: Apache-2.0 */
#include "app/readers.h"

#include "api/better_auth/better_auth.h"
#include "api/rest/manual/manual.h"
#include "api/rest/rest.h"
#include "app/keys_open.h"
#include "base/mem.h"
#include "reader/profile.h"
#include "reader/questionnaire.h"
#include "reader/reader.h"
#include "reader/service.h"
#include "reader/vault.h"

/* The questionnaire in all its languages; document and page of the manual. */
#define READERS_ARENA_MAX (QUESTIONNAIRE_MEMORY_MAX + 16 * MANUAL_MAX)

struct readers {
    struct arena arena;
    struct questionnaire questionnaire;
    struct audit_names *names;
    struct reader reader;
    struct manual manual;
};

static enum status make_manual(struct readers *readers,
                               const struct better_auth *kit)
{
    const struct manual_facts facts = {
        .base_url = kit->origin,
        .cookie = kit->cookies.token,
        .questionnaire = &readers->questionnaire,
        .min_password = kit->auth->settings.min_password,
        .max_password = kit->auth->settings.max_password,
        .users = &kit->auth->schema->tables[TABLE_USER],
        .disabled = kit->disabled_paths,
        .disabled_count = kit->disabled_count,
        .tokens = rest_has_tokens(kit->auth),
        .accounts_elsewhere = kit->auth->remote != NULL,
        .accounts_described = kit->plugins[OPEN_API],
    };

    return manual_make(&facts, &readers->arena, &readers->manual);
}

static enum status fill(struct readers *readers, const struct config *config,
                        const struct better_auth *kit, struct slice *why)
{
    struct store *store = readers->reader.auth->store;

    TRY(questionnaire_load(config->QUESTIONNAIRE, &readers->arena, why,
                           &readers->questionnaire));
    readers->reader.questionnaire = &readers->questionnaire;
    TRY(profile_claims_name(&readers->reader, config->JWT_ANSWERS,
                            &readers->arena, why));
    TRY(make_manual(readers, kit));
    TRY(service_list_read(config->SERVICE_KEYS, &readers->arena, why,
                          &readers->reader.services));
    TRY(keys_open_names(config, &readers->arena, why, &readers->names));
    readers->reader.names = readers->names;
    return keys_open_vault(config, store, &readers->arena, why,
                           &readers->reader.vault);
}

enum status readers_open(const struct config *config, struct api *api,
                         struct slice *why, struct readers **out)
{
    struct readers *readers = mem_alloc(sizeof(*readers));
    enum status status;

    TRY_ALLOC(readers);
    *out = readers;
    arena_init(&readers->arena, READERS_ARENA_MAX);
    readers->reader.auth = api->better_auth->auth;
    *why = SLICE_EMPTY;
    status = fill(readers, config, api->better_auth, why);
    if (status != STATUS_OK && why->len == 0) {
        *why = status_text(status);
    }
    api->reader = &readers->reader;
    api->manual = &readers->manual;
    return status;
}

void readers_close(struct readers *readers)
{
    if (readers == NULL) {
        return;
    }
    vault_free(readers->reader.vault);
    audit_names_free(readers->names);
    arena_release(&readers->arena);
    mem_free(readers);
}
