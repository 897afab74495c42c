/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/session.h"

#include "auth/token.h"
#include "auth/token_random.h"

/* The newest of one user's that are looked at. */
#define GUESSES_MAX 32

enum status session_insert_make(const struct auth_call *call,
                                const struct session_wish *wish,
                                struct session_insert *out)
{
    const struct schema *schema = call->auth->schema;
    const struct table *table = &schema->tables[TABLE_SESSION];
    struct slice agent =
        wish->user_agent.ptr == NULL ? call->agent : wish->user_agent;
    int64_t lives = wish->lives_ms > 0 ? wish->lives_ms
                    : wish->brief      ? SESSION_BRIEF_MS
                                       : call->auth->settings.session_ms;

    TRY(token_random_id(call->arena, &out->token));
    TRY(auth_new_row(call, TABLE_SESSION, out->values));
    out->values[SESSION_EXPIRES_AT] = value_time(call->now + lives);
    out->values[SESSION_TOKEN] = value_text(out->token);
    out->values[SESSION_CREATED_AT] = value_time(call->now);
    out->values[SESSION_UPDATED_AT] = value_time(call->now);
    out->values[SESSION_IP_ADDRESS] = value_text(call->address);
    out->values[SESSION_USER_AGENT] = value_text(agent);
    out->values[SESSION_USER_ID] = wish->user_id;
    if (schema->session_impersonated_by != COLUMN_NONE) {
        out->values[schema->session_impersonated_by] =
            value_text_or_null(wish->impersonated_by);
    }
    out->statement = (struct statement){.query = QUERY_session_insert,
                                        .params = out->values,
                                        .param_count = table->column_count};
    return STATUS_OK;
}

/* `condition` may be NULL; *held is what it returned. */
static enum status create(const struct auth_call *call,
                          const struct session_wish *wish,
                          const struct statement *condition, struct rows *held,
                          struct record *out)
{
    const struct audit_note note = {
        .event = AUDIT_SIGN_IN, .subject = wish->user_id, .detail = wish->how};
    struct value trim[] = {
        wish->user_id,
        value_integer((int64_t)call->auth->settings.session_limit)};
    struct statement statements[3];
    struct session_insert insert;
    struct rows rows[3];
    size_t count = 0;

    TRY(session_insert_make(call, wish, &insert));
    if (condition != NULL) {
        statements[count] = *condition;
        statements[count++].must_change = true;
    }
    statements[count++] = insert.statement;
    statements[count++] = STATEMENT(sessions_trim, trim);
    TRY(auth_write_noted(call, statements, count, rows, &note));
    if (condition != NULL) {
        *held = rows[0];
    }
    return record_take(&call->auth->schema->tables[TABLE_SESSION],
                       &rows[count - 2], 0, 0, call->arena, out);
}

enum status session_create(const struct auth_call *call,
                           const struct session_wish *wish, struct record *out)
{
    return create(call, wish, NULL, NULL, out);
}

enum status session_create_if(const struct auth_call *call,
                              const struct session_wish *wish,
                              const struct statement *condition,
                              struct rows *held, struct record *out)
{
    return create(call, wish, condition, held, out);
}

/* A row's session and user. */
static enum status take_row(const struct auth_call *call,
                            const struct rows *rows, size_t row,
                            struct session *out)
{
    const struct table *tables = call->auth->schema->tables;

    TRY(record_take(&tables[TABLE_SESSION], rows, row, 0, call->arena,
                    &out->row));
    return record_take(&tables[TABLE_USER], rows, row,
                       tables[TABLE_SESSION].column_count, call->arena,
                       &out->user);
}

static enum status take(const struct auth_call *call, const struct rows *rows,
                        struct session *out, bool *expired)
{
    *expired = false;
    if (rows->count == 0) {
        return STATUS_NOT_FOUND;
    }
    TRY(take_row(call, rows, 0, out));
    *expired = record_number(&out->row, SESSION_EXPIRES_AT) <= call->now;
    return *expired ? STATUS_NOT_FOUND : STATUS_OK;
}

enum status session_find(const struct auth_call *call, struct slice token,
                         struct session *out, bool *expired)
{
    struct value params[] = {value_text(token)};
    struct rows rows;

    TRY(auth_read(call, QUERY_session_with_user, params, 1, &rows));
    return take(call, &rows, out, expired);
}

/* An id that cannot be one is nobody's. */
static enum status nobody(enum status status)
{
    return status == STATUS_INVALID_VALUE ? STATUS_NOT_FOUND : status;
}

enum status session_find_by_id(const struct auth_call *call, struct slice id,
                               struct session *out)
{
    struct value params[] = {value_text(id)};
    struct rows rows;
    bool expired;

    TRY(nobody(auth_read(call, QUERY_session_by_id, params, 1, &rows)));
    return take(call, &rows, out, &expired);
}

/* Tokens of ours name the session of who acts as the user; others' do not. */
static bool may_be_of(const struct auth_call *call, struct slice acting)
{
    return acting.len == 0 || call->auth->remote != NULL;
}

enum status session_find_of_user(const struct auth_call *call,
                                 struct slice user_id, int64_t made_ms,
                                 struct session_guess *out)
{
    struct value params[] = {value_text(user_id), value_time(made_ms),
                             value_time(call->now), value_integer(GUESSES_MAX)};
    bool has_own = false;
    bool has_any = false;
    struct rows rows;

    TRY(nobody(auth_read(call, QUERY_session_of_user, params, 4, &rows)));
    *out = (struct session_guess){0};
    for (size_t i = 0; i < rows.count; i++) {
        struct session session;
        struct slice acting;

        TRY(take_row(call, &rows, i, &session));
        acting = session_impersonator(call, &session);
        if (!may_be_of(call, acting)) {
            continue;
        }
        if (!has_any || (!has_own && acting.len == 0)) {
            out->session = session;
        }
        has_any = true;
        has_own = has_own || acting.len == 0;
        out->acting = acting.len > 0 ? acting : out->acting;
    }
    return has_any ? STATUS_OK : STATUS_NOT_FOUND;
}

struct slice session_impersonator(const struct auth_call *call,
                                  const struct session *session)
{
    size_t column = call->auth->schema->session_impersonated_by;

    return column == COLUMN_NONE ? SLICE_EMPTY
                                 : record_text(&session->row, column);
}

bool session_is_due(const struct auth_call *call, const struct session *session)
{
    const struct auth_settings *settings = &call->auth->settings;

    return record_number(&session->row, SESSION_EXPIRES_AT) -
               settings->session_ms + settings->session_update_ms <=
           call->now;
}

bool session_is_fresh(const struct auth_call *call,
                      const struct session *session)
{
    int64_t limit = call->auth->settings.session_fresh_ms;

    return limit == 0 ||
           call->now - record_number(&session->row, SESSION_CREATED_AT) < limit;
}

enum status session_extend(const struct auth_call *call,
                           struct session *session)
{
    struct value params[] = {
        session->row.values[SESSION_TOKEN],
        value_time(call->now + call->auth->settings.session_ms),
        value_time(call->now),
    };
    struct statement extend = STATEMENT(session_extend, params);
    struct rows rows;

    extend.must_change = true;
    TRY(auth_write(call, &extend, 1, &rows));
    return record_take(&call->auth->schema->tables[TABLE_SESSION], &rows, 0, 0,
                       call->arena, &session->row);
}

enum status session_list(const struct auth_call *call, struct slice user_id,
                         struct rows *out)
{
    struct value params[] = {value_text(user_id), value_time(call->now)};

    return auth_read(call, QUERY_sessions_of_user, params, 2, out);
}

enum status session_drop(const struct auth_call *call, struct slice token)
{
    struct value params[] = {value_text(token)};

    TRY(auth_write(call, &STATEMENT(session_delete, params), 1, NULL));
    token_forget(call->auth->keys, token);
    return STATUS_OK;
}

/* One, and the note about it, if it is there. */
static enum status end_one(const struct auth_call *call,
                           const struct audit_note *note,
                           const struct statement *statement)
{
    TRY(auth_write_noted(call, statement, 1, NULL, note));
    token_forget(call->auth->keys, note->subject.text);
    return STATUS_OK;
}

enum status session_end(const struct auth_call *call, struct slice token)
{
    struct value params[] = {value_text(token)};
    const struct audit_note note = {.event = AUDIT_SESSION_END,
                                    .of = AUDIT_OF_SESSION,
                                    .subject = params[0],
                                    .detail = SLICE("sign-out")};

    return end_one(call, &note, &STATEMENT(session_delete, params));
}

enum status session_end_acting(const struct auth_call *call,
                               const struct session *session)
{
    struct value params[] = {session->row.values[SESSION_TOKEN]};
    const struct audit_note note = {.event = AUDIT_IMPERSONATION,
                                    .of = AUDIT_OF_SESSION,
                                    .subject = params[0],
                                    .actor =
                                        session_impersonator(call, session),
                                    .detail = SLICE("stop")};

    return end_one(call, &note, &STATEMENT(session_delete, params));
}

enum status session_end_own(const struct auth_call *call, struct slice token,
                            struct slice user_id)
{
    struct value params[] = {value_text(token), value_text(user_id)};
    const struct audit_note note = {.event = AUDIT_SESSION_END,
                                    .of = AUDIT_OF_SESSION,
                                    .subject = params[0],
                                    .owner = user_id,
                                    .detail = SLICE("revoke")};

    return end_one(call, &note, &STATEMENT(session_delete_own, params));
}

/* Whatever ended them, no token stands in memory for them any more. */
static enum status end_many(const struct auth_call *call,
                            const struct statement *statement,
                            struct slice user_id, struct slice how)
{
    const struct audit_note note = {.event = AUDIT_SESSION_END,
                                    .of = AUDIT_OF_USER,
                                    .subject = value_text(user_id),
                                    .detail = how};

    TRY(auth_write_noted(call, statement, 1, NULL, &note));
    token_forget_user(call->auth->keys, user_id);
    return STATUS_OK;
}

enum status session_end_all(const struct auth_call *call, struct slice user_id)
{
    struct value params[] = {value_text(user_id)};

    return end_many(call, &STATEMENT(sessions_delete_of_user, params), user_id,
                    SLICE("revoke-all"));
}

enum status session_end_others(const struct auth_call *call,
                               struct slice user_id, struct slice kept_token)
{
    struct value params[] = {value_text(user_id), value_text(kept_token)};

    return end_many(call, &STATEMENT(sessions_delete_others, params), user_id,
                    SLICE("revoke-others"));
}
