/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/session_cookie.h"

#include "api/better_auth/better_auth.h"
#include "auth/record_json.h"
#include "auth/secrets.h"
#include "auth/session_cache_cookie.h"
#include "auth/signed.h"

/* The longest value a browser keeps, with its attributes. */
#define COOKIE_LINE_MAX ((size_t)5120)
/* Session and user as JSON; what is longer does not fit into cookies. */
#define COPY_JSON_MAX ((size_t)262144)

static struct cookie_attributes attributes(const struct visit *visit,
                                           int64_t age_ms)
{
    const struct cookie_look *look = &visit->kit->look;

    return (struct cookie_attributes){
        .has_max_age = age_ms != SESSION_COOKIE_NO_AGE,
        .max_age = age_ms / 1000,
        .domain = look->domain,
        .path = SLICE("/"),
        .http_only = true,
        .secure = look->secure,
        .partitioned = look->partitioned,
        .same_site = look->same_site,
    };
}

/*
 * A token set and expired in one answer is for nobody's eyes: proxies' logs
 * would keep it. The original takes such a line back as well.
 */
static enum status take_back(struct visit *visit, struct slice name)
{
    struct slice start;

    TRY(arena_format(visit->arena, &start, "%.*s=", SLICE_ARG(name)));
    response_field_drop(visit->response, SLICE("Set-Cookie"), start);
    return STATUS_OK;
}

/* `value` is encoded already. */
static enum status put_encoded(struct visit *visit, struct slice name,
                               struct slice value, int64_t age_ms)
{
    struct cookie_attributes with = attributes(visit, age_ms);
    struct slice line;
    struct buf buf;

    buf_init(&buf, visit->arena, COOKIE_LINE_MAX);
    TRY(cookie_write(&buf, (struct cookie){name, value}, &with));
    TRY(buf_finish(&buf, &line));
    response_field(visit->response, SLICE("Set-Cookie"), line);
    return STATUS_OK;
}

static enum status expire(struct visit *visit, struct slice name)
{
    TRY(take_back(visit, name));
    return put_encoded(visit, name, SLICE_EMPTY, 0);
}

enum status session_cookie_put(struct visit *visit, struct slice name,
                               struct slice value, int64_t age_ms)
{
    struct slice encoded;

    if (value.len == 0) {
        return expire(visit, name);
    }
    TRY(signed_make_cookie(visit->call.auth->secrets, value, visit->arena,
                           &encoded));
    return put_encoded(visit, name, encoded, age_ms);
}

static enum status put_token(struct visit *visit, struct slice token,
                             bool brief)
{
    int64_t age =
        brief ? SESSION_COOKIE_NO_AGE : visit->call.auth->settings.session_ms;

    TRY(session_cookie_put(visit, visit->kit->cookies.token, token, age));
    visit->given_token = token;
    return STATUS_OK;
}

static enum status as_json(struct visit *visit, const struct record *record,
                           struct slice *out)
{
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, visit->arena, COPY_JSON_MAX);
    json_writer_init(&json, &buf);
    record_write_copy(&json, record);
    return json_write_finish(&json, out);
}

/* Of a longer copy before, the parts that this one lacks end. */
static enum status put_parts(struct visit *visit, const struct cookies *parts,
                             int64_t age_ms)
{
    struct cookies stale;

    TRY(session_cache_stale(&visit->cookies, visit->kit->cookies.data, parts,
                            visit->arena, &stale));
    for (size_t i = 0; i < stale.count; i++) {
        TRY(put_encoded(visit, stale.all[i].name, SLICE_EMPTY, 0));
    }
    for (size_t i = 0; i < parts->count; i++) {
        TRY(put_encoded(visit, parts->all[i].name, parts->all[i].value,
                        age_ms));
    }
    return STATUS_OK;
}

static enum status put_copy(struct visit *visit, const struct session *session,
                            bool brief)
{
    const struct session_copy *copy = &visit->kit->copy;
    struct session_cache_input input = {
        .version = copy->version,
        .now_ms = visit->call.now,
        .max_age_s = brief ? 0 : copy->age_ms / 1000,
    };
    struct cookie_attributes with =
        attributes(visit, brief ? SESSION_COOKIE_NO_AGE : copy->age_ms);
    struct cookie whole = {.name = visit->kit->cookies.data};
    struct cookies parts;
    enum status status;

    TRY(as_json(visit, &session->row, &input.session));
    TRY(as_json(visit, &session->user, &input.user));
    status = session_cache_make(visit->call.auth->secrets, copy->form, &input,
                                visit->arena, &whole.value);
    if (status == STATUS_OK) {
        status = session_cache_split(whole, &with, visit->arena, &parts);
    }
    if (status != STATUS_OK) {
        return status == STATUS_TOO_LARGE ? STATUS_OK : status;
    }
    return put_parts(visit, &parts,
                     with.has_max_age ? copy->age_ms : SESSION_COOKIE_NO_AGE);
}

enum status session_cookie_copy(struct visit *visit,
                                const struct session *session, bool brief)
{
    return visit->kit->copy.on ? put_copy(visit, session, brief) : STATUS_OK;
}

enum status session_cookie_set(struct visit *visit,
                               const struct session *session, bool brief)
{
    TRY(put_token(visit, record_text(&session->row, SESSION_TOKEN), brief));
    if (brief) {
        TRY(session_cookie_put(visit, visit->kit->cookies.dont_remember,
                               SLICE("true"), SESSION_COOKIE_NO_AGE));
    }
    return session_cookie_copy(visit, session, brief);
}

enum status session_cookie_clear_copy(struct visit *visit)
{
    const struct cookies none = {.count = 0};

    TRY(expire(visit, visit->kit->cookies.data));
    return put_parts(visit, &none, 0);
}

enum status session_cookie_clear(struct visit *visit)
{
    TRY(session_cookie_put(visit, visit->kit->cookies.token, SLICE_EMPTY, 0));
    TRY(session_cookie_clear_copy(visit));
    return session_cookie_put(visit, visit->kit->cookies.dont_remember,
                              SLICE_EMPTY, 0);
}

enum status session_cookie_clear_parts(struct visit *visit)
{
    const struct cookies none = {.count = 0};

    return put_parts(visit, &none, 0);
}

enum status session_cookie_read_copy(struct visit *visit,
                                     struct session_cache *out)
{
    const struct session_cache_rules rules = {
        .token = visit->token,
        .version = visit->kit->copy.version,
        .now_ms = visit->call.now,
    };
    struct slice value;

    TRY(session_cache_join(&visit->cookies, visit->kit->cookies.data,
                           visit->arena, &value));
    return session_cache_open(visit->call.auth->secrets, value, &rules,
                              visit->arena, out);
}
