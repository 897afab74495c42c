/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/clock.h"
#include "limit/key.h"
#include "limit/limiter.h"

#include <pthread.h>

static const struct limit_rule three = {10000, 3};

static struct client_address address_of(const char *text)
{
    struct client_address address;

    assert_true(client_address_read(slice_from_cstr(text), &address));
    return address;
}

static bool ask(struct limiter *limiter, const char *address, struct slice path)
{
    struct client_address client = address_of(address);

    return limiter_count(limiter, &client, path, &three).allowed;
}

/* The original's algorithm, step by step: protocol reference section 8. */
static void test_the_window_restarts_after_silence(void **state)
{
    static const struct {
        int64_t at_ms;
        bool allowed;
        int64_t retry_s;
        enum limit_step step;
    } rows[] = {
        {0, true, 0, LIMIT_CREATE},
        {9000, true, 0, LIMIT_COUNT},
        {18000, true, 0, LIMIT_COUNT}, /* 18 s after the first, still one */
        {18001, false, 10, LIMIT_REFUSE},
        {27999, false, 1, LIMIT_REFUSE}, /* refused ones extend nothing */
        {28000, true, 0, LIMIT_RESTART},
    };
    struct limit_state now = {0, 0};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct limit_verdict verdict =
            limit_decide(&now, &three, rows[i].at_ms);

        assert_int_equal(verdict.allowed, rows[i].allowed);
        assert_int_equal(verdict.retry_after_s, rows[i].retry_s);
        assert_int_equal(verdict.step, rows[i].step);
        now = verdict.next;
    }
}

/* S019: a row of a database, whose clock is the wall clock. */
static void test_a_clock_set_back_blocks_nobody_for_long(void **state)
{
    struct limit_state future = {3, 3600000};
    struct limit_state near = {3, 5000};

    (void)state;
    assert_int_equal(limit_decide(&future, &three, 0).step, LIMIT_RESTART);
    assert_int_equal(limit_decide(&near, &three, 0).step, LIMIT_REFUSE);
    assert_true(limit_decide(&near, &three, 0).retry_after_s <= 20);
}

/* S019: the table in memory asks the monotonic clock only. */
static void test_the_wall_clock_means_nothing(void **state)
{
    struct limiter *limiter;

    (void)state;
    check_ok(limiter_new(&limiter));
    for (int i = 0; i < 3; i++) {
        assert_true(ask(limiter, "192.0.2.1", SLICE("/sign-in/email")));
    }
    clock_test_shift(0, -3600000);
    assert_false(ask(limiter, "192.0.2.1", SLICE("/sign-in/email")));
    clock_test_shift(0, 3600000);
    assert_false(ask(limiter, "192.0.2.1", SLICE("/sign-in/email")));
    clock_test_shift(10001, 0);
    assert_true(ask(limiter, "192.0.2.1", SLICE("/sign-in/email")));
    clock_test_shift(0, 0);
    limiter_free(limiter);
}

static void test_clients_and_paths_are_counted_apart(void **state)
{
    struct limiter *limiter;

    (void)state;
    check_ok(limiter_new(&limiter));
    for (int i = 0; i < 3; i++) {
        assert_true(ask(limiter, "192.0.2.1", SLICE("/sign-in/email")));
    }
    assert_false(ask(limiter, "192.0.2.1", SLICE("/sign-in/email")));
    assert_true(ask(limiter, "192.0.2.1", SLICE("/sign-up/email")));
    assert_true(ask(limiter, "192.0.2.2", SLICE("/sign-in/email")));
    /* S015: the same client in other words. */
    assert_false(ask(limiter, "::ffff:192.0.2.1", SLICE("/sign-in/email")));
    assert_false(ask(limiter, "::FFFF:C000:0201", SLICE("/sign-in/email")));
    limiter_free(limiter);
}

/* S016 */
static void test_one_subscriber_has_one_key(void **state)
{
    struct limiter *limiter;

    (void)state;
    check_ok(limiter_new(&limiter));
    assert_true(ask(limiter, "2001:db8:1:2::1", SLICE("/x")));
    assert_true(ask(limiter, "2001:db8:1:2:ffff::9", SLICE("/x")));
    assert_true(ask(limiter, "2001:DB8:1:2:0:0:0:3", SLICE("/x")));
    assert_false(ask(limiter, "2001:db8:1:2:8::", SLICE("/x")));
    assert_true(ask(limiter, "2001:db8:1:3::1", SLICE("/x")));
    limiter_free(limiter);
}

static void test_no_window_is_no_limit(void **state)
{
    struct client_address client = address_of("192.0.2.1");
    struct limit_rule off = {0, 0};
    struct limiter *limiter;

    (void)state;
    check_ok(limiter_new(&limiter));
    for (int i = 0; i < 1000; i++) {
        assert_true(limiter_count(limiter, &client, SLICE("/x"), &off).allowed);
    }
    assert_int_equal(limiter_keys(limiter), 0);
    limiter_free(limiter);
}

/* S018 */
static void test_a_million_sources_do_not_fill_the_memory(void **state)
{
    struct client_address client = address_of("10.0.0.0");
    struct limiter *limiter;

    (void)state;
    check_ok(limiter_new(&limiter));
    assert_true(limiter_bytes(limiter) <= (size_t)8 << 20);
    for (uint32_t i = 0; i < 1000000; i++) {
        memcpy(client.bytes + 12, &i, sizeof(i));
        (void)limiter_count(limiter, &client, SLICE("/sign-in/email"), &three);
    }
    assert_true(limiter_keys(limiter) >= LIMITER_KEYS * 9 / 10);
    assert_true(limiter_keys(limiter) <= LIMITER_KEYS + 16);
    limiter_free(limiter);
}

static void test_keys_are_spelled_as_the_original_does(void **state)
{
    static const struct {
        const char *address;
        const char *key;
    } rows[] = {
        {"192.0.2.1", "192.0.2.1|/p"},
        {"::ffff:192.0.2.1", "192.0.2.1|/p"},
        {"2001:DB8:1:2:3:4:5:6", "2001:0db8:0001:0002:0000:0000:0000:0000|/p"},
        {"::1", "0000:0000:0000:0000:0000:0000:0000:0000|/p"},
        {"255.255.255.255", "255.255.255.255|/p"},
    };
    char out[LIMIT_KEY_MAX + 1];
    char path[1000];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client_address address = address_of(rows[i].address);

        check_slice(limit_key_text(&address, SLICE("/p"), out),
                    slice_from_cstr(rows[i].key));
    }
    memset(path, 'a', sizeof(path));
    assert_true(limit_key_text(&(struct client_address){{0}},
                               slice_make(path, sizeof(path)), out)
                    .len == LIMIT_KEY_MAX);
}

struct crowd {
    struct limiter *limiter;
    int allowed;
};

static void *hammer(void *arg)
{
    struct crowd *crowd = arg;
    struct client_address client = address_of("192.0.2.9");
    struct limit_rule rule = {600000, 1000};

    for (int i = 0; i < 2000; i++) {
        crowd->allowed +=
            limiter_count(crowd->limiter, &client, SLICE("/x"), &rule).allowed;
    }
    return NULL;
}

static void test_threads_share_one_count(void **state)
{
    struct crowd crowds[4] = {0};
    pthread_t threads[4];
    struct limiter *limiter;
    int allowed = 0;

    (void)state;
    check_ok(limiter_new(&limiter));
    for (size_t i = 0; i < 4; i++) {
        crowds[i].limiter = limiter;
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, &crowds[i]),
                         0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        allowed += crowds[i].allowed;
    }
    assert_int_equal(allowed, 1000);
    limiter_free(limiter);
}

RUN_TESTS(cmocka_unit_test(test_the_window_restarts_after_silence),
          cmocka_unit_test(test_a_clock_set_back_blocks_nobody_for_long),
          cmocka_unit_test(test_the_wall_clock_means_nothing),
          cmocka_unit_test(test_clients_and_paths_are_counted_apart),
          cmocka_unit_test(test_one_subscriber_has_one_key),
          cmocka_unit_test(test_no_window_is_no_limit),
          cmocka_unit_test(test_a_million_sources_do_not_fill_the_memory),
          cmocka_unit_test(test_keys_are_spelled_as_the_original_does),
          cmocka_unit_test(test_threads_share_one_count))
