/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/map.h"

static void finds_what_was_put(void **state)
{
    static int values[1000];
    struct arena arena;
    struct map map;
    struct slice key;

    (void)state;
    arena_init(&arena, 1 << 20);
    map_init(&map, &arena);
    assert_null(map_get(&map, SLICE("a")));
    for (int i = 0; i < 1000; i++) {
        check_ok(arena_format(&arena, &key, "key %d", i));
        check_ok(map_put(&map, key, &values[i]));
    }
    assert_int_equal(map.count, 1000);
    for (int i = 0; i < 1000; i++) {
        check_ok(arena_format(&arena, &key, "key %d", i));
        assert_ptr_equal(map_get(&map, key), &values[i]);
    }
    assert_null(map_get(&map, SLICE("key 1000")));
    check_ok(map_put(&map, SLICE("key 7"), &values[8]));
    assert_int_equal(map.count, 1000);
    assert_ptr_equal(map_get(&map, SLICE("key 7")), &values[8]);
    arena_release(&arena);
}

static void says_when_memory_is_out(void **state)
{
    struct arena arena;
    struct map map;

    (void)state;
    arena_init(&arena, 16);
    map_init(&map, &arena);
    check_status(map_put(&map, SLICE("a"), &arena), STATUS_NO_MEMORY);
    assert_null(map_get(&map, SLICE("a")));
    arena_release(&arena);
}

static void hashes_depend_on_every_byte(void **state)
{
    char text[32] = "0123456789012345678901234567890";

    (void)state;
    for (size_t len = 1; len < 32; len++) {
        uint64_t before = hash_slice(slice_make(text, len));

        text[len - 1] ^= 1;
        assert_true(hash_slice(slice_make(text, len)) != before);
        text[len - 1] ^= 1;
        assert_true(hash_slice(slice_make(text, len)) == before);
        assert_true(hash_slice(slice_make(text, len - 1)) != before);
    }
}

RUN_TESTS(cmocka_unit_test(finds_what_was_put),
          cmocka_unit_test(says_when_memory_is_out),
          cmocka_unit_test(hashes_depend_on_every_byte))
