/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What several commands do alike: find a reader by what the operator typed,
 * ask before what cannot be undone, print what was found.
 */
#ifndef APP_COMMAND_TOOLS_H
#define APP_COMMAND_TOOLS_H

#include "app/command.h"
#include "app/listing.h"
#include "auth/user.h"

/* By id or address; fails with a line when there is none. */
MUST_USE enum status command_find_user(struct command *command,
                                       struct slice id_or_address,
                                       struct record *out);

/*
 * `question` ends with "?". With --yes nobody is asked; without a terminal
 * the command is refused.
 */
MUST_USE enum status command_confirm(struct command *command,
                                     struct slice question);

/* The listing as JSON with --json, as a table otherwise. */
MUST_USE enum status command_print_list(struct command *command,
                                        const struct listing *listing);
/* The same of one thing: JSON, or a line a field. */
MUST_USE enum status command_print_card(struct command *command,
                                        const struct listing *listing);

/* printf to standard output. */
MUST_USE enum status command_say(struct command *command, const char *format,
                                 ...) __attribute__((format(printf, 2, 3)));
/* To standard error, for people who look at a list on standard output. */
void command_hint(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* "2026-11-21 10:26:31" */
MUST_USE enum status command_time(struct command *command, int64_t ms,
                                  struct slice *out);

#endif
