/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/log.h"

#include <unistd.h>

static char line[4096];

/* Runs between catch_begin and catch_end write into a pipe. */
static int pipe_fds[2];

static void catch_begin(void)
{
    assert_int_equal(pipe(pipe_fds), 0);
    log_set_fd(pipe_fds[1]);
}

static struct slice catch_end(void)
{
    ssize_t len;

    close(pipe_fds[1]);
    len = read(pipe_fds[0], line, sizeof(line));
    close(pipe_fds[0]);
    log_set_fd(STDERR_FILENO);
    return slice_make(line, len < 0 ? 0 : (size_t)len);
}

static void writes_one_json_line(void **state)
{
    struct slice s;

    (void)state;
    catch_begin();
    log_info("listening", log_text("host", SLICE("::1")),
             log_number("port", -3001));
    s = catch_end();
    assert_true(slice_starts_with(s, SLICE("{\"time\":\"20")));
    assert_true(slice_ends_with(
        s, SLICE("Z\",\"level\":\"info\",\"event\":\"listening\","
                 "\"host\":\"::1\",\"port\":-3001}\n")));
}

static void escapes_what_would_break_the_line(void **state)
{
    struct slice s;

    (void)state;
    catch_begin();
    log_warn("x", log_text("v", SLICE("a\"b\\c\r\n\x1b\0d\x7f\xff"
                                      "\xc3\xa9\xed\xa0\x80\xc0\xaf"
                                      "\xc2\x80\xc2\x9b\xc2\xa0")));
    s = catch_end();
    assert_true(slice_contains(
        s, SLICE("\"v\":\"a\\\"b\\\\c\\u000d\\u000a\\u001b\\u0000d\\u007f"
                 "\\u00ff\xc3\xa9\\u00ed\\u00a0\\u0080\\u00c0\\u00af"
                 "\\u0080\\u009b\xc2\xa0\"}\n")));
    assert_int_equal(slice_find(s, '\n'), s.len - 1);
}

static void cuts_long_lines_and_stays_valid(void **state)
{
    static char big[3000];
    struct slice s;

    (void)state;
    memset(big, '\n', sizeof(big));
    for (size_t len = 900; len < 1100; len++) {
        memset(big, 'a', len);
        catch_begin();
        log_error("x", log_text("v", slice_make(big, sizeof(big))),
                  log_number("n", 1));
        s = catch_end();
        assert_true(s.len <= 1024);
        assert_true(slice_ends_with(s, SLICE("\"}\n")));
        assert_int_equal(slice_find(s, '\n'), s.len - 1);
    }
}

static void keeps_quiet_below_its_level(void **state)
{
    (void)state;
    catch_begin();
    log_debug("hidden");
    log_set_level(LOG_ERROR);
    log_warn("hidden");
    log_set_level(LOG_INFO);
    check_text(catch_end(), "");
}

static void a_closed_log_stops_nothing(void **state)
{
    (void)state;
    log_set_fd(-1);
    log_error("lost", log_errno(2));
    log_set_fd(STDERR_FILENO);
}

static void a_log_that_nobody_reads_stops_nothing(void **state)
{
    (void)state;
    catch_begin();
    for (int i = 0; i < 10000; i++) { /* more than any pipe holds */
        log_info("unread");
    }
    assert_true(slice_starts_with(catch_end(), SLICE("{\"time\":")));
}

RUN_TESTS(cmocka_unit_test(writes_one_json_line),
          cmocka_unit_test(escapes_what_would_break_the_line),
          cmocka_unit_test(cuts_long_lines_and_stays_valid),
          cmocka_unit_test(keeps_quiet_below_its_level),
          cmocka_unit_test(a_closed_log_stops_nothing),
          cmocka_unit_test(a_log_that_nobody_reads_stops_nothing))
