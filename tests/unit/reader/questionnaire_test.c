/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "crypto/init.h"
#include "reader/questionnaire.h"

static struct arena arena;
static struct questionnaire seeds;
static struct questionnaire all;

static const struct json *parse(const char *text)
{
    const struct json *json = NULL;

    check_ok(
        json_parse(&arena, slice_from_cstr(text), JSON_LIMITS_DEFAULT, &json));
    return json;
}

static struct questionnaire load(struct slice name)
{
    struct questionnaire out;
    struct slice why = SLICE_EMPTY;
    enum status status = questionnaire_load(name, &arena, &why, &out);

    if (status != STATUS_OK) {
        fail_msg("%.*s", SLICE_ARG(why));
    }
    return out;
}

static int set_up(void **state)
{
    (void)state;
    check_ok(crypto_init());
    arena_init(&arena, QUESTIONNAIRE_MEMORY_MAX);
    seeds = load(SLICE("seed-levels"));
    all = load(SLICE(""));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* The only problem, or that there is none, with the answers. */
static void check_problem(const struct questionnaire *questionnaire,
                          const char *answers, const char *field,
                          const char *text)
{
    struct problems problems;

    problems_init(&problems, &arena);
    check_ok(questionnaire_check(questionnaire, parse(answers),
                                 SLICE("background."), &problems));
    if (field == NULL) {
        assert_int_equal(problems.count, 0);
        return;
    }
    assert_int_equal(problems.count, 1);
    check_slice(problems.items[0].field, slice_from_cstr(field));
    check_slice(problems.items[0].text, slice_from_cstr(text));
}

static void check_words(const char *id, const char *words)
{
    const struct question *question =
        questionnaire_find(&seeds, slice_from_cstr(id));
    struct slice rest = slice_from_cstr(words);
    struct slice word;
    size_t count = 0;

    assert_non_null(question);
    assert_true(question->required);
    while (slice_split(&rest, ' ', &word)) {
        assert_true(count < question->choice_count);
        check_slice(question->choices[count++].id, word);
    }
    assert_int_equal(question->choice_count, count);
}

static void test_the_seeds_have_their_own_words(void **state)
{
    (void)state;
    assert_int_equal(seeds.count, 3);
    check_words("software_experience", "beginner intermediate expert");
    check_words("programming_background", "none basic intermediate advanced");
    check_words("hardware_knowledge", "none basic intermediate advanced");
    check_text(seeds.questions[0].axis, "software");
    check_text(seeds.questions[1].axis, "programming");
    check_text(seeds.questions[2].axis, "hardware");
    check_text(seeds.consent_version, "");
}

static void test_the_default_joins_both(void **state)
{
    struct questionnaire contexts = load(SLICE("seed-contexts"));

    (void)state;
    assert_int_equal(all.count, seeds.count + contexts.count);
    for (size_t i = 0; i < all.count; i++) {
        const struct questionnaire *part = i < seeds.count ? &seeds : &contexts;
        const struct question *other =
            questionnaire_find(part, all.questions[i].id);

        assert_non_null(other);
        assert_int_equal(other->choice_count, all.questions[i].choice_count);
        assert_int_equal(other->required, i < seeds.count);
        assert_int_equal(all.questions[i].required, i < seeds.count);
    }
    assert_null(questionnaire_find(&all, SLICE("software_experienc")));
    assert_null(questionnaire_find(&all, SLICE("")));
}

static void test_answers_are_checked_in_words(void **state)
{
    (void)state;
    check_problem(&all, "{}", NULL, NULL);
    check_problem(&all,
                  "{\"software_experience\":\"beginner\",\"languages\":[],"
                  "\"tools\":[\"ros\",\"docker\"],\"memory\":\"16gb\"}",
                  NULL, NULL);
    check_problem(&all, "{\"software_experience\":\"wizard\"}",
                  "background.software_experience",
                  "\"wizard\" is not one of: beginner, intermediate, expert");
    check_problem(&all, "{\"software_experience\":null}",
                  "background.software_experience",
                  "null is no answer; it must be one of: beginner, "
                  "intermediate, expert");
    check_problem(&all, "{\"hardware_knowledge\":[\"none\"]}",
                  "background.hardware_knowledge",
                  "must be one of: none, basic, intermediate, advanced");
    check_problem(&seeds, "{\"favourite_colour\":\"blue\"}",
                  "background.favourite_colour",
                  "is not asked; there is: software_experience, "
                  "programming_background, hardware_knowledge");
    check_problem(&all, "{\"memory\":[\"8gb\"]}", "background.memory",
                  "must be one of: 8gb, 16gb, 32gb, unknown");
    check_problem(&all, "[]", "background.answers",
                  "must be an object, question id to answer");
}

static void test_complete_is_every_required_answer(void **state)
{
    (void)state;
    assert_false(questionnaire_is_complete(&all, NULL));
    assert_false(questionnaire_is_complete(&all, parse("{}")));
    assert_false(questionnaire_is_complete(
        &all, parse("{\"software_experience\":\"expert\","
                    "\"programming_background\":\"none\","
                    "\"hardware_knowledge\":\"wizard\"}")));
    assert_true(questionnaire_is_complete(
        &all, parse("{\"software_experience\":\"expert\",\"gone\":1,"
                    "\"programming_background\":\"none\","
                    "\"hardware_knowledge\":\"basic\"}")));
}

static void test_levels(void **state)
{
    const struct question *software =
        questionnaire_find(&all, SLICE("software_experience"));

    (void)state;
    assert_int_equal(question_level(software, parse("\"beginner\"")), 1);
    assert_int_equal(question_level(software, parse("\"expert\"")), 3);
    assert_int_equal(question_level(software, parse("\"wizard\"")), LEVEL_NONE);
    assert_int_equal(question_level(software, NULL), LEVEL_NONE);
    assert_int_equal(
        questionnaire_level(&all, parse("{\"experience_level\":\"advanced\"}"),
                            SLICE("software")),
        3);
    assert_int_equal(
        questionnaire_level(&all,
                            parse("{\"experience_level\":\"advanced\","
                                  "\"software_experience\":\"beginner\"}"),
                            SLICE("software")),
        1);
    assert_int_equal(questionnaire_level(&all, NULL, SLICE("hardware")),
                     LEVEL_NONE);
    assert_int_equal(questionnaire_level(&all, NULL, SLICE("weather")),
                     LEVEL_NONE);
}

static void check_ids(bool open, const struct json *answers,
                      const char *expected)
{
    struct json_writer json;
    struct slice text;
    struct buf buf;

    buf_init(&buf, &arena, 65536);
    json_writer_init(&json, &buf);
    if (open) {
        questionnaire_write_open_questions(&seeds, answers, &json);
    } else {
        questionnaire_write_unused_answers(&seeds, answers, &json);
    }
    check_ok(json_write_finish(&json, &text));
    check_slice(text, slice_from_cstr(expected));
}

static void test_open_questions_and_unused_answers(void **state)
{
    const struct json *answers =
        parse("{\"weather\":\"rain\",\"software_experience\":\"expert\","
              "\"hardware_knowledge\":\"wizard\",\"pets\":[]}");

    (void)state;
    check_ids(true, NULL,
              "[\"software_experience\",\"programming_background\","
              "\"hardware_knowledge\"]");
    check_ids(true, answers,
              "[\"programming_background\",\"hardware_knowledge\"]");
    check_ids(false, NULL, "[]");
    check_ids(false, answers, "[\"weather\",\"pets\"]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_seeds_have_their_own_words),
        cmocka_unit_test(test_the_default_joins_both),
        cmocka_unit_test(test_answers_are_checked_in_words),
        cmocka_unit_test(test_complete_is_every_required_answer),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_open_questions_and_unused_answers),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
