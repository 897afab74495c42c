/* SPDX-License-Identifier: Apache-2.0 */
#include "api/ops/health.h"

#include "api/api.h"
#include "api/better_auth/better_auth.h"
#include "auth/auth.h"
#include "http/request.h"
#include "http/response.h"
#include "store/store.h"

static void write_status(struct response *response, struct slice word)
{
    struct json_writer json;

    response_json(response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("status"));
    json_write_text(&json, word);
    json_write_end(&json);
    response_json_end(response, &json);
}

enum status ops_healthz(struct request *request, struct response *response)
{
    (void)request;
    write_status(response, SLICE("ok"));
    return STATUS_OK;
}

/*
 * Asks it: connections are made when somebody needs one, and that one is gone
 * shows when it is used. While it is known to be away nobody waits for it.
 */
static enum status ask_database(const struct better_auth *kit,
                                struct arena *arena)
{
    struct auth_call call = {.auth = kit->auth, .arena = arena};
    struct value nobody[] = {value_text(SLICE("0"))};
    enum status status;
    struct rows rows;

    if (store_state(kit->auth->store) == STORE_AWAY) {
        return STATUS_UNAVAILABLE;
    }
    status = auth_read(&call, QUERY_user_by_id, nobody, 1, &rows);
    /* That is no identifier here: an answer all the same. */
    TRY(status == STATUS_INVALID_VALUE ? STATUS_OK : status);
    return store_state(kit->auth->store) == STORE_READY ? STATUS_OK
                                                        : STATUS_UNAVAILABLE;
}

enum status ops_readyz(struct request *request, struct response *response)
{
    struct api *api = request->app;

    if (!atomic_load(&api->ready)) {
        return STATUS_UNAVAILABLE;
    }
    if (api->better_auth != NULL) {
        TRY(ask_database(api->better_auth, request->arena));
    }
    write_status(response, SLICE("ready"));
    return STATUS_OK;
}
