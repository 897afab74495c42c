/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of a command: what it was asked, and what it works with.
 *
 * A command that needs the database runs in a fiber on a loop of its own,
 * beside the servers that use the same database. It never makes or migrates
 * one: what it finds must be up to date.
 *
 * Its function returns STATUS_OK, or leaves through TRY: the line in `why`,
 * or else the status's own text, goes to standard error, and the exit code is
 * 2 for STATUS_INVALID_VALUE (what was asked makes no sense) and 1 otherwise.
 * A command that did what it could and has to say so sets `code` itself.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "app/cli.h"
#include "app/exit.h"
#include "auth/auth.h"

struct loop;

struct command {
    struct arena *arena; /* for the whole run */
    const struct cli *cli;
    const struct config *config; /* unless it is a page */
    const struct config_inputs *inputs;
    struct slice why;
    enum exit_code code;
    /* With the database: the call's actor is "command". */
    struct schema schema;
    struct auth auth;
    struct auth_call call;
    struct loop *loop;
};

/* command_serve, command_user_list, ...: a row of command.def each. */
#define COMMAND(name, words, needs, usage, text)                               \
    MUST_USE enum status command_##name(struct command *command);
#include "app/command.def"
#undef COMMAND

/* The whole program, from words to exit code; prints why it could not. */
enum exit_code command_run(int argc, char *const *argv,
                           char *const *environment);

static inline bool command_has(const struct command *command,
                               enum cli_flag flag)
{
    return command->cli->has[flag];
}

/* Empty when the flag was not given. */
static inline struct slice command_text(const struct command *command,
                                        enum cli_flag flag)
{
    return command_has(command, flag) ? command->cli->values[flag].text
                                      : SLICE_EMPTY;
}

static inline int64_t command_number(const struct command *command,
                                     enum cli_flag flag, int64_t otherwise)
{
    return command_has(command, flag) ? command->cli->values[flag].number
                                      : otherwise;
}

/* Empty when there is none at that place. */
static inline struct slice command_argument(const struct command *command,
                                            size_t at)
{
    return at < command->cli->argument_count ? command->cli->arguments[at]
                                             : SLICE_EMPTY;
}

/* Both leave the line in `why`: "return command_fail(command, ...)". */
/* STATUS_INVALID_VALUE: exit code 2, nothing was done. */
MUST_USE enum status command_refuse(struct command *command, const char *format,
                                    ...) __attribute__((format(printf, 2, 3)));
/* STATUS_PRECONDITION_FAILED: exit code 1. */
MUST_USE enum status command_fail(struct command *command, const char *format,
                                  ...) __attribute__((format(printf, 2, 3)));

/* To standard output, all of it. */
MUST_USE enum status command_print(struct command *command, struct slice text);
MUST_USE enum status command_print_buf(struct command *command,
                                       const struct buf *buf);

/* Password hashing for commands that need it, started at the first call. */
MUST_USE enum status command_start_hashing(struct command *command);

#endif
