/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "mail/message.h"
#include "mail/smtp.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 65536);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_urls_are_taken_apart(void **state)
{
    static const struct {
        const char *text;
        const char *url;
        const char *user;
        const char *password;
    } rows[] = {
        {"smtp://mail.example.org", "smtp://mail.example.org", "", ""},
        {"smtp://127.0.0.1:2525/", "smtp://127.0.0.1:2525", "", ""},
        {"smtps://[::1]:465", "smtps://[::1]:465", "", ""},
        {"smtp://u:p@h:587", "smtp://h:587", "u", "p"},
        {"smtp://u%40x.org:p%3A%2F@h", "smtp://h", "u@x.org", "p:/"},
        {"smtp://u:p@ss:w@h", "smtp://h", "u", "p@ss:w"},
        {"smtp://u:@h", "smtp://h", "u", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct smtp_server server;
        struct slice problem = SLICE_EMPTY;

        check_ok(smtp_server_read(&arena, slice_from_cstr(rows[i].text),
                                  &problem, &server));
        check_slice(server.url, slice_from_cstr(rows[i].url));
        check_slice(server.user, slice_from_cstr(rows[i].user));
        check_slice(server.password, slice_from_cstr(rows[i].password));
    }
}

static void test_odd_urls_are_refused_without_the_password(void **state)
{
    static const char *const rows[] = {
        "",
        "mail.example.org",
        "http://h",
        "smtp://",
        "smtp://hush:hush@",
        "smtp://hush@h",
        "smtp://:hush@h",
        "smtp://hush:%zz@h",
        "smtp://hush:%00@h",
        "smtp://h:0",
        "smtp://h:65536",
        "smtp://h:25:25",
        "smtp://h/path",
        "smtp://h?q",
        "smtp://h h",
        "smtp://[::1",
        "smtp://[]:25",
        "smtp://a[b]",
        "smtp://:25",
        "smtp://h\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct smtp_server server;
        struct slice problem = SLICE_EMPTY;

        if (smtp_server_read(&arena, slice_from_cstr(rows[i]), &problem,
                             &server) != STATUS_INVALID_VALUE) {
            fail_msg("%s", rows[i]);
        }
        assert_true(problem.len > 0);
        assert_false(slice_contains(problem, SLICE("hush")));
    }
}

static void test_senders_are_read(void **state)
{
    struct mail_address address;

    (void)state;
    check_ok(mail_address_read(SLICE(" book@example.org "), &address));
    check_text(address.name, "");
    check_text(address.address, "book@example.org");
    check_ok(mail_address_read(SLICE("The Book <book@example.org>"), &address));
    check_text(address.name, "The Book");
    check_text(address.address, "book@example.org");
    check_ok(mail_address_read(SLICE("\"Book, The\" <b@x.org>"), &address));
    check_text(address.name, "Book, The");
    check_status(mail_address_read(SLICE(""), &address), STATUS_INVALID_VALUE);
    check_status(mail_address_read(SLICE("<"), &address), STATUS_INVALID_VALUE);
    check_status(mail_address_read(SLICE("<>"), &address),
                 STATUS_INVALID_VALUE);
    check_status(mail_address_read(SLICE("a <b@x.org> c"), &address),
                 STATUS_INVALID_VALUE);
    check_status(mail_address_read(SLICE("<a@x.org>, <b@x.org>"), &address),
                 STATUS_INVALID_VALUE);
}

#define WITH_ARENA(test)                                                       \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

RUN_TESTS(WITH_ARENA(test_urls_are_taken_apart),
          WITH_ARENA(test_odd_urls_are_refused_without_the_password),
          WITH_ARENA(test_senders_are_read))
