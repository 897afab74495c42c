/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of other services: made, listed, revoked. */
#include "app/command_tools.h"
#include "reader/service.h"

static const struct listing_column columns[] = {
    {SLICE_INIT("name"), SLICE_INIT("name"), true},
    {SLICE_INIT("scopes"), SLICE_INIT("scopes"), false},
    {SLICE_INIT("created"), SLICE_INIT("createdAt"), true},
    {SLICE_INIT("last used"), SLICE_INIT("lastUsedAt"), true},
    {SLICE_INIT("revoked"), SLICE_INIT("revokedAt"), true},
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(*columns))

/* What a name looks like, for who gave another. */
static enum status check_name(struct command *command, struct slice name)
{
    return service_name_is_good(name)
               ? STATUS_OK
               : command_refuse(command,
                                "a service's name has 1 to 64 letters, digits, "
                                "'.', '_' or '-'");
}

static enum status check_scope(struct command *command, struct slice scope)
{
    return slice_equal(scope, SERVICE_SCOPE_READ)
               ? STATUS_OK
               : command_refuse(command, "unknown scope '%.*s'; there is %.*s",
                                SLICE_ARG(slice_head(scope, 64)),
                                SLICE_ARG(SERVICE_SCOPE_READ));
}

static enum status print_key(struct command *command, struct slice name,
                             struct slice scope, struct slice key)
{
    static const struct listing_column made[] = {
        {SLICE_INIT("name"), SLICE_INIT("name"), true},
        {SLICE_INIT("scopes"), SLICE_INIT("scopes"), true},
        {SLICE_INIT("key"), SLICE_INIT("key"), true},
    };
    struct listing listing;

    listing_init(&listing, command->arena, made, sizeof(made) / sizeof(*made));
    TRY(listing_add(&listing,
                    (const struct value[]){value_text(name), value_text(scope),
                                           value_text(key)}));
    TRY(command_print_card(command, &listing));
    command_hint("The key is shown this once. Send it as: Authorization: "
                 "Bearer KEY");
    return STATUS_OK;
}

enum status command_service_add(struct command *command)
{
    struct slice name = command_argument(command, 0);
    struct slice scope = command_has(command, CLI_FLAG_SCOPE)
                             ? command_text(command, CLI_FLAG_SCOPE)
                             : SERVICE_SCOPE_READ;
    struct slice key;
    enum status status;

    TRY(check_name(command, name));
    TRY(check_scope(command, scope));
    status = service_add(&command->call, name, scope, &key);
    if (status == STATUS_TAKEN) {
        return command_fail(command,
                            "there is a service '%.*s' already; revoke it, or "
                            "choose another name",
                            SLICE_ARG(name));
    }
    TRY(status);
    return print_key(command, name, scope, key);
}

/* A moment that may not have come; the tables keep bare milliseconds. */
static struct value moment(const struct value *value)
{
    return value->kind == VALUE_NULL ? VALUE_NOTHING
                                     : value_time(value->number);
}

enum status command_service_list(struct command *command)
{
    struct listing listing;
    struct rows rows;

    TRY(service_rows(&command->call, &rows));
    listing_init(&listing, command->arena, columns, COLUMN_COUNT);
    for (size_t i = 0; i < rows.count; i++) {
        const struct value *row = rows.values + i * rows.width;

        TRY(listing_add(&listing, (const struct value[]){
                                      row[0], row[1], moment(&row[2]),
                                      moment(&row[3]), moment(&row[4])}));
    }
    return command_print_list(command, &listing);
}

enum status command_service_revoke(struct command *command)
{
    struct slice name = command_argument(command, 0);
    enum status status = service_revoke(&command->call, name);

    if (status == STATUS_NOT_FOUND) {
        return command_fail(command, "there is no service '%.*s' with a key",
                            SLICE_ARG(slice_head(name, 64)));
    }
    TRY(status);
    return command_say(command, "the key of %.*s is revoked", SLICE_ARG(name));
}
