/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "app/setting.h"

static struct arena arena;
static union setting_value value;
static struct slice bad;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct setting row(enum setting_kind kind, const char *min,
                          const char *max)
{
    return (struct setting){.name = SLICE("X"),
                            .kind = kind,
                            .min = slice_from_cstr(min),
                            .max = slice_from_cstr(max),
                            .choices = SLICE("red green")};
}

static enum status read_as(struct setting setting, struct slice text)
{
    return setting_read(&arena, &setting, text, &value, &bad);
}

struct number_case {
    const char *text;
    int64_t number; /* -1: to be refused */
};

static void check_numbers(struct setting setting,
                          const struct number_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct slice text = slice_from_cstr(cases[i].text);

        if (cases[i].number < 0) {
            check_status(read_as(setting, text), STATUS_INVALID_VALUE);
            check_slice(bad, text);
        } else {
            check_ok(read_as(setting, text));
            assert_int_equal(value.number, cases[i].number);
        }
    }
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void reads_integers_within_their_bounds(void **state)
{
    static const struct number_case cases[] = {{"3", 3},
                                               {"65535", 65535},
                                               {"2", -1},
                                               {"65536", -1},
                                               {"", -1},
                                               {"-3", -1},
                                               {"+3", -1},
                                               {"03", -1},
                                               {" 3", -1},
                                               {"3 ", -1},
                                               {"3.0", -1},
                                               {"0x10", -1},
                                               {"3e2", -1},
                                               {"3s", -1},
                                               {"x", -1},
                                               {"18446744073709551619", -1},
                                               {"9223372036854775808", -1}};

    (void)state;
    check_numbers(row(KIND_INTEGER, "3", "65535"), cases, COUNT(cases));
}

static void reads_durations_in_milliseconds(void **state)
{
    static const struct number_case cases[] = {{"100ms", 100},
                                               {"10s", 10000},
                                               {"60m", 3600000},
                                               {"1h", 3600000},
                                               {"99ms", -1},
                                               {"0s", -1},
                                               {"2h", -1},
                                               {"10", -1},
                                               {"10 s", -1},
                                               {"10S", -1},
                                               {"s", -1},
                                               {"1m30s", -1},
                                               {"-1s", -1},
                                               {"1.5s", -1},
                                               {"", -1},
                                               {"01s", -1},
                                               {"10sec", -1},
                                               {"1d", -1},
                                               {"9223372036854775807h", -1},
                                               {"99999999999999999999ms", -1}};

    (void)state;
    check_numbers(row(KIND_DURATION, "100ms", "1h"), cases, COUNT(cases));
}

static void reads_sizes_in_bytes(void **state)
{
    static const struct number_case cases[] = {
        {"4096", 4096},    {"5kB", 5000},  {"16KiB", 16384},
        {"1MiB", 1048576}, {"4095", -1},   {"1048577", -1},
        {"2MiB", -1},      {"16KB", -1},   {"16kib", -1},
        {"16K", -1},       {"16 KiB", -1}, {"KiB", -1},
        {"", -1},          {"-4096", -1},  {"9007199254740993MiB", -1}};

    (void)state;
    check_numbers(row(KIND_SIZE, "4KiB", "1MiB"), cases, COUNT(cases));
}

static void reads_booleans_and_choices(void **state)
{
    static const char *const on[] = {"on", "true", "1"};
    static const char *const off[] = {"off", "false", "0"};
    static const char *const neither[] = {"", "ON", "yes", "2", "on ", "onoff"};
    static const char *const no_choice[] = {"",   "Red",  "red green",
                                            "re", "reds", "red "};

    (void)state;
    for (size_t i = 0; i < COUNT(on); i++) {
        check_ok(read_as(row(KIND_BOOLEAN, "0", "0"), slice_from_cstr(on[i])));
        assert_true(value.on);
        check_ok(read_as(row(KIND_BOOLEAN, "0", "0"), slice_from_cstr(off[i])));
        assert_false(value.on);
    }
    for (size_t i = 0; i < COUNT(neither); i++) {
        check_status(
            read_as(row(KIND_BOOLEAN, "0", "0"), slice_from_cstr(neither[i])),
            STATUS_INVALID_VALUE);
        check_status(
            read_as(row(KIND_CHOICE, "0", "0"), slice_from_cstr(no_choice[i])),
            STATUS_INVALID_VALUE);
    }
    check_ok(read_as(row(KIND_CHOICE, "0", "0"), SLICE("green")));
    assert_int_equal(value.number, 1);
}

static void bounds_texts_and_refuses_controls(void **state)
{
    static const enum setting_kind kinds[] = {KIND_TEXT, KIND_SECRET,
                                              KIND_PATH};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct setting setting = row(kinds[i], "2", "4");

        check_ok(read_as(setting, SLICE("ab")));
        check_ok(read_as(setting, SLICE("\xc3\xa9 b")));
        check_text(value.text, "\xc3\xa9 b");
        assert_int_equal(value.text.ptr[value.text.len], '\0');
        check_status(read_as(setting, SLICE("a")), STATUS_INVALID_VALUE);
        check_status(read_as(setting, SLICE("abcde")), STATUS_INVALID_VALUE);
        check_status(read_as(setting, SLICE("a\0b")), STATUS_INVALID_VALUE);
        check_status(read_as(setting, SLICE("a\nb")), STATUS_INVALID_VALUE);
        check_status(read_as(setting, SLICE("a\x7f")), STATUS_INVALID_VALUE);
    }
}

/* Texts end with NULL. */
static void check_texts(struct setting setting, const char *const *texts,
                        enum status expected)
{
    for (; *texts != NULL; texts++) {
        enum status status = read_as(setting, slice_from_cstr(*texts));

        if (status != expected) {
            print_error("wrong verdict on \"%s\"\n", *texts);
        }
        check_status(status, expected);
    }
}

static void knows_addresses_to_listen_on(void **state)
{
    static const char *const good[] = {
        "127.0.0.1",       "0.0.0.0", "::",       "::1", "localhost",
        "a-b.example.org", "fe80::1", "3com.org", NULL};
    static const char *const wrong[] = {
        "",    "127.1", "256.0.0.1",  "1.2.3.4.5", "01.2.3.4", "[::1]",
        "::g", "a b",   "-a",         "a-",        "a..b",     ".a",
        "a/b", "a:80",  "1.2.3.4:80", "*",         "\xc3\xa9", NULL};

    (void)state;
    check_texts(row(KIND_ADDRESS, "1", "255"), good, STATUS_OK);
    check_texts(row(KIND_ADDRESS, "1", "255"), wrong, STATUS_INVALID_VALUE);
}

static void knows_public_urls(void **state)
{
    static const char *const good[] = {"",
                                       "https://book.example.org",
                                       "HTTPS://Book.example.org",
                                       "http://localhost:3001/",
                                       "http://127.0.0.1:3001",
                                       "http://[::1]:65535/a/b%20c",
                                       "https://example.org/book",
                                       NULL};
    static const char *const wrong[] = {"book.example.org",
                                        "ftp://a",
                                        "https://",
                                        "https:///a",
                                        "https://a:0",
                                        "https://a:65536",
                                        "https://a:",
                                        "https://a:80:80",
                                        "https://user@a",
                                        "https://u:p@a",
                                        "https://a?b",
                                        "https://a/?b",
                                        "https://a#b",
                                        "https://a/#b",
                                        "https://a b",
                                        "https://a/b c",
                                        "https://*.a",
                                        "https://::1",
                                        "https://[::1",
                                        "https://[1.2.3.4]",
                                        "https://[::1]a",
                                        "https://a,https://b",
                                        "https://1.2.3",
                                        "https://a\\b",
                                        "javascript:alert(1)",
                                        "https://\xc3\xa9.org",
                                        "https://a/\xc3\xa9",
                                        NULL};

    (void)state;
    check_texts(row(KIND_URL, "0", "100"), good, STATUS_OK);
    check_texts(row(KIND_URL, "0", "100"), wrong, STATUS_INVALID_VALUE);
    check_texts(row(KIND_URL, "0", "5"),
                (const char *const[]){"http://a", NULL}, STATUS_INVALID_VALUE);
}

static void reads_lists_of_origins(void **state)
{
    static const char *const wrong[] = {
        "https://a,",
        ",https://a",
        "https://a,,https://b",
        "https://a/b",
        "*",
        "https://*",
        "https://*a.org",
        "https://a.*",
        "https://*.*.a",
        "https://*.",
        "https://*.1.2.3.4",
        "null",
        "https://*.a:*",
        "https://*.a@b",
        "https://a;https://b",
        "https://a,https://b,https://c,https://d",
        NULL};
    struct setting setting = row(KIND_URL_LIST, "0", "3");

    (void)state;
    check_ok(read_as(setting, SLICE("")));
    assert_int_equal(value.list.count, 0);
    check_ok(read_as(setting, SLICE("  ")));
    assert_int_equal(value.list.count, 0);
    check_ok(read_as(
        setting, SLICE("https://a.org/ , http://[::1]:80,https://*.b.org:8")));
    assert_int_equal(value.list.count, 3);
    check_text(value.list.entries[0], "https://a.org");
    check_text(value.list.entries[1], "http://[::1]:80");
    check_text(value.list.entries[2], "https://*.b.org:8");
    check_texts(setting, wrong, STATUS_INVALID_VALUE);
    check_status(read_as(setting, SLICE("https://a, ftp://b ,https://c")),
                 STATUS_INVALID_VALUE);
    check_text(bad, "ftp://b");
}

static void reads_lists_of_address_blocks(void **state)
{
    static const char *const good[] = {"",
                                       "0.0.0.0/0",
                                       "10.0.0.0/8",
                                       "10.1.2.3",
                                       "10.1.2.3/32",
                                       "128.0.0.0/1",
                                       "::/0",
                                       "2001:db8::/32",
                                       "::1/128",
                                       "::1, 10.0.0.0/8",
                                       NULL};
    static const char *const wrong[] = {"10.0.0.1/8",
                                        "10.0.0.0/33",
                                        "10.0.0.0/",
                                        "/8",
                                        "10.0.0.0/08",
                                        "10.0.0.0/-1",
                                        "10.0.0.0/8/8",
                                        "10.0.0",
                                        "::1/64",
                                        "2001:db8::/129",
                                        "localhost",
                                        "10.0.0.0 /8",
                                        "[::1]",
                                        "192.0.0.0/1",
                                        "10.0.0.0/8,",
                                        "1.1.1.1;2.2.2.2",
                                        "10.0.0.0/255.0.0.0",
                                        "all",
                                        NULL};
    struct setting setting = row(KIND_CIDR_LIST, "0", "2");

    (void)state;
    check_texts(setting, good, STATUS_OK);
    check_texts(setting, wrong, STATUS_INVALID_VALUE);
    check_status(read_as(setting, SLICE("::1,::2,::3")), STATUS_INVALID_VALUE);
}

static void every_kind_refuses_what_is_endless(void **state)
{
    static char big[300000];
    struct arena large;

    (void)state;
    arena_init(&large, 16 << 20);
    for (unsigned kind = KIND_TEXT; kind <= KIND_CIDR_LIST; kind++) {
        struct setting setting = row((enum setting_kind)kind, "0", "8");

        for (size_t i = 0; i < sizeof(big); i++) {
            big[i] = i % 2 == 0 ? '1' : ',';
        }
        check_status(setting_read(&large, &setting,
                                  slice_make(big, sizeof(big)), &value, &bad),
                     STATUS_INVALID_VALUE);
        assert_int_equal(large.held, 0);
    }
    arena_release(&large);
}

static void says_when_memory_is_out(void **state)
{
    struct setting setting = row(KIND_CIDR_LIST, "0", "8");
    struct arena tiny;

    (void)state;
    arena_init(&tiny, 1);
    check_status(setting_read(&tiny, &setting, SLICE("::1"), &value, &bad),
                 STATUS_NO_MEMORY);
    setting.kind = KIND_TEXT;
    check_status(setting_read(&tiny, &setting, SLICE("a"), &value, &bad),
                 STATUS_NO_MEMORY);
    arena_release(&tiny);
}

static void never_shows_a_secret(void **state)
{
    struct setting secret = row(KIND_SECRET, "0", "8");
    struct setting url = row(KIND_URL, "0", "80");
    struct setting list = row(KIND_URL_LIST, "0", "8");
    struct setting number = row(KIND_INTEGER, "0", "8");

    (void)state;
    assert_false(setting_may_show(&secret, SLICE("x")));
    assert_false(setting_may_show(&url, SLICE("https://u:p@a")));
    assert_false(setting_may_show(&list, SLICE("https://a,https://u:p@a")));
    assert_true(setting_may_show(&url, SLICE("https://a")));
    assert_true(setting_may_show(&number, SLICE("x@y")));
}

static void every_kind_says_what_it_takes(void **state)
{
    (void)state;
    for (unsigned kind = KIND_TEXT; kind <= KIND_CIDR_LIST; kind++) {
        struct setting setting = row((enum setting_kind)kind, "7", "77");
        struct slice text;
        struct buf buf;

        buf_init(&buf, &arena, 256);
        setting_expect(&setting, &buf);
        check_ok(buf_finish(&buf, &text));
        assert_true(slice_starts_with(text, SLICE("a")) ||
                    slice_starts_with(text, SLICE("one of ")));
    }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(reads_integers_within_their_bounds),
          TEST(reads_durations_in_milliseconds), TEST(reads_sizes_in_bytes),
          TEST(reads_booleans_and_choices),
          TEST(bounds_texts_and_refuses_controls),
          TEST(knows_addresses_to_listen_on), TEST(knows_public_urls),
          TEST(reads_lists_of_origins), TEST(reads_lists_of_address_blocks),
          TEST(every_kind_refuses_what_is_endless),
          TEST(says_when_memory_is_out), TEST(never_shows_a_secret),
          TEST(every_kind_says_what_it_takes))
