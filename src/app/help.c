/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli.h"

#define COLUMNS ((size_t)80)
#define INDENT  ((size_t)8)
/* Where what a line says begins. */
#define TEXT_AT ((size_t)20)
/* A usage, with what its flags' values are called. */
#define LINE_MAX_BYTES ((size_t)1024)

static const struct {
    struct slice word;
    struct slice text;
} groups[] = {
    {SLICE_INIT("help"), SLICE_INIT("")},
#define GROUP(word, text) {SLICE_INIT(word), SLICE_INIT(text)},
#define COMMAND(name, words, needs, usage, text)
#include "app/command.def"
#undef COMMAND
};

static const struct {
    enum cli_command command;
    struct slice words;
} examples[] = {
#define EXAMPLE(name, words) {CLI_##name, SLICE_INIT(words)},
#define COMMAND(name, words, needs, usage, text)
#include "app/command.def"
#undef COMMAND
};

#define GROUP_COUNT (sizeof(groups) / sizeof(*groups))

static const struct {
    int number;
    const char *text;
} exit_codes[] = {
#define EXIT_CODE(name, number, text) {number, text},
#include "app/exit.def"
#undef EXIT_CODE
};

static const struct {
    struct slice flag;
    struct slice text;
} common_flags[] = {
    {SLICE_INIT("--config FILE"),
     SLICE_INIT("read this file instead of ./" CONFIG_FILE_NAME)},
    {SLICE_INIT("--set NAME=VALUE"), SLICE_INIT("change one setting")},
};

/* From `column` on; later lines begin at `indent`. */
static void add_words(struct buf *out, struct slice text, size_t column,
                      size_t indent)
{
    size_t start = column;
    struct slice word;

    while (slice_split(&text, ' ', &word)) {
        if (column > start && column + 1 + word.len > COLUMNS) {
            buf_format(out, "\n%*s", (int)indent, "");
            column = start = indent;
        }
        if (column > start) {
            buf_add_byte(out, ' ');
            column++;
        }
        buf_add(out, word);
        column += word.len;
    }
    buf_add_byte(out, '\n');
}

static void add_wrapped(struct buf *out, struct slice text)
{
    buf_format(out, "%*s", (int)INDENT, "");
    add_words(out, text, INDENT, INDENT);
}

/* "  name     what it says" */
static void add_entry(struct buf *out, struct slice name, struct slice text)
{
    buf_format(out, "  %.*s", SLICE_ARG(name));
    if (name.len + 3 > TEXT_AT) {
        buf_format(out, "\n%*s", (int)TEXT_AT, "");
    } else {
        buf_format(out, "%*s", (int)(TEXT_AT - 2 - name.len), "");
    }
    add_words(out, text, TEXT_AT, TEXT_AT);
}

static const char *or_empty(struct slice text)
{
    return text.len == 0 ? "empty" : text.ptr;
}

static bool is_in_group(struct slice words, struct slice group)
{
    return slice_starts_with(words, group) && words.len > group.len &&
           words.ptr[group.len] == ' ';
}

/* "the readers' accounts: list, show, create" */
static void add_group(struct buf *out, struct slice group, struct slice text)
{
    const char *between = ": ";
    struct slice line = SLICE_EMPTY;
    struct buf buf;

    buf_init(&buf, out->arena, LINE_MAX_BYTES);
    buf_add(&buf, text);
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        struct slice words = cli_rows[i].words;

        if (is_in_group(words, group)) {
            buf_format(&buf, "%s%s", between, words.ptr + group.len + 1);
            between = ", ";
        }
    }
    if (buf_finish(&buf, &line) == STATUS_OK) {
        add_entry(out, group, line);
    }
}

static bool is_single(struct slice words)
{
    return slice_find(words, ' ') == words.len ||
           is_in_group(words, groups[0].word);
}

/* The commands of one word, and the groups where the first of each stands. */
static void add_commands(struct buf *out)
{
    size_t next = 1;

    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        struct slice words = cli_rows[i].words;

        if (is_single(words)) {
            add_entry(out, words, cli_rows[i].text);
        } else if (next < GROUP_COUNT &&
                   is_in_group(words, groups[next].word)) {
            add_group(out, groups[next].word, groups[next].text);
            next++;
        }
    }
}

static void add_common_flags(struct buf *out)
{
    for (size_t i = 0; i < sizeof(common_flags) / sizeof(*common_flags); i++) {
        add_entry(out, common_flags[i].flag, common_flags[i].text);
    }
}

void cli_help(struct buf *out)
{
    buf_add(out,
            SLICE("bookplate serves a Docusaurus book, its accounts and its "
                  "assistant.\n\n"
                  "Usage: bookplate [COMMAND] [--config FILE] "
                  "[--set NAME=VALUE]...\n\nCommands\n"));
    add_commands(out);
    buf_add(out, SLICE("\nWhat one takes: bookplate help COMMAND\n"
                       "\nFlags of every command that reads settings\n"));
    add_common_flags(out);
    buf_add(out, SLICE("\nSettings and their defaults; later ones win: the "
                       "file, the environment, --set\n"));
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        buf_format(out, "  %-31s %s\n", config_settings[i].name.ptr,
                   or_empty(config_settings[i].initial));
    }
    buf_add(out, SLICE("\nExit codes\n"));
    for (size_t i = 0; i < sizeof(exit_codes) / sizeof(*exit_codes); i++) {
        buf_format(out, "  %-17d %s\n", exit_codes[i].number,
                   exit_codes[i].text);
    }
}

/* "bookplate user list [--limit N]", wrapped between its parts. */
static void add_usage(struct buf *out, const struct cli_row *row)
{
    struct slice usage = row->usage;
    struct slice text = usage;
    struct slice line;
    size_t column = sizeof("bookplate") + row->words.len;
    struct cli_part part;

    buf_format(out, "bookplate %.*s", SLICE_ARG(row->words));
    while (cli_part_next(&usage, &part)) {
        line = slice_trim(slice_head(text, text.len - usage.len));
        text = usage;
        if (column + 1 + line.len > COLUMNS) {
            buf_format(out, "\n%*s", (int)INDENT, "");
            column = INDENT - 1;
        } else {
            buf_add_byte(out, ' ');
        }
        buf_add(out, line);
        column += 1 + line.len;
    }
    buf_add_byte(out, '\n');
    add_wrapped(out, row->text);
}

/* Whether any command of the topic takes it, and what its value is called. */
static bool is_taken(const bool *shown, struct slice flag, struct slice *value)
{
    struct cli_part part;

    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        struct slice usage = cli_rows[i].usage;

        while (shown[i] && cli_part_next(&usage, &part)) {
            if (slice_equal(part.flag, flag)) {
                *value = part.value;
                return true;
            }
        }
    }
    return false;
}

static void add_flags(struct buf *out, const bool *shown)
{
    struct slice value;
    struct slice name;

    buf_add(out, SLICE("\nFlags\n"));
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++) {
        struct slice flag = cli_flags[i].name;

        if (is_taken(shown, flag, &value) &&
            arena_format(out->arena, &name, "%.*s%s%.*s", SLICE_ARG(flag),
                         value.len > 0 ? " " : "",
                         SLICE_ARG(value)) == STATUS_OK) {
            add_entry(out, name, cli_flags[i].text);
        }
    }
    add_common_flags(out);
}

/* Of a page that is about one command. */
static void add_examples(struct buf *out, struct slice topic)
{
    bool begun = false;

    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        if (slice_equal(cli_rows[examples[i].command].words, topic)) {
            buf_add(out, begun ? SLICE_EMPTY : SLICE("\nExample\n"));
            buf_format(out, "  bookplate %s\n", examples[i].words.ptr);
            begun = true;
        }
    }
}

bool cli_help_topic(struct slice topic, struct buf *out)
{
    bool shown[CLI_COMMAND_COUNT] = {false};
    bool found = false;
    bool settings = false;

    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        shown[i] = slice_equal(cli_rows[i].words, topic) ||
                   is_in_group(cli_rows[i].words, topic);
        if (shown[i]) {
            buf_add(out, found ? SLICE("\n") : SLICE_EMPTY);
            add_usage(out, &cli_rows[i]);
            settings = settings || cli_rows[i].needs != CLI_NEEDS_PAGE;
        }
        found = found || shown[i];
    }
    if (settings) {
        add_flags(out, shown);
    }
    add_examples(out, topic);
    return found;
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
