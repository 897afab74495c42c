/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/client_address.h"
#include "net/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

static struct arena arena;

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

static struct client_address address_of(const char *text)
{
    struct client_address address;

    if (!client_address_read(slice_from_cstr(text), &address)) {
        fail_msg("cannot read %s", text);
    }
    return address;
}

static void check_address(const struct client_address *address,
                          const char *want)
{
    char text[CLIENT_ADDRESS_TEXT_SIZE];

    check_slice(client_address_text(address, text), slice_from_cstr(want));
}

static void one_address_has_one_form(void **state)
{
    static const char *const pairs[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"0.9.10.99", "0.9.10.99"},
        {"100.109.200.255", "100.109.200.255"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::ffff:c000:201", "192.0.2.1"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"2001:db8::0001", "2001:db8::1"},
        {"::", "::"},
        {"::1", "::1"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        struct client_address a = address_of(pairs[i][0]);
        struct client_address b = address_of(pairs[i][1]);

        assert_true(client_address_equal(&a, &b));
        check_address(&a, pairs[i][1]);
    }
}

static void refuses_what_is_not_an_address(void **state)
{
    static const char *const bad[] = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.04",
        "0x1.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.4:5",
        "[::1]",
        "fe80::1%lo",
        "::1::",
        "1:2:3",
        "localhost",
        ":::",
        "12345::1",
        "::g",
        "1.2.3.4/8",
        "+1.2.3.4",
        "1.2.3.4\n",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"};
    struct client_address address;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (client_address_read(slice_from_cstr(bad[i]), &address)) {
            fail_msg("took \"%s\"", bad[i]);
        }
    }
    assert_false(client_address_read(SLICE("1.2.3.4\0"), &address));
    assert_false(client_address_read(slice_make(NULL, 0), &address));
}

static void reads_the_peer_of_a_socket(void **state)
{
    union net_address in = {.v4 = {.sin_family = AF_INET}};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct client_address address;

    (void)state;
    inet_pton(AF_INET, "192.0.2.1", &in.v4.sin_addr);
    address = client_address_from_socket(&in.any);
    check_address(&address, "192.0.2.1");
    inet_pton(AF_INET6, "::ffff:192.0.2.1", &in6.sin6_addr);
    address = client_address_from_socket((struct sockaddr *)&in6);
    check_address(&address, "192.0.2.1");
    inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr);
    address = client_address_from_socket((struct sockaddr *)&in6);
    check_address(&address, "2001:db8::1");
    address = client_address_from_socket((struct sockaddr *)&un);
    check_address(&address, "::1");
}

static void counts_ipv6_by_the_subscriber(void **state)
{
    struct client_address key = address_of("2001:db8:1:2:3:4:5:6");

    (void)state;
    key = client_address_key(&key);
    check_address(&key, "2001:db8:1:2::");
    key = address_of("192.0.2.77");
    key = client_address_key(&key);
    check_address(&key, "192.0.2.77");
}

static bool is_in(const char *networks, const char *address)
{
    struct client_address client = address_of(address);
    struct network_list list;
    struct slice problem = SLICE_EMPTY;

    check_ok(
        network_list_parse(&arena, slice_from_cstr(networks), &problem, &list));
    return network_list_contains(&list, &client);
}

static void networks_contain_what_their_prefix_says(void **state)
{
    (void)state;
    assert_true(is_in("10.0.0.0/8", "10.255.255.255"));
    assert_false(is_in("10.0.0.0/8", "11.0.0.0"));
    assert_true(is_in("10.0.0.0/9", "10.127.255.255"));
    assert_false(is_in("10.0.0.0/9", "10.128.0.0"));
    assert_true(is_in("192.0.2.6/31", "192.0.2.7"));
    assert_false(is_in("192.0.2.6/31", "192.0.2.8"));
    assert_true(is_in("192.0.2.7", "192.0.2.7"));
    assert_false(is_in("192.0.2.7/32", "192.0.2.6"));
    assert_true(is_in("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(is_in("2001:db8::/33", "2001:db8:8000::1"));
    assert_true(is_in("::1", "::1"));
    assert_false(is_in("::1/128", "::2"));
    assert_true(is_in(" ::1 ,\t10.0.0.0/8 ", "10.1.1.1"));
    assert_true(is_in("::ffff:10.0.0.0/8", "10.1.1.1"));
}

static void everything_of_one_family_is_not_the_other(void **state)
{
    (void)state;
    assert_true(is_in("0.0.0.0/0", "255.255.255.255"));
    assert_true(is_in("0.0.0.0/0", "::ffff:1.2.3.4"));
    assert_false(is_in("0.0.0.0/0", "::1"));
    assert_true(is_in("::/0", "2001:db8::1"));
    assert_false(is_in("::/0", "1.2.3.4"));
}

static void an_empty_list_contains_nothing(void **state)
{
    (void)state;
    assert_false(is_in("", "127.0.0.1"));
    assert_false(is_in("  ", "::1"));
}

static void says_which_network_is_wrong(void **state)
{
    static const char *const cases[][2] = {
        {"10.0.0.1/8", "\"10.0.0.1/8\" has bits set behind its prefix"},
        {"2001:db8::1/64", "\"2001:db8::1/64\" has bits set behind its prefix"},
        {"10.0.0.0/33", "\"10.0.0.0/33\" has a prefix that is not 0 to 32"},
        {"10.0.0.0/08", "\"10.0.0.0/08\" has a prefix that is not 0 to 32"},
        {"10.0.0.0/", "\"10.0.0.0/\" has a prefix that is not 0 to 32"},
        {"10.0.0.0/8/8", "\"10.0.0.0/8/8\" has a prefix that is not 0 to 32"},
        {"::/129", "\"::/129\" has a prefix that is not 0 to 128"},
        {"::/-1", "\"::/-1\" has a prefix that is not 0 to 128"},
        {"10.0.0.0/8,", "\"\" is not an IP address"},
        {"10.0.0.0/8 ::1", "\"10.0.0.0/8 ::1\" has a prefix that is not 0 to "
                           "32"},
        {"proxy.example", "\"proxy.example\" is not an IP address"},
        {"10/8", "\"10/8\" is not an IP address"},
    };
    struct network_list list;
    struct slice problem;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        problem = SLICE_EMPTY;
        check_status(network_list_parse(&arena, slice_from_cstr(cases[i][0]),
                                        &problem, &list),
                     STATUS_INVALID_VALUE);
        check_slice(problem, slice_from_cstr(cases[i][1]));
    }
}

static void limits_the_networks(void **state)
{
    char text[257 * 4];
    struct network_list list;
    struct slice problem;

    (void)state;
    for (size_t i = 0; i < sizeof(text); i += 4) {
        memcpy(text + i, "::1,", 4);
    }
    check_ok(network_list_parse(&arena, slice_make(text, 256 * 4 - 1), &problem,
                                &list));
    assert_int_equal(list.count, 256);
    check_status(network_list_parse(&arena, slice_make(text, 257 * 4 - 1),
                                    &problem, &list),
                 STATUS_INVALID_VALUE);
    check_text(problem, "\"::1\" is one network too many");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(one_address_has_one_form), TEST(refuses_what_is_not_an_address),
          TEST(reads_the_peer_of_a_socket), TEST(counts_ipv6_by_the_subscriber),
          TEST(networks_contain_what_their_prefix_says),
          TEST(everything_of_one_family_is_not_the_other),
          TEST(an_empty_list_contains_nothing),
          TEST(says_which_network_is_wrong), TEST(limits_the_networks))
