/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/input.h"

#include "../check.h"
#include "codec/json_read.h"

static struct arena arena;

static bool has_name(const struct json *body)
{
    return json_get(body, SLICE("name")) != NULL;
}

static const struct input body_input = {
    .fields = {{SLICE_INIT("text"), INPUT_TEXT, true},
               {SLICE_INIT("filled"), INPUT_FILLED, true},
               {SLICE_INIT("nonempty"), INPUT_NONEMPTY, true},
               {SLICE_INIT("email"), INPUT_EMAIL, true},
               {SLICE_INIT("flag"), INPUT_FLAG, true},
               {SLICE_INIT("number"), INPUT_NUMBER, true},
               {SLICE_INIT("any"), INPUT_ANY, true},
               {SLICE_INIT("id"), INPUT_ID, true},
               {SLICE_INIT("roles"), INPUT_ROLES, true},
               {SLICE_INIT("record"), INPUT_RECORD, true},
               {SLICE_INIT("word"), INPUT_TEXT, true, SLICE_INIT("asc,desc")}},
};

static const struct input strict_input = {
    .fields = {{SLICE_INIT("id"), INPUT_ID, false},
               {SLICE_INIT("roles"), INPUT_ROLES, false},
               {SLICE_INIT("record"), INPUT_RECORD, false}},
};

static const struct input whole_input = {
    .fields = {{SLICE_INIT("role"), INPUT_TEXT, true}},
    .also = has_name,
};

static const struct input query_input = {
    .place = INPUT_QUERY,
    .fields = {{SLICE_INIT("id"), INPUT_TEXT, false},
               {SLICE_INIT("word"), INPUT_TEXT, true, SLICE_INIT("asc,desc")},
               {SLICE_INIT("limit"), INPUT_TEXT_ONCE, true},
               {SLICE_INIT("values"), INPUT_TEXTS, true}},
};

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void judge(enum status status, struct slice message,
                  const char *expected)
{
    check_status(status,
                 expected[0] == '\0' ? STATUS_OK : STATUS_VALIDATION_ERROR);
    check_slice(message, slice_from_cstr(expected));
}

static void check_body(const struct input *input, const char *text,
                       const char *expected)
{
    const struct json *body = NULL;
    struct slice message = SLICE_EMPTY;

    check_ok(
        json_parse(&arena, slice_from_cstr(text), JSON_LIMITS_DEFAULT, &body));
    judge(input_check_body(input, body, &arena, &message), message, expected);
}

static void check_query(const char *text, const char *expected)
{
    const struct form_limits limits = {.pairs = 16};
    struct slice message = SLICE_EMPTY;
    struct form query;

    check_ok(form_parse(&arena, slice_from_cstr(text), limits, &query));
    judge(input_check_query(&query_input, &query, &arena, &message), message,
          expected);
}

static void test_takes_what_fits(void **state)
{
    (void)state;
    check_body(&body_input, "{}", "");
    check_body(&body_input,
               "{\"text\":\"\",\"filled\":\"x\",\"nonempty\":\"x\","
               "\"email\":\"a@b.co\",\"flag\":false,\"number\":1.5,"
               "\"any\":null,\"id\":5,\"roles\":[\"a\",\"b\"],"
               "\"record\":{},\"word\":\"desc\"}",
               "");
    check_body(&body_input, "{\"roles\":[],\"id\":null,\"unknown\":1}", "");
}

static void test_names_the_kind(void **state)
{
    (void)state;
    check_body(&body_input, "{\"text\":null}",
               "[body.text] Invalid input: expected string, received null");
    check_body(&body_input, "{\"flag\":\"true\"}",
               "[body.flag] Invalid input: expected boolean, received string");
    check_body(&body_input, "{\"number\":\"5\"}",
               "[body.number] Invalid input: expected number, received string");
    check_body(&body_input, "{\"record\":[]}",
               "[body.record] Invalid input: expected record, received array");
    check_body(&body_input, "{\"roles\":5}", "[body.roles] Invalid input");
    check_body(&body_input, "{\"roles\":[\"a\",5]}",
               "[body.roles] Invalid input");
    check_body(&body_input, "{\"roles\":[[\"admin\"]]}",
               "[body.roles] Invalid input");
    check_body(&strict_input, "{}",
               "[body.id] Invalid input: expected nonoptional, received "
               "undefined; [body.roles] Invalid input; [body.record] Invalid "
               "input: expected record, received undefined");
    check_body(&strict_input, "[]",
               "[body] Invalid input: expected object, received array");
}

static void test_names_what_is_empty(void **state)
{
    (void)state;
    check_body(&body_input, "{\"filled\":\"\"}",
               "[body.filled] Too small: expected string to have >=1 "
               "characters");
    check_body(&body_input, "{\"nonempty\":\"\"}",
               "[body.nonempty] nonempty cannot be empty");
    check_body(&body_input, "{\"nonempty\":[]}",
               "[body.nonempty] Invalid input: expected string, received "
               "array; [body.nonempty] nonempty cannot be empty");
    check_body(&body_input, "{\"id\":\"\"}", "[body.id] id cannot be empty");
    check_body(&body_input, "{\"id\":[]}", "[body.id] id cannot be empty");
}

static void test_names_the_words(void **state)
{
    (void)state;
    check_body(&body_input, "{\"word\":\"asc,desc\"}",
               "[body.word] Invalid option: expected one of "
               "\"asc\"|\"desc\"");
    check_query("id=1&word=", "[query.word] Invalid option: expected one of "
                              "\"asc\"|\"desc\"");
    check_query("id=1&word=asc", "");
}

static void test_asks_of_the_whole(void **state)
{
    (void)state;
    check_body(&whole_input, "{\"name\":1}", "");
    check_body(&whole_input, "{}", "[body] Invalid input");
    check_body(&whole_input, "{\"role\":5}",
               "[body.role] Invalid input: expected string, received number; "
               "[body] Invalid input");
    check_body(&whole_input, "5",
               "[body] Invalid input: expected object, received number; "
               "[body] Invalid input");
}

static void test_counts_parameters(void **state)
{
    (void)state;
    check_query("id=1&limit=2&values=a&values=b&values=", "");
    check_query("", "[query.id] Invalid input: expected string, received "
                    "undefined");
    check_query("id=1&id=2",
                "[query.id] Invalid input: expected string, received array");
    check_query("id=1&limit=1&limit=2", "[query.limit] Invalid input");
    check_query("id=1&word=asc&word=asc",
                "[query.word] Invalid option: expected one of "
                "\"asc\"|\"desc\"");
}

static void check_id(const char *json, const char *expected)
{
    const struct json *value = NULL;
    struct slice text = SLICE_EMPTY;

    check_ok(
        json_parse(&arena, slice_from_cstr(json), JSON_LIMITS_DEFAULT, &value));
    check_ok(input_id_text(value, &arena, &text));
    check_slice(text, slice_from_cstr(expected));
}

static void test_makes_a_text_of_an_id(void **state)
{
    (void)state;
    check_id("\"x\"", "x");
    check_id("5", "5");
    check_id("1.5", "1.5");
    check_id("-0.0", "0");
    check_id("true", "true");
    check_id("null", "null");
    check_id("[\"x\"]", "");
    check_id("{}", "");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(CASE(test_takes_what_fits), CASE(test_names_the_kind),
          CASE(test_names_what_is_empty), CASE(test_names_the_words),
          CASE(test_asks_of_the_whole), CASE(test_counts_parameters),
          CASE(test_makes_a_text_of_an_id))
