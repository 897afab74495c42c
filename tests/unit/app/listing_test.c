/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "app/listing.h"

static struct arena arena;
static struct listing listing;

static const struct listing_column columns[] = {
    {SLICE_INIT("id"), SLICE_INIT("id"), .whole = true},
    {SLICE_INIT("name"), SLICE_INIT("name")},
    {SLICE_INIT("number"), SLICE_INIT("n")},
    {SLICE_INIT("at"), SLICE_INIT("at")},
    {SLICE_INIT("more"), SLICE_INIT("more"), .is_json = true},
};

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    listing_init(&listing, &arena, columns, sizeof(columns) / sizeof(*columns));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void add(const char *id, const char *name, int64_t number,
                const char *more)
{
    const struct value values[] = {
        value_text(slice_from_cstr(id)), value_text(slice_from_cstr(name)),
        value_integer(number), value_time(1795256791657),
        value_text(slice_from_cstr(more))};

    check_ok(listing_add(&listing, values));
}

static struct slice table(size_t width)
{
    struct slice text = SLICE_EMPTY;
    struct buf buf;

    buf_init(&buf, &arena, 65536);
    listing_write_table(&listing, width, &buf);
    check_ok(buf_finish(&buf, &text));
    return text;
}

static void lines_columns_up(void **state)
{
    (void)state;
    add("1", "Ann", 7, "{}");
    add("22", "\xe6\x9d\x8e\xe6\x98\x8e", 12345678, "");
    check_slice(table(0),
                SLICE("ID  NAME    NUMBER  AT                   MORE\n"
                      "1   Ann          7  2026-11-21 10:26:31  {}\n"
                      "22  \xe6\x9d\x8e\xe6\x98\x8e  12345678  "
                      "2026-11-21 10:26:31  -\n"));
}

static void shows_headings_of_nothing(void **state)
{
    (void)state;
    check_text(table(80), "ID  NAME  NUMBER  AT  MORE\n");
}

static void cuts_names_and_neither_ids_nor_times(void **state)
{
    struct slice text;
    struct slice line;

    (void)state;
    add("0123456789abcdef0123456789abcdef", "A name of some length, and more",
        1, "x");
    text = table(80);
    while (slice_split(&text, '\n', &line) && line.len > 0) {
        assert_true(line.len <= 80 + 2); /* the ellipsis has three bytes */
    }
    assert_true(slice_contains(table(80), SLICE("0123456789abcdef\x20\x20")));
    assert_true(slice_contains(table(80), SLICE("A name of \xe2\x80\xa6")));
    assert_true(slice_contains(table(10), SLICE("2026-11-21 10:26:31")));
    assert_true(slice_contains(table(0), SLICE("A name of some length, and")));
}

static void shows_no_control_characters(void **state)
{
    (void)state;
    add("a\x1b[2J", "b\nc\td", 1, "");
    assert_false(slice_contains(table(0), SLICE("\x1b")));
    assert_true(slice_contains(table(0), SLICE("a?[2J")));
    assert_true(slice_contains(table(0), SLICE("b?c?d")));
}

static void writes_an_object_a_line(void **state)
{
    struct slice text = SLICE_EMPTY;
    struct value values[5] = {0};
    struct buf buf;

    (void)state;
    add("a\n\"b", "\x1b", -1, "[1,{}]");
    check_ok(listing_add(&listing, values));
    buf_init(&buf, &arena, 65536);
    listing_write_json(&listing, &buf);
    check_ok(buf_finish(&buf, &text));
    check_text(text, "{\"id\":\"a\\n\\\"b\",\"name\":\"\\u001b\",\"n\":-1,"
                     "\"at\":\"2026-11-21T10:26:31.657Z\","
                     "\"more\":[1,{}]}\n"
                     "{\"id\":null,\"name\":null,\"n\":null,\"at\":null,"
                     "\"more\":null}\n");
}

static void writes_a_line_a_field(void **state)
{
    struct slice text = SLICE_EMPTY;
    struct buf buf;

    (void)state;
    add("1", "Ann\nB", 7, "");
    add("2", "Ben", 8, "");
    buf_init(&buf, &arena, 65536);
    listing_write_card(&listing, &buf);
    check_ok(buf_finish(&buf, &text));
    check_text(text, "id      1\n"
                     "name    Ann?B\n"
                     "number  7\n"
                     "at      2026-11-21 10:26:31\n"
                     "more    -\n"
                     "\n"
                     "id      2\n"
                     "name    Ben\n"
                     "number  8\n"
                     "at      2026-11-21 10:26:31\n"
                     "more    -\n");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(lines_columns_up), TEST(shows_headings_of_nothing),
          TEST(cuts_names_and_neither_ids_nor_times),
          TEST(shows_no_control_characters), TEST(writes_an_object_a_line),
          TEST(writes_a_line_a_field))
