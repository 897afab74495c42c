/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "crypto/init.h"
#include "crypto/seal.h"

static struct arena arena;
static const struct seal_key keys[] = {
    {0x01020304, {1, 2, 3}}, /* current */
    {7, {9, 8, 7}},          /* retired */
};
static const struct seal_ring ring = {keys, 2};
static const struct seal_ring retired_only = {keys + 1, 1};

static struct slice make(const struct seal_ring *on, struct slice text,
                         struct slice associated)
{
    struct slice sealed = SLICE_EMPTY;

    check_ok(seal_make(on, text, associated, &arena, &sealed));
    return sealed;
}

static void check_refused(const struct seal_ring *on, struct slice sealed,
                          struct slice associated)
{
    struct slice text = SLICE_EMPTY;

    check_status(seal_open(on, sealed, associated, &arena, &text),
                 STATUS_UNREADABLE);
    check_text(text, "");
}

static void opens_what_it_sealed(void **state)
{
    static char big[5000];
    static const size_t lengths[] = {0, 1, 15, 16, 17, 5000};

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct slice text = slice_make(big, lengths[i]);
        struct slice sealed = make(&ring, text, SLICE("row 1"));
        struct slice opened;

        assert_int_equal(sealed.len, text.len + SEAL_OVERHEAD);
        check_ok(seal_open(&ring, sealed, SLICE("row 1"), &arena, &opened));
        check_slice(opened, text);
        assert_int_equal(opened.ptr[opened.len], '\0');
    }
}

static void says_its_version_and_key(void **state)
{
    struct slice sealed = make(&ring, SLICE("x"), SLICE_EMPTY);

    (void)state;
    check_slice(slice_head(sealed, 5), SLICE("\1\1\2\3\4"));
}

static void never_seals_the_same_way_twice(void **state)
{
    (void)state;
    assert_false(slice_equal(make(&ring, SLICE("x"), SLICE_EMPTY),
                             make(&ring, SLICE("x"), SLICE_EMPTY)));
}

static void refuses_a_change_in_any_bit(void **state)
{
    struct slice sealed = make(&ring, SLICE("hello"), SLICE("row 1"));
    char *bytes = arena_alloc(&arena, sealed.len);

    (void)state;
    for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
        memcpy(bytes, sealed.ptr, sealed.len);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        check_refused(&ring, slice_make(bytes, sealed.len), SLICE("row 1"));
    }
}

static void refuses_a_cut_at_every_byte(void **state)
{
    struct slice sealed = make(&ring, SLICE("hello"), SLICE("row 1"));

    (void)state;
    for (size_t len = 0; len < sealed.len; len++) {
        check_refused(&ring, slice_head(sealed, len), SLICE("row 1"));
        check_refused(&ring, slice_from(sealed, sealed.len - len),
                      SLICE("row 1"));
    }
}

static void refuses_another_place(void **state)
{
    struct slice sealed = make(&ring, SLICE("hello"), SLICE("row 1"));

    (void)state;
    check_refused(&ring, sealed, SLICE("row 2"));
    check_refused(&ring, sealed, SLICE("row 10"));
    check_refused(&ring, sealed, SLICE_EMPTY);
}

static void opens_with_retired_keys_while_they_are_on_the_ring(void **state)
{
    struct slice old = make(&retired_only, SLICE("hello"), SLICE_EMPTY);
    struct slice new = make(&ring, SLICE("hello"), SLICE_EMPTY);
    struct slice text;

    (void)state;
    check_ok(seal_open(&ring, old, SLICE_EMPTY, &arena, &text));
    check_text(text, "hello");
    check_refused(&retired_only, new, SLICE_EMPTY);
    assert_false(seal_is_current(&ring, old));
    assert_true(seal_is_current(&ring, new));
    assert_false(seal_is_current(&ring, SLICE("")));
}

static void refuses_the_right_id_with_another_key(void **state)
{
    static const struct seal_key other = {7, {9, 8, 6}};
    const struct seal_ring wrong = {&other, 1};

    (void)state;
    check_refused(&wrong, make(&retired_only, SLICE("x"), SLICE_EMPTY),
                  SLICE_EMPTY);
}

static void reports_an_empty_arena(void **state)
{
    struct slice sealed = make(&ring, SLICE("hello"), SLICE_EMPTY);
    struct arena small;
    struct slice out;

    (void)state;
    arena_init(&small, 0);
    check_status(seal_make(&ring, SLICE("x"), SLICE_EMPTY, &small, &out),
                 STATUS_NO_MEMORY);
    check_status(seal_open(&ring, sealed, SLICE_EMPTY, &small, &out),
                 STATUS_NO_MEMORY);
    arena_release(&small);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)8 << 20);
    check_ok(crypto_init());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_it_sealed),
        cmocka_unit_test(says_its_version_and_key),
        cmocka_unit_test(never_seals_the_same_way_twice),
        cmocka_unit_test(refuses_a_change_in_any_bit),
        cmocka_unit_test(refuses_a_cut_at_every_byte),
        cmocka_unit_test(refuses_another_place),
        cmocka_unit_test(opens_with_retired_keys_while_they_are_on_the_ring),
        cmocka_unit_test(refuses_the_right_id_with_another_key),
        cmocka_unit_test(reports_an_empty_arena),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
