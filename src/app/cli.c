/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli.h"

#include "app/refuse.h"
#include "codec/utf8.h"

/* Two of the command, its arguments, and one too many to be told. */
#define WORDS_MAX (CLI_ARGUMENTS_MAX + 3)

#define SEE_HELP "; see 'bookplate help'"

struct reader {
    struct arena *arena;
    int argc;
    char *const *argv;
    int at; /* the word to be read next */
    struct slice words[WORDS_MAX];
    size_t word_count;
    struct slice unknown; /* the first flag nobody takes */
    bool wants_help;
    struct cli *cli;
    struct slice *why;
};

/* Flags that are commands, for those who try them first. */
static const struct {
    struct slice flag;
    enum cli_command command;
} aliases[] = {
    {SLICE_INIT("--help-config"), CLI_help_config},
    {SLICE_INIT("--version"), CLI_version},
};

/* Words are the operator's own, yet a mistyped one may be a secret: cut. */
static struct slice shown(struct slice word)
{
    return slice_head(word, 40);
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
        return refuse(r->arena, r->why, "--config needs a file" SEE_HELP);
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
        return refuse(r->arena, r->why, "--set needs NAME=VALUE" SEE_HELP);
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

static enum status refuse_value(struct reader *r, const struct setting *flag,
                                struct slice value)
{
    struct slice wanted = SLICE_EMPTY;
    struct buf buf;

    buf_init(&buf, r->arena, 256);
    setting_expect(flag, &buf);
    TRY(buf_finish(&buf, &wanted));
    return refuse(r->arena, r->why, "%s: '%.*s' is not %.*s", flag->name.ptr,
                  SLICE_ARG(shown(value)), SLICE_ARG(wanted));
}

static enum status read_own_flag(struct reader *r, enum cli_flag id,
                                 struct slice word)
{
    const struct setting *flag = &cli_flags[id];
    struct slice value = SLICE("on");
    struct slice bad;

    if (r->cli->has[id]) {
        return refuse(r->arena, r->why, "%s is given twice", flag->name.ptr);
    }
    r->cli->has[id] = true;
    if (flag->kind != KIND_BOOLEAN) {
        const char *text = flag_value(r, word, flag->name);

        if (text == NULL) {
            return refuse(r->arena, r->why, "%s needs a value" SEE_HELP,
                          flag->name.ptr);
        }
        value = slice_from_cstr(text);
    } else if (word.len > flag->name.len) {
        return refuse(r->arena, r->why, "%s takes no value" SEE_HELP,
                      flag->name.ptr);
    }
    return utf8_is_valid(value) &&
                   setting_read(r->arena, flag, value, &r->cli->values[id],
                                &bad) == STATUS_OK
               ? STATUS_OK
               : refuse_value(r, flag, value);
}

static enum status add_word(struct reader *r, struct slice word)
{
    if (r->word_count < WORDS_MAX) {
        r->words[r->word_count++] = word;
    }
    return STATUS_OK;
}

/* As if the words of the command had been written. */
static enum status add_alias(struct reader *r, enum cli_command command)
{
    struct slice rest = cli_rows[command].words;
    struct slice word;

    while (slice_split(&rest, ' ', &word)) {
        TRY(add_word(r, word));
    }
    return STATUS_OK;
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
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++) {
        if (is_flag(word, cli_flags[i].name)) {
            return read_own_flag(r, (enum cli_flag)i, word);
        }
    }
    for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++) {
        if (slice_equal(word, aliases[i].flag)) {
            return add_alias(r, aliases[i].command);
        }
    }
    if (slice_equal(word, SLICE("-h")) || slice_equal(word, SLICE("--help"))) {
        r->wants_help = true;
    } else if (r->unknown.len == 0) {
        /* What follows may be a password. */
        r->unknown = slice_head(word, slice_find(word, '='));
    }
    return STATUS_OK;
}

static enum status read_words(struct reader *r)
{
    bool flags = true;

    while (r->at < r->argc) {
        struct slice word = slice_from_cstr(r->argv[r->at++]);

        if (flags && slice_equal(word, SLICE("--"))) {
            flags = false;
            continue;
        }
        /* "-" alone is standard input, a word like others. */
        TRY(flags && word.len > 1 && slice_starts_with(word, SLICE("-"))
                ? read_flag(r, word)
                : add_word(r, word));
    }
    return STATUS_OK;
}

/* "list, show, create" */
static enum status refuse_group(struct reader *r, struct slice group)
{
    struct slice list;
    struct buf buf;

    buf_init(&buf, r->arena, 512);
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        struct slice words = cli_rows[i].words;

        if (slice_starts_with(words, group) && words.len > group.len &&
            words.ptr[group.len] == ' ') {
            buf_add(&buf, buf.len > 0 ? SLICE(", ") : SLICE_EMPTY);
            buf_add(&buf, slice_from(words, group.len + 1));
        }
    }
    TRY(buf_finish(&buf, &list));
    return refuse(r->arena, r->why,
                  "'%.*s' goes with one of: %.*s; see 'bookplate help %.*s'",
                  SLICE_ARG(group), SLICE_ARG(list), SLICE_ARG(group));
}

/* How many of the words are the command's name. */
static enum status find_command(struct reader *r, size_t *used)
{
    struct slice both = SLICE_EMPTY;

    *used = 0;
    r->cli->command = CLI_serve;
    if (r->word_count == 0) {
        return STATUS_OK;
    }
    *used = 2;
    if (r->word_count > 1 && slice_find(r->words[0], ' ') == r->words[0].len) {
        TRY(arena_format(r->arena, &both, "%.*s %.*s", SLICE_ARG(r->words[0]),
                         SLICE_ARG(r->words[1])));
        if (cli_is_command(both, &r->cli->command)) {
            return STATUS_OK;
        }
    }
    *used = 1;
    if (slice_find(r->words[0], ' ') == r->words[0].len &&
        cli_is_command(r->words[0], &r->cli->command)) {
        return STATUS_OK;
    }
    return cli_is_group(r->words[0])
               ? refuse_group(r, r->words[0])
               : refuse(r->arena, r->why, "unknown command '%.*s'" SEE_HELP,
                        SLICE_ARG(shown(r->words[0])));
}

static const struct cli_row *row_of(const struct reader *r)
{
    return &cli_rows[r->cli->command];
}

static enum status refuse_flag(struct reader *r, struct slice flag)
{
    struct slice words = row_of(r)->words;
    struct slice usage = row_of(r)->usage;
    struct cli_part part;
    struct slice list;
    struct buf buf;

    buf_init(&buf, r->arena, 512);
    while (cli_part_next(&usage, &part)) {
        if (part.flag.len > 0) {
            buf_add(&buf, buf.len > 0 ? SLICE(", ") : SLICE("; it takes "));
            buf_add(&buf, part.flag);
        }
    }
    buf_add(&buf, buf.len > 0 ? SLICE_EMPTY : SLICE(SEE_HELP));
    TRY(buf_finish(&buf, &list));
    return refuse(r->arena, r->why, "unknown flag '%.*s' for '%.*s'%.*s",
                  SLICE_ARG(shown(flag)), SLICE_ARG(words), SLICE_ARG(list));
}

static bool takes_flag(struct slice usage, struct slice flag)
{
    struct cli_part part;

    while (cli_part_next(&usage, &part)) {
        if (slice_equal(part.flag, flag)) {
            return true;
        }
    }
    return false;
}

/* Flags that stand with a command they are not for. */
static enum status check_flags(struct reader *r)
{
    const struct cli *cli = r->cli;

    if (r->unknown.len > 0) {
        return refuse_flag(r, r->unknown);
    }
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++) {
        if (cli->has[i] && !takes_flag(row_of(r)->usage, cli_flags[i].name)) {
            return refuse_flag(r, cli_flags[i].name);
        }
    }
    if (row_of(r)->needs == CLI_NEEDS_PAGE &&
        (cli->config_file != NULL || cli->set_count > 0)) {
        return refuse(r->arena, r->why, "'%.*s' takes no settings" SEE_HELP,
                      SLICE_ARG(row_of(r)->words));
    }
    return STATUS_OK;
}

static enum status check_argument(struct reader *r, struct slice name,
                                  struct slice text)
{
    if (text.len > 0 && text.len <= CLI_TEXT_MAX && utf8_is_valid(text) &&
        !setting_has_control(text)) {
        return STATUS_OK;
    }
    return refuse(r->arena, r->why, "'%.*s' is no %.*s", SLICE_ARG(shown(text)),
                  SLICE_ARG(name));
}

static enum status take_arguments(struct reader *r, size_t used)
{
    struct slice words = row_of(r)->words;
    struct slice usage = row_of(r)->usage;
    struct cli *cli = r->cli;
    struct cli_part part;

    while (cli_part_next(&usage, &part)) {
        if (part.argument.len == 0) {
            continue;
        }
        if (used == r->word_count && !part.optional) {
            return refuse(r->arena, r->why,
                          "'%.*s' needs %.*s; see 'bookplate help %.*s'",
                          SLICE_ARG(words), SLICE_ARG(part.argument),
                          SLICE_ARG(words));
        }
        if (used < r->word_count) {
            TRY(check_argument(r, part.argument, r->words[used]));
            cli->arguments[cli->argument_count++] = r->words[used++];
        }
    }
    return used == r->word_count
               ? STATUS_OK
               : refuse(r->arena, r->why,
                        "'%.*s' has nothing to do with '%.*s'" SEE_HELP,
                        SLICE_ARG(words), SLICE_ARG(shown(r->words[used])));
}

/* "user list --help" is "help user list". */
static void turn_to_help(struct reader *r)
{
    r->cli->command = CLI_help;
    r->cli->argument_count =
        r->word_count < CLI_ARGUMENTS_MAX ? r->word_count : CLI_ARGUMENTS_MAX;
    for (size_t i = 0; i < r->cli->argument_count; i++) {
        r->cli->arguments[i] = r->words[i];
    }
}

enum status cli_parse(struct arena *arena, int argc, char *const *argv,
                      struct cli *out, struct slice *why)
{
    struct reader r = {
        .arena = arena, .argc = argc, .argv = argv, .at = 1, .cli = out};
    size_t used;

    *out = (struct cli){.command = CLI_serve};
    r.why = why;
    TRY(read_words(&r));
    *why = SLICE_EMPTY;
    if (r.wants_help && r.unknown.len == 0) {
        turn_to_help(&r);
        return STATUS_OK;
    }
    TRY(find_command(&r, &used));
    TRY(check_flags(&r));
    return take_arguments(&r, used);
}
