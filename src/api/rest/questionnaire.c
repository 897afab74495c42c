/* SPDX-License-Identifier: Apache-2.0 */
/* /api/questionnaire: what readers are asked, for anybody. */
#include "reader/questionnaire.h"

#include "api/rest/endpoints.h"

/* It changes with a restart only; so long an old one may be shown then. */
#define CACHE_CONTROL SLICE("public, max-age=60")

/* The schema language has no either-or. */
static const struct shape label_shape = {.kind = SHAPE_ANY,
                                         .name = SLICE_INIT("Label")};

#define LABEL_TEXT                                                             \
    "A text in the language asked for; without a locale an object, language "  \
    "to text."

static const struct slice kind_words[] = {
    SLICE_INIT("single"), SLICE_INIT("multi"), SLICE_INIT("scale"),
    SLICE_INIT("text"), SLICE_INIT("number")};

static const struct shape kind_shape = {
    .kind = SHAPE_TEXT,
    .words = kind_words,
    .word_count = sizeof(kind_words) / sizeof(*kind_words),
};

static const struct shape level_shape = {.kind = SHAPE_INTEGER,
                                         .max = LEVEL_MAX};
static const struct shape number_shape = {.kind = SHAPE_NUMBER};
static const struct shape texts_shape = {.kind = SHAPE_ARRAY,
                                         .of = &shape_text};

static const struct shape_field choice_fields[] = {
    {SLICE_INIT("id"), &shape_text, true,
     SLICE_INIT("What an answer says to choose it.")},
    {SLICE_INIT("label"), &label_shape, true, SLICE_INIT(LABEL_TEXT)},
    {SLICE_INIT("help"), &label_shape, false,
     SLICE_INIT("More about it, likewise.")},
    {SLICE_INIT("level"), &level_shape, false,
     SLICE_INIT("Its rung on the question's axis, from 0, nothing yet, to 3.")},
};
static const struct shape choice_shape = {SHAPE_OF(choice_fields),
                                          .name = SLICE_INIT("Choice")};
static const struct shape choices_shape = {.kind = SHAPE_ARRAY,
                                           .of = &choice_shape};

static const struct shape_field question_fields[] = {
    {SLICE_INIT("id"), &shape_text, true,
     SLICE_INIT("The member of an answer's object.")},
    {SLICE_INIT("kind"), &kind_shape, true,
     SLICE_INIT("What an answer is: the id of a choice, an array of them, a "
                "whole number, a text or a number.")},
    {SLICE_INIT("label"), &label_shape, true, SLICE_INIT(LABEL_TEXT)},
    {SLICE_INIT("help"), &label_shape, false,
     SLICE_INIT("More about the question, likewise.")},
    {SLICE_INIT("why"), &label_shape, false,
     SLICE_INIT("Why it is asked, likewise.")},
    {SLICE_INIT("required"), &shape_flag, true,
     SLICE_INIT("Whether a profile is complete only with it.")},
    {SLICE_INIT("axis"), &shape_text, false,
     SLICE_INIT("What it measures, such as hardware.")},
    {SLICE_INIT("choices"), &choices_shape, false,
     SLICE_INIT("Of single and multi: what there is to choose.")},
    {SLICE_INIT("most"), &shape_count, false,
     SLICE_INIT("Of multi: how many at once.")},
    {SLICE_INIT("min"), &number_shape, false,
     SLICE_INIT("Of scale and number: the least.")},
    {SLICE_INIT("max"), &number_shape, false,
     SLICE_INIT("Of scale and number: the most.")},
    {SLICE_INIT("labels"), &shape_any, false,
     SLICE_INIT("Of scale: labels of some of its numbers, by number.")},
    {SLICE_INIT("maxLength"), &shape_count, false,
     SLICE_INIT("Of text: how long, as maxlength of a page counts.")},
};
static const struct shape question_shape = {SHAPE_OF(question_fields),
                                            .name = SLICE_INIT("Question")};
static const struct shape questions_shape = {.kind = SHAPE_ARRAY,
                                             .of = &question_shape};

static const struct shape_field step_fields[] = {
    {SLICE_INIT("id"), &shape_text, true, SLICE_INIT("The step.")},
    {SLICE_INIT("title"), &label_shape, true, SLICE_INIT(LABEL_TEXT)},
    {SLICE_INIT("help"), &label_shape, false,
     SLICE_INIT("What to say below the title, likewise.")},
    {SLICE_INIT("questions"), &questions_shape, true,
     SLICE_INIT("What is asked on one page.")},
};
static const struct shape step_shape = {SHAPE_OF(step_fields),
                                        .name = SLICE_INIT("Step")};
static const struct shape steps_shape = {.kind = SHAPE_ARRAY,
                                         .of = &step_shape};

static const struct shape_field consent_fields[] = {
    {SLICE_INIT("version"), &shape_text, true,
     SLICE_INIT("What to send back as consent when the reader agrees.")},
    {SLICE_INIT("text"), &label_shape, true, SLICE_INIT(LABEL_TEXT)},
    {SLICE_INIT("required"), &shape_flag, true,
     SLICE_INIT("Whether answers are kept only with it.")},
};
static const struct shape consent_shape = {SHAPE_OF(consent_fields),
                                           .name = SLICE_INIT("Consent")};

static const struct shape_field questionnaire_fields[] = {
    {SLICE_INIT("id"), &shape_text, true, SLICE_INIT("Which one it is.")},
    {SLICE_INIT("version"), &shape_text, true,
     SLICE_INIT("Changes when a question or its wording does.")},
    {SLICE_INIT("locale"), &shape_text, false,
     SLICE_INIT("The language all labels are in, when one was asked for.")},
    {SLICE_INIT("locales"), &texts_shape, true,
     SLICE_INIT("The languages there are; the first is English.")},
    {SLICE_INIT("title"), &label_shape, false, SLICE_INIT(LABEL_TEXT)},
    {SLICE_INIT("steps"), &steps_shape, true,
     SLICE_INIT("The questions, a page of them at a time.")},
    {SLICE_INIT("consent"), &consent_shape, false,
     SLICE_INIT("What readers are asked to agree to.")},
};
static const struct shape questionnaire_shape = {
    SHAPE_OF(questionnaire_fields), .name = SLICE_INIT("Questionnaire")};

static enum status answer(struct rest *rest, struct slice json,
                          struct slice etag)
{
    struct response *response = rest->visit.response;

    response->cache_control = CACHE_CONTROL;
    if (!rest_is_unchanged(rest, etag)) {
        response_text(response, SLICE("application/json"), json);
    }
    return STATUS_OK;
}

/* All of it was made at the start: nothing is printed here. */
static enum status handle(struct rest *rest)
{
    const struct questionnaire *questionnaire = rest->reader->questionnaire;
    struct slice locale = visit_query(&rest->visit, SLICE("locale"));
    const struct questionnaire_page *page;

    if (locale.len == 0) {
        return answer(rest, questionnaire->json, questionnaire->etag);
    }
    page = questionnaire_page_of(questionnaire, locale);
    return answer(rest, page->json, page->etag);
}

const struct rest_endpoint rest_questionnaire = {
    .handle = handle,
    .who = REST_ANYONE,
    .name = SLICE_INIT("questionnaire"),
    .summary = SLICE_INIT("What readers are asked."),
    .success = 200,
    .output = &questionnaire_shape,
    .parameters = {{.name = SLICE_INIT("locale"),
                    .shape = &shape_text,
                    .text = SLICE_INIT("Labels in this language alone, such as "
                                       "ur; what lacks in it is in English.")}},
    .cacheable = true,
};
