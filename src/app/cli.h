/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: which command, its arguments and flags, and which
 * settings come with it.
 *
 * It reads and prints nothing but what it is given: main acts on the result.
 * Everything in a struct cli points into argv or the arena.
 *
 * Invariant: what was read has the arguments its usage asks for, no flag the
 * command does not take, and no text that is not UTF-8 or has control
 * characters in it.
 */
#ifndef APP_CLI_H
#define APP_CLI_H

#include "app/config.h"

/* Far more than there are settings; a script gone wild stops here. */
#define CLI_SETS_MAX ((size_t)128)
/* Of one command; none takes more than two. */
#define CLI_ARGUMENTS_MAX ((size_t)2)
/* An address, an id, a file's name. */
#define CLI_TEXT_MAX ((size_t)4096)

enum cli_command {
#define COMMAND(name, words, needs, usage, text) CLI_##name,
#include "app/command.def"
#undef COMMAND
    CLI_COMMAND_COUNT
};

enum cli_flag {
#define FLAG(name, flag, kind, min, max, text) CLI_FLAG_##name,
#include "app/flag.def"
#undef FLAG
    CLI_FLAG_COUNT
};

/* What a command cannot do without. */
enum cli_needs {
    CLI_NEEDS_PAGE,
    CLI_NEEDS_SETTINGS,
    CLI_NEEDS_DATABASE
};

/* A row of command.def. */
struct cli_row {
    struct slice words;
    enum cli_needs needs;
    struct slice usage;
    struct slice text;
};

extern const struct cli_row cli_rows[CLI_COMMAND_COUNT];
/* The rows of flag.def; `name` has its dashes. */
extern const struct setting cli_flags[CLI_FLAG_COUNT];

struct cli {
    enum cli_command command;
    const char *config_file; /* NULL: none was named */
    struct slice arguments[CLI_ARGUMENTS_MAX];
    size_t argument_count;
    bool has[CLI_FLAG_COUNT];
    union setting_value values[CLI_FLAG_COUNT];
    struct config_pair sets[CLI_SETS_MAX];
    size_t set_count;
};

/* On failure *why is one line with a hint. argv[0] is not looked at. */
MUST_USE enum status cli_parse(struct arena *arena, int argc, char *const *argv,
                               struct cli *out, struct slice *why);

/* One word of a usage: an argument, or a flag and what its value is called. */
struct cli_part {
    struct slice argument; /* empty: it is a flag */
    struct slice flag;
    struct slice value; /* empty: it has none */
    bool optional;
};

/* Takes the next part off *usage; false at its end. */
bool cli_part_next(struct slice *usage, struct cli_part *out);

/* Whether `words` are those of a command, or the first of several commands. */
bool cli_is_command(struct slice words, enum cli_command *out);
bool cli_is_group(struct slice word);

/* What "bookplate help" and "bookplate help config" print; 80 columns. */
void cli_help(struct buf *out);
void cli_help_config(struct buf *out);
/* What a command or a group of them takes; false when there is none such. */
bool cli_help_topic(struct slice topic, struct buf *out);

#endif
