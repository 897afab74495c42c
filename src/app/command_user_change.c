/* SPDX-License-Identifier: Apache-2.0 */
/* Users changed: user create, ban, unban, set-role, delete. */
#include "api/better_auth/input.h"
#include "app/command_tools.h"
#include "auth/ban.h"
#include "auth/delete_user.h"
#include "auth/password.h"
#include "auth/token_random.h"
#include "auth/user_create.h"
#include "codec/utf8.h"

#include <stdio.h>

/* A line of standard input; the longest password is shorter. */
#define PASSWORD_LINE_MAX ((size_t)4096)

static struct slice address_of(const struct record *user)
{
    return record_text(user, USER_EMAIL);
}

static enum status need_admin(struct command *command)
{
    return command->schema.user_role == COLUMN_NONE
               ? command_refuse(command, "roles and bans need the plugin "
                                         "admin in AUTH_PLUGINS")
               : STATUS_OK;
}

/* What stands between commas in the column is compared letter by letter. */
static enum status check_role(struct command *command, struct slice roles)
{
    struct slice role;

    TRY(need_admin(command));
    while (slice_split(&roles, ',', &role)) {
        bool sound = role.len > 0;

        for (size_t i = 0; i < role.len; i++) {
            char c = role.ptr[i];
            char lower = ascii_lower(c);

            sound = sound && ((lower >= 'a' && lower <= 'z') ||
                              ascii_is_digit(c) || c == '-' || c == '_');
        }
        if (!sound) {
            return command_refuse(command,
                                  "'%.*s' is no role: letters, digits, - and "
                                  "_, with a comma between two roles",
                                  SLICE_ARG(slice_head(role, 40)));
        }
    }
    return STATUS_OK;
}

static enum status read_password(struct command *command, struct slice *out)
{
    char line[PASSWORD_LINE_MAX];
    struct slice text;

    if (fgets(line, sizeof(line), stdin) == NULL) {
        return command_refuse(command, "standard input has no password");
    }
    text = slice_from_cstr(line);
    text = slice_head(text, slice_find(text, '\n'));
    text.len -= slice_ends_with(text, SLICE("\r")) ? 1 : 0;
    if (!utf8_is_valid(text)) {
        return command_refuse(command, "the password is not UTF-8");
    }
    return slice_dup(command->arena, text, out);
}

static enum status choose_password(struct command *command, struct slice *out)
{
    enum status status;

    if (!command_has(command, CLI_FLAG_PASSWORD_STDIN)) {
        return token_random_reset(command->arena, out);
    }
    TRY(read_password(command, out));
    status = password_check(&command->call, *out);
    if (status == STATUS_PASSWORD_TOO_SHORT) {
        return command_refuse(command,
                              "the password is shorter than "
                              "MIN_PASSWORD_LENGTH, %zu",
                              command->auth.settings.min_password);
    }
    return status;
}

static enum status print_made(struct command *command,
                              const struct record *user, struct slice password)
{
    static const struct listing_column columns[] = {
        {SLICE_INIT("id"), SLICE_INIT("id"), true},
        {SLICE_INIT("address"), SLICE_INIT("email"), true},
        {SLICE_INIT("role"), SLICE_INIT("role"), true},
        {SLICE_INIT("password"), SLICE_INIT("password"), true},
    };
    size_t role = command->schema.user_role;
    struct value values[] = {
        user->values[USER_ID],
        user->values[USER_EMAIL],
        role == COLUMN_NONE ? VALUE_NOTHING : user->values[role],
        value_text(password),
    };
    bool given = command_has(command, CLI_FLAG_PASSWORD_STDIN);
    struct listing listing;

    listing_init(&listing, command->arena, columns,
                 sizeof(columns) / sizeof(*columns) - (given ? 1 : 0));
    TRY(listing_add(&listing, values));
    TRY(command_print_card(command, &listing));
    if (!given) {
        command_hint("The password is shown this once and kept nowhere.");
    }
    return STATUS_OK;
}

static enum status fill_create(struct command *command, struct user_create *in,
                               struct column_changes *changes)
{
    struct slice role = command_text(command, CLI_FLAG_ROLE);
    struct slice name = command_text(command, CLI_FLAG_NAME);

    TRY(user_email_lower(&command->call, command_argument(command, 0),
                         &in->email));
    if (!input_is_email(in->email)) {
        return command_refuse(command, "'%.*s' is no address",
                              SLICE_ARG(slice_head(in->email, 80)));
    }
    in->name =
        name.len > 0 ? name : slice_head(in->email, slice_find(in->email, '@'));
    if (role.len > 0) {
        TRY(check_role(command, role));
        in->role = role;
    }
    if (command_has(command, CLI_FLAG_VERIFIED)) {
        column_change_add(changes, USER_EMAIL_VERIFIED, value_boolean(true));
    }
    in->changes = changes;
    return choose_password(command, &in->password);
}

enum status command_user_create(struct command *command)
{
    struct column_changes *changes =
        ARENA_NEW(command->arena, struct column_changes);
    struct user_create in = {.role = {NULL, 0}};
    struct record user;
    enum status status;

    TRY_ALLOC(changes);
    TRY(fill_create(command, &in, changes));
    TRY(command_start_hashing(command));
    status = user_create(&command->call, &in, &user);
    if (status == STATUS_ADMIN_EMAIL_TAKEN) {
        return command_fail(command, "%.*s has an account already",
                            SLICE_ARG(in.email));
    }
    TRY(status);
    return print_made(command, &user, in.password);
}

enum status command_user_ban(struct command *command)
{
    int64_t lasts = command_number(command, CLI_FLAG_EXPIRES, 0);
    struct slice reason = command_text(command, CLI_FLAG_REASON);
    const struct ban ban = {
        .reason = reason.len > 0 ? reason : SLICE("No reason"),
        .expires = lasts > 0 ? command->call.now + lasts : 0,
    };
    struct slice until;
    struct record user;

    TRY(need_admin(command));
    TRY(command_find_user(command, command_argument(command, 0), &user));
    TRY(ban_user(&command->call, record_text(&user, USER_ID), &ban, &user));
    if (ban.expires == 0) {
        return command_say(command, "banned %.*s; all their sessions ended",
                           SLICE_ARG(address_of(&user)));
    }
    TRY(command_time(command, ban.expires, &until));
    return command_say(command,
                       "banned %.*s until %.*s UTC; all their sessions ended",
                       SLICE_ARG(address_of(&user)), SLICE_ARG(until));
}

enum status command_user_unban(struct command *command)
{
    struct record user;

    TRY(need_admin(command));
    TRY(command_find_user(command, command_argument(command, 0), &user));
    if (record_number(&user, command->schema.user_banned) == 0) {
        return command_say(command, "%.*s is not banned",
                           SLICE_ARG(address_of(&user)));
    }
    TRY(ban_lift(&command->call, record_text(&user, USER_ID), &user));
    return command_say(command, "%.*s may sign in again",
                       SLICE_ARG(address_of(&user)));
}

enum status command_user_set_role(struct command *command)
{
    struct column_changes *changes =
        ARENA_NEW(command->arena, struct column_changes);
    struct slice role = command_argument(command, 1);
    struct record user;

    TRY_ALLOC(changes);
    TRY(check_role(command, role));
    TRY(command_find_user(command, command_argument(command, 0), &user));
    column_change_add(changes, command->schema.user_role, value_text(role));
    TRY(row_update(&command->call, TABLE_USER, record_text(&user, USER_ID),
                   changes, &user));
    return command_say(command, "%.*s now has the role %.*s",
                       SLICE_ARG(address_of(&user)), SLICE_ARG(role));
}

enum status command_user_delete(struct command *command)
{
    struct slice question;
    struct record user;

    TRY(command_find_user(command, command_argument(command, 0), &user));
    TRY(arena_format(command->arena, &question,
                     "Delete %.*s and all that is known of them, for good?",
                     SLICE_ARG(address_of(&user))));
    TRY(command_confirm(command, question));
    TRY(delete_user_rows(&command->call, record_text(&user, USER_ID)));
    return command_say(command, "deleted %.*s", SLICE_ARG(address_of(&user)));
}
