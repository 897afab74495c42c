/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/questionnaire_parts.h"

#include <math.h>

/* The widest scale; what has more rungs is a number. */
#define SCALE_SPAN_MAX 100
/* Beyond it a double skips whole numbers. */
#define NUMBER_BOUND 9007199254740991.0
/* What a text may be when its author says nothing. */
#define LENGTH_DEFAULT 500

#define COMMON "id kind label help why required "

struct kind_row {
    struct slice name;
    enum status (*read)(struct reading *reading, struct place *place,
                        struct question *question);
    const char *members;
};

static enum status read_level(const struct reading *reading,
                              const struct place *place, bool has_axis,
                              struct choice *choice)
{
    const struct json *json = json_get(place->json, SLICE("level"));
    int64_t level = 0;

    choice->level = LEVEL_NONE;
    if (json == NULL) {
        return STATUS_OK;
    }
    if (json_int64(json, &level) != STATUS_OK) {
        return questionnaire_refuse(
            reading, place, SLICE("level"),
            "has a level that is no whole number; a level is 0 to %d",
            LEVEL_MAX);
    }
    if (level < 0 || level > LEVEL_MAX) {
        return questionnaire_refuse(reading, place, SLICE("level"),
                                    "has level %lld; a level is 0 to %d",
                                    (long long)level, LEVEL_MAX);
    }
    if (!has_axis) {
        return questionnaire_refuse(
            reading, place, SLICE("level"),
            "has a level, but its question has no axis to measure on");
    }
    choice->level = (int)level;
    return STATUS_OK;
}

static enum status read_choice(struct reading *reading, struct place *place,
                               const struct question *question,
                               struct choice *choices)
{
    struct choice *choice = &choices[place->index];
    const struct label_rule label = {SLICE("label"), QUESTION_LABEL_MAX, true};
    const struct label_rule help = {SLICE("help"), QUESTION_HELP_MAX, false};

    TRY(questionnaire_read_object(reading, place));
    TRY(questionnaire_read_id(reading, place));
    TRY(questionnaire_read_members(reading, place, "id label help level"));
    choice->id = place->id;
    for (size_t i = 0; i < place->index; i++) {
        if (slice_equal(choices[i].id, choice->id)) {
            return questionnaire_refuse(reading, place, SLICE("id"),
                                        "is there twice");
        }
    }
    TRY(questionnaire_read_label(reading, place, label));
    TRY(questionnaire_read_label(reading, place, help));
    return read_level(reading, place, question->axis.len > 0, choice);
}

static enum status check_axis(const struct reading *reading,
                              const struct place *place,
                              const struct question *question)
{
    bool measures = question->axis.len == 0;

    for (size_t i = 0; i < question->choice_count; i++) {
        measures = measures || question->choices[i].level != LEVEL_NONE;
    }
    return measures
               ? STATUS_OK
               : questionnaire_refuse(reading, place, SLICE("axis"),
                                      "has an axis, but no choice of it has a "
                                      "level");
}

static enum status read_choices(struct reading *reading, struct place *place,
                                struct question *question)
{
    struct place list = {.up = place, .name = SLICE("choices")};
    struct choice *choices;

    TRY(questionnaire_read_list(reading, &list, QUESTION_CHOICES_MAX));
    question->choice_count = json_count(list.json);
    choices = arena_alloc_zero(reading->arena,
                               question->choice_count * sizeof(*choices));
    TRY_ALLOC(choices);
    question->choices = choices;
    for (size_t i = 0; i < question->choice_count; i++) {
        struct place choice = {.up = &list,
                               .json = json_at(list.json, i),
                               .index = i,
                               .noun = "choice"};

        TRY(read_choice(reading, &choice, question, choices));
    }
    return check_axis(reading, place, question);
}

static enum status read_single(struct reading *reading, struct place *place,
                               struct question *question)
{
    question->least = 1;
    question->most = 1;
    return read_choices(reading, place, question);
}

static enum status read_multi(struct reading *reading, struct place *place,
                              struct question *question)
{
    struct whole_bounds bounds = {1, 0};
    int64_t most;

    TRY(read_choices(reading, place, question));
    bounds.max = (int64_t)question->choice_count;
    most = bounds.max;
    TRY(questionnaire_read_whole(reading, place, SLICE("most"), bounds, &most));
    question->most = (size_t)most;
    /* None of them is an answer too, but no background. */
    question->least = question->required ? 1 : 0;
    return STATUS_OK;
}

/* {"1": "never", "5": "every day"}: names for rungs of the scale. */
static enum status read_rungs(struct reading *reading,
                              const struct place *place,
                              const struct question *question)
{
    struct place rungs = {.up = place,
                          .name = SLICE("labels"),
                          .json = json_get(place->json, SLICE("labels"))};
    struct json_member member = {0};

    if (rungs.json != NULL && json_kind_of(rungs.json) != JSON_KIND_OBJECT) {
        return questionnaire_refuse(
            reading, place, rungs.name,
            "has \"labels\" that is no object, such as {\"1\": \"never\"}");
    }
    while (json_next(rungs.json, &member)) {
        const struct label_rule rule = {member.name, QUESTION_LABEL_MAX, true};
        uint64_t rung = 0;

        if (!slice_to_u64(member.name, (uint64_t)question->max, &rung) ||
            (double)rung < question->min) {
            struct slice shown = questionnaire_shown(reading, member.name);

            return questionnaire_refuse(
                reading, &rungs, member.name,
                "has a label for \"%.*s\", which is not on its scale from %.0f "
                "to %.0f",
                SLICE_ARG(shown), question->min, question->max);
        }
        TRY(questionnaire_read_label(reading, &rungs, rule));
    }
    return STATUS_OK;
}

static enum status read_scale(struct reading *reading, struct place *place,
                              struct question *question)
{
    int64_t min = 1;
    int64_t max = 5;

    TRY(questionnaire_read_whole(reading, place, SLICE("min"),
                                 (struct whole_bounds){0, SCALE_SPAN_MAX},
                                 &min));
    TRY(questionnaire_read_whole(reading, place, SLICE("max"),
                                 (struct whole_bounds){0, SCALE_SPAN_MAX},
                                 &max));
    if (min >= max) {
        return questionnaire_refuse(reading, place, SLICE("max"),
                                    "has a scale from %lld to %lld; its max is "
                                    "above its min",
                                    (long long)min, (long long)max);
    }
    question->min = (double)min;
    question->max = (double)max;
    return read_rungs(reading, place, question);
}

static enum status read_bound(const struct reading *reading,
                              const struct place *place, struct slice name,
                              double *out)
{
    const struct json *json = json_get(place->json, name);

    if (json != NULL &&
        (json_number(json, out) != STATUS_OK || fabs(*out) > NUMBER_BOUND)) {
        return questionnaire_refuse(
            reading, place, name,
            "has \"%.*s\" that is no number, or one beyond %.0f",
            SLICE_ARG(name), NUMBER_BOUND);
    }
    return STATUS_OK;
}

static enum status read_number(struct reading *reading, struct place *place,
                               struct question *question)
{
    question->min = 0;
    question->max = NUMBER_BOUND;
    TRY(read_bound(reading, place, SLICE("min"), &question->min));
    TRY(read_bound(reading, place, SLICE("max"), &question->max));
    if (question->min >= question->max) {
        return questionnaire_refuse(
            reading, place, SLICE("max"),
            "has bounds from %g to %g; its max is above its min", question->min,
            question->max);
    }
    return STATUS_OK;
}

static enum status read_text(struct reading *reading, struct place *place,
                             struct question *question)
{
    struct whole_bounds bounds = {1, (int64_t)QUESTION_LENGTH_MAX};
    int64_t length = LENGTH_DEFAULT;

    TRY(questionnaire_read_whole(reading, place, SLICE("maxLength"), bounds,
                                 &length));
    question->min = 1;
    question->max = (double)length;
    return STATUS_OK;
}

static const struct kind_row kinds[] = {
    [QUESTION_SINGLE] = {SLICE_INIT("single"), read_single,
                         COMMON "axis choices"},
    [QUESTION_MULTI] = {SLICE_INIT("multi"), read_multi,
                        COMMON "axis choices most"},
    [QUESTION_SCALE] = {SLICE_INIT("scale"), read_scale,
                        COMMON "axis min max labels"},
    [QUESTION_TEXT] = {SLICE_INIT("text"), read_text, COMMON "maxLength"},
    [QUESTION_NUMBER] = {SLICE_INIT("number"), read_number, COMMON "min max"},
};
#define KIND_COUNT (sizeof(kinds) / sizeof(*kinds))

static enum status read_kind(const struct reading *reading,
                             const struct place *place, size_t *out)
{
    const struct json *json = json_get(place->json, SLICE("kind"));
    struct slice name = SLICE_EMPTY;
    struct slice shown;

    if (json == NULL) {
        return questionnaire_refuse(reading, place, SLICE_EMPTY, "has no kind");
    }
    (void)(json_text(json, &name) == STATUS_OK);
    for (*out = 0; *out < KIND_COUNT; (*out)++) {
        if (slice_equal(kinds[*out].name, name)) {
            return STATUS_OK;
        }
    }
    shown = questionnaire_shown(reading, name);
    return questionnaire_refuse(reading, place, SLICE("kind"),
                                "has the kind \"%.*s\"; a kind is single, "
                                "multi, scale, text or number",
                                SLICE_ARG(shown));
}

static enum status read_axis(const struct reading *reading,
                             const struct place *place,
                             struct question *question)
{
    const struct json *json = json_get(place->json, SLICE("axis"));
    struct slice axis;

    question->axis = SLICE_EMPTY;
    if (json == NULL) {
        return STATUS_OK;
    }
    if (json_text(json, &axis) != STATUS_OK || !questionnaire_is_id(axis)) {
        return questionnaire_refuse(
            reading, place, SLICE("axis"),
            "has an axis that is not written like an id, such as software");
    }
    return slice_dup(reading->arena, axis, &question->axis);
}

static enum status read_words(struct reading *reading,
                              const struct place *place)
{
    const struct label_rule rules[] = {
        {SLICE("label"), QUESTION_LABEL_MAX, true},
        {SLICE("help"), QUESTION_HELP_MAX, false},
        {SLICE("why"), QUESTION_HELP_MAX, false},
    };

    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
        TRY(questionnaire_read_label(reading, place, rules[i]));
    }
    return STATUS_OK;
}

/* Of all steps together. */
static enum status check_room(const struct reading *reading,
                              const struct place *place)
{
    if (reading->count == QUESTIONS_MAX) {
        return questionnaire_refuse(reading, place, SLICE("id"),
                                    "is one more than the %zu there may be",
                                    QUESTIONS_MAX);
    }
    for (size_t i = 0; i < reading->count; i++) {
        if (slice_equal(reading->questions[i].id, place->id)) {
            return questionnaire_refuse(reading, place, SLICE("id"),
                                        "is there twice");
        }
    }
    return STATUS_OK;
}

enum status questionnaire_read_question(struct reading *reading,
                                        struct place *place)
{
    struct question question = {0};
    size_t kind = 0;

    TRY(questionnaire_read_object(reading, place));
    TRY(questionnaire_read_id(reading, place));
    question.id = place->id;
    TRY(check_room(reading, place));
    TRY(read_kind(reading, place, &kind));
    question.kind = (enum question_kind)kind;
    TRY(questionnaire_read_members(reading, place, kinds[kind].members));
    TRY(read_words(reading, place));
    TRY(questionnaire_read_bool(reading, place, SLICE("required"),
                                &question.required));
    TRY(read_axis(reading, place, &question));
    TRY(kinds[kind].read(reading, place, &question));
    reading->questions[reading->count++] = question;
    return STATUS_OK;
}
