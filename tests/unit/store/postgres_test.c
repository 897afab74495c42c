/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "net/fiber.h"
#include "postgres_case.h"

static int set_up_group(void **state)
{
    (void)state;
    postgres_case_begin();
    return 0;
}

static int tear_down_group(void **state)
{
    (void)state;
    postgres_case_end();
    return 0;
}

/* 64 fibers, each asking for its own row many times over. */

struct reader {
    int number;
    int rounds;
    int wrong;
    enum status status;
};

static void read_own_rows(void *arg)
{
    struct reader *reader = arg;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    for (int i = 0; i < reader->rounds; i++) {
        char token[32];
        struct value param;
        struct statement statement = {.query = QUERY_session_with_user,
                                      .params = &param,
                                      .param_count = 1};
        struct rows rows;

        snprintf(token, sizeof(token), "token-%d",
                 (reader->number * 31 + i) % POSTGRES_CASE_SESSIONS);
        param = value_text(slice_from_cstr(token));
        reader->status =
            store_read(postgres_case.store, &statement, &arena, &rows);
        if (reader->status != STATUS_OK) {
            break;
        }
        reader->wrong +=
            rows.count != 1 ||
            !slice_equal(rows.values[SESSION_TOKEN].text, param.text);
        arena_reset(&arena);
    }
    arena_release(&arena);
    postgres_case_fiber_ends();
}

static void gives_each_fiber_its_own_rows(void **state)
{
    struct reader readers[64] = {0};

    (void)state;
    if (!postgres_case_open("")) {
        return;
    }
    for (int i = 0; i < 64; i++) {
        readers[i].number = i;
        readers[i].rounds = 100;
        postgres_case_fiber(read_own_rows, &readers[i]);
    }
    postgres_case_run();
    for (int i = 0; i < 64; i++) {
        check_ok(readers[i].status);
        assert_int_equal(readers[i].wrong, 0);
    }
    postgres_case_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_fiber_its_own_rows),
    };

    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
