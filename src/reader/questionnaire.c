/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/questionnaire.h"

const struct question *
questionnaire_find(const struct questionnaire *questionnaire, struct slice id)
{
    for (size_t i = 0; i < questionnaire->count; i++) {
        if (slice_equal(questionnaire->questions[i].id, id)) {
            return &questionnaire->questions[i];
        }
    }
    return NULL;
}

static bool has_answer(const struct question *question,
                       const struct json *answers)
{
    return question_accepts(question, json_get(answers, question->id));
}

bool questionnaire_is_complete(const struct questionnaire *questionnaire,
                               const struct json *answers)
{
    for (size_t i = 0; i < questionnaire->count; i++) {
        const struct question *question = &questionnaire->questions[i];

        if (question->required && !has_answer(question, answers)) {
            return false;
        }
    }
    return true;
}

static int level_of_choice(const struct question *question,
                           const struct json *answer)
{
    struct slice id = SLICE_EMPTY;

    if (json_text(answer, &id) != STATUS_OK) {
        return LEVEL_NONE;
    }
    for (size_t i = 0; i < question->choice_count; i++) {
        if (slice_equal(question->choices[i].id, id)) {
            return question->choices[i].level;
        }
    }
    return LEVEL_NONE;
}

static int highest_level(const struct question *question,
                         const struct json *answer)
{
    int highest = LEVEL_NONE;

    for (size_t i = 0; i < json_count(answer); i++) {
        int level = level_of_choice(question, json_at(answer, i));

        highest = level > highest ? level : highest;
    }
    return highest;
}

static int level_on_scale(const struct question *question,
                          const struct json *answer)
{
    double value = 0;

    if (json_number(answer, &value) != STATUS_OK) {
        return LEVEL_NONE;
    }
    /* Both are small whole numbers; the half rounds to the nearest rung. */
    return (int)((value - question->min) * LEVEL_MAX /
                     (question->max - question->min) +
                 0.5);
}

int question_level(const struct question *question, const struct json *answer)
{
    if (question->axis.len == 0 || !question_accepts(question, answer)) {
        return LEVEL_NONE;
    }
    switch (question->kind) {
    case QUESTION_SINGLE:
        return level_of_choice(question, answer);
    case QUESTION_MULTI:
        return highest_level(question, answer);
    case QUESTION_SCALE:
        return level_on_scale(question, answer);
    default:
        return LEVEL_NONE;
    }
}

int questionnaire_level(const struct questionnaire *questionnaire,
                        const struct json *answers, struct slice axis)
{
    int level = LEVEL_NONE;

    for (size_t i = 0; i < questionnaire->count && level == LEVEL_NONE; i++) {
        const struct question *question = &questionnaire->questions[i];

        if (slice_equal(question->axis, axis)) {
            level = question_level(question, json_get(answers, question->id));
        }
    }
    return level;
}

void questionnaire_write_open_questions(
    const struct questionnaire *questionnaire, const struct json *answers,
    struct json_writer *json)
{
    json_write_array(json);
    for (size_t i = 0; i < questionnaire->count; i++) {
        const struct question *question = &questionnaire->questions[i];

        if (!has_answer(question, answers)) {
            json_write_text(json, question->id);
        }
    }
    json_write_end(json);
}

void questionnaire_write_unused_answers(
    const struct questionnaire *questionnaire, const struct json *answers,
    struct json_writer *json)
{
    struct json_member member = {0};

    json_write_array(json);
    while (json_next(answers, &member)) {
        if (questionnaire_find(questionnaire, member.name) == NULL) {
            json_write_text(json, member.name);
        }
    }
    json_write_end(json);
}

/* NULL when there is none of that name; letters compare without case. */
static const struct questionnaire_page *
find_page(const struct questionnaire *questionnaire, struct slice locale)
{
    for (size_t i = 0; i < questionnaire->page_count; i++) {
        if (slice_equal_nocase(questionnaire->pages[i].locale, locale)) {
            return &questionnaire->pages[i];
        }
    }
    return NULL;
}

const struct questionnaire_page *
questionnaire_page_of(const struct questionnaire *questionnaire,
                      struct slice locale)
{
    struct slice language = slice_head(locale, slice_find(locale, '-'));
    const struct questionnaire_page *page = find_page(questionnaire, locale);

    if (page == NULL) {
        page = find_page(questionnaire, language);
    }
    return page != NULL ? page : &questionnaire->pages[0];
}
