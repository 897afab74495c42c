/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens for other programs, and the keys they verify them by. */
#include "api/api.h"
#include "api/better_auth/better_auth.h"
#include "api/better_auth/endpoints.h"
#include "api/better_auth/jwt_header.h"
#include "api/better_auth/key_set.h"
#include "auth/keys.h"
#include "auth/remote.h"
#include "auth/remote_keys.h"
#include "auth/token.h"
#include "base/clock.h"
#include "http/conditional.h"

enum status get_token(struct visit *visit)
{
    struct json_writer json;
    struct slice jwt;

    TRY(token_make(&visit->call, &visit->session, &jwt));
    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("token"));
    json_write_text(&json, jwt);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

/* RFC 7240: preferences stand in a list, perhaps with parameters. */
static bool is_preferred(struct slice list, struct slice name)
{
    struct slice part;

    while (list.ptr != NULL && slice_split(&list, ',', &part)) {
        part = slice_trim(slice_head(part, slice_find(part, ';')));
        if (slice_equal_nocase(part, name)) {
            return true;
        }
    }
    return false;
}

bool jwt_header_is_wanted(const struct visit *visit)
{
    if (!visit->kit->plugins[JWT]) {
        return false;
    }
    switch (visit->kit->jwt_header) {
    case JWT_HEADER_ALWAYS:
        return true;
    case JWT_HEADER_ASKED:
        return is_preferred(request_field(visit->request, SLICE("prefer")),
                            SLICE("auth-jwt"));
    case JWT_HEADER_NEVER:
    default:
        return false;
    }
}

enum status jwt_header_add(struct visit *visit)
{
    enum status status;
    struct slice jwt;

    if (!jwt_header_is_wanted(visit)) {
        return STATUS_OK;
    }
    status = token_make(&visit->call, &visit->session, &jwt);
    if (status != STATUS_OK) {
        return status == STATUS_CANCELLED ? status : STATUS_OK;
    }
    response_field(visit->response, SLICE("set-auth-jwt"), jwt);
    visit_expose(visit, SLICE("set-auth-jwt"));
    return STATUS_OK;
}

/* A key set as others may keep it. */
struct key_set {
    struct slice jwks;
    struct slice etag;
    int64_t max_age_s;
};

static enum status take_keys(const struct auth_call *call, struct key_set *out)
{
    const struct key_ring *ring;

    TRY(keys_take(call, KEYS_TO_LIST, &ring));
    *out = (struct key_set){key_ring_jwks(ring), key_ring_etag(ring),
                            keys_max_age(call->auth->keys)};
    return STATUS_OK;
}

/* A mirror of theirs: who goes by it is as late as we may be, and no later. */
static enum status take_remote_keys(const struct auth_call *call,
                                    struct key_set *out)
{
    const struct remote_set *set;

    TRY(remote_keys_take(call->auth->remote->keys, call->arena, &set));
    *out = (struct key_set){remote_set_jwks(set), remote_set_etag(set),
                            REMOTE_KEYS_AGAIN_MS / 1000};
    return STATUS_OK;
}

/* The same bytes for everybody until a key comes or goes. */
static enum status answer_keys(const struct auth_call *call,
                               const struct request *request,
                               struct response *response)
{
    const struct conditional fields = {
        .if_none_match = request_field(request, SLICE("if-none-match")),
    };
    struct key_set set;
    struct validator now = {0};

    TRY(call->auth->remote == NULL ? take_keys(call, &set)
                                   : take_remote_keys(call, &set));
    TRY(arena_format(call->arena, &response->cache_control,
                     "public, max-age=%lld", (long long)set.max_age_s));
    now.etag = set.etag;
    response_field(response, SLICE("ETag"), now.etag);
    if (conditional_evaluate(&fields, true, &now) == CONDITIONAL_NOT_MODIFIED) {
        response->status = 304;
        return STATUS_OK;
    }
    response_text(response, SLICE("application/json"), set.jwks);
    return STATUS_OK;
}

enum status get_jwks(struct visit *visit)
{
    return answer_keys(&visit->call, visit->request, visit->response);
}

enum status well_known_jwks(struct request *request, struct response *response)
{
    const struct api *api = request->app;
    const struct better_auth *kit = api->better_auth;
    struct auth_call call;

    if (kit == NULL || !token_is_possible(kit->auth)) {
        return STATUS_NOT_FOUND;
    }
    call = (struct auth_call){
        .auth = kit->auth, .arena = request->arena, .now = clock_wall_ms()};
    return answer_keys(&call, request, response);
}
