/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

static enum status twice(enum status status, int *calls)
{
    ++*calls;
    TRY(status);
    ++*calls;
    return STATUS_OK;
}

static void try_leaves_on_the_first_failure(void **state)
{
    int calls = 0;

    (void)state;
    check_status(twice(STATUS_BUSY, &calls), STATUS_BUSY);
    assert_int_equal(calls, 1);
    check_ok(twice(STATUS_OK, &calls));
    assert_int_equal(calls, 3);
}

/*
 * The original uses one code for several answers, and none for some; the plain
 * API says the same in words of its own.
 */
static bool is_alike(enum status a, enum status b)
{
    return status_http(a) == status_http(b) &&
           slice_equal(status_code(a), status_code(b)) &&
           slice_equal(status_text(a), status_text(b));
}

static void every_row_is_whole_and_told_from_the_others(void **state)
{
    (void)state;
    for (unsigned i = 0; i < STATUS_COUNT; i++) {
        int http = status_http((enum status)i);

        assert_true(http == 0 || http == 200 || (http >= 400 && http < 600));
        assert_true(status_text((enum status)i).len > 0);
        for (unsigned j = 0; j < i; j++) {
            assert_false(is_alike((enum status)i, (enum status)j));
        }
    }
    assert_int_equal(status_http((enum status)9999), 500);
}

RUN_TESTS(cmocka_unit_test(try_leaves_on_the_first_failure),
          cmocka_unit_test(every_row_is_whole_and_told_from_the_others))
