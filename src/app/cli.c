/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli.h"

#include "app/refuse.h"

struct command {
    struct slice word;
    bool takes_settings;
};

static const struct command commands[CLI_COMMAND_COUNT] = {
#define COMMAND(name, word, settings, text) {SLICE_INIT(word), (settings)},
#include "app/command.def"
#undef COMMAND
};

/* Flags that are commands, for those who try them first. */
static const struct {
    struct slice flag;
    enum cli_command command;
} aliases[] = {
    {SLICE_INIT("-h"), CLI_HELP},
    {SLICE_INIT("--help"), CLI_HELP},
    {SLICE_INIT("--help-config"), CLI_HELP_CONFIG},
    {SLICE_INIT("--version"), CLI_VERSION},
};

struct reader {
    struct arena *arena;
    int argc;
    char *const *argv;
    int at;     /* the word to be read next */
    bool named; /* a command was given */
    struct cli *cli;
    struct slice *why;
};

/* Words are the operator's own, yet a mistyped one may be a secret: cut. */
static struct slice shown(struct slice word)
{
    return slice_head(word, 40);
}

static enum status set_command(struct reader *r, enum cli_command command)
{
    if (r->named) {
        return refuse(r->arena, r->why,
                      "more than one command; see 'bookplate help'");
    }
    r->named = true;
    r->cli->command = command;
    return STATUS_OK;
}

static bool is_next(const struct reader *r, struct slice word)
{
    return r->at < r->argc &&
           slice_equal(slice_from_cstr(r->argv[r->at]), word);
}

static enum status read_command(struct reader *r, struct slice word)
{
    if (slice_equal(word, SLICE("help")) && is_next(r, SLICE("config"))) {
        r->at++;
        return set_command(r, CLI_HELP_CONFIG);
    }
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        if (i != CLI_HELP_CONFIG && slice_equal(word, commands[i].word)) {
            return set_command(r, (enum cli_command)i);
        }
    }
    return refuse(r->arena, r->why,
                  "unknown command '%.*s'; see 'bookplate help'",
                  SLICE_ARG(shown(word)));
}

/* What follows the flag, as --flag=VALUE or as the next word; NULL: nothing. */
static const char *flag_value(struct reader *r, struct slice word,
                              struct slice flag)
{
    if (word.len > flag.len) {
        return word.ptr + flag.len + 1;
    }
    return r->at < r->argc ? r->argv[r->at++] : NULL;
}

static enum status read_config_flag(struct reader *r, const char *value)
{
    if (value == NULL || *value == '\0') {
        return refuse(r->arena, r->why,
                      "--config needs a file; see 'bookplate help'");
    }
    if (r->cli->config_file != NULL) {
        return refuse(r->arena, r->why, "--config is given twice");
    }
    r->cli->config_file = value;
    return STATUS_OK;
}

static enum status read_set_flag(struct reader *r, const char *value)
{
    struct slice text = slice_from_cstr(value);
    size_t equals = slice_find(text, '=');
    struct cli *cli = r->cli;

    if (equals == 0 || equals == text.len) {
        return refuse(r->arena, r->why,
                      "--set needs NAME=VALUE; see 'bookplate help'");
    }
    if (cli->set_count == CLI_SETS_MAX) {
        return refuse(r->arena, r->why, "--set is given more than %zu times",
                      CLI_SETS_MAX);
    }
    cli->sets[cli->set_count++] = (struct config_pair){
        slice_head(text, equals), slice_from(text, equals + 1), SLICE("--set"),
        SOURCE_COMMAND_LINE};
    return STATUS_OK;
}

static bool is_flag(struct slice word, struct slice flag)
{
    return slice_equal(word, flag) ||
           (slice_starts_with(word, flag) && word.ptr[flag.len] == '=');
}

static enum status read_flag(struct reader *r, struct slice word)
{
    struct slice config = SLICE("--config");
    struct slice set = SLICE("--set");

    if (is_flag(word, config)) {
        return read_config_flag(r, flag_value(r, word, config));
    }
    if (is_flag(word, set)) {
        return read_set_flag(r, flag_value(r, word, set));
    }
    if (slice_equal(word, SLICE("--dry-run"))) {
        r->cli->dry_run = true;
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++) {
        if (slice_equal(word, aliases[i].flag)) {
            return set_command(r, aliases[i].command);
        }
    }
    return refuse(r->arena, r->why, "unknown flag '%.*s'; see 'bookplate help'",
                  SLICE_ARG(shown(word)));
}

/* Flags that stand with a command they are not for. */
static enum status check_flags(struct reader *r)
{
    const struct cli *cli = r->cli;

    if (!commands[cli->command].takes_settings &&
        (cli->config_file != NULL || cli->set_count > 0)) {
        return refuse(r->arena, r->why,
                      "'%.*s' takes no settings; see 'bookplate help'",
                      SLICE_ARG(commands[cli->command].word));
    }
    if (cli->dry_run && cli->command != CLI_MIGRATE) {
        return refuse(r->arena, r->why,
                      "--dry-run is for migrate; see 'bookplate help'");
    }
    return STATUS_OK;
}

enum status cli_parse(struct arena *arena, int argc, char *const *argv,
                      struct cli *out, struct slice *why)
{
    struct reader r = {arena, argc, argv, 1, false, out, why};

    *out = (struct cli){.command = CLI_SERVE};
    while (r.at < argc) {
        struct slice word = slice_from_cstr(argv[r.at++]);

        TRY(slice_starts_with(word, SLICE("-")) ? read_flag(&r, word)
                                                : read_command(&r, word));
    }
    TRY(check_flags(&r));
    *why = SLICE_EMPTY;
    return STATUS_OK;
}
