/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/token.h"

#include "auth/keys.h"
#include "auth/record_json.h"
#include "auth/remote.h"
#include "auth/remote_keys.h"
#include "auth/token_cache.h"
#include "auth/token_seen.h"
#include "codec/json_read.h"
#include "crypto/jws.h"

/* How far another process' clock may be ahead of ours. */
#define LEEWAY_MS ((int64_t)5000)

/* The claims that are ours to make, whatever an operator calls a column. */
static bool is_claim(struct slice name)
{
    static const struct slice claims[] = {
        SLICE_INIT("iat"), SLICE_INIT("sub"), SLICE_INIT("exp"),
        SLICE_INIT("iss"), SLICE_INIT("aud"), SLICE_INIT("nbf"),
        SLICE_INIT("sid"),
    };

    for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
        if (slice_equal(name, claims[i])) {
            return true;
        }
    }
    return false;
}

static void write_user(struct json_writer *json, const struct record *user)
{
    const struct table *table = user->table;

    for (size_t i = 1; i < table->column_count; i++) {
        if (!is_claim(table->columns[i].name)) {
            record_write_member(json, user, i);
        }
    }
    record_write_member(json, user, USER_ID);
}

static void write_claims(const struct auth_call *call, struct json_writer *json,
                         const struct record *user)
{
    const struct keys_settings *settings = keys_settings(call->auth->keys);
    int64_t issued = call->now / 1000;

    json_write_name(json, SLICE("sub"));
    json_write_text(json, record_text(user, USER_ID));
    json_write_name(json, SLICE("exp"));
    json_write_int64(json, issued + settings->expires_ms / 1000);
    json_write_name(json, SLICE("iss"));
    json_write_text(json, settings->issuer);
    json_write_name(json, SLICE("aud"));
    json_write_text(json, settings->issuer);
}

static void write_session(struct json_writer *json,
                          const struct session *session)
{
    json_write_name(json, SLICE("sid"));
    json_write_text(json, record_text(&session->row, SESSION_ID));
}

static enum status write_payload(const struct auth_call *call,
                                 const struct session *session,
                                 struct slice *out)
{
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, call->arena, JWS_LIMIT);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    json_write_name(&json, SLICE("iat"));
    json_write_int64(&json, call->now / 1000);
    write_user(&json, &session->user);
    write_claims(call, &json, &session->user);
    if (session_impersonator(call, session).len > 0) {
        write_session(&json, session);
    }
    json_write_end(&json);
    return json_write_finish(&json, out);
}

static enum status sign(const struct auth_call *call,
                        const struct session *session,
                        const struct key_ring *ring, struct slice *jwt)
{
    struct slice payload;

    TRY(write_payload(call, session, &payload));
    return jws_sign(key_ring_signing(ring, call->now), SLICE_EMPTY, payload,
                    call->arena, jwt);
}

/* Whoever gets one used before has most of its time left. */
static int64_t reuse_ms(const struct keys *keys)
{
    int64_t quarter = keys_settings(keys)->expires_ms / 4;

    return quarter < TOKEN_REUSE_MS ? quarter : TOKEN_REUSE_MS;
}

enum status token_make(const struct auth_call *call,
                       const struct session *session, struct slice *jwt)
{
    struct keys *keys = call->auth->keys;
    struct token_cache_key key = {
        .session = record_text(&session->row, SESSION_TOKEN),
        .user_id = record_text(&session->user, USER_ID),
        .user_updated_ms = record_number(&session->user, USER_UPDATED_AT),
    };
    const struct key_ring *ring;
    enum status status;

    /* Also for one kept: its key may have been put out of use since. */
    TRY(keys_take(call, KEYS_TO_SIGN, &ring));
    key.print = key_ring_print(ring);
    status = token_cache_find(keys_tokens(keys), &key, reuse_ms(keys),
                              call->arena, jwt);
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    TRY(sign(call, session, ring, jwt));
    token_cache_put(keys_tokens(keys), &key, *jwt);
    return STATUS_OK;
}

enum status token_make_session(const struct auth_call *call,
                               const struct session *session,
                               struct slice background, struct slice *jwt)
{
    const struct key_ring *ring;
    struct json_writer json;
    struct slice payload;
    struct buf buf;

    TRY(keys_take(call, KEYS_TO_SIGN, &ring));
    buf_init(&buf, call->arena, JWS_LIMIT);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    json_write_name(&json, SLICE("iat"));
    json_write_int64(&json, call->now / 1000);
    write_claims(call, &json, &session->user);
    write_session(&json, session);
    if (background.len > 0) {
        json_write_name(&json, SLICE("background"));
        json_write_raw(&json, background);
    }
    json_write_end(&json);
    TRY(json_write_finish(&json, &payload));
    return jws_sign(key_ring_signing(ring, call->now), SLICE_EMPTY, payload,
                    call->arena, jwt);
}

bool token_is_possible(const struct auth *auth)
{
    return auth->keys != NULL ||
           (auth->remote != NULL && auth->remote->keys != NULL);
}

/* NULL: there is none of that id. */
static enum status find_key(const struct auth_call *call, struct slice id,
                            const struct key **out)
{
    const struct remote *remote = call->auth->remote;

    return remote == NULL
               ? keys_find(call, id, out)
               : remote_keys_find(remote->keys, call->arena, id, out);
}

/* STATUS_INVALID_TOKEN unless a key of ours signed it. */
static enum status verify(const struct auth_call *call, struct slice jwt,
                          struct jws *jws, struct slice *payload)
{
    const struct key *key;

    TRY(jws_parse(jwt, call->arena, jws));
    if (jws->key_id.len == 0) {
        return STATUS_INVALID_TOKEN;
    }
    TRY(find_key(call, jws->key_id, &key));
    return key == NULL ? STATUS_INVALID_TOKEN
                       : jws_verify(jws, key, call->arena, payload);
}

static struct jwt_rules rules_at(const struct auth_call *call, int64_t now_ms)
{
    const struct remote *remote = call->auth->remote;
    struct jwt_rules rules = {.now_ms = now_ms, .leeway_ms = LEEWAY_MS};

    if (remote == NULL) {
        rules.issuer = keys_settings(call->auth->keys)->issuer;
        rules.audience = rules.issuer;
    } else {
        rules.issuer = remote->issuer;
        rules.audience = remote->audience;
    }
    return rules;
}

enum status token_verify(const struct auth_call *call, struct slice jwt,
                         struct jwt_claims *claims)
{
    const struct jwt_rules rules = rules_at(call, call->now);
    struct slice payload;
    struct jws jws;

    TRY(verify(call, jwt, &jws, &payload));
    return jwt_check(&jws, payload, &rules, call->arena, claims);
}

/* One that is over was right when it was made, or never. */
static enum status check_when_made(const struct auth_call *call,
                                   const struct jws *jws, struct slice payload,
                                   struct jwt_claims *claims)
{
    struct jwt_rules rules = rules_at(call, call->now);
    const struct json *all;
    double issued;

    TRY(json_parse(call->arena, payload, JSON_LIMITS_DEFAULT, &all));
    if (json_number(json_get(all, SLICE("iat")), &issued) != STATUS_OK ||
        !(issued >= 0 && issued * 1000 <= (double)call->now)) {
        return STATUS_INVALID_TOKEN;
    }
    rules.now_ms = (int64_t)(issued * 1000);
    return jwt_check(jws, payload, &rules, call->arena, claims);
}

static enum status read_claims(const struct jws *jws,
                               const struct jwt_claims *claims,
                               struct token_said *out)
{
    const struct json *sid = json_get(claims->all, SLICE("sid"));
    double issued;
    double expires;

    *out = (struct token_said){.key_id = jws->key_id,
                               .user_id = claims->subject,
                               .session_id = SLICE_EMPTY};
    if (claims->subject.len == 0 ||
        (sid != NULL && json_text(sid, &out->session_id) != STATUS_OK) ||
        json_number(json_get(claims->all, SLICE("iat")), &issued) !=
            STATUS_OK ||
        json_number(json_get(claims->all, SLICE("exp")), &expires) !=
            STATUS_OK) {
        return STATUS_INVALID_TOKEN;
    }
    out->issued_ms = (int64_t)(issued * 1000);
    out->expires_ms = (int64_t)(expires * 1000);
    return STATUS_OK;
}

static enum status open_anew(const struct auth_call *call, struct slice jwt,
                             struct token_said *said, bool *is_over)
{
    const struct jwt_rules rules = rules_at(call, call->now);
    struct jwt_claims claims;
    struct slice payload;
    enum status status;
    struct jws jws;

    TRY(verify(call, jwt, &jws, &payload));
    status = jwt_check(&jws, payload, &rules, call->arena, &claims);
    *is_over = status == STATUS_INVALID_TOKEN;
    if (*is_over) {
        status = check_when_made(call, &jws, payload, &claims);
    }
    TRY(status);
    return read_claims(&jws, &claims, said);
}

static void take_said(const struct token_said *said, bool is_over,
                      struct token_open *out)
{
    *out = (struct token_open){.user_id = said->user_id,
                               .session_id = said->session_id,
                               .issued_ms = said->issued_ms,
                               .is_over = is_over};
}

/* Another's token, by another's keys: they are known by no print of ours. */
static enum status open_remote(const struct auth_call *call, struct slice jwt,
                               struct token_open *out)
{
    struct token_said said;
    bool is_over = false;

    *out = (struct token_open){0};
    TRY(open_anew(call, jwt, &said, &is_over));
    take_said(&said, is_over, out);
    return STATUS_OK;
}

static enum status open_own(const struct auth_call *call, struct slice jwt,
                            struct token_open *out)
{
    struct token_seen *seen = keys_seen(call->auth->keys);
    struct token_seen_key key = {.jwt = jwt, .now_ms = call->now};
    const struct key_ring *ring;
    struct token_said said;
    bool is_over = false;
    enum status status;

    *out = (struct token_open){0};
    TRY(keys_take(call, KEYS_TO_VERIFY, &ring));
    key.print = key_ring_print(ring);
    status = token_seen_find(seen, &key, call->arena, &said);
    if (status == STATUS_OK &&
        key_ring_find(ring, said.key_id, call->now) != NULL) {
        take_said(&said, false, out);
        return STATUS_OK;
    }
    TRY(status == STATUS_NOT_FOUND ? STATUS_OK : status);
    TRY(open_anew(call, jwt, &said, &is_over));
    take_said(&said, is_over, out);
    if (!is_over) {
        token_seen_put(seen, &key, &said);
    }
    return STATUS_OK;
}

enum status token_open(const struct auth_call *call, struct slice jwt,
                       struct token_open *out)
{
    return call->auth->remote == NULL ? open_own(call, jwt, out)
                                      : open_remote(call, jwt, out);
}

void token_forget(struct keys *keys, struct slice session_token)
{
    token_cache_drop(keys_tokens(keys), session_token);
}

void token_forget_user(struct keys *keys, struct slice user_id)
{
    token_cache_drop_user(keys_tokens(keys), user_id);
}
