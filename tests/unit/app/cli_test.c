/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "app/cli.h"
#include "app/exit.h"

static struct arena arena;
static struct cli cli;
static struct slice why;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 8 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define ARGS_MAX 8

/* Words after the program's name; NULL ends them. */
static enum status parse(const char *const *words)
{
    char *argv[ARGS_MAX] = {"bookplate"};
    int argc = 1;

    for (; *words != NULL; words++) {
        argv[argc++] = (char *)(uintptr_t)*words;
    }
    return cli_parse(&arena, argc, argv, &cli, &why);
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static void check_refused(const char *const *words, const char *line)
{
    check_status(parse(words), STATUS_INVALID_VALUE);
    check_slice(why, slice_from_cstr(line));
}

#define REFUSED(line, ...)                                                     \
    check_refused((const char *const[]){__VA_ARGS__, NULL}, line)

static void serves_when_no_command_is_named(void **state)
{
    (void)state;
    check_ok(parse((const char *const[]){NULL}));
    assert_int_equal(cli.command, CLI_serve);
    assert_null(cli.config_file);
    assert_int_equal(cli.set_count, 0);
}

static void knows_its_commands(void **state)
{
    static const struct {
        const char *words[3];
        enum cli_command command;
    } cases[] = {
        {{"serve"}, CLI_serve},
        {{"check"}, CLI_check},
        {{"version"}, CLI_version},
        {{"--version"}, CLI_version},
        {{"help"}, CLI_help},
        {{"--help"}, CLI_help},
        {{"-h"}, CLI_help},
        {{"help", "config"}, CLI_help_config},
        {{"--help-config"}, CLI_help_config},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        check_ok(parse(cases[i].words));
        assert_int_equal(cli.command, cases[i].command);
    }
}

static void takes_flags_on_either_side(void **state)
{
    (void)state;
    check_ok(PARSE("--config", "a.env", "check", "--set", "PORT=1",
                   "--set=HOST=a=b"));
    assert_int_equal(cli.command, CLI_check);
    assert_string_equal(cli.config_file, "a.env");
    assert_int_equal(cli.set_count, 2);
    check_text(cli.sets[0].name, "PORT");
    check_text(cli.sets[0].value, "1");
    check_text(cli.sets[1].name, "HOST");
    check_text(cli.sets[1].value, "a=b");
    check_text(cli.sets[1].where, "--set");
    assert_int_equal(cli.sets[1].source, SOURCE_COMMAND_LINE);
    check_ok(PARSE("--config=b.env", "--set", "SITE_DIR="));
    assert_string_equal(cli.config_file, "b.env");
    check_text(cli.sets[0].value, "");
}

static void refuses_what_it_does_not_know(void **state)
{
    (void)state;
    REFUSED("unknown command 'sevre'; see 'bookplate help'", "sevre");
    REFUSED("unknown command ''; see 'bookplate help'", "");
    REFUSED("unknown command 'help config'; see 'bookplate help'",
            "help config");
    REFUSED("unknown flag '--port' for 'serve'; see 'bookplate help'",
            "--port=1");
    REFUSED("unknown flag '--configure' for 'serve'; see 'bookplate help'",
            "--configure=x");
    REFUSED("unknown flag '--force' for 'migrate'; it takes --dry-run",
            "migrate", "--force");
    REFUSED("unknown command '-'; see 'bookplate help'", "-");
    REFUSED("unknown command 'a?b'; see 'bookplate help'", "a\nb");
    REFUSED("unknown flag '--help' for 'serve'; see 'bookplate help'",
            "--help=x");
}

static void refuses_flags_without_their_value(void **state)
{
    (void)state;
    REFUSED("--config needs a file; see 'bookplate help'", "--config");
    REFUSED("--config needs a file; see 'bookplate help'", "--config=");
    REFUSED("--set needs NAME=VALUE; see 'bookplate help'", "--set");
    REFUSED("--set needs NAME=VALUE; see 'bookplate help'", "--set", "PORT");
    REFUSED("--set needs NAME=VALUE; see 'bookplate help'", "--set==1");
}

static void refuses_things_given_twice(void **state)
{
    (void)state;
    REFUSED("--config is given twice", "--config", "a", "--config=b");
    REFUSED("--dry-run is given twice", "migrate", "--dry-run", "--dry-run");
    REFUSED("'serve' has nothing to do with 'check'; see 'bookplate help'",
            "serve", "check");
    REFUSED("'serve' has nothing to do with 'serve'; see 'bookplate help'",
            "serve", "serve");
    REFUSED("'version' has nothing to do with 'serve'; see 'bookplate help'",
            "version", "serve");
    REFUSED("'serve' has nothing to do with '--dry-run'; see 'bookplate help'",
            "serve", "--", "--dry-run");
}

static void refuses_settings_where_they_mean_nothing(void **state)
{
    (void)state;
    REFUSED("'version' takes no settings; see 'bookplate help'", "version",
            "--set", "PORT=1");
    REFUSED("'help' takes no settings; see 'bookplate help'", "--config", "a",
            "help");
    REFUSED("unknown flag '--dry-run' for 'serve'; see 'bookplate help'",
            "--dry-run");
    REFUSED("unknown flag '--dry-run' for 'check'; see 'bookplate help'",
            "check", "--dry-run");
    REFUSED("--dry-run takes no value; see 'bookplate help'", "migrate",
            "--dry-run=on");
}

static void takes_a_dry_run(void **state)
{
    (void)state;
    check_ok(PARSE("--dry-run", "migrate"));
    assert_true(cli.has[CLI_FLAG_DRY_RUN]);
    check_ok(PARSE("migrate"));
    assert_int_equal(cli.command, CLI_migrate);
    assert_false(cli.has[CLI_FLAG_DRY_RUN]);
}

static void refuses_endless_flags(void **state)
{
    static char *argv[CLI_SETS_MAX + 2];

    (void)state;
    argv[0] = "bookplate";
    for (size_t i = 1; i < CLI_SETS_MAX + 2; i++) {
        argv[i] = "--set=PORT=1";
    }
    check_ok(cli_parse(&arena, (int)CLI_SETS_MAX + 1, argv, &cli, &why));
    check_status(cli_parse(&arena, (int)CLI_SETS_MAX + 2, argv, &cli, &why),
                 STATUS_INVALID_VALUE);
    check_text(why, "--set is given more than 128 times");
}

static void starts_without_arguments_at_all(void **state)
{
    char *argv[] = {NULL};

    (void)state;
    check_ok(cli_parse(&arena, 0, argv, &cli, &why));
    assert_int_equal(cli.command, CLI_serve);
}

static struct slice text_of(void (*print)(struct buf *))
{
    struct slice text = SLICE_EMPTY;
    struct buf buf;

    buf_init(&buf, &arena, 64 << 10);
    print(&buf);
    check_ok(buf_finish(&buf, &text));
    return text;
}

static void check_layout(struct slice text)
{
    struct slice line;

    assert_true(slice_ends_with(text, SLICE("\n")));
    while (slice_split(&text, '\n', &line)) {
        if (line.len > 80) {
            print_error("too long: %.*s\n", SLICE_ARG(line));
        }
        assert_true(line.len <= 80);
        assert_false(slice_ends_with(line, SLICE(" ")));
    }
}

static void help_fits_80_columns_and_names_everything(void **state)
{
    static const char *const words[] = {"serve",       "check", "version",
                                        "help config", "  0 ",  "  1 ",
                                        "  2 ",        "  3 "};
    struct slice text = text_of(cli_help);

    (void)state;
    check_layout(text);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        assert_true(slice_contains(text, slice_from_cstr(words[i])));
    }
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        struct slice row;

        check_ok(
            arena_format(&arena, &row, "\n  %s ", config_settings[i].name.ptr));
        assert_true(slice_contains(text, row));
    }
}

static void help_config_explains_every_setting(void **state)
{
    struct slice text = text_of(cli_help_config);

    (void)state;
    check_layout(text);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        struct slice row;

        check_ok(arena_format(&arena, &row,
                              "\n%s (default: ", config_settings[i].name.ptr));
        assert_true(slice_contains(text, row));
        assert_true(
            slice_contains(text, slice_head(config_settings[i].text, 20)));
    }
}

/* Each word of a line, as a shell would give them. */
static enum status parse_line(struct slice line)
{
    char *argv[ARGS_MAX] = {"bookplate"};
    struct slice word;
    int argc = 1;

    while (argc < ARGS_MAX && slice_split(&line, ' ', &word)) {
        struct slice copy;

        check_ok(slice_dup(&arena, word, &copy));
        argv[argc++] = (char *)(uintptr_t)copy.ptr;
    }
    assert_null(line.ptr);
    return cli_parse(&arena, argc, argv, &cli, &why);
}

static void takes_every_example(void **state)
{
    static const struct {
        enum cli_command command;
        struct slice words;
    } examples[] = {
#define EXAMPLE(name, words) {CLI_##name, SLICE_INIT(words)},
#define COMMAND(name, words, needs, usage, text)
#include "app/command.def"
#undef COMMAND
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        check_ok(parse_line(examples[i].words));
        assert_int_equal(cli.command, examples[i].command);
    }
}

static bool is_declared(struct slice flag)
{
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++) {
        if (slice_equal(cli_flags[i].name, flag)) {
            return true;
        }
    }
    return false;
}

static void knows_the_flags_of_every_usage(void **state)
{
    struct cli_part part;

    (void)state;
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        struct slice usage = cli_rows[i].usage;
        size_t arguments = 0;

        while (cli_part_next(&usage, &part)) {
            arguments += part.argument.len > 0 ? 1 : 0;
            if (part.flag.len > 0 && !is_declared(part.flag)) {
                print_error("%.*s\n", SLICE_ARG(part.flag));
            }
            assert_true(part.argument.len > 0 || is_declared(part.flag));
        }
        assert_true(arguments <= CLI_ARGUMENTS_MAX);
    }
}

static void takes_commands_of_two_words(void **state)
{
    (void)state;
    check_ok(PARSE("user", "--limit=7", "list", "--json"));
    assert_int_equal(cli.command, CLI_user_list);
    assert_true(cli.has[CLI_FLAG_JSON]);
    assert_int_equal(cli.values[CLI_FLAG_LIMIT].number, 7);
    check_ok(PARSE("user", "ban", "a@example.org", "--expires", "7d"));
    assert_int_equal(cli.command, CLI_user_ban);
    check_text(cli.arguments[0], "a@example.org");
    assert_int_equal(cli.values[CLI_FLAG_EXPIRES].number, 604800000);
    check_ok(PARSE("user", "set-role", "--", "-x", "admin"));
    check_text(cli.arguments[0], "-x");
    assert_int_equal(cli.argument_count, 2);
    check_ok(PARSE("user", "import", "-", "--format", "csv"));
    check_text(cli.arguments[0], "-");
}

static void turns_to_help_wherever_it_is_asked_for(void **state)
{
    (void)state;
    check_ok(PARSE("user", "--help"));
    assert_int_equal(cli.command, CLI_help);
    check_text(cli.arguments[0], "user");
    check_ok(PARSE("user", "ban", "-h"));
    assert_int_equal(cli.argument_count, 2);
    check_text(cli.arguments[1], "ban");
    check_ok(PARSE("help", "user", "ban"));
    assert_int_equal(cli.command, CLI_help);
    check_text(cli.arguments[1], "ban");
}

static void says_what_a_command_lacks(void **state)
{
    (void)state;
    REFUSED("'session' goes with one of: list, revoke; see 'bookplate help "
            "session'",
            "session");
    REFUSED("'session' goes with one of: list, revoke; see 'bookplate help "
            "session'",
            "session", "lst");
    REFUSED("'user ban' needs ID-or-ADDRESS; see 'bookplate help user ban'",
            "user", "ban");
    REFUSED("'user unban' has nothing to do with 'b'; see 'bookplate help'",
            "user", "unban", "a", "b", "c", "d");
    REFUSED("--limit needs a value; see 'bookplate help'", "user", "list",
            "--limit");
    REFUSED("--limit: '0' is not a whole number from 1 to 10000", "user",
            "list", "--limit", "0");
    REFUSED("--expires: '7' is not a time with its unit (ms, s, m, h, d) from "
            "1s to 36500d",
            "user", "ban", "a", "--expires", "7");
    REFUSED("unknown flag '--yes' for 'user unban'; see 'bookplate help'",
            "user", "unban", "a", "--yes");
}

static void refuses_texts_that_are_none(void **state)
{
    static char long_text[CLI_TEXT_MAX + 2];

    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    REFUSED("'' is no ID-or-ADDRESS", "user", "show", "");
    REFUSED("'a?b' is no ID-or-ADDRESS", "user", "show", "a\nb");
    check_status(PARSE("user", "show", "\xff"), STATUS_INVALID_VALUE);
    check_status(PARSE("user", "show", long_text), STATUS_INVALID_VALUE);
    check_status(PARSE("user", "list", "--search", long_text),
                 STATUS_INVALID_VALUE);
    check_status(PARSE("user", "list", "--search", "\xc3"),
                 STATUS_INVALID_VALUE);
    check_status(PARSE("user", "list", "--search", ""), STATUS_INVALID_VALUE);
}

static void help_topics_fit_80_columns(void **state)
{
    static const char *const topics[] = {"user",  "session", "user import",
                                         "serve", "help",    "user list"};

    (void)state;
    for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++) {
        struct slice text = SLICE_EMPTY;
        struct buf buf;

        buf_init(&buf, &arena, 64 << 10);
        assert_true(cli_help_topic(slice_from_cstr(topics[i]), &buf));
        check_ok(buf_finish(&buf, &text));
        check_layout(text);
        assert_true(slice_contains(text, slice_from_cstr(topics[i])));
    }
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        struct buf buf;

        buf_init(&buf, &arena, 64 << 10);
        assert_true(cli_help_topic(cli_rows[i].words, &buf));
    }
}

static void exit_codes_keep_their_meaning(void **state)
{
    (void)state;
    assert_int_equal(EXIT_CODE_CLEAN, 0);
    assert_int_equal(EXIT_CODE_FAILED, 1);
    assert_int_equal(EXIT_CODE_USAGE, 2);
    assert_int_equal(EXIT_CODE_FORCED, 3);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(serves_when_no_command_is_named), TEST(knows_its_commands),
          TEST(takes_flags_on_either_side), TEST(refuses_what_it_does_not_know),
          TEST(refuses_flags_without_their_value),
          TEST(refuses_things_given_twice),
          TEST(refuses_settings_where_they_mean_nothing), TEST(takes_a_dry_run),
          TEST(refuses_endless_flags), TEST(starts_without_arguments_at_all),
          TEST(help_fits_80_columns_and_names_everything),
          TEST(help_config_explains_every_setting), TEST(takes_every_example),
          TEST(knows_the_flags_of_every_usage),
          TEST(takes_commands_of_two_words),
          TEST(turns_to_help_wherever_it_is_asked_for),
          TEST(says_what_a_command_lacks), TEST(refuses_texts_that_are_none),
          TEST(help_topics_fit_80_columns), TEST(exit_codes_keep_their_meaning))
