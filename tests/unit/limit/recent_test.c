/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "limit/recent.h"

/* The table is made of 16 shards with one place more than their share. */
#define LIMIT ((size_t)160)
#define MOST  (LIMIT + 16)

static void key_of(uint32_t number, unsigned char key[static 32])
{
    memset(key, 0, 32);
    memcpy(key, &number, sizeof(number));
}

static int32_t count_up(struct recent *recent, uint32_t number)
{
    unsigned char key[32];
    struct recent_shard *shard;
    int32_t count;

    key_of(number, key);
    shard = recent_lock(recent, key);
    count = ++recent_take(shard, key)->count;
    recent_unlock(shard);
    return count;
}

static bool drop(struct recent *recent, uint32_t number)
{
    unsigned char key[32];
    struct recent_shard *shard;
    struct recent_entry *entry;

    key_of(number, key);
    shard = recent_lock(recent, key);
    entry = recent_find(shard, key);
    if (entry != NULL) {
        recent_drop(shard, entry);
    }
    recent_unlock(shard);
    return entry != NULL;
}

static void test_remembers_and_drops(void **state)
{
    struct recent *recent;

    (void)state;
    check_ok(recent_new(LIMIT, &recent));
    for (uint32_t round = 1; round <= 3; round++) {
        for (uint32_t i = 0; i < 50; i++) {
            assert_int_equal(count_up(recent, i), round);
        }
    }
    assert_int_equal(recent_count(recent), 50);
    for (uint32_t i = 0; i < 50; i += 2) {
        assert_true(drop(recent, i));
        assert_false(drop(recent, i));
    }
    assert_int_equal(recent_count(recent), 25);
    for (uint32_t i = 0; i < 50; i++) {
        assert_int_equal(count_up(recent, i), i % 2 == 0 ? 1 : 4);
    }
    recent_free(recent);
}

static void test_never_holds_more_than_its_limit(void **state)
{
    struct recent *recent;
    size_t bytes;

    (void)state;
    check_ok(recent_new(LIMIT, &recent));
    bytes = recent_bytes(recent);
    for (uint32_t i = 0; i < 100000; i++) {
        (void)count_up(recent, i);
        if (i % 7 == 0) {
            assert_true(drop(recent, i));
        }
        assert_true(recent_count(recent) <= MOST);
    }
    assert_int_equal(recent_bytes(recent), bytes);
    recent_free(recent);
}

static void test_the_newest_stay(void **state)
{
    struct recent *recent;

    (void)state;
    check_ok(recent_new(LIMIT, &recent));
    for (uint32_t i = 0; i < 10000; i++) {
        (void)count_up(recent, i);
        assert_true(count_up(recent, i) == 2);
    }
    /* Used all the time, so never the oldest. */
    for (uint32_t i = 0; i < 10000; i++) {
        assert_int_equal(count_up(recent, 1000000), (int32_t)i + 1);
        (void)count_up(recent, i);
    }
    recent_free(recent);
}

static void test_a_flood_does_not_wash_away_who_is_held_back(void **state)
{
    struct recent *recent;

    (void)state;
    check_ok(recent_new(LIMIT, &recent));
    for (int i = 0; i < 100; i++) {
        (void)count_up(recent, 7);
    }
    for (uint32_t i = 1000; i < 20000; i++) {
        (void)count_up(recent, i);
    }
    assert_int_equal(count_up(recent, 7), 101);
    recent_free(recent);
}

RUN_TESTS(cmocka_unit_test(test_remembers_and_drops),
          cmocka_unit_test(test_never_holds_more_than_its_limit),
          cmocka_unit_test(test_the_newest_stay),
          cmocka_unit_test(test_a_flood_does_not_wash_away_who_is_held_back))
