/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/forwarded.h"

static struct arena arena;
static struct network_list trusted;

static int set_up(void **state)
{
    struct slice problem;

    (void)state;
    arena_init(&arena, 1 << 20);
    check_ok(network_list_parse(&arena, SLICE("10.0.0.0/8, 2001:db8::/32"),
                                &problem, &trusted));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void check_client(const char *peer_text, const char *const *values,
                         size_t count, const char *want)
{
    char text[CLIENT_ADDRESS_TEXT_SIZE];
    struct slice fields[4];
    struct client_address peer;
    struct client_address client;

    assert_true(client_address_read(slice_from_cstr(peer_text), &peer));
    for (size_t i = 0; i < count; i++) {
        fields[i] = slice_from_cstr(values[i]);
    }
    client = forwarded_client(&peer, &trusted, fields, count);
    check_slice(client_address_text(&client, text), slice_from_cstr(want));
}

static void check_one(const char *peer, const char *value, const char *want)
{
    check_client(peer, &value, 1, want);
}

/* S014 */
static void ignores_what_an_untrusted_peer_says(void **state)
{
    (void)state;
    check_one("192.0.2.1", "198.51.100.1", "192.0.2.1");
    check_one("::1", "198.51.100.1", "::1");
    trusted.count = 0;
    check_one("10.0.0.1", "198.51.100.1", "10.0.0.1");
}

static void takes_the_rightmost_address_not_trusted(void **state)
{
    (void)state;
    check_client("10.0.0.1", NULL, 0, "10.0.0.1");
    check_one("10.0.0.1", "192.0.2.1", "192.0.2.1");
    check_one("10.0.0.1", "203.0.113.9, 192.0.2.1", "192.0.2.1");
    check_one("10.0.0.1", "203.0.113.9, 192.0.2.1, 10.0.0.2", "192.0.2.1");
    check_one("10.0.0.1", "203.0.113.9,192.0.2.1,10.0.0.2 , 10.0.0.3",
              "192.0.2.1");
    check_one("2001:db8::1", "::ffff:192.0.2.1", "192.0.2.1");
    check_one("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3");
}

static void several_fields_are_one_list(void **state)
{
    static const char *const fields[] = {"203.0.113.9", "192.0.2.1, 10.0.0.2",
                                         "10.0.0.3"};
    static const char *const hole[] = {"203.0.113.9", ",10.0.0.2"};
    static const char *const empty[] = {"203.0.113.9", ""};

    (void)state;
    check_client("10.0.0.1", fields, 3, "192.0.2.1");
    check_client("10.0.0.1", fields, 1, "203.0.113.9");
    check_client("10.0.0.1", hole, 2, "10.0.0.2");
    check_client("10.0.0.1", empty, 2, "10.0.0.1");
}

static void drops_ports(void **state)
{
    (void)state;
    check_one("10.0.0.1", "192.0.2.1:1234", "192.0.2.1");
    check_one("10.0.0.1", "[2001:1::1]:1234", "2001:1::1");
    check_one("10.0.0.1", "[2001:1::1]", "2001:1::1");
}

static void stops_at_the_last_good_entry(void **state)
{
    static const char *const bad[] = {
        "",           "unknown",    "_hidden",
        "1.2.3",      "1.2.3.4:",   "1.2.3.4:123456",
        "1.2.3.4:x",  "[::1",       "[1.2.3.4]",
        "[::1]x",     "[::1]:",     "::1]",
        "1.2.3.4;by", "\"[::1]\"",  "for=192.0.2.1",
        "[]",         "1.2.3.4\t5", "192.0.2.1\x80",
        "[",          "]:",
    };
    char value[100];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        check_one("10.0.0.1", bad[i], "10.0.0.1");
        snprintf(value, sizeof(value), "192.0.2.1, %s, 10.0.0.2", bad[i]);
        check_one("10.0.0.1", value, "10.0.0.2");
    }
}

static void a_cut_field_never_gives_an_address_of_the_client(void **state)
{
    struct slice field = SLICE("203.0.113.9, 192.0.2.1");
    struct client_address peer;
    struct client_address client;

    (void)state;
    assert_true(client_address_read(SLICE("10.0.0.1"), &peer));
    for (size_t from = 0; from < field.len; from++) {
        struct slice cut = slice_from(field, from);

        client = forwarded_client(&peer, &trusted, &cut, 1);
        /* what is cut on the left cannot change what the right says */
        assert_true(from > 13 || client.bytes[15] == 1);
        assert_false(client.bytes[15] == 9);
    }
}

static void walks_no_further_than_its_limit(void **state)
{
    char value[FORWARDED_HOPS_MAX * 10 + 60] = "192.0.2.1";
    const char *field = value;

    (void)state;
    for (int i = 0; i < FORWARDED_HOPS_MAX - 1; i++) {
        strcat(value, ",10.0.0.9");
    }
    check_one("10.0.0.1", field, "192.0.2.1");
    strcat(value, ",10.0.0.9");
    check_one("10.0.0.1", field, "10.0.0.9");
}

static void https_only_from_trusted_peers(void **state)
{
    struct client_address proxy;
    struct client_address client;

    (void)state;
    assert_true(client_address_read(SLICE("10.0.0.1"), &proxy));
    assert_true(client_address_read(SLICE("192.0.2.1"), &client));
    assert_true(forwarded_is_https(&proxy, &trusted, SLICE("https")));
    assert_true(forwarded_is_https(&proxy, &trusted, SLICE(" HTTPS ")));
    assert_false(forwarded_is_https(&client, &trusted, SLICE("https")));
    assert_false(forwarded_is_https(&proxy, &trusted, SLICE("http")));
    assert_false(forwarded_is_https(&proxy, &trusted, SLICE("https, http")));
    assert_false(forwarded_is_https(&proxy, &trusted, SLICE("http, https")));
    assert_false(forwarded_is_https(&proxy, &trusted, slice_make(NULL, 0)));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(ignores_what_an_untrusted_peer_says),
          TEST(takes_the_rightmost_address_not_trusted),
          TEST(several_fields_are_one_list), TEST(drops_ports),
          TEST(stops_at_the_last_good_entry),
          TEST(a_cut_field_never_gives_an_address_of_the_client),
          TEST(walks_no_further_than_its_limit),
          TEST(https_only_from_trusted_peers))
