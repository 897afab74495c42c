/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: which command, and which settings come with it.
 *
 * It reads and prints nothing but what it is given: main acts on the result.
 * Everything in a struct cli points into argv.
 */
#ifndef APP_CLI_H
#define APP_CLI_H

#include "app/config.h"

/* Far more than there are settings; a script gone wild stops here. */
#define CLI_SETS_MAX ((size_t)128)

enum cli_command {
#define COMMAND(name, word, settings, text) CLI_##name,
#include "app/command.def"
#undef COMMAND
    CLI_COMMAND_COUNT
};

struct cli {
    enum cli_command command;
    const char *config_file; /* NULL: none was named */
    bool dry_run;            /* with migrate only */
    struct config_pair sets[CLI_SETS_MAX];
    size_t set_count;
};

/* On failure *why is one line with a hint. argv[0] is not looked at. */
MUST_USE enum status cli_parse(struct arena *arena, int argc, char *const *argv,
                               struct cli *out, struct slice *why);

/* What "bookplate help" and "bookplate help config" print; 80 columns. */
void cli_help(struct buf *out);
void cli_help_config(struct buf *out);

#endif
