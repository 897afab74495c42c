/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/user.h"

#include "auth/token.h"
#include "base/buf.h"

/* "UPDATE ... SET a = $1, ... RETURNING ...", before names are expanded. */
#define UPDATE_TEMPLATE_MAX ((size_t)8192)

static enum status take_one(const struct auth_call *call,
                            const struct rows *rows, struct record *out)
{
    if (rows->count == 0) {
        return STATUS_NOT_FOUND;
    }
    return record_take(&call->auth->schema->tables[TABLE_USER], rows, 0, 0,
                       call->arena, out);
}

enum status user_by_id(const struct auth_call *call, struct slice id,
                       struct record *out)
{
    struct value params[] = {value_text(id)};
    struct rows rows;
    enum status status = auth_read(call, QUERY_user_by_id, params, 1, &rows);

    /* "abc" where ids are numbers. */
    TRY(status == STATUS_INVALID_VALUE ? STATUS_NOT_FOUND : status);
    return take_one(call, &rows, out);
}

enum status user_by_email(const struct auth_call *call, struct slice email,
                          struct record *out)
{
    struct value params[] = {value_text(email)};
    struct rows rows;

    TRY(auth_read(call, QUERY_user_by_email, params, 1, &rows));
    return take_one(call, &rows, out);
}

enum status user_with_password(const struct auth_call *call, struct slice email,
                               struct user_password *out)
{
    const struct table *table = &call->auth->schema->tables[TABLE_USER];
    struct value params[] = {value_text(email)};
    const struct value *hash;
    struct rows rows;

    TRY(auth_read(call, QUERY_user_with_password, params, 1, &rows));
    TRY(take_one(call, &rows, &out->user));
    hash = &rows.values[table->column_count];
    out->hash = hash->kind == VALUE_TEXT ? hash->text : SLICE_EMPTY;
    return STATUS_OK;
}

enum status user_password_of(const struct auth_call *call, struct slice user_id,
                             bool *has_account, struct slice *hash)
{
    const struct table *table = &call->auth->schema->tables[TABLE_ACCOUNT];
    struct value params[] = {value_text(user_id)};
    struct rows rows;

    *has_account = false;
    *hash = SLICE_EMPTY;
    TRY(auth_read(call, QUERY_accounts_of_user, params, 1, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct record account;

        TRY(record_take(table, &rows, i, 0, call->arena, &account));
        if (slice_equal(record_text(&account, ACCOUNT_PROVIDER_ID),
                        SLICE("credential"))) {
            *has_account = true;
            *hash = record_text(&account, ACCOUNT_PASSWORD);
        }
    }
    return STATUS_OK;
}

enum status user_email_lower(const struct auth_call *call, struct slice email,
                             struct slice *out)
{
    char *text = arena_alloc_text(call->arena, email.len + 1);

    TRY_ALLOC(text);
    for (size_t i = 0; i < email.len; i++) {
        text[i] = ascii_lower(email.ptr[i]);
    }
    *out = slice_make(text, email.len);
    return STATUS_OK;
}

void column_change_add(struct column_changes *changes, size_t column,
                       struct value value)
{
    if (column == COLUMN_NONE || changes->count == USER_CHANGES_MAX) {
        return;
    }
    changes->items[changes->count++] = (struct column_change){column, value};
}

enum status column_changes_names(const struct auth_call *call,
                                 struct slice before,
                                 const struct column_changes *changes,
                                 struct slice *out)
{
    const struct table *table = &call->auth->schema->tables[TABLE_USER];
    struct buf buf;

    buf_init(&buf, call->arena, UPDATE_TEMPLATE_MAX);
    buf_add(&buf, before);
    for (size_t i = 0; i < changes->count; i++) {
        buf_add(&buf, i > 0 ? SLICE(", ") : SLICE_EMPTY);
        buf_add(&buf, table->columns[changes->items[i].column].name);
    }
    return buf_finish(&buf, out);
}

static enum status write_template(const struct table *table, size_t key_column,
                                  const struct column_changes *changes,
                                  struct arena *arena, struct slice *out)
{
    struct buf buf;

    buf_init(&buf, arena, UPDATE_TEMPLATE_MAX);
    buf_format(&buf, "UPDATE {%.*s} SET ", SLICE_ARG(table->name));
    for (size_t i = 0; i < changes->count; i++) {
        buf_format(&buf, "{%.*s:%.*s} = $%zu, ", SLICE_ARG(table->name),
                   SLICE_ARG(table->columns[changes->items[i].column].name),
                   i + 2);
    }
    buf_format(&buf, "{%.*s:updatedAt} = $%zu ", SLICE_ARG(table->name),
               changes->count + 2);
    buf_format(&buf, "WHERE {%.*s.%.*s} = $1 RETURNING {%.*s:*}",
               SLICE_ARG(table->name),
               SLICE_ARG(table->columns[key_column].name),
               SLICE_ARG(table->name));
    return buf_finish(&buf, out);
}

enum status row_update_make(const struct auth_call *call, enum table_id table,
                            struct slice key,
                            const struct column_changes *changes,
                            struct row_update *out)
{
    size_t key_column = table == TABLE_SESSION ? SESSION_TOKEN : 0;
    struct slice template;

    TRY(write_template(&call->auth->schema->tables[table], key_column, changes,
                       call->arena, &template));
    TRY(store_build(call->auth->store, template, call->arena, &out->query));
    out->values[0] = value_text(key);
    for (size_t i = 0; i < changes->count; i++) {
        out->values[i + 1] = changes->items[i].value;
    }
    out->values[changes->count + 1] = value_time(call->now);
    out->statement = (struct statement){.query = QUERY_BUILT,
                                        .built = &out->query,
                                        .params = out->values,
                                        .param_count = changes->count + 2,
                                        .must_change = true};
    return STATUS_OK;
}

enum status row_update(const struct auth_call *call, enum table_id table,
                       struct slice key, const struct column_changes *changes,
                       struct record *out)
{
    struct audit_note note = {.event = AUDIT_ACCOUNT_CHANGE,
                              .subject = value_text(key)};
    struct row_update update;
    struct rows rows;

    TRY(row_update_make(call, table, key, changes, &update));
    if (table == TABLE_USER) {
        TRY(column_changes_names(call, SLICE_EMPTY, changes, &note.detail));
        TRY(auth_write_noted(call, &update.statement, 1, &rows, &note));
        token_forget_user(call->auth->keys, key);
    } else {
        TRY(auth_write(call, &update.statement, 1, &rows));
    }
    return record_take(&call->auth->schema->tables[table], &rows, 0, 0,
                       call->arena, out);
}

enum status user_row_init(const struct auth_call *call, struct slice name,
                          struct slice email, struct value *values)
{
    const struct schema *schema = call->auth->schema;

    TRY(auth_new_row(call, TABLE_USER, values));
    values[USER_NAME] = value_text(name);
    values[USER_EMAIL] = value_text(email);
    values[USER_CREATED_AT] = value_time(call->now);
    values[USER_UPDATED_AT] = value_time(call->now);
    if (schema->user_role != COLUMN_NONE) {
        values[schema->user_role] =
            value_text(call->auth->settings.default_role);
    }
    return STATUS_OK;
}

enum status account_row_init(const struct auth_call *call, struct value user_id,
                             struct slice hash, struct value *values)
{
    TRY(auth_new_row(call, TABLE_ACCOUNT, values));
    values[ACCOUNT_ACCOUNT_ID] = user_id;
    values[ACCOUNT_PROVIDER_ID] = value_text(SLICE("credential"));
    values[ACCOUNT_USER_ID] = user_id;
    values[ACCOUNT_PASSWORD] = value_text(hash);
    values[ACCOUNT_CREATED_AT] = value_time(call->now);
    values[ACCOUNT_UPDATED_AT] = value_time(call->now);
    return STATUS_OK;
}
