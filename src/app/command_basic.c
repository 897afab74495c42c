/* SPDX-License-Identifier: Apache-2.0 */
/* The commands without a group: the server's own, and the pages. */
#include "app/check.h"
#include "app/command.h"
#include "app/migrate.h"
#include "app/serve.h"

#define PAGE_MAX ((size_t)64 * 1024)

enum status command_serve(struct command *command)
{
    command->code = serve(command->config, command->inputs);
    return STATUS_OK;
}

enum status command_migrate(struct command *command)
{
    command->code =
        migrate(command->config, command_has(command, CLI_FLAG_DRY_RUN));
    return STATUS_OK;
}

enum status command_check(struct command *command)
{
    command->code = check(command->config);
    return STATUS_OK;
}

enum status command_version(struct command *command)
{
    return command_print(command, SLICE("bookplate " BOOKPLATE_VERSION "\n"));
}

/* "help", "help user", "help user list" */
enum status command_help(struct command *command)
{
    struct slice topic = command_argument(command, 0);
    struct slice second = command_argument(command, 1);
    struct buf page;

    buf_init(&page, command->arena, PAGE_MAX);
    if (second.len > 0) {
        TRY(arena_format(command->arena, &topic, "%.*s %.*s", SLICE_ARG(topic),
                         SLICE_ARG(second)));
    }
    if (topic.len == 0) {
        cli_help(&page);
    } else if (!cli_help_topic(topic, &page)) {
        return command_refuse(command,
                              "unknown command '%.*s'; see 'bookplate help'",
                              SLICE_ARG(slice_head(topic, 40)));
    }
    return command_print_buf(command, &page);
}

enum status command_help_config(struct command *command)
{
    struct buf page;

    buf_init(&page, command->arena, PAGE_MAX);
    cli_help_config(&page);
    return command_print_buf(command, &page);
}
