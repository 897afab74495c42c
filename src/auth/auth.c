/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"

#include "auth/token_random.h"

enum status auth_new_id(const struct auth_call *call, struct value *out)
{
    struct slice id;

    *out = VALUE_NOTHING;
    switch (call->auth->schema->id_type) {
    case ID_SERIAL:
        return STATUS_OK;
    case ID_UUID:
        TRY(token_random_uuid(call->arena, &id));
        break;
    case ID_TEXT:
    default:
        TRY(token_random_id(call->arena, &id));
    }
    *out = value_text(id);
    return STATUS_OK;
}

enum status auth_new_row(const struct auth_call *call, enum table_id id,
                         struct value *values)
{
    const struct table *table = &call->auth->schema->tables[id];

    for (size_t i = 0; i < table->column_count; i++) {
        values[i] = table->columns[i].has_initial ? table->columns[i].initial
                                                  : VALUE_NOTHING;
    }
    return auth_new_id(call, &values[0]);
}

enum status auth_read(const struct auth_call *call, enum query_id query,
                      const struct value *params, size_t count,
                      struct rows *out)
{
    struct statement statement = {
        .query = query, .params = params, .param_count = count};

    return store_read(call->auth->store, &statement, call->arena, out);
}

enum status auth_write_noted(const struct auth_call *call,
                             const struct statement *statements, size_t count,
                             struct rows *out, const struct audit_note *note)
{
    struct audit_note whole = *note;
    struct statement all[STORE_STATEMENTS_MAX];
    struct rows rows[STORE_STATEMENTS_MAX];
    struct audit_row row;
    struct slice id;

    if (count >= STORE_STATEMENTS_MAX) {
        return STATUS_INTERNAL;
    }
    whole.address = call->address;
    whole.actor = whole.actor.len > 0 ? whole.actor : call->actor;
    memcpy(all, statements, count * sizeof(*all));
    TRY(token_random_id(call->arena, &id));
    TRY(audit_statement(&whole, id, call->now, call->arena, &row, &all[count]));
    TRY(auth_write(call, all, count + 1, rows));
    if (out != NULL) {
        memcpy(out, rows, count * sizeof(*out));
    }
    return STATUS_OK;
}

enum status auth_write(const struct auth_call *call,
                       const struct statement *statements, size_t count,
                       struct rows *out)
{
    return store_write(call->auth->store, statements, count, call->arena, out);
}
