/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "app/config.h"
#include "app/refuse.h"
#include "base/log.h"

static struct arena arena;
static struct config config;
static struct config_pairs pairs;
static struct slice why;

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
    return 0;
}

static void add(const char *name, const char *value, const char *where,
                enum config_source source)
{
    pairs.items[pairs.count++] =
        (struct config_pair){slice_from_cstr(name), slice_from_cstr(value),
                             slice_from_cstr(where), source};
}

static enum status parse(void)
{
    return config_parse(&arena, &pairs, &config, &why);
}

/* One pair from the environment must be refused with exactly this line. */
static void check_refusal(const char *name, const char *value, const char *line)
{
    pairs.count = 0;
    add(name, value, "environment", SOURCE_ENVIRONMENT);
    check_status(parse(), STATUS_INVALID_VALUE);
    check_slice(why, slice_from_cstr(line));
}

static void has_the_documented_defaults(void **state)
{
    (void)state;
    check_ok(parse());
    check_text(why, "");
    check_text(config.HOST, "127.0.0.1");
    assert_int_equal(config.PORT, 3001);
    assert_int_equal(config.LOOPS, 0);
    check_text(config.SITE_DIR, "");
    assert_int_equal(config.LOG_LEVEL, LOG_INFO);
    check_text(config.BETTER_AUTH_URL, "");
    assert_int_equal(config.FRONTEND_URL.count, 0);
    assert_int_equal(config.TRUSTED_PROXIES.count, 0);
    assert_int_equal(config.HEAD_TIMEOUT, 10000);
    assert_int_equal(config.BODY_TIMEOUT, 30000);
    assert_int_equal(config.WRITE_TIMEOUT, 60000);
    assert_int_equal(config.IDLE_TIMEOUT, 75000);
    assert_int_equal(config.DRAIN_TIMEOUT, 10000);
    assert_int_equal(config.SSE_HEARTBEAT, 10000);
    assert_int_equal(config.MAX_HEAD, 16384);
}

static void log_levels_are_those_of_the_log(void **state)
{
    static const char *const words[] = {"error", "warn", "info", "debug"};

    (void)state;
    for (int level = LOG_ERROR; level <= LOG_DEBUG; level++) {
        pairs.count = 0;
        add("LOG_LEVEL", words[level], "environment", SOURCE_ENVIRONMENT);
        check_ok(parse());
        assert_int_equal(config.LOG_LEVEL, level);
    }
}

static bool is_number(enum setting_kind kind)
{
    return kind == KIND_INTEGER || kind == KIND_DURATION || kind == KIND_SIZE;
}

static void every_row_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *row = &config_settings[i];
        struct slice words = row->choices;
        struct slice word;
        int64_t min;
        int64_t max;

        check_ok(setting_bounds(row, &min, &max));
        assert_true(min <= max);
        assert_true(row->text.len > 40 &&
                    slice_ends_with(row->text, SLICE(".")));
        assert_int_equal(row->choices.len > 0, row->kind == KIND_CHOICE);
        while (row->choices.len > 0 && slice_split(&words, ' ', &word)) {
            assert_true(slice_contains(row->text, word));
        }
        assert_ptr_equal(config_setting_find(row->name), row);
    }
}

static void every_number_takes_its_bounds_and_no_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *row = &config_settings[i];

        if (!is_number(row->kind)) {
            continue;
        }
        pairs.count = 0;
        add(row->name.ptr, row->min.ptr, "a", SOURCE_FILE);
        add(row->name.ptr, row->max.ptr, "b", SOURCE_ENVIRONMENT);
        check_ok(parse());
        add(row->name.ptr, "99999999h", "c", SOURCE_COMMAND_LINE);
        check_status(parse(), STATUS_INVALID_VALUE);
        pairs.items[2].value = SLICE("");
        check_status(parse(), STATUS_INVALID_VALUE);
    }
}

static void later_sources_win(void **state)
{
    (void)state;
    add("PORT", "1", "bookplate.env:1", SOURCE_FILE);
    check_ok(parse());
    assert_int_equal(config.PORT, 1);
    add("PORT", "2", "environment", SOURCE_ENVIRONMENT);
    check_ok(parse());
    assert_int_equal(config.PORT, 2);
    add("PORT", "3", "--set", SOURCE_COMMAND_LINE);
    check_ok(parse());
    assert_int_equal(config.PORT, 3);
    check_text(config.origins[SETTING_PORT].where, "--set");
    check_text(config.origins[SETTING_HOST].where, "default");
}

static void checks_a_value_that_is_overridden(void **state)
{
    (void)state;
    add("PORT", "none", "bookplate.env:1", SOURCE_FILE);
    add("PORT", "2", "environment", SOURCE_ENVIRONMENT);
    check_status(parse(), STATUS_INVALID_VALUE);
    check_text(why, "bookplate.env:1: PORT: \"none\" is not a whole number "
                    "from 0 to 65535");
}

static void refuses_a_setting_twice_from_one_source(void **state)
{
    (void)state;
    add("PORT", "1", "bookplate.env:1", SOURCE_FILE);
    add("HOST", "::", "bookplate.env:2", SOURCE_FILE);
    add("PORT", "1", "bookplate.env:7", SOURCE_FILE);
    check_status(parse(), STATUS_INVALID_VALUE);
    check_text(why, "bookplate.env:7: PORT is set twice, first in "
                    "bookplate.env:1");
}

static void says_what_is_wrong_and_what_is_allowed(void **state)
{
    (void)state;
    check_refusal("PORT", "65536",
                  "environment: PORT: \"65536\" is not a whole number from 0 "
                  "to 65535");
    check_refusal("HEAD_TIMEOUT", "10",
                  "environment: HEAD_TIMEOUT: \"10\" is not a time with its "
                  "unit (ms, s, m, h, d) from 100ms to 5m");
    check_refusal("MAX_HEAD", "17KiB",
                  "environment: MAX_HEAD: \"17KiB\" is not a size in bytes, "
                  "kB, KiB or MiB from 4KiB to 16KiB");
    check_refusal("LOG_LEVEL", "loud",
                  "environment: LOG_LEVEL: \"loud\" is not one of error, "
                  "warn, info, debug");
    check_refusal("HOST", "",
                  "environment: HOST: \"\" is not an IPv4 or IPv6 address or "
                  "a host name");
    check_refusal("TRUSTED_PROXIES", "::1, 10.0.0.1/8",
                  "environment: TRUSTED_PROXIES: \"10.0.0.1/8\" is not a "
                  "comma list of at most 64 addresses or blocks, such as "
                  "10.0.0.0/8 (host bits zero)");
    check_refusal("BETTER_AUTH_URL", "https://user:hunter2@a",
                  "environment: BETTER_AUTH_URL: the value (not shown) is "
                  "not an http or https URL without user, query or #");
}

static void proposes_the_name_that_was_meant(void **state)
{
    (void)state;
    check_refusal("PROT", "1",
                  "environment: unknown setting PROT; did you mean PORT?");
    check_refusal("log_level", "1",
                  "environment: unknown setting log_level; did you mean "
                  "LOG_LEVEL?");
    check_refusal("BETTER_AUTH_SECRET", "hunter2",
                  "environment: BETTER_AUTH_SECRET: the value (not shown) is "
                  "not a text with a length from 32 to 1024");
    check_refusal("BETTER_AUTH_UR", "1",
                  "environment: unknown setting BETTER_AUTH_UR; did you mean "
                  "BETTER_AUTH_URL?");
    check_refusal("BOOKPLATE_COLOUR", "1",
                  "environment: unknown setting BOOKPLATE_COLOUR; 'bookplate "
                  "help config' lists them all");
    check_refusal("", "1",
                  "environment: unknown setting ; 'bookplate help config' "
                  "lists them all");
}

static void a_refusal_is_one_short_line_whatever_it_quotes(void **state)
{
    static char big[100000];

    (void)state;
    check_refusal("PORT", "1\n2\x1b[31m",
                  "environment: PORT: \"1?2?[31m\" is not a whole number "
                  "from 0 to 65535");
    memset(big, '9', sizeof(big) - 1);
    pairs.count = 0;
    add("PORT", big, "environment", SOURCE_ENVIRONMENT);
    check_status(parse(), STATUS_INVALID_VALUE);
    assert_true(why.len < 200);
    assert_true(slice_ends_with(
        why, SLICE("9...\" is not a whole number from 0 to 65535")));
    pairs.count = 0;
    add(big, "1", big, SOURCE_ENVIRONMENT);
    check_status(parse(), STATUS_INVALID_VALUE);
    assert_true(why.len <= 512);
}

static void describes_every_setting_and_where_it_came_from(void **state)
{
    struct slice text;
    struct buf buf;

    (void)state;
    add("PORT", "8080", "bookplate.env:3", SOURCE_FILE);
    check_ok(parse());
    buf_init(&buf, &arena, 8192);
    config_describe(&config, &buf);
    check_ok(buf_finish(&buf, &text));
    assert_true(slice_contains(
        text,
        SLICE("  PORT                            8080  (bookplate.env:3)\n")));
    assert_true(slice_contains(
        text, SLICE("  SITE_DIR                        empty  (default)\n")));
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        assert_true(slice_contains(text, config_settings[i].name));
    }
}

static void says_so_when_memory_is_out(void **state)
{
    (void)state;
    add("PORT", "x", "environment", SOURCE_ENVIRONMENT);
    for (size_t limit = 0; limit < 8192; limit += 64) {
        struct arena tiny;
        enum status status;

        arena_init(&tiny, limit);
        status = config_parse(&tiny, &pairs, &config, &why);
        assert_true(status == STATUS_NO_MEMORY ||
                    status == STATUS_INVALID_VALUE);
        assert_int_equal(status == STATUS_NO_MEMORY,
                         slice_equal(why, REFUSE_NO_MEMORY));
        arena_release(&tiny);
    }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(has_the_documented_defaults),
          TEST(log_levels_are_those_of_the_log), TEST(every_row_is_whole),
          TEST(every_number_takes_its_bounds_and_no_more),
          TEST(later_sources_win), TEST(checks_a_value_that_is_overridden),
          TEST(refuses_a_setting_twice_from_one_source),
          TEST(says_what_is_wrong_and_what_is_allowed),
          TEST(proposes_the_name_that_was_meant),
          TEST(a_refusal_is_one_short_line_whatever_it_quotes),
          TEST(describes_every_setting_and_where_it_came_from),
          TEST(says_so_when_memory_is_out))
