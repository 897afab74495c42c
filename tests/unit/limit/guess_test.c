/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/clock.h"
#include "crypto/init.h"
#include "limit/guess.h"

#define OWNER SLICE("owner@example.com")

static int warnings;
static int64_t ahead_ms;

static void count_warning(void *arg, struct slice email)
{
    assert_ptr_equal(arg, &warnings);
    assert_true(slice_equal_nocase(email, OWNER));
    warnings++;
}

static struct guess *start(void)
{
    struct guess_options options = {count_warning, &warnings};
    struct guess *guess;

    warnings = 0;
    check_ok(crypto_init());
    check_ok(guess_new(&options, &guess));
    return guess;
}

static int64_t wait_of(struct guess *guess, struct slice email, bool known)
{
    int64_t wait_ms = -1;

    check_ok(guess_begin(guess, email, known, &wait_ms));
    assert_true(wait_ms >= 0);
    return wait_ms;
}

static void pass(int64_t ms)
{
    ahead_ms += ms;
    clock_test_shift(ahead_ms, 0);
}

static void burn(struct guess *guess, bool known)
{
    for (int i = 0; i < GUESS_FREE; i++) {
        assert_int_equal(wait_of(guess, OWNER, known), 0);
    }
}

/* S011 */
static void test_a_hundred_failures_and_then_pauses(void **state)
{
    struct guess *guess = start();
    int64_t wait;

    (void)state;
    burn(guess, false);
    assert_int_equal(warnings, 0);
    wait = wait_of(guess, SLICE("Owner@EXAMPLE.com"), false);
    assert_true(wait > 0 && wait <= 1000);
    assert_int_equal(warnings, 1);
    assert_true(wait_of(guess, OWNER, false) > 0);
    pass(wait);
    assert_int_equal(wait_of(guess, OWNER, false), 0); /* the right one, say */
    guess_succeeded(guess, OWNER, false);
    burn(guess, false);
    assert_int_equal(warnings, 1);
    guess_free(guess);
}

static void test_pauses_grow_up_to_a_limit(void **state)
{
    struct guess *guess = start();
    int64_t tries = 0;

    (void)state;
    assert_int_equal(guess_pause_ms(99), 0);
    assert_int_equal(guess_pause_ms(100), 1000);
    assert_int_equal(guess_pause_ms(101), 2000);
    assert_int_equal(guess_pause_ms(109), 512000);
    assert_int_equal(guess_pause_ms(110), GUESS_PAUSE_MAX_MS);
    assert_int_equal(guess_pause_ms(INT64_MAX), GUESS_PAUSE_MAX_MS);
    burn(guess, false);
    for (int second = 0; second < 86400; second += 60) {
        pass(60000);
        tries += wait_of(guess, OWNER, false) == 0;
    }
    assert_true(tries < 110);
    assert_int_equal(warnings, 1);
    guess_free(guess);
}

/* S012 */
static void test_the_owner_is_not_locked_out(void **state)
{
    struct guess *guess = start();

    (void)state;
    burn(guess, false);
    assert_true(wait_of(guess, OWNER, false) > 0);
    assert_int_equal(wait_of(guess, OWNER, true), 0);
    guess_succeeded(guess, OWNER, true);
    assert_true(wait_of(guess, OWNER, false) > 0); /* strangers still wait */
    guess_forget(guess, OWNER);                    /* a reset by mail */
    assert_int_equal(wait_of(guess, OWNER, false), 0);
    guess_free(guess);
}

/* A stolen cookie is no licence to guess. */
static void test_known_devices_are_counted_as_well(void **state)
{
    struct guess *guess = start();

    (void)state;
    burn(guess, true);
    assert_true(wait_of(guess, OWNER, true) > 0);
    assert_int_equal(wait_of(guess, OWNER, false), 0);
    assert_int_equal(warnings, 0);
    guess_free(guess);
}

static void test_what_was_not_judged_does_not_count(void **state)
{
    struct guess *guess = start();

    (void)state;
    for (int i = 0; i < 10 * GUESS_FREE; i++) {
        assert_int_equal(wait_of(guess, OWNER, false), 0);
        guess_take_back(guess, OWNER, false);
    }
    guess_take_back(guess, OWNER, false);
    guess_take_back(guess, SLICE("nobody@example.com"), false);
    burn(guess, false);
    assert_true(wait_of(guess, OWNER, false) > 0);
    guess_free(guess);
}

static void test_odd_addresses_are_counted_too(void **state)
{
    struct guess *guess = start();
    char text[5000];

    (void)state;
    memset(text, 'a', sizeof(text));
    assert_int_equal(wait_of(guess, SLICE_EMPTY, false), 0);
    assert_int_equal(wait_of(guess, slice_make(text, sizeof(text)), false), 0);
    assert_int_equal(wait_of(guess, SLICE("\0\xff"), false), 0);
    guess_free(guess);
}

RUN_TESTS(cmocka_unit_test(test_a_hundred_failures_and_then_pauses),
          cmocka_unit_test(test_pauses_grow_up_to_a_limit),
          cmocka_unit_test(test_the_owner_is_not_locked_out),
          cmocka_unit_test(test_known_devices_are_counted_as_well),
          cmocka_unit_test(test_what_was_not_judged_does_not_count),
          cmocka_unit_test(test_odd_addresses_are_counted_too))
