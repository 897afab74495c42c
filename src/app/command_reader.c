/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command_reader.h"

#include "app/command_tools.h"
#include "app/keys_open.h"
#include "reader/export.h"

enum status command_reader_open(struct command *command,
                                struct command_reader *out)
{
    const struct config *config = command->config;

    *out = (struct command_reader){.reader = {.auth = &command->auth}};
    TRY(questionnaire_load(config->QUESTIONNAIRE, command->arena, &command->why,
                           &out->questionnaire));
    out->reader.questionnaire = &out->questionnaire;
    TRY(keys_open_names(config, command->arena, &command->why, &out->names));
    out->reader.names = out->names;
    TRY(keys_look_at_vault(config, command->auth.store, command->arena,
                           &command->why, &out->reader.vault));
    command->why = SLICE_EMPTY;
    return STATUS_OK;
}

void command_reader_close(struct command_reader *reader)
{
    vault_free(reader->reader.vault);
    audit_names_free(reader->names);
}

enum status command_user_export(struct command *command)
{
    struct command_reader reader CLEANUP(command_reader_close) = {0};
    struct record user;
    struct slice json;

    TRY(command_find_user(command, command_argument(command, 0), &user));
    TRY(command_reader_open(command, &reader));
    TRY(export_make(&reader.reader, &command->call, record_text(&user, USER_ID),
                    &json));
    TRY(command_print(command, json));
    return command_print(command, SLICE("\n"));
}
