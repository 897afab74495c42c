/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of every kind, and from those who mean no answer. */
#include "questionnaire_lab.h"

static struct lab lab;

static const char every_kind[] =
    "{\"id\":\"one\",\"kind\":\"single\",\"label\":\"L\",\"required\":true,"
    "\"choices\":[{\"id\":\"a\",\"label\":\"A\"},{\"id\":\"b\","
    "\"label\":\"B\"}]},"
    "{\"id\":\"some\",\"kind\":\"multi\",\"label\":\"L\",\"axis\":\"x\","
    "\"most\":2,\"choices\":[{\"id\":\"a\",\"label\":\"A\",\"level\":0},"
    "{\"id\":\"b\",\"label\":\"B\",\"level\":2},{\"id\":\"c\","
    "\"label\":\"C\"}]},"
    "{\"id\":\"must\",\"kind\":\"multi\",\"label\":\"L\",\"required\":true,"
    "\"choices\":[{\"id\":\"a\",\"label\":\"A\"}]},"
    "{\"id\":\"far\",\"kind\":\"scale\",\"label\":\"L\",\"axis\":\"y\","
    "\"min\":1,\"max\":5},"
    "{\"id\":\"say\",\"kind\":\"text\",\"label\":\"L\",\"maxLength\":5},"
    "{\"id\":\"num\",\"kind\":\"number\",\"label\":\"L\",\"min\":-0.5,"
    "\"max\":60}";

static int set_up(void **state)
{
    (void)state;
    lab_open(&lab);
    lab_ask(&lab, every_kind);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

static void check_slices(struct slice answers, struct problems *problems)
{
    problems_init(problems, &lab.arena);
    check_ok(questionnaire_check(&lab.questionnaire, lab_json(&lab, answers),
                                 SLICE("b."), problems));
}

/* One question's answer; text NULL: it is good. */
static void check_answer(const char *id, const char *answer, const char *text)
{
    const struct question *question =
        questionnaire_find(&lab.questionnaire, slice_from_cstr(id));
    struct problems problems;
    struct slice json;

    check_ok(arena_format(&lab.arena, &json, "{\"%s\":%s}", id, answer));
    check_slices(json, &problems);
    /* What is stored is judged as what is sent. */
    assert_int_equal(
        question_accepts(question, lab_json(&lab, slice_from_cstr(answer))),
        text == NULL);
    if (text == NULL) {
        assert_int_equal(problems.count, 0);
        return;
    }
    if (problems.count != 1) {
        fail_msg("%s: %zu problems", answer, problems.count);
    }
    check_slice(problems.items[0].text, slice_from_cstr(text));
}

static void test_single(void **state)
{
    (void)state;
    check_answer("one", "\"a\"", NULL);
    check_answer("one", "\"A\"", "\"A\" is not one of: a, b");
    check_answer("one", "\"a \"", "\"a \" is not one of: a, b");
    check_answer("one", "\"\"", "\"\" is not one of: a, b");
    check_answer("one", "[\"a\"]", "must be one of: a, b");
    check_answer("one", "{\"a\":1}", "must be one of: a, b");
    check_answer("one", "0", "must be one of: a, b");
    check_answer("one", "true", "must be one of: a, b");
    check_answer("one", "null", "null is no answer; it must be one of: a, b");
}

static void test_multi(void **state)
{
    (void)state;
    check_answer("some", "[]", NULL);
    check_answer("some", "[\"c\",\"a\"]", NULL);
    check_answer("some", "[\"a\",\"b\",\"c\"]",
                 "at most 2 may be chosen of: a, b, c");
    check_answer("some", "[\"a\",\"a\"]",
                 "\"a\" is there twice; each once of: a, b, c");
    check_answer("some", "[\"a\",\"d\"]", "\"d\" is not one of: a, b, c");
    check_answer("some", "[[\"a\"]]", "must be a list of: a, b, c");
    check_answer("some", "[null]", "must be a list of: a, b, c");
    check_answer("some", "\"a\"", "must be a list of: a, b, c");
    check_answer("some", "{}", "must be a list of: a, b, c");
    check_answer("some", "{\"0\":\"a\"}", "must be a list of: a, b, c");
    check_answer("some", "null",
                 "null is no answer; it must be a list of: a, b, c");
    check_answer("must", "[]", "at least one must be chosen of: a");
    check_answer("must", "[\"a\"]", NULL);
}

static void test_scale(void **state)
{
    const char *wrong = "must be a whole number from 1 to 5";

    (void)state;
    check_answer("far", "1", NULL);
    check_answer("far", "5", NULL);
    check_answer("far", "3.0", NULL);
    check_answer("far", "0", wrong);
    check_answer("far", "6", wrong);
    check_answer("far", "2.5", wrong);
    check_answer("far", "4.999999999999999", wrong);
    check_answer("far", "-1", wrong);
    check_answer("far", "1e300", wrong);
    check_answer("far", "9223372036854775807", wrong);
    check_answer("far", "\"3\"", wrong);
    check_answer("far", "[3]", wrong);
    check_answer("far", "true", wrong);
    check_answer("far", "null",
                 "null is no answer; it must be a whole number from 1 to 5");
}

static void test_number(void **state)
{
    const char *wrong = "must be a number from -0.5 to 60";

    (void)state;
    check_answer("num", "0", NULL);
    check_answer("num", "-0.5", NULL);
    check_answer("num", "60", NULL);
    check_answer("num", "12.75", NULL);
    check_answer("num", "-0.50001", wrong);
    check_answer("num", "60.0001", wrong);
    check_answer("num", "-9223372036854775808", wrong);
    check_answer("num", "1e308", wrong);
    check_answer("num", "\"7\"", wrong);
    check_answer("num", "{}", wrong);
}

/* Counted as a page's maxlength counts, in UTF-16. */
static void test_text(void **state)
{
    const char *bounds = "must be text of at least 1 and at most 5 characters";
    const char *empty =
        "is empty; it must be text of at least 1 and at most 5 characters";
    const char *long_ = "is too long; it must be text of at least 1 and at "
                        "most 5 characters";

    (void)state;
    check_answer("say", "\"a\"", NULL);
    check_answer("say", "\"abcde\"", NULL);
    check_answer("say", "\"abcdef\"", long_);
    check_answer("say", "\"\xd8\xa7\xd8\xb1\xd8\xaf\xd9\x88!\"", NULL);
    check_answer("say", "\"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\"", NULL);
    check_answer("say", "\"\xf0\x9f\x98\x80\xf0\x9f\x98\x80 x\"", long_);
    check_answer("say", "\"\\u202e\\n<b>\"", NULL);
    check_answer("say", "\"\"", empty);
    check_answer("say", "5", bounds);
    check_answer("say", "[\"a\"]", bounds);
}

static void test_every_problem_has_its_field(void **state)
{
    struct problems problems;

    (void)state;
    check_slices(SLICE("{\"one\":1,\"some\":[\"a\"],\"num\":\"x\",\"x\":1}"),
                 &problems);
    assert_int_equal(problems.count, 3);
    check_text(problems.items[0].field, "b.one");
    check_text(problems.items[1].field, "b.num");
    check_text(problems.items[2].field, "b.x");
    check_text(problems.items[2].text,
               "is not asked; there is: one, some, must, far, say, num");
}

/* A thousand names nobody asks for: as many problems as fit, and no more. */
static void test_unknown_names_without_end(void **state)
{
    struct problems problems;
    struct slice text;
    struct buf buf;

    (void)state;
    buf_init(&buf, &lab.arena, (size_t)1 << 20);
    for (size_t i = 0; i < 10000; i++) {
        buf_format(&buf, "%s\"k%zu\":1", i == 0 ? "{" : ",", i);
    }
    buf_add_byte(&buf, '}');
    check_ok(buf_finish(&buf, &text));
    check_slices(text, &problems);
    assert_int_equal(problems.count, PROBLEMS_MAX);
    for (size_t i = 0; i < problems.count; i++) {
        assert_true(problems.items[i].field.len < 16);
        assert_true(problems.items[i].text.len < 400);
    }
}

/* Long names and values are cut, between characters. */
static void test_messages_stay_short(void **state)
{
    struct problems problems;
    struct slice text;
    struct buf buf;

    (void)state;
    buf_init(&buf, &lab.arena, (size_t)1 << 20);
    buf_add(&buf, SLICE("{\"one\":\""));
    for (size_t i = 0; i < 30000; i++) {
        buf_add(&buf, SLICE("\xd8\xa7"));
    }
    buf_add(&buf, SLICE("\",\"x"));
    for (size_t i = 0; i < 30000; i++) {
        buf_add(&buf, SLICE("\xd8\xa7"));
    }
    buf_add(&buf, SLICE("\":1}"));
    check_ok(buf_finish(&buf, &text));
    check_slices(text, &problems);
    assert_int_equal(problems.count, 2);
    assert_int_equal(problems.items[0].text.len,
                     strlen("\"\" is not one of: a, b") + 40);
    assert_int_equal(problems.items[1].field.len, PROBLEM_NAME_MAX - 1);
}

static void test_names_with_a_meaning_elsewhere(void **state)
{
    struct problems problems;

    (void)state;
    check_slices(SLICE("{\"__proto__\":{\"one\":\"a\"},\"constructor\":1,"
                       "\"\":1,\"one\\u0020\":\"a\",\"ONE\":\"a\"}"),
                 &problems);
    assert_int_equal(problems.count, 5);
}

static void test_a_list_without_end(void **state)
{
    struct problems problems;
    struct slice text;
    struct buf buf;

    (void)state;
    buf_init(&buf, &lab.arena, (size_t)1 << 20);
    buf_add(&buf, SLICE("{\"some\":[\"a\""));
    for (size_t i = 0; i < 30000; i++) {
        buf_add(&buf, SLICE(",\"a\""));
    }
    buf_add(&buf, SLICE("]}"));
    check_ok(buf_finish(&buf, &text));
    check_slices(text, &problems);
    assert_int_equal(problems.count, 1);
    check_text(problems.items[0].text, "at most 2 may be chosen of: a, b, c");
}

static void check_level(const char *id, const char *answer, int level)
{
    const struct question *question =
        questionnaire_find(&lab.questionnaire, slice_from_cstr(id));

    assert_int_equal(
        question_level(question, lab_json(&lab, slice_from_cstr(answer))),
        level);
}

static void test_levels_of_every_kind(void **state)
{
    (void)state;
    check_level("one", "\"a\"", LEVEL_NONE);
    check_level("some", "[]", LEVEL_NONE);
    check_level("some", "[\"c\"]", LEVEL_NONE);
    check_level("some", "[\"a\"]", 0);
    check_level("some", "[\"b\",\"a\"]", 2);
    check_level("some", "[\"b\",\"d\"]", LEVEL_NONE);
    check_level("far", "1", 0);
    check_level("far", "2", 1);
    check_level("far", "3", 2);
    check_level("far", "4", 2);
    check_level("far", "5", 3);
    check_level("far", "6", LEVEL_NONE);
    check_level("say", "\"x\"", LEVEL_NONE);
    check_level("num", "3", LEVEL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single),
        cmocka_unit_test(test_multi),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_number),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_every_problem_has_its_field),
        cmocka_unit_test(test_unknown_names_without_end),
        cmocka_unit_test(test_messages_stay_short),
        cmocka_unit_test(test_names_with_a_meaning_elsewhere),
        cmocka_unit_test(test_a_list_without_end),
        cmocka_unit_test(test_levels_of_every_kind),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
