/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/ban.h"

#include "auth/token.h"

static void fill(const struct schema *schema, bool banned, struct value reason,
                 struct value expires, struct column_changes *changes)
{
    column_change_add(changes, schema->user_banned, value_boolean(banned));
    column_change_add(changes, schema->user_ban_reason, reason);
    column_change_add(changes, schema->user_ban_expires, expires);
}

enum status ban_update(const struct auth_call *call, struct slice user_id,
                       const struct column_changes *changes, struct record *out)
{
    struct row_update *update = ARENA_NEW(call->arena, struct row_update);
    struct value of[] = {value_text(user_id)};
    const struct audit_note note = {
        .event = AUDIT_ADMIN, .subject = of[0], .detail = SLICE("ban")};
    struct rows rows[2];

    TRY_ALLOC(update);
    TRY(row_update_make(call, TABLE_USER, user_id, changes, update));
    TRY(auth_write_noted(call,
                         (struct statement[]){
                             update->statement,
                             STATEMENT(sessions_delete_of_user, of),
                         },
                         2, rows, &note));
    token_forget_user(call->auth->keys, user_id);
    return record_take(&call->auth->schema->tables[TABLE_USER], &rows[0], 0, 0,
                       call->arena, out);
}

enum status ban_user(const struct auth_call *call, struct slice user_id,
                     const struct ban *ban, struct record *out)
{
    struct column_changes *changes =
        ARENA_NEW(call->arena, struct column_changes);

    TRY_ALLOC(changes);
    fill(call->auth->schema, true, value_text(ban->reason),
         ban->expires == 0 ? VALUE_NOTHING : value_time(ban->expires), changes);
    return ban_update(call, user_id, changes, out);
}

enum status ban_lift(const struct auth_call *call, struct slice user_id,
                     struct record *out)
{
    struct column_changes *changes =
        ARENA_NEW(call->arena, struct column_changes);

    TRY_ALLOC(changes);
    fill(call->auth->schema, false, VALUE_NOTHING, VALUE_NOTHING, changes);
    return row_update(call, TABLE_USER, user_id, changes, out);
}

enum status ban_check(const struct auth_call *call, struct record *user)
{
    const struct schema *schema = call->auth->schema;
    int64_t until;

    if (schema->user_banned == COLUMN_NONE ||
        record_number(user, schema->user_banned) == 0) {
        return STATUS_OK;
    }
    until = record_number(user, schema->user_ban_expires);
    if (until == 0 || until > call->now) {
        return STATUS_BANNED_USER;
    }
    if (call->auth->remote != NULL) {
        return STATUS_OK; /* who keeps the accounts lifts it */
    }
    return ban_lift(call, record_text(user, USER_ID), user);
}
