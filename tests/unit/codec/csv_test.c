/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/csv.h"

/* The fields of one record, each in brackets. */
static struct slice fields_of(struct slice text)
{
    struct csv_record record;

    check_ok(csv_parse(text, &arena, &record));
    for (size_t i = 0; i < record.count; i++) {
        buf_format(&buf, "[%.*s]", SLICE_ARG(record.fields[i]));
    }
    return written();
}

static void reads_fields(void **state)
{
    (void)state;
    check_text(fields_of(SLICE("a,b,c")), "[a][b][c]");
    check_text(fields_of(SLICE("a,b,c\n")), "[a][b][c]");
    check_text(fields_of(SLICE("a,b,c\r\n")), "[a][b][c]");
    check_text(fields_of(SLICE(",,")), "[][][]");
    check_text(fields_of(SLICE("")), "[]");
    check_text(fields_of(SLICE(" a , b ")), "[ a ][ b ]");
    check_text(fields_of(SLICE("a\rb,c")), "[a\rb][c]");
}

static void reads_quoted_fields(void **state)
{
    (void)state;
    check_text(fields_of(SLICE("\"a\",\"b\"\n")), "[a][b]");
    check_text(fields_of(SLICE("\"a,b\",c")), "[a,b][c]");
    check_text(fields_of(SLICE("\"a\r\nb\",c")), "[a\r\nb][c]");
    check_text(fields_of(SLICE("\"say \"\"hi\"\"\",x")), "[say \"hi\"][x]");
    check_text(fields_of(SLICE("\"\"\"\"")), "[\"]");
    check_text(fields_of(SLICE("\"\"")), "[]");
    check_text(fields_of(SLICE("\"\",\"\"")), "[][]");
}

static void refuses_what_is_not_clear(void **state)
{
    static const struct slice cases[] = {
        SLICE_INIT("a\"b"),      SLICE_INIT("a,b\"\""),  SLICE_INIT("\"a"),
        SLICE_INIT("\"a\"b"),    SLICE_INIT("\"a\" ,b"), SLICE_INIT("a\nb"),
        SLICE_INIT("a\n\n"),     SLICE_INIT("\"\"\""),   SLICE_INIT("\"a\"\r"),
        SLICE_INIT("a,\"b\n,c"),
    };
    struct csv_record record;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        check_status(csv_parse(cases[i], &arena, &record), STATUS_UNREADABLE);
    }
}

static void refuses_too_many_fields(void **state)
{
    char text[CSV_FIELDS_MAX + 1];
    struct csv_record record;

    (void)state;
    memset(text, ',', sizeof(text));
    check_ok(csv_parse(slice_make(text, CSV_FIELDS_MAX - 1), &arena, &record));
    assert_int_equal(record.count, CSV_FIELDS_MAX);
    check_status(csv_parse(slice_make(text, CSV_FIELDS_MAX), &arena, &record),
                 STATUS_TOO_LARGE);
}

static void finds_where_a_record_ends(void **state)
{
    static const struct {
        struct slice text;
        size_t len;
    } cases[] = {
        {SLICE_INIT("a,b\nc"), 4},
        {SLICE_INIT("a,b\r\nc"), 5},
        {SLICE_INIT("\n"), 1},
        {SLICE_INIT("a,b"), 0},
        {SLICE_INIT(""), 0},
        {SLICE_INIT("\"a\nb\",c\nd"), 8},
        {SLICE_INIT("\"a\nb"), 0},
        {SLICE_INIT("a,\"b\"\"\nc\"\nd"), 10},
        /* Not quoted, as it does not begin so: the line ends it. */
        {SLICE_INIT("a\"b\nc\"\n"), 4},
        {SLICE_INIT("\"a\"b\"\nc\n"), 6},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_int_equal(csv_length(cases[i].text), cases[i].len);
    }
}

RUN_TESTS(TEST(reads_fields), TEST(reads_quoted_fields),
          TEST(refuses_what_is_not_clear), TEST(refuses_too_many_fields),
          TEST(finds_where_a_record_ends))
