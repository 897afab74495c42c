/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/json_read.h"

static const struct json *parse(const char *text)
{
    const struct json *json = NULL;

    check_ok(
        json_parse(&arena, slice_from_cstr(text), JSON_LIMITS_DEFAULT, &json));
    return json;
}

static enum status try(struct slice text, struct json_limits limits)
{
    struct slice copy = alone(text);
    const struct json *json = NULL;
    enum status status = json_parse(&arena, copy, limits, &json);

    assert_int_equal(json == NULL, status != STATUS_OK);
    alone_end(copy);
    return status;
}

static void check_refused(struct slice text)
{
    check_status(try(text, JSON_LIMITS_DEFAULT), STATUS_INVALID_JSON);
}

static void gives_each_kind_its_value(void **state)
{
    const struct json *json =
        parse("{\"t\":\"x\\u00fc\",\"i\":-42,\"r\":1.5,"
              "\"b\":true,\"n\":null,\"a\":[1],\"o\":{}}");
    struct slice text;
    int64_t integer;
    double real;
    bool truth;

    (void)state;
    assert_int_equal(json_kind_of(json), JSON_KIND_OBJECT);
    assert_int_equal(json_count(json), 7);
    check_ok(json_text(json_get(json, SLICE("t")), &text));
    check_text(text, "x\xc3\xbc");
    check_ok(json_int64(json_get(json, SLICE("i")), &integer));
    assert_int_equal(integer, -42);
    check_ok(json_number(json_get(json, SLICE("i")), &real));
    assert_true(real == -42.0);
    check_ok(json_number(json_get(json, SLICE("r")), &real));
    assert_true(real == 1.5);
    check_ok(json_bool(json_get(json, SLICE("b")), &truth));
    assert_true(truth);
    assert_int_equal(json_kind_of(json_get(json, SLICE("n"))), JSON_KIND_NULL);
    assert_int_equal(json_kind_of(json_get(json, SLICE("a"))), JSON_KIND_ARRAY);
    assert_int_equal(json_kind_of(json_get(json, SLICE("o"))),
                     JSON_KIND_OBJECT);
}

static void refuses_a_value_of_another_kind(void **state)
{
    static const char *const texts[] = {"\"x\"", "1",  "1.5", "true",
                                        "null",  "[]", "{}"};
    const enum json_kind kinds[] = {
        JSON_KIND_TEXT, JSON_KIND_INTEGER, JSON_KIND_REAL,   JSON_KIND_BOOL,
        JSON_KIND_NULL, JSON_KIND_ARRAY,   JSON_KIND_OBJECT, JSON_KIND_NONE};

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        const struct json *json = i < 7 ? parse(texts[i]) : NULL;
        enum json_kind kind = json_kind_of(json);
        struct slice text;
        int64_t integer;
        double real;
        bool truth;

        assert_int_equal(kind, kinds[i]);
        assert_int_equal(json_text(json, &text) == STATUS_OK,
                         kind == JSON_KIND_TEXT);
        assert_int_equal(json_int64(json, &integer) == STATUS_OK,
                         kind == JSON_KIND_INTEGER);
        assert_int_equal(json_number(json, &real) == STATUS_OK,
                         kind == JSON_KIND_INTEGER || kind == JSON_KIND_REAL);
        assert_int_equal(json_bool(json, &truth) == STATUS_OK,
                         kind == JSON_KIND_BOOL);
        assert_null(json_get(json, SLICE("x")));
        assert_null(json_at(json, 0));
        assert_int_equal(json_count(json), 0);
    }
    check_status(json_bool(NULL, &(bool){false}), STATUS_INVALID_VALUE);
}

static void finds_names_exactly(void **state)
{
    const struct json *json = parse("{\"email\":1,\"\":2,\"a\\tb\":3}");

    (void)state;
    assert_non_null(json_get(json, SLICE("email")));
    assert_null(json_get(json, SLICE("emai")));
    assert_null(json_get(json, SLICE("email2")));
    assert_null(json_get(json, SLICE("Email")));
    assert_non_null(json_get(json, SLICE_EMPTY));
    assert_non_null(json_get(json, SLICE("a\tb")));
    assert_null(json_get(json_get(json, SLICE("no")), SLICE("such")));
}

static void walks_in_the_order_of_the_text(void **state)
{
    const struct json *json = parse("{\"z\":0,\"a\":1,\"m\":2,\"b\":[7,8,9]}");
    struct json_member member = {0};
    char names[8] = "";
    size_t count = 0;
    int64_t number;

    (void)state;
    while (json_next(json, &member)) {
        names[count++] = member.name.ptr[0];
    }
    assert_string_equal(names, "zamb");
    json = json_get(json, SLICE("b"));
    assert_int_equal(json_count(json), 3);
    check_ok(json_int64(json_at(json, 2), &number));
    assert_int_equal(number, 9);
    assert_null(json_at(json, 3));
    member = (struct json_member){0};
    assert_false(json_next(json, &member));
    assert_false(json_next(NULL, &member));
}

static void refuses_what_is_not_json(void **state)
{
    static const char *const bad[] = {"",          " ",
                                      "{",         "}",
                                      "[1,]",      "{\"a\":}",
                                      "{\"a\" 1}", "{\"a\":1,}",
                                      "{a:1}",     "'a'",
                                      "[1] x",     "{}{}",
                                      "1 2",       "01",
                                      "+1",        ".5",
                                      "1.",        "1e",
                                      "0x10",      "NaN",
                                      "Infinity",  "-",
                                      "tru",       "nul",
                                      "\"a",       "\"\\x\"",
                                      "\"\\u12\"", "\"\t\"",
                                      "\"\n\"",    "/**/1",
                                      "[1}",       "{\"a\"]",
                                      "[\"a\":1]", "\xef\xbb\xbf{}"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        check_refused(slice_from_cstr(bad[i]));
    }
}

static void refuses_a_name_that_comes_twice(void **state)
{
    (void)state;
    check_refused(SLICE("{\"a\":1,\"a\":1}"));
    check_refused(SLICE("{\"a\":1,\"\\u0061\":2}"));
    check_refused(SLICE("[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]"));
}

static void refuses_bad_text(void **state)
{
    (void)state;
    check_refused(SLICE("\"\xff\""));
    check_refused(SLICE("\"\xc0\x80\""));
    check_refused(SLICE("\"\xed\xa0\x80\""));
    check_refused(SLICE("\"\\ud800\""));
    check_refused(SLICE("\"\\udc00\""));
    check_refused(SLICE("\"\\ud800\\ud800\""));
    check_refused(SLICE("{\"\xff\":1}"));
    check_refused(SLICE("\"a\0b\""));
    check_refused(SLICE("1\0"));
}

static void refuses_nul_unless_asked(void **state)
{
    struct json_limits asked = JSON_LIMITS_DEFAULT;
    const struct json *json;
    struct slice text;

    (void)state;
    asked.nul_allowed = true;
    check_refused(SLICE("\"a\\u0000b\""));
    check_refused(SLICE("{\"\\u0000\":1}"));
    check_refused(SLICE("{\"a\":[\"\\u0000\"]}"));
    check_ok(json_parse(&arena, SLICE("{\"\\\\u0000\\u0000\" :\"\\u0000\"}"),
                        asked, &json));
    check_ok(json_text(json_get(json, SLICE("\\u0000\xef\xb7\x90")), &text));
    check_text(text, "\0");
    check_status(try(SLICE("{\"\\u0000\":1,\"\\ufdd0\":2}"), asked),
                 STATUS_INVALID_JSON);
    check_status(try(SLICE("{\"\\u0000\":1,\"\\u0000\":2}"), asked),
                 STATUS_INVALID_JSON);
}

static void refuses_numbers_it_cannot_hold(void **state)
{
    int64_t integer;

    (void)state;
    check_ok(json_int64(parse("9223372036854775807"), &integer));
    assert_true(integer == INT64_MAX);
    check_ok(json_int64(parse("-9223372036854775808"), &integer));
    assert_true(integer == INT64_MIN);
    check_refused(SLICE("9223372036854775808"));
    check_refused(SLICE("-9223372036854775809"));
    check_refused(SLICE("1e309"));
    check_refused(SLICE("-1e309"));
}

/* 32 levels are read; one more, or a hundred thousand, are not. */
static void bounds_the_depth(void **state)
{
    static char deep[100000];
    struct json_limits limits = {.bytes = 1 << 20, .values = 1 << 20};

    (void)state;
    memset(deep, '[', 33);
    memset(deep + 33, ']', 33);
    check_refused(slice_make(deep, 66));
    check_status(try(slice_make(deep + 1, 64), limits), STATUS_OK);
    memset(deep, '[', sizeof(deep));
    check_status(try(slice_make(deep, sizeof(deep)), limits),
                 STATUS_INVALID_JSON);
    for (size_t i = 0; i + 5 <= sizeof(deep); i += 5) {
        memcpy(deep + i, "{\"a\":", 5);
    }
    check_status(try(slice_make(deep, sizeof(deep)), limits),
                 STATUS_INVALID_JSON);
    /* brackets in text are not depth */
    memset(deep, '[', 200);
    deep[0] = '"';
    deep[1] = '\\';
    deep[2] = '"';
    deep[199] = '"';
    check_status(try(slice_make(deep, 200), limits), STATUS_OK);
}

static void bounds_bytes_and_values(void **state)
{
    struct json_limits limits = {.bytes = 12, .values = 4};

    (void)state;
    check_status(try(SLICE("\"1234567890\""), limits), STATUS_OK);
    check_status(try(SLICE("\"12345678901\""), limits), STATUS_TOO_LARGE);
    check_status(try(SLICE("[1,2,3]"), limits), STATUS_OK);
    check_status(try(SLICE("[1,2,3,4]"), limits), STATUS_TOO_LARGE);
    check_status(try(SLICE("{\"a\":[1,2]}"), limits), STATUS_TOO_LARGE);
    check_status(try(SLICE("\",,,,:,,,,\""), limits), STATUS_OK);
}

static void refuses_a_text_cut_anywhere(void **state)
{
    struct slice text =
        SLICE("{\"a\":[1,-2.5e+3,\"x\\n\\ud83d\\ude00\xc3\xbc\","
              "true,false,null,{\"b\":{}}]}");

    (void)state;
    for (size_t len = 0; len < text.len; len++) {
        check_refused(slice_head(text, len));
    }
    check_status(try(text, JSON_LIMITS_DEFAULT), STATUS_OK);
}

/* The tree hangs on the arena: the leak checker sees to the rest. */
static void a_full_arena_is_reported(void **state)
{
    struct arena tiny;
    const struct json *json;

    (void)state;
    arena_init(&tiny, 0);
    check_status(
        json_parse(&tiny, SLICE("{\"a\":[1,2]}"), JSON_LIMITS_DEFAULT, &json),
        STATUS_NO_MEMORY);
    arena_release(&tiny);
}

RUN_TESTS(TEST(gives_each_kind_its_value),
          TEST(refuses_a_value_of_another_kind), TEST(finds_names_exactly),
          TEST(walks_in_the_order_of_the_text), TEST(refuses_what_is_not_json),
          TEST(refuses_a_name_that_comes_twice), TEST(refuses_bad_text),
          TEST(refuses_nul_unless_asked), TEST(refuses_numbers_it_cannot_hold),
          TEST(bounds_the_depth), TEST(bounds_bytes_and_values),
          TEST(refuses_a_text_cut_anywhere), TEST(a_full_arena_is_reported))
