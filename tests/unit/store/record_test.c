/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "store/record.h"

#define TYPES 9

static struct arena arena;

/* A column of each type, named by its place in the enum. */
static const struct column columns[TYPES] = {
    {.type = COLUMN_ID},           {.type = COLUMN_TEXT},
    {.type = COLUMN_INTEGER},      {.type = COLUMN_BIGINT},
    {.type = COLUMN_BOOLEAN},      {.type = COLUMN_DATE},
    {.type = COLUMN_JSON},         {.type = COLUMN_TEXT_ARRAY},
    {.type = COLUMN_NUMBER_ARRAY},
};
static const struct table table = {.columns = columns, .column_count = TYPES};

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

/* What becomes of a value in a column of that type. */
static struct value take(enum column_type type, struct value value)
{
    struct value values[TYPES] = {0};
    struct rows rows = {.values = values, .width = TYPES, .count = 1};
    struct record record = {0};

    values[type] = value;
    check_ok(record_take(&table, &rows, 0, 0, &arena, &record));
    return record.values[type];
}

static struct value real(double number)
{
    return (struct value){.kind = VALUE_REAL, .real = number};
}

static void check_number(struct value value, enum value_kind kind,
                         int64_t number)
{
    assert_int_equal(value.kind, kind);
    assert_int_equal(value.number, number);
}

static void ids_are_text(void **state)
{
    (void)state;
    check_text(take(COLUMN_ID, value_integer(42)).text, "42");
    check_text(take(COLUMN_ID, real(42)).text, "42");
    check_text(take(COLUMN_ID, value_text(SLICE("a1"))).text, "a1");
}

static void dates_are_moments(void **state)
{
    (void)state;
    check_number(
        take(COLUMN_DATE, value_text(SLICE("2020-01-01T00:00:00.000Z"))),
        VALUE_TIME, 1577836800000);
    check_number(take(COLUMN_DATE, value_text(SLICE("2020-01-01 00:00:00"))),
                 VALUE_TIME, 1577836800000);
    check_number(take(COLUMN_DATE, value_integer(5)), VALUE_TIME, 5);
    check_number(take(COLUMN_DATE, real(1577836800000.0)), VALUE_TIME,
                 1577836800000);
    check_number(take(COLUMN_DATE, value_time(7)), VALUE_TIME, 7);
}

static void only_one_is_true(void **state)
{
    (void)state;
    check_number(take(COLUMN_BOOLEAN, value_integer(1)), VALUE_BOOLEAN, 1);
    check_number(take(COLUMN_BOOLEAN, value_integer(0)), VALUE_BOOLEAN, 0);
    check_number(take(COLUMN_BOOLEAN, value_integer(2)), VALUE_BOOLEAN, 0);
    check_number(take(COLUMN_BOOLEAN, real(1)), VALUE_BOOLEAN, 1);
    check_number(take(COLUMN_BOOLEAN, value_boolean(true)), VALUE_BOOLEAN, 1);
}

static void whole_reals_are_integers(void **state)
{
    (void)state;
    check_number(take(COLUMN_INTEGER, real(5)), VALUE_INTEGER, 5);
    check_number(take(COLUMN_BIGINT, real(-3)), VALUE_INTEGER, -3);
    assert_int_equal(take(COLUMN_INTEGER, real(4.5)).kind, VALUE_REAL);
    assert_int_equal(take(COLUMN_BIGINT, real(1e300)).kind, VALUE_REAL);
    assert_int_equal(take(COLUMN_BIGINT, real(-1e300)).kind, VALUE_REAL);
    assert_int_equal(take(COLUMN_INTEGER, real(0.0 / 0.0)).kind, VALUE_REAL);
}

static void what_is_of_no_such_type_stays(void **state)
{
    (void)state;
    check_text(take(COLUMN_DATE, value_text(SLICE("soon"))).text, "soon");
    check_text(take(COLUMN_BOOLEAN, value_text(SLICE("yes"))).text, "yes");
    check_text(take(COLUMN_INTEGER, value_text(SLICE("abc"))).text, "abc");
    check_text(take(COLUMN_JSON, value_text(SLICE("{\"a\""))).text, "{\"a\"");
    for (int type = 0; type < TYPES; type++) {
        assert_int_equal(take((enum column_type)type, VALUE_NOTHING).kind,
                         VALUE_NULL);
    }
}

static void a_record_stands_anywhere_in_an_answer(void **state)
{
    struct value values[4 * TYPES] = {0};
    struct rows rows = {.values = values, .width = 2 * TYPES, .count = 2};
    struct record record;

    (void)state;
    values[3 * TYPES] = value_integer(9);
    check_ok(record_take(&table, &rows, 1, TYPES, &arena, &record));
    check_text(record_text(&record, 0), "9");
    check_status(record_take(&table, &rows, 2, 0, &arena, &record),
                 STATUS_INTERNAL);
    check_status(record_take(&table, &rows, 0, TYPES + 1, &arena, &record),
                 STATUS_INTERNAL);
    check_status(record_take(&table, &rows, 0, SIZE_MAX, &arena, &record),
                 STATUS_INTERNAL);
}

static void readers_of_a_null_give_nothing(void **state)
{
    struct value values[2] = {VALUE_NOTHING, value_time(5)};
    struct record record = {&table, values};

    (void)state;
    check_text(record_text(&record, 0), "");
    check_text(record_text(&record, 1), "");
    assert_int_equal(record_number(&record, 0), 0);
    assert_int_equal(record_number(&record, 1), 5);
    assert_true(record_is_null(&record, 0));
    assert_false(record_is_null(&record, 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(ids_are_text), TEST(dates_are_moments), TEST(only_one_is_true),
          TEST(whole_reals_are_integers), TEST(what_is_of_no_such_type_stays),
          TEST(a_record_stands_anywhere_in_an_answer),
          TEST(readers_of_a_null_give_nothing))
