/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions seen and ended. Their tokens are never shown: who has one is
 * signed in.
 */
#include "app/command_tools.h"
#include "auth/session.h"

static const struct listing_column columns[] = {
    {SLICE_INIT("id"), SLICE_INIT("id"), true},
    {SLICE_INIT("begun"), SLICE_INIT("createdAt"), true},
    {SLICE_INIT("extended"), SLICE_INIT("updatedAt"), true},
    {SLICE_INIT("ends"), SLICE_INIT("expiresAt"), true},
    {SLICE_INIT("from"), SLICE_INIT("ipAddress"), true},
    {SLICE_INIT("browser"), SLICE_INIT("userAgent"), false},
    {SLICE_INIT("acted by"), SLICE_INIT("impersonatedBy"), true},
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(*columns))

enum status command_session_list(struct command *command)
{
    const struct table *table = &command->schema.tables[TABLE_SESSION];
    size_t by = command->schema.session_impersonated_by;
    struct listing listing;
    struct record user;
    struct rows rows;

    TRY(command_find_user(command, command_argument(command, 0), &user));
    TRY(session_list(&command->call, record_text(&user, USER_ID), &rows));
    listing_init(&listing, command->arena, columns,
                 COLUMN_COUNT - (by == COLUMN_NONE ? 1 : 0));
    for (size_t i = 0; i < rows.count; i++) {
        struct record session;

        TRY(record_take(table, &rows, i, 0, command->arena, &session));
        TRY(listing_add(&listing, (struct value[]){
                                      session.values[SESSION_ID],
                                      session.values[SESSION_CREATED_AT],
                                      session.values[SESSION_UPDATED_AT],
                                      session.values[SESSION_EXPIRES_AT],
                                      session.values[SESSION_IP_ADDRESS],
                                      session.values[SESSION_USER_AGENT],
                                      by == COLUMN_NONE ? VALUE_NOTHING
                                                        : session.values[by],
                                  }));
    }
    return command_print_list(command, &listing);
}

static enum status revoke_one(struct command *command, struct slice id)
{
    struct session session;
    enum status status = session_find_by_id(&command->call, id, &session);

    if (status == STATUS_NOT_FOUND) {
        return command_fail(command, "there is no session '%.*s'",
                            SLICE_ARG(slice_head(id, 80)));
    }
    TRY(status);
    TRY(session_end(&command->call, record_text(&session.row, SESSION_TOKEN)));
    return command_say(command, "ended one session of %.*s",
                       SLICE_ARG(record_text(&session.user, USER_EMAIL)));
}

static enum status revoke_of_user(struct command *command,
                                  struct slice id_or_address)
{
    struct record user;
    struct rows rows;

    TRY(command_find_user(command, id_or_address, &user));
    TRY(session_list(&command->call, record_text(&user, USER_ID), &rows));
    TRY(session_end_all(&command->call, record_text(&user, USER_ID)));
    return command_say(command, "ended %zu session%s of %.*s", rows.count,
                       rows.count == 1 ? "" : "s",
                       SLICE_ARG(record_text(&user, USER_EMAIL)));
}

static enum status revoke_all(struct command *command)
{
    const struct statement statement = {.query = QUERY_sessions_delete_all};
    const struct audit_note note = {.event = AUDIT_SESSION_END,
                                    .detail = SLICE("all of all users")};
    struct rows rows;

    TRY(command_confirm(command, SLICE("Sign everybody out?")));
    TRY(auth_write_noted(&command->call, &statement, 1, &rows, &note));
    return command_say(command, "ended %zu session%s", rows.changed,
                       rows.changed == 1 ? "" : "s");
}

/* One of three ways, and only one: a slip must not end more than was meant. */
enum status command_session_revoke(struct command *command)
{
    struct slice id = command_argument(command, 0);
    struct slice user = command_text(command, CLI_FLAG_USER);
    bool all = command_has(command, CLI_FLAG_ALL);

    if ((id.len > 0) + (user.len > 0) + all != 1) {
        return command_refuse(command, "'session revoke' takes either an ID, "
                                       "or --user ID-or-ADDRESS, or --all");
    }
    if (id.len > 0) {
        return revoke_one(command, id);
    }
    return all ? revoke_all(command) : revoke_of_user(command, user);
}
