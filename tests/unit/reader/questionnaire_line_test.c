/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "reader/questionnaire_parts.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)8 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct json *parse(struct slice text)
{
    const struct json *json = NULL;

    check_ok(json_parse(&arena, text, JSON_LIMITS_DEFAULT, &json));
    return json;
}

/* Names and numbers from the outside in; a number is "#3". */
static size_t line_of(struct slice text, const char *path)
{
    struct place places[JSON_DEPTH_MAX] = {{.json = parse(text)}};
    struct slice rest = slice_from_cstr(path);
    struct slice step;
    size_t count = 1;

    while (path[0] != '\0' && slice_split(&rest, ' ', &step)) {
        struct place *place = &places[count];
        const struct place *up = &places[count - 1];
        uint64_t index = 0;

        *place = (struct place){.up = up, .name = step};
        if (slice_starts_with(step, SLICE("#"))) {
            assert_true(slice_to_u64(slice_from(step, 1), 99, &index));
            place->index = (size_t)index;
            place->json = json_at(up->json, place->index);
        } else {
            place->json = json_get(up->json, step);
        }
        assert_non_null(place->json);
        count++;
    }
    return questionnaire_line_of(text, &places[count - 1]);
}

static const struct slice page =
    SLICE_INIT("\n"
               "{\n"
               "  \"a\": \"} ] \\\" { \\\\\",\n"
               "  \"b\": [\n"
               "    1, {\"x\": [[], {}, \"]\"],\n"
               "        \"l\\u0065vel\": -1.5e3},\n"
               "    null\n"
               "    , true\n"
               "    , [\n"
               "      [\"deep\",\n"
               "       \"deeper\"]]\n"
               "  ],\n"
               "  \"\": {\n"
               "  \"b\"\n"
               "  :\n"
               "  false} , \"last\"\n"
               "    : 7 }\n");

static void test_places_have_their_lines(void **state)
{
    (void)state;
    assert_int_equal(line_of(page, ""), 2);
    assert_int_equal(line_of(page, "a"), 3);
    assert_int_equal(line_of(page, "b"), 4);
    assert_int_equal(line_of(page, "b #0"), 5);
    assert_int_equal(line_of(page, "b #1"), 5);
    assert_int_equal(line_of(page, "b #1 x #2"), 5);
    assert_int_equal(line_of(page, "b #2"), 7);
    assert_int_equal(line_of(page, "b #3"), 8);
    assert_int_equal(line_of(page, "b #4"), 9);
    assert_int_equal(line_of(page, "b #4 #0"), 10);
    assert_int_equal(line_of(page, "b #4 #0 #1"), 11);
    assert_int_equal(line_of(page, "last"), 16);
}

/* A name may be written with escapes, or be the same in another object. */
static void test_names_are_found_however_written(void **state)
{
    (void)state;
    assert_int_equal(line_of(page, "b #1 level"), 6);
    assert_int_equal(line_of(SLICE("{\"x\":{\"y\":1},\n\"y\":2}"), "y"), 2);
    assert_int_equal(line_of(SLICE("{\"x\":{\"y\":1},\n\"y\":2}"), "x y"), 1);
    assert_int_equal(line_of(SLICE("{\"\\\\\":1,\n\"\\u0022\":2}"), "\""), 2);
}

/* Trees of another text must not lead the walk out of this one. */
static void test_a_walk_stays_in_its_text(void **state)
{
    static const char *const texts[] = {"",    "{",      "[",       "\"",
                                        "{\"", "{\"a\"", "{\"a\":", "[[[",
                                        "]",   "}}}",    "1",       "\"\\"};
    struct place root = {.json = parse(SLICE("{\"a\":[1,2,[3]],\"b\":1}"))};
    struct place a = {.up = &root, .name = SLICE("a")};
    struct place item = {.up = &a, .index = 2};
    struct place inner = {.up = &item, .index = 5};
    struct place gone = {.up = &root, .name = SLICE("nowhere")};

    (void)state;
    a.json = json_get(root.json, a.name);
    item.json = json_at(a.json, 2);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct slice text = slice_from_cstr(texts[i]);

        assert_int_equal(questionnaire_line_of(text, &inner), 1);
        assert_int_equal(questionnaire_line_of(text, &gone), 1);
    }
}

static void check_fault(const char *text, size_t line, const char *reason)
{
    struct slice in = slice_from_cstr(text);
    struct fault fault = {0};
    const struct json *json;
    bool found = false;

    check_status(json_parse(&arena, in, JSON_LIMITS_DEFAULT, &json),
                 STATUS_INVALID_JSON);
    check_ok(questionnaire_fault_find(&arena, in, &found, &fault));
    assert_true(found);
    if (fault.line != line ||
        !slice_contains(fault.reason, slice_from_cstr(reason))) {
        fail_msg("%s: line %zu: %.*s", text, fault.line,
                 SLICE_ARG(fault.reason));
    }
}

static void test_faults_are_found(void **state)
{
    (void)state;
    check_fault("", 1, "lacks a value");
    check_fault("{\n\"a\": 1,\n}", 3, "comma behind the last");
    check_fault("[1,\n2,\n]", 3, "comma behind the last");
    check_fault("{\"a\": 1\n\"b\": 2}", 2, "lacks a comma");
    check_fault("{\"a\": [1\n}", 2, "wrong kind");
    check_fault("{\n\"a\" 1}", 2, "lacks a colon");
    check_fault("{\n\"a\":\n}", 3, "lacks a value");
    check_fault("{\na: 1}", 2, "lacks a name");
    check_fault("{'a': 1}", 1, "lacks a name");
    check_fault("{\"a\": 'b'}", 1, "no value");
    check_fault("{\"a\": yes}", 1, "no value");
    check_fault("{\"a\":\n 01}", 2, "no value");
    check_fault("{\"a\": NaN}", 1, "no value");
    check_fault("[99999999999999999999]", 1, "no value");
    check_fault("{\n// here\n\"a\": 1}", 2, "lacks a name");
    check_fault("{\"a\": 1,\n\"b\": /* no */ 1}", 2, "comment");
    check_fault("{\"a\": \"b\n\"}", 1, "closing quote");
    check_fault("{\"a\": \"b}", 1, "closing quote");
    check_fault("{\"a\":\n\"\\x\"}", 2, "escape");
    check_fault("{\"a\":\n\"\\ud800\"}", 2, "escape");
    check_fault("{\"a\":\n\"\xff\"}", 2, "not UTF-8");
    check_fault("{\"a\":\n\"\\u0000\"}", 2, "control");
    check_fault("{\"a\": 1,\n\"a\": 2}", 2, "twice");
    check_fault("{\"a\": 1,\n\"\\u0061\": 2}", 2, "twice");
    check_fault("[{\"a\":{\"b\":1,\n\"b\":1}}]", 2, "twice");
    check_fault("{\"a\": 1", 1, "ends before");
    check_fault("{\"a\": 1,\n", 2, "ends before");
    check_fault("[1\n", 2, "ends before");
    check_fault("{} \n{}", 2, "goes on");
    check_fault("1 2", 1, "goes on");
}

static void test_depth_and_size_are_bounded(void **state)
{
    struct slice deep = {arena_alloc_text(&arena, 100000), 100000};
    struct fault fault = {0};
    bool found = false;

    (void)state;
    assert_non_null(deep.ptr);
    memset((char *)(uintptr_t)deep.ptr, '[', deep.len);
    check_ok(questionnaire_fault_find(&arena, deep, &found, &fault));
    assert_true(found);
    check_text(fault.reason, "nests too deep");
    /* What is JSON has no fault, however large. */
    check_ok(questionnaire_fault_find(&arena, page, &found, &fault));
    assert_false(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_have_their_lines),
        cmocka_unit_test(test_names_are_found_however_written),
        cmocka_unit_test(test_a_walk_stays_in_its_text),
        cmocka_unit_test(test_faults_are_found),
        cmocka_unit_test(test_depth_and_size_are_bounded),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
