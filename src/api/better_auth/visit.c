/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/visit.h"

#include "api/api.h"
#include "api/better_auth/better_auth.h"
#include "api/better_auth/body.h"
#include "api/better_auth/elsewhere.h"
#include "api/better_auth/guard.h"
#include "api/better_auth/refuse.h"
#include "api/better_auth/throttle.h"
#include "auth/signed.h"
#include "base/clock.h"
#include "codec/json_read.h"
#include "http/route.h"
#include "http/trusted.h"
#include "limit/key.h"

/* As the original keeps it; a longer one is a joke or an attack. */
#define AGENT_MAX ((size_t)1024)
/* All fields of a head together. */
#define COOKIES_MAX ((size_t)16384)
/* Names of a few fields. */
#define EXPOSED_MAX ((size_t)256)

static bool is_ascii(struct slice text)
{
    unsigned char seen = 0;

    for (size_t i = 0; i < text.len; i++) {
        seen |= (unsigned char)text.ptr[i];
    }
    return seen < 0x80;
}

/* Fields are bytes; those beyond ASCII are read as Latin-1, as in Node. */
static enum status note_agent(struct visit *visit)
{
    struct slice agent = slice_head(
        request_field(visit->request, SLICE("user-agent")), AGENT_MAX);
    struct buf buf;

    if (agent.len > 0 && is_ascii(agent)) { /* nearly all of them */
        visit->call.agent = agent;
        return STATUS_OK;
    }
    buf_init(&buf, visit->arena, 2 * AGENT_MAX);
    for (size_t i = 0; i < agent.len; i++) {
        unsigned char byte = (unsigned char)agent.ptr[i];

        if (byte >= 0x80) {
            buf_add_byte(&buf, (char)(0xc0 | byte >> 6));
            byte = 0x80 | (byte & 0x3f);
        }
        buf_add_byte(&buf, (char)byte);
    }
    return buf_finish(&buf, &visit->call.agent);
}

/* Browsers send one field, but what is in front may have split it. */
static enum status read_cookies(struct visit *visit)
{
    const struct http_head *head = &visit->request->head;
    struct slice all = request_field(visit->request, SLICE("cookie"));
    struct buf buf;

    if (http_head_field_count(head, SLICE("cookie")) > 1) {
        buf_init(&buf, visit->arena, COOKIES_MAX);
        for (size_t i = 0; i < head->field_count; i++) {
            if (slice_equal_nocase(head->fields[i].name, SLICE("cookie"))) {
                buf_add(&buf, buf.len > 0 ? SLICE("; ") : SLICE_EMPTY);
                buf_add(&buf, head->fields[i].value);
            }
        }
        TRY(buf_finish(&buf, &all));
    }
    return cookie_parse(visit->arena, all, &visit->cookies);
}

/* What the session row keeps of the client; "" where it must not. */
static enum status note_client(struct visit *visit)
{
    char text[LIMIT_ADDRESS_MAX + 1];

    /* As the original writes it: of IPv6 the network alone. */
    TRY(slice_dup(visit->arena,
                  limit_key_of_address(&visit->request->client, text),
                  &visit->call.address));
    return note_agent(visit);
}

/* Limits and switches hold for an address however many slashes end it. */
static struct slice without_slashes(struct slice path)
{
    while (path.len > 1 && path.ptr[path.len - 1] == '/') {
        path.len--;
    }
    return path;
}

enum status visit_begin(struct visit *visit, struct request *request,
                        struct response *response)
{
    const struct http_head *head = &request->head;
    const struct form_limits limits = {.pairs = BETTER_AUTH_QUERY_MAX};

    visit->request = request;
    visit->response = response;
    visit->arena = request->arena;
    visit->api = request->app;
    visit->kit = visit->api->better_auth;
    visit->call = (struct auth_call){.auth = visit->kit->auth,
                                     .arena = request->arena,
                                     .now = clock_wall_ms()};
    TRY(note_client(visit));
    TRY(read_cookies(visit));
    buf_init(&visit->exposed, visit->arena, EXPOSED_MAX);
    return form_parse(visit->arena, head->query, limits, &visit->query);
}

static enum status begin(struct visit *visit, struct request *request,
                         struct response *response)
{
    TRY(visit_begin(visit, request, response));
    visit->endpoint = request->route->with;
    visit->path = slice_from(request->head.path, BETTER_AUTH_BASE.len);
    visit->counted_path = without_slashes(visit->path);
    if (visit->endpoint != NULL &&
        !visit->kit->plugins[visit->endpoint->plugin]) {
        visit->endpoint = NULL;
    }
    return STATUS_OK;
}

bool visit_is_disabled(const struct visit *visit)
{
    return better_auth_is_disabled(visit->kit, visit->counted_path);
}

/* "true", signed by us. */
static enum status find_brief(struct visit *visit)
{
    struct slice value;
    struct slice text;
    enum status status;

    if (!cookie_find(&visit->cookies, visit->kit->cookies.dont_remember,
                     &value)) {
        return STATUS_OK;
    }
    status = signed_open_cookie(visit->call.auth->secrets, value, visit->arena,
                                &text);
    visit->brief = status == STATUS_OK && text.len > 0;
    return status == STATUS_INVALID_TOKEN ? STATUS_OK : status;
}

/* A bearer that is ours takes the place of the cookie. */
static enum status find_token(struct visit *visit)
{
    const struct secrets *secrets = visit->call.auth->secrets;
    struct slice header = request_field(visit->request, SLICE("authorization"));
    enum status status = STATUS_INVALID_TOKEN;
    struct slice value;

    if (visit->kit->bearer && header.ptr != NULL) {
        status =
            signed_open_bearer(secrets, header, visit->arena, &visit->token);
    }
    if (status == STATUS_INVALID_TOKEN &&
        cookie_find(&visit->cookies, visit->kit->cookies.token, &value)) {
        status =
            signed_open_cookie(secrets, value, visit->arena, &visit->token);
    }
    if (status == STATUS_INVALID_TOKEN) {
        visit->token = SLICE_EMPTY;
        return STATUS_OK;
    }
    return status;
}

enum status visit_find_token(struct visit *visit)
{
    TRY(find_token(visit));
    return find_brief(visit);
}

static enum status check_input(struct visit *visit)
{
    const struct input *input = visit->endpoint->input;

    return input->place == INPUT_QUERY
               ? input_check_query(input, &visit->query, visit->arena,
                                   &visit->message)
               : input_check_body(input, visit->body, visit->arena,
                                  &visit->message);
}

static enum status check_who(struct visit *visit)
{
    if (visit->endpoint->who == ANYONE) {
        return STATUS_OK;
    }
    TRY(visit_session(visit));
    if (!visit->has_session) {
        visit->empty_body = visit->endpoint->plugin == ADMIN;
        return STATUS_UNAUTHORIZED;
    }
    if (visit->endpoint->plugin == ADMIN && visit->call.actor.len == 0) {
        visit->call.actor = record_text(&visit->session.user, USER_ID);
    }
    return visit->endpoint->who == FRESH &&
                   !session_is_fresh(&visit->call, &visit->session)
               ? STATUS_SESSION_NOT_FRESH
               : STATUS_OK;
}

/* What the bearer plugin adds to an answer that opens a session. */
static enum status show_token(struct visit *visit)
{
    struct slice text;

    if (!visit->kit->bearer || visit->given_token.len == 0) {
        return STATUS_OK;
    }
    TRY(signed_make(visit->call.auth->secrets, visit->given_token, visit->arena,
                    &text));
    response_field(visit->response, SLICE("set-auth-token"), text);
    visit_expose(visit, SLICE("set-auth-token"));
    return STATUS_OK;
}

/* Where CORS has its say already (http/origin.h), its list has them all. */
static void show_exposed(struct visit *visit)
{
    struct slice list;

    if (visit->exposed.len > 0 &&
        request_field(visit->request, SLICE("origin")).ptr == NULL &&
        buf_finish(&visit->exposed, &list) == STATUS_OK) {
        response_field(visit->response, SLICE("access-control-expose-headers"),
                       list);
    }
}

static enum status serve(struct visit *visit)
{
    if (visit_is_disabled(visit)) {
        visit->response->status = 404;
        response_text(visit->response, SLICE("text/plain;charset=UTF-8"),
                      SLICE("Not Found"));
        return STATUS_OK;
    }
    TRY(throttle_check(visit));
    if (visit->endpoint == NULL) {
        visit->no_body = true;
        return STATUS_NOT_FOUND;
    }
    TRY(body_read(visit));
    TRY(guard_check(visit));
    TRY(visit_find_token(visit));
    TRY(check_input(visit));
    TRY(check_who(visit));
    TRY(visit->endpoint->handle(visit));
    TRY(show_token(visit));
    show_exposed(visit);
    return STATUS_OK;
}

enum status better_auth_answer(struct request *request,
                               struct response *response)
{
    const struct api *api = request->app;
    struct visit *visit;
    enum status status;

    if (api->better_auth->auth->remote != NULL) {
        return elsewhere_answer(api->better_auth->auth, response);
    }
    visit = ARENA_NEW(request->arena, struct visit);
    TRY_ALLOC(visit);
    status = begin(visit, request, response);
    if (status == STATUS_OK) {
        status = serve(visit);
    }
    return status == STATUS_OK ? STATUS_OK : visit_refuse_with(visit, status);
}

void visit_expose(struct visit *visit, struct slice name)
{
    buf_add(&visit->exposed,
            visit->exposed.len > 0 ? SLICE(", ") : SLICE_EMPTY);
    buf_add(&visit->exposed, name);
}

const struct json *visit_member(const struct visit *visit, struct slice name)
{
    return json_get(visit->body, name);
}

struct slice visit_text(const struct visit *visit, struct slice name)
{
    struct slice text;

    return json_text(visit_member(visit, name), &text) == STATUS_OK
               ? text
               : (struct slice){NULL, 0};
}

bool visit_flag(const struct visit *visit, struct slice name, bool otherwise)
{
    bool on;

    return json_bool(visit_member(visit, name), &on) == STATUS_OK ? on
                                                                  : otherwise;
}

struct slice visit_query(const struct visit *visit, struct slice name)
{
    struct slice text = {NULL, 0};

    return form_find(&visit->query, name, &text) > 0 ? text
                                                     : (struct slice){NULL, 0};
}

bool visit_query_flag(const struct visit *visit, struct slice name)
{
    return visit_query(visit, name).len > 0;
}

enum status visit_check_url(struct visit *visit, struct slice *url,
                            enum status refusal)
{
    enum status status;

    if (url->len == 0) {
        return STATUS_OK;
    }
    status = trusted_url(&visit->kit->trusted, visit->arena, *url, url);
    return status == STATUS_FORBIDDEN_ORIGIN ? refusal : status;
}
