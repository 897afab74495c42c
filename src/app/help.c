/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli.h"

#define COLUMNS ((size_t)80)
#define INDENT  ((size_t)8)

static const struct {
    const char *word;
    const char *text;
} commands[] = {
#define COMMAND(name, word, settings, text) {word, text},
#include "app/command.def"
#undef COMMAND
};

static const struct {
    int number;
    const char *text;
} exit_codes[] = {
#define EXIT_CODE(name, number, text) {number, text},
#include "app/exit.def"
#undef EXIT_CODE
};

static void add_wrapped(struct buf *out, struct slice text)
{
    size_t column = 0;
    struct slice word;

    while (slice_split(&text, ' ', &word)) {
        if (column > 0 && column + 1 + word.len > COLUMNS) {
            buf_add_byte(out, '\n');
            column = 0;
        }
        if (column == 0) {
            buf_format(out, "%*s", (int)INDENT, "");
            column = INDENT;
        } else {
            buf_add_byte(out, ' ');
            column++;
        }
        buf_add(out, word);
        column += word.len;
    }
    buf_add_byte(out, '\n');
}

static const char *or_empty(struct slice text)
{
    return text.len == 0 ? "empty" : text.ptr;
}

void cli_help(struct buf *out)
{
    buf_add(out,
            SLICE("bookplate serves a Docusaurus book, its accounts and its "
                  "assistant.\n\n"
                  "Usage: bookplate [COMMAND] [--config FILE] "
                  "[--set NAME=VALUE]...\n\nCommands\n"));
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        buf_format(out, "  %-16s %s\n", commands[i].word, commands[i].text);
    }
    buf_add(out, SLICE("\nFlags, for serve, migrate and check\n"
                       "  --config FILE    read this file instead of "
                       "./" CONFIG_FILE_NAME "\n"
                       "  --set NAME=VALUE change one setting\n"
                       "  --dry-run        with migrate: only say what it "
                       "would do\n"
                       "\nSettings and their defaults; later ones win: the "
                       "file, the environment, --set\n"));
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        buf_format(out, "  %-31s %s\n", config_settings[i].name.ptr,
                   or_empty(config_settings[i].initial));
    }
    buf_add(out, SLICE("\nExit codes\n"));
    for (size_t i = 0; i < sizeof(exit_codes) / sizeof(*exit_codes); i++) {
        buf_format(out, "  %-16d %s\n", exit_codes[i].number,
                   exit_codes[i].text);
    }
}

static void add_setting(const struct setting *setting, struct buf *out)
{
    struct slice takes = SLICE_EMPTY;
    struct buf line;

    buf_format(out, "\n%s (default: %s)\n", setting->name.ptr,
               or_empty(setting->initial));
    add_wrapped(out, setting->text);
    buf_init(&line, out->arena, 256);
    buf_add(&line, SLICE("Takes "));
    setting_expect(setting, &line);
    buf_add_byte(&line, '.');
    if (buf_finish(&line, &takes) == STATUS_OK) {
        add_wrapped(out, takes);
    }
}

void cli_help_config(struct buf *out)
{
    buf_add(
        out,
        SLICE("Settings come from ./" CONFIG_FILE_NAME
              " (or --config FILE), from "
              "the environment and\nfrom --set; later ones win. The file has "
              "lines "
              "of NAME=VALUE, values may stand\nin quotes, # begins a comment. "
              "Unknown names and bad values stop the start.\n"));
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        add_setting(&config_settings[i], out);
    }
}
