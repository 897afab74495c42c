/* SPDX-License-Identifier: Apache-2.0 */
/* The questionnaire as a schema: which words each question takes. */
#include "api/rest/manual/parts.h"
#include "reader/questionnaire.h"

static void write_choices(struct json_writer *json,
                          const struct question *question)
{
    json_write_name(json, SLICE("enum"));
    json_write_array(json);
    for (size_t i = 0; i < question->choice_count; i++) {
        json_write_text(json, question->choices[i].id);
    }
    json_write_end(json);
}

static void write_bound(struct json_writer *json, struct slice name,
                        double bound)
{
    json_write_name(json, name);
    json_write_number(json, bound);
}

static void write_multi(struct json_writer *json,
                        const struct question *question)
{
    write_member(json, SLICE("type"), SLICE("array"));
    open_member(json, SLICE("items"));
    write_member(json, SLICE("type"), SLICE("string"));
    write_choices(json, question);
    json_write_end(json);
    write_number_member(json, SLICE("minItems"), (int64_t)question->least);
    write_number_member(json, SLICE("maxItems"), (int64_t)question->most);
    write_flag_member(json, SLICE("uniqueItems"), true);
}

static void write_question(struct json_writer *json,
                           const struct question *question)
{
    switch (question->kind) {
    case QUESTION_MULTI:
        write_multi(json, question);
        break;
    case QUESTION_SCALE:
    case QUESTION_NUMBER:
        write_member(json, SLICE("type"),
                     question->kind == QUESTION_SCALE ? SLICE("integer")
                                                      : SLICE("number"));
        write_bound(json, SLICE("minimum"), question->min);
        write_bound(json, SLICE("maximum"), question->max);
        break;
    case QUESTION_TEXT:
        write_member(json, SLICE("type"), SLICE("string"));
        write_member(json, SLICE("description"),
                     SLICE("Counted as pages count: a character beyond U+FFFF "
                           "is two."));
        write_bound(json, SLICE("minLength"), question->min);
        write_bound(json, SLICE("maxLength"), question->max);
        break;
    case QUESTION_SINGLE:
    default:
        write_member(json, SLICE("type"), SLICE("string"));
        write_choices(json, question);
        break;
    }
}

void manual_write_answers(struct json_writer *json,
                          const struct questionnaire *questionnaire)
{
    json_write_object(json);
    write_member(json, SLICE("description"),
                 SLICE("Answers by question, any number of them. Questions and "
                       "choices in words: GET /api/questionnaire."));
    write_member(json, SLICE("type"), SLICE("object"));
    open_member(json, SLICE("properties"));
    for (size_t i = 0; i < questionnaire->count; i++) {
        const struct question *question = &questionnaire->questions[i];

        open_member(json, question->id);
        write_question(json, question);
        json_write_end(json);
    }
    json_write_end(json);
    write_flag_member(json, SLICE("additionalProperties"), false);
    json_write_end(json);
}

void manual_write_stored_answers(struct json_writer *json)
{
    json_write_object(json);
    write_member(json, SLICE("description"),
                 SLICE("Answers by question, as Answers has them; and old ones "
                       "to questions that are no longer asked, or asked in "
                       "another way."));
    write_member(json, SLICE("type"), SLICE("object"));
    open_member(json, SLICE("additionalProperties"));
    json_write_name(json, SLICE("type"));
    json_write_array(json);
    json_write_text(json, SLICE("string"));
    json_write_text(json, SLICE("number"));
    json_write_text(json, SLICE("array"));
    json_write_end(json);
    open_member(json, SLICE("items"));
    write_member(json, SLICE("type"), SLICE("string"));
    json_write_end(json);
    json_write_end(json);
    json_write_end(json);
}
