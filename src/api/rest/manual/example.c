/* SPDX-License-Identifier: Apache-2.0 */
/* Values that fit a shape, and look like what they stand for. */
#include "api/rest/manual/parts.h"
#include "reader/questionnaire.h"

#include <math.h>

#define ANSWERS_SHOWN ((size_t)3)

/* What texts and numbers are called, and what they may be. */
static const struct {
    struct slice name;
    struct slice text;
} likely_texts[] = {
    {SLICE_INIT("user_id"), SLICE_INIT("kV3nPq8ZtY1wXb5RcD7mLs2HfG9jTa4E")},
    {SLICE_INIT("id"), SLICE_INIT("kV3nPq8ZtY1wXb5RcD7mLs2HfG9jTa4E")},
    {SLICE_INIT("name"), SLICE_INIT("Ada")},
    {SLICE_INIT("page"), SLICE_INIT("/docs/intro")},
    {SLICE_INIT("place"), SLICE_INIT("what-you-need")},
    {SLICE_INIT("merge"), SLICE_INIT("guest-7f3a")},
    {SLICE_INIT("version"), SLICE_INIT("1")},
    {SLICE_INIT("consent"), SLICE_INIT("2026-01")},
};

static const struct slice token_example =
    SLICE_INIT("eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIxIn0.c2ln");

static bool fits(const struct shape *shape, struct slice text)
{
    return (int64_t)text.len >= shape->min &&
           (shape->max == 0 || (int64_t)text.len <= shape->max);
}

static struct slice likely_text(const struct shape *shape, struct slice name)
{
    for (size_t i = 0; i < sizeof(likely_texts) / sizeof(*likely_texts); i++) {
        if (slice_equal(likely_texts[i].name, name) &&
            fits(shape, likely_texts[i].text)) {
            return likely_texts[i].text;
        }
    }
    return fits(shape, SLICE("text")) ? SLICE("text") : SLICE_EMPTY;
}

static struct slice text_example(const struct shape *shape, struct slice name)
{
    if (shape->words != NULL) {
        return shape->words[0];
    }
    switch (shape->format) {
    case FORMAT_EMAIL:
        return SLICE("reader@example.com");
    case FORMAT_PASSWORD:
        return SLICE("a quiet harbour at dawn");
    case FORMAT_TIME:
        return SLICE("2026-01-02T03:04:05Z");
    case FORMAT_TOKEN:
        return token_example;
    case FORMAT_NONE:
    default:
        return likely_text(shape, name);
    }
}

/* Of a scale or number the middle, as a whole number where there is one. */
static double middle_of(const struct question *question)
{
    double middle = floor(question->min + (question->max - question->min) / 2);

    return middle >= question->min ? middle : question->min;
}

static void write_answer(struct json_writer *json,
                         const struct question *question)
{
    switch (question->kind) {
    case QUESTION_SINGLE:
        json_write_text(json, question->choices[0].id);
        break;
    case QUESTION_MULTI:
        json_write_array(json);
        json_write_text(json, question->choices[0].id);
        json_write_end(json);
        break;
    case QUESTION_SCALE:
    case QUESTION_NUMBER:
        json_write_number(json, middle_of(question));
        break;
    case QUESTION_TEXT:
    default:
        json_write_text(json, SLICE("text"));
        break;
    }
}

static void write_answers(struct json_writer *json,
                          const struct questionnaire *questionnaire)
{
    size_t shown = 0;

    json_write_object(json);
    for (size_t i = 0; i < questionnaire->count && shown < ANSWERS_SHOWN; i++) {
        const struct question *question = &questionnaire->questions[i];

        /* "text" may be too short or long for it. */
        if (question->kind != QUESTION_TEXT) {
            json_write_name(json, question->id);
            write_answer(json, question);
            shown++;
        }
    }
    json_write_end(json);
}

static void write_object(struct json_writer *json, const struct shape *shape,
                         struct shape_use use)
{
    json_write_object(json);
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];

        json_write_name(json, field->name);
        manual_write_example(json, field->shape, field->name, use);
    }
    json_write_end(json);
}

void manual_write_example(struct json_writer *json, const struct shape *shape,
                          struct slice name, struct shape_use use)
{
    if (shape->example.len > 0) {
        json_write_raw(json, shape->example);
        return;
    }
    switch (shape->kind) {
    case SHAPE_TEXT:
        json_write_text(json, text_example(shape, name));
        break;
    case SHAPE_INTEGER:
        json_write_int64(json, slice_equal(name, SLICE("expires_in"))
                                   ? 900
                                   : shape->min + (shape->min == 0));
        break;
    case SHAPE_NUMBER:
        json_write_int64(json, 1);
        break;
    case SHAPE_FLAG:
        json_write_bool(json, true);
        break;
    case SHAPE_OBJECT:
        write_object(json, shape, use);
        break;
    case SHAPE_ARRAY:
        json_write_array(json);
        manual_write_example(json, shape->of, name, use);
        json_write_end(json);
        break;
    case SHAPE_ANSWERS:
        write_answers(json, use.facts->questionnaire);
        break;
    case SHAPE_ANY:
    default:
        json_write_object(json);
        json_write_end(json);
        break;
    }
}
