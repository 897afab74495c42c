/* SPDX-License-Identifier: Apache-2.0 */
#include "app/accounts.h"

#include "app/accounts_settings.h"
#include "app/chores.h"
#include "app/database.h"
#include "app/external.h"
#include "app/keys_open.h"
#include "app/secret_file.h"
#include "auth/post.h"
#include "auth/sign_in.h"
#include "base/log.h"
#include "base/mem.h"
#include "codec/url.h"
#include "limit/guess.h"
#include "net/bcrypt_pool.h"

/* Settings and rules, for as long as the process lives. */
#define ACCOUNTS_ARENA_MAX ((size_t)1 << 20)
/* Imported passwords that wait for their one thread. */
#define BCRYPT_QUEUE ((size_t)64)

struct accounts {
    struct arena arena;
    struct schema schema;
    struct auth auth;
    struct better_auth kit;
    struct secrets *secrets;
    struct chores chores;
    struct loop *loop; /* where mails are sent from, and chores are done */
    struct message start_order;
    struct message stop_order;
};

static enum status open_secrets(struct accounts *accounts,
                                const struct config *config, struct slice *why)
{
    TRY(keys_open_secrets(config, &accounts->arena, why, &accounts->secrets));
    accounts->auth.secrets = accounts->secrets;
    return STATUS_OK;
}

static enum status open_database(struct accounts *accounts,
                                 const struct config *config, struct slice *why)
{
    TRY(database_open(config, &accounts->arena, why, &accounts->schema,
                      &accounts->auth.store));
    TRY(database_prepare(accounts->auth.store, &accounts->arena, why));
    accounts->auth.schema = &accounts->schema;
    return STATUS_OK;
}

static enum status open_limits(struct accounts *accounts,
                               const struct config *config, struct slice *why)
{
    const struct guess_options guessing = {.warn = sign_in_warn_owner,
                                           .arg = &accounts->auth};

    TRY(bcrypt_pool_new(BCRYPT_QUEUE, &accounts->auth.bcrypts));
    TRY(guess_new(&guessing, &accounts->auth.guesses));
    return accounts_limits(config, &accounts->arena, why, &accounts->kit);
}

/* Ours, or those of who keeps the accounts. */
static enum status open_keys(struct accounts *accounts,
                             const struct config *config, struct client *client)
{
    TRY(external_open(config, accounts->kit.plugins[JWT], client,
                      &accounts->arena, &accounts->auth));
    return accounts->kit.plugins[JWT] && accounts->auth.remote == NULL
               ? keys_open_signing(config, accounts->secrets,
                                   accounts->kit.origin, &accounts->auth.keys)
               : STATUS_OK;
}

static enum status open_post(struct accounts *accounts,
                             const struct config *config, struct client *client,
                             struct slice *why)
{
    struct post_settings settings = {
        .store = accounts->auth.store,
        .client = client,
        .from = config->MAIL_FROM,
        .spool = config->MAIL_SPOOL,
        .smtp_url = config->SMTP_URL,
        .templates = config->MAIL_TEMPLATES,
    };
    struct url url;

    if (!accounts->auth.settings.can_mail) {
        return STATUS_OK;
    }
    TRY(url_parse(&accounts->arena, accounts->kit.origin, &url));
    settings.site = url.host;
    return post_new(&settings, &accounts->arena, why, &accounts->auth.post);
}

static enum status fill(struct accounts *accounts, const struct config *config,
                        uint16_t port, struct api *api, struct slice *why)
{
    TRY(accounts_settings(config, port, &accounts->arena, &accounts->auth));
    TRY(accounts_kit(config, port, &accounts->arena, why, &accounts->kit));
    TRY(secret_file_suits(config, why));
    TRY(open_limits(accounts, config, why));
    TRY(open_database(accounts, config, why));
    TRY(open_secrets(accounts, config, why));
    TRY(open_keys(accounts, config, api->client));
    TRY(chores_open(&accounts->chores, config, &accounts->auth,
                    &accounts->arena, why));
    return open_post(accounts, config, api->client, why);
}

enum status accounts_open(const struct config *config, uint16_t port,
                          struct api *api, struct slice *why,
                          struct accounts **out)
{
    struct accounts *accounts = mem_alloc(sizeof(*accounts));
    enum status status;

    TRY_ALLOC(accounts);
    *out = accounts;
    arena_init(&accounts->arena, ACCOUNTS_ARENA_MAX);
    accounts->auth.hashes = api->hashes;
    accounts->kit.auth = &accounts->auth;
    *why = SLICE_EMPTY;
    status = fill(accounts, config, port, api, why);
    if (status != STATUS_OK && why->len == 0) {
        *why = status_text(status);
    }
    TRY(status);
    api->better_auth = &accounts->kit;
    return STATUS_OK;
}

static void obey_start(struct message *message)
{
    struct accounts *accounts =
        CONTAINER_OF(message, struct accounts, start_order);

    if (accounts->auth.post != NULL &&
        post_start(accounts->auth.post, accounts->loop) != STATUS_OK) {
        log_error("mail_not_started", log_text("reason", SLICE("no memory")));
    }
    chores_start(&accounts->chores, accounts->loop);
}

static void obey_stop(struct message *message)
{
    struct accounts *accounts =
        CONTAINER_OF(message, struct accounts, stop_order);

    if (accounts->auth.post != NULL) {
        post_stop(accounts->auth.post);
    }
    chores_stop(&accounts->chores);
}

void accounts_start(struct accounts *accounts, struct loop *loop)
{
    accounts->loop = loop;
    accounts->start_order.deliver = obey_start;
    accounts->stop_order.deliver = obey_stop;
    accounts->chores.sweep.limits_ms =
        limit_rules_longest_ms(&accounts->kit.limits);
    loop_post(loop, &accounts->start_order);
}

void accounts_stop(struct accounts *accounts)
{
    if (accounts->loop != NULL) {
        loop_post(accounts->loop, &accounts->stop_order);
    }
}

void accounts_close(struct accounts *accounts)
{
    if (accounts == NULL) {
        return;
    }
    post_free(accounts->auth.post);
    keys_free(accounts->auth.keys);
    external_close(&accounts->auth);
    store_close(accounts->auth.store);
    chores_close(&accounts->chores);
    bcrypt_pool_free(accounts->auth.bcrypts);
    guess_free(accounts->auth.guesses);
    accounts_limits_release(&accounts->kit);
    secrets_free(accounts->secrets);
    arena_release(&accounts->arena);
    mem_free(accounts);
}
