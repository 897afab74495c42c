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

static enum status complete_note(const struct auth_call *call,
                                 const struct audit_note *from,
                                 struct audit_note *note)
{
    *note = *from;
    note->address = call->address;
    note->now = call->now;
    if (note->actor.len == 0) {
        note->actor = call->actor;
    }
    if (call->admin_act.len > 0) {
        note->event = AUDIT_ADMIN;
        note->detail = call->admin_act;
    }
    return token_random_id(call->arena, &note->id);
}

enum status auth_note(const struct auth_call *call,
                      const struct audit_note *note, struct audit_row *row,
                      struct statement *out)
{
    struct audit_note whole;

    TRY(complete_note(call, note, &whole));
    return audit_statement(&whole, call->arena, row, out);
}

enum status auth_write_noted(const struct auth_call *call,
                             const struct statement *statements, size_t count,
                             struct rows *out, const struct audit_note *note)
{
    /* What says whose session it was must not be gone by then. */
    size_t first = note->of == AUDIT_OF_ID ? 0 : 1;
    struct statement all[STORE_STATEMENTS_MAX];
    struct rows rows[STORE_STATEMENTS_MAX];
    struct audit_row row;

    if (count >= STORE_STATEMENTS_MAX) {
        return STATUS_INTERNAL;
    }
    if (count > 0) {
        memcpy(all + first, statements, count * sizeof(*all));
    }
    TRY(auth_note(call, note, &row, &all[first == 1 ? 0 : count]));
    TRY(auth_write(call, all, count + 1, rows));
    if (out != NULL) {
        memcpy(out, rows + first, count * sizeof(*out));
    }
    return STATUS_OK;
}

enum status auth_write(const struct auth_call *call,
                       const struct statement *statements, size_t count,
                       struct rows *out)
{
    return store_write(call->auth->store, statements, count, call->arena, out);
}
