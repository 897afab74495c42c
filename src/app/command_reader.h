/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command needs to look at what readers told: the questionnaire and
 * the keys. Only looks: it makes no first key.
 */
#ifndef APP_COMMAND_READER_H
#define APP_COMMAND_READER_H

#include "app/command.h"
#include "reader/questionnaire.h"
#include "reader/reader.h"

struct command_reader {
    struct reader reader;
    struct questionnaire questionnaire;
    struct audit_names *names;
};

/* To be closed whatever the status is; on failure the line is in `why`. */
MUST_USE enum status command_reader_open(struct command *command,
                                         struct command_reader *out);
/* For CLEANUP. */
void command_reader_close(struct command_reader *reader);

#endif
