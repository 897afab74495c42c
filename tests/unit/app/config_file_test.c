/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "app/config_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct config_pairs pairs;
static struct config config;
static struct slice why;
static char folder[] = "/tmp/config_file_test.XXXXXX";
static char *no_environment[] = {NULL};

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 256 << 10);
    pairs.count = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    (void)unlink(CONFIG_FILE_NAME);
    (void)unlink("other.env");
    return 0;
}

static enum status parse(struct slice text)
{
    pairs.count = 0;
    return config_file_parse(&arena, "f.env", text, &pairs, &why);
}

static void check_pair(size_t i, const char *name, const char *value,
                       const char *where)
{
    assert_true(i < pairs.count);
    check_slice(pairs.items[i].name, slice_from_cstr(name));
    check_slice(pairs.items[i].value, slice_from_cstr(value));
    check_slice(pairs.items[i].where, slice_from_cstr(where));
    assert_int_equal(pairs.items[i].source, SOURCE_FILE);
}

static void reads_names_and_values(void **state)
{
    (void)state;
    check_ok(parse(SLICE("# a comment\n"
                         "\n"
                         "A=1\n"
                         "  B_2 =  two words \t\n"
                         "C=x#y # comment\n"
                         "D=\"a # b\"  # comment\n"
                         "E=' q\"q '\n"
                         "F=\n"
                         "G=#nothing\n"
                         "H=a=b\n"
                         "I=\"$HOME \\n\"\n"
                         "J=it's\n"
                         "last=no newline")));
    assert_int_equal(pairs.count, 11);
    check_pair(0, "A", "1", "f.env:3");
    check_pair(1, "B_2", "two words", "f.env:4");
    check_pair(2, "C", "x#y", "f.env:5");
    check_pair(3, "D", "a # b", "f.env:6");
    check_pair(4, "E", " q\"q ", "f.env:7");
    check_pair(5, "F", "", "f.env:8");
    check_pair(6, "G", "", "f.env:9");
    check_pair(7, "H", "a=b", "f.env:10");
    check_pair(8, "I", "$HOME \\n", "f.env:11");
    check_pair(9, "J", "it's", "f.env:12");
    check_pair(10, "last", "no newline", "f.env:13");
}

static void reads_an_empty_file(void **state)
{
    (void)state;
    check_ok(parse(SLICE("")));
    check_ok(parse(SLICE("\n\n \t\n#\n")));
    check_ok(parse(SLICE("\xef\xbb\xbf")));
    assert_int_equal(pairs.count, 0);
}

static void accepts_what_editors_on_other_systems_leave(void **state)
{
    (void)state;
    check_ok(parse(SLICE("\xef\xbb\xbf"
                         "A=1\r\n\r\nB=\"2\"\r\n")));
    assert_int_equal(pairs.count, 2);
    check_pair(0, "A", "1", "f.env:1");
    check_pair(1, "B", "2", "f.env:3");
}

static void check_refused(struct slice text, const char *line)
{
    check_status(parse(text), STATUS_INVALID_VALUE);
    check_slice(why, slice_from_cstr(line));
}

static void refuses_lines_it_cannot_read(void **state)
{
    static const char *const lines[] = {
        "A",     "=1",        "export A=1", "A B=1",
        "A-B=1", "1A=1",      "A.B=1",      "!!",
        "A : 1", "[section]", "\"A\"=1",    "\xef\xbb\xbfq=1",
        "; a=1", "\xc3\x89=1"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct slice text;

        check_ok(arena_format(&arena, &text, "OK=1\n%s\n", lines[i]));
        check_refused(text, "f.env:2: the line is not NAME=VALUE");
    }
    check_refused(SLICE("A\0B=1"), "f.env:1: the line is not NAME=VALUE");
}

static void refuses_broken_quotes_and_controls(void **state)
{
    (void)state;
    check_refused(SLICE("A=\"open\nB=1\""),
                  "f.env:1: the quote is not closed on its line");
    check_refused(SLICE("A='"), "f.env:1: the quote is not closed on its line");
    check_refused(SLICE("A=\"a\"b"),
                  "f.env:1: there is text behind the closing quote");
    check_refused(SLICE("A=\"a\" \"b\""),
                  "f.env:1: there is text behind the closing quote");
    check_refused(SLICE("A=a\0b"),
                  "f.env:1: the value holds a control character");
    check_refused(SLICE("A=\"a\tb\""),
                  "f.env:1: the value holds a control character");
    check_refused(SLICE("A=1\rB=2\n"),
                  "f.env:1: the value holds a control character");
}

static void never_quotes_a_line_it_cannot_read(void **state)
{
    (void)state;
    check_status(parse(SLICE("SECRET hunter2")), STATUS_INVALID_VALUE);
    assert_false(slice_contains(why, SLICE("hunter2")));
    check_status(parse(SLICE("SECRET='hunter2")), STATUS_INVALID_VALUE);
    assert_false(slice_contains(why, SLICE("hunter2")));
}

static void reads_or_refuses_when_cut_at_every_byte(void **state)
{
    static const char whole[] = "\xef\xbb\xbf# c\r\nA=\"x y\" # d\nB = z\n";

    (void)state;
    for (size_t len = 0; len < sizeof(whole); len++) {
        enum status status = parse(slice_make(whole, len));

        assert_true(status == STATUS_OK || status == STATUS_INVALID_VALUE);
        assert_true(pairs.count <= 2);
    }
}

static void refuses_an_endless_file(void **state)
{
    static char big[10 << 20];

    (void)state;
    memset(big, '\n', sizeof(big));
    check_refused(slice_make(big, sizeof(big)),
                  "f.env: the file is larger than 64 KiB");
    check_ok(parse(slice_make(big, CONFIG_FILE_MAX_BYTES)));
    for (size_t i = 0; i < CONFIG_FILE_MAX_BYTES; i++) {
        big[i] = "A=\n"[i % 3];
    }
    check_refused(slice_make(big, CONFIG_FILE_MAX_BYTES),
                  "f.env:513: there are more lines than settings");
}

static void write_file(const char *path, struct slice text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.ptr, text.len), (ssize_t)text.len);
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
}

static enum status load(const char *file, char *const *environment,
                        const struct config_pair *sets, size_t count)
{
    struct config_inputs inputs = {file, environment, sets, count};

    return config_load(&arena, &inputs, &config, &why);
}

static void works_without_the_default_file_only(void **state)
{
    (void)state;
    check_ok(load(NULL, NULL, NULL, 0));
    assert_int_equal(config.PORT, 3001);
    check_status(load("other.env", NULL, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "other.env: No such file or directory");
}

static void gathers_file_environment_and_flags(void **state)
{
    char *environment[] = {"PATH=/bin", "PORT=2",      "NOTHING",
                           "LOOPS=3",   "SITE_DIRS=x", NULL};
    struct config_pair set = {SLICE("LOOPS"), SLICE("4"), SLICE("--set"),
                              SOURCE_COMMAND_LINE};

    (void)state;
    write_file(CONFIG_FILE_NAME, SLICE("PORT=1\nHOST=::1\nLOOPS=2\n"), 0644);
    write_file("other.env", SLICE("HOST=::2\n"), 0600);
    check_ok(load(NULL, environment, &set, 1));
    assert_int_equal(config.PORT, 2);
    check_text(config.HOST, "::1");
    assert_int_equal(config.LOOPS, 4);
    check_text(config.origins[SETTING_HOST].where, "bookplate.env:2");
    check_ok(load("other.env", no_environment, NULL, 0));
    check_text(config.HOST, "::2");
    assert_int_equal(config.PORT, 3001);
}

static void refuses_unknown_names_that_look_like_ours(void **state)
{
    char *ours[] = {"BOOKPLATE_PORT=1", NULL};
    char *theirs[] = {"BETTER_AUTH_URLS=x", NULL};

    (void)state;
    check_status(load(NULL, ours, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "environment: unknown setting BOOKPLATE_PORT; 'bookplate "
                    "help config' lists them all");
    check_status(load(NULL, theirs, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "environment: unknown setting BETTER_AUTH_URLS; did you "
                    "mean BETTER_AUTH_URL?");
    write_file(CONFIG_FILE_NAME, SLICE("\nNAME=hunter2\n"), 0600);
    check_status(load(NULL, NULL, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "bookplate.env:2: unknown setting NAME; 'bookplate help "
                    "config' lists them all");
}

static void refuses_an_environment_with_a_name_twice(void **state)
{
    char *environment[] = {"PORT=1", "PORT=2", NULL};

    (void)state;
    check_status(load(NULL, environment, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "environment: PORT is set twice, first in environment");
}

static void refuses_an_environment_without_end(void **state)
{
    static char *environment[CONFIG_PAIRS_MAX + 2];

    (void)state;
    for (size_t i = 0; i <= CONFIG_PAIRS_MAX; i++) {
        environment[i] = "BOOKPLATE_X=1";
    }
    check_status(load(NULL, environment, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "environment: there are more values than settings");
}

static void refuses_a_file_others_may_write(void **state)
{
    (void)state;
    write_file(CONFIG_FILE_NAME, SLICE("PORT=1\n"), 0620);
    check_status(load(NULL, NULL, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "bookplate.env: others may write it; take that away with "
                    "chmod go-w");
    write_file(CONFIG_FILE_NAME, SLICE("PORT=1\n"), 0602);
    check_status(load(NULL, NULL, NULL, 0), STATUS_INVALID_VALUE);
    write_file(CONFIG_FILE_NAME, SLICE("PORT=1\n"), 0644);
    check_ok(load(NULL, NULL, NULL, 0));
}

#define GOOD_SECRET "0123456789abcdef0123456789abcdef"

static void keeps_secrets_where_only_their_owner_sees_them(void **state)
{
    char *environment[] = {"BETTER_AUTH_SECRET=" GOOD_SECRET, NULL};
    struct config_pair set = {SLICE("BETTER_AUTH_SECRET"), SLICE(GOOD_SECRET),
                              SLICE("--set"), SOURCE_COMMAND_LINE};

    (void)state;
    write_file(CONFIG_FILE_NAME, SLICE("BETTER_AUTH_SECRET=" GOOD_SECRET "\n"),
               0640);
    check_status(load(NULL, NULL, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "bookplate.env: others may read this file, and it holds "
                    "BETTER_AUTH_SECRET; chmod 600 makes it private");
    write_file(CONFIG_FILE_NAME, SLICE("BETTER_AUTH_SECRET=" GOOD_SECRET "\n"),
               0600);
    check_ok(load(NULL, NULL, NULL, 0));
    check_text(config.BETTER_AUTH_SECRET, GOOD_SECRET);
    write_file(CONFIG_FILE_NAME, SLICE("PORT=1\n"), 0644);
    check_ok(load(NULL, environment, NULL, 0));
    check_text(config.BETTER_AUTH_SECRET, GOOD_SECRET);
    check_status(load(NULL, NULL, &set, 1), STATUS_INVALID_VALUE);
    check_text(why, "--set: BETTER_AUTH_SECRET is a secret, and others can "
                    "see the command line; use the environment or the file");
}

static void refuses_a_file_of_somebody_else(void **state)
{
    (void)state;
    write_file(CONFIG_FILE_NAME, SLICE("PORT=1\n"), 0600);
    if (chown(CONFIG_FILE_NAME, 12345, 12345) != 0) {
        print_message("# skipped: only root can give a file away\n");
        return;
    }
    check_status(load(NULL, NULL, NULL, 0), STATUS_INVALID_VALUE);
    assert_true(slice_starts_with(
        why, SLICE("bookplate.env: it belongs to another user")));
}

static void refuses_what_is_no_plain_file(void **state)
{
    (void)state;
    check_status(load(".", NULL, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, ".: it is not a regular file");
    assert_int_equal(mkfifo("other.env", 0600), 0);
    check_status(load("other.env", NULL, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "other.env: it is not a regular file");
    check_status(load("/dev/zero", NULL, NULL, 0), STATUS_INVALID_VALUE);
}

static void refuses_a_large_file_unread(void **state)
{
    (void)state;
    write_file(CONFIG_FILE_NAME, SLICE("PORT=1\n"), 0600);
    assert_int_equal(truncate(CONFIG_FILE_NAME, 10 << 20), 0);
    check_status(load(NULL, NULL, NULL, 0), STATUS_INVALID_VALUE);
    check_text(why, "bookplate.env: it is larger than 64 KiB");
    assert_true(arena.held < 128 << 10);
}

/* The tests run in a folder of their own: the default file is relative. */
static int enter_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL || chdir(folder) != 0 ? -1 : 0;
}

static int leave_folder(void **state)
{
    (void)state;
    return chdir("/") != 0 || rmdir(folder) != 0 ? -1 : 0;
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_names_and_values),
        TEST(reads_an_empty_file),
        TEST(accepts_what_editors_on_other_systems_leave),
        TEST(refuses_lines_it_cannot_read),
        TEST(refuses_broken_quotes_and_controls),
        TEST(never_quotes_a_line_it_cannot_read),
        TEST(reads_or_refuses_when_cut_at_every_byte),
        TEST(refuses_an_endless_file),
        TEST(works_without_the_default_file_only),
        TEST(gathers_file_environment_and_flags),
        TEST(refuses_unknown_names_that_look_like_ours),
        TEST(refuses_an_environment_with_a_name_twice),
        TEST(refuses_an_environment_without_end),
        TEST(refuses_a_file_others_may_write),
        TEST(keeps_secrets_where_only_their_owner_sees_them),
        TEST(refuses_a_file_of_somebody_else),
        TEST(refuses_what_is_no_plain_file),
        TEST(refuses_a_large_file_unread),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
