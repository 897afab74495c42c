/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/questionnaire_parts.h"

/* Values and names; the file's length alone would not bound the tree. */
#define VALUES_MAX  ((size_t)16384)
#define VERSION_MAX ((size_t)64)

/* Visible ASCII: it is sent back in answers, and stored. */
static bool is_version(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~') {
            return false;
        }
    }
    return text.len > 0 && text.len <= VERSION_MAX;
}

/* *out stays empty when there is none. */
static enum status read_version(const struct reading *reading,
                                const struct place *place, struct slice *out)
{
    const struct json *json = json_get(place->json, SLICE("version"));
    struct slice version;

    *out = SLICE_EMPTY;
    if (json == NULL) {
        return STATUS_OK;
    }
    if (json_text(json, &version) != STATUS_OK || !is_version(version)) {
        return questionnaire_refuse(
            reading, place, SLICE("version"),
            "has a version that is not a text such as \"2\", without spaces, "
            "at most %zu long",
            VERSION_MAX);
    }
    return slice_dup(reading->arena, version, out);
}

static enum status read_consent(struct reading *reading,
                                const struct place *root,
                                struct questionnaire *out)
{
    struct place consent = {.up = root,
                            .name = SLICE("consent"),
                            .json = json_get(root->json, SLICE("consent")),
                            .noun = "consent"};
    const struct label_rule text = {SLICE("text"), QUESTION_HELP_MAX, true};

    out->consent_version = SLICE_EMPTY;
    out->consent_required = false;
    if (consent.json == NULL) {
        return STATUS_OK;
    }
    TRY(questionnaire_read_object(reading, &consent));
    TRY(questionnaire_read_members(reading, &consent, "version text required"));
    TRY(read_version(reading, &consent, &out->consent_version));
    if (out->consent_version.len == 0) {
        return questionnaire_refuse(
            reading, &consent, SLICE_EMPTY,
            "has no version; it tells which text a reader agreed to");
    }
    TRY(questionnaire_read_label(reading, &consent, text));
    return questionnaire_read_bool(reading, &consent, SLICE("required"),
                                   &out->consent_required);
}

static enum status check_step_id(const struct reading *reading,
                                 const struct place *step)
{
    for (size_t i = 0; i < step->index; i++) {
        struct slice other = SLICE_EMPTY;

        if (json_text(json_get(json_at(step->up->json, i), SLICE("id")),
                      &other) == STATUS_OK &&
            slice_equal(other, step->id)) {
            return questionnaire_refuse(reading, step, SLICE("id"),
                                        "is there twice");
        }
    }
    return STATUS_OK;
}

static enum status read_step(struct reading *reading, struct place *step)
{
    struct place list = {.up = step, .name = SLICE("questions")};
    const struct label_rule title = {SLICE("title"), QUESTION_LABEL_MAX, true};
    const struct label_rule help = {SLICE("help"), QUESTION_HELP_MAX, false};

    TRY(questionnaire_read_object(reading, step));
    TRY(questionnaire_read_id(reading, step));
    TRY(questionnaire_read_members(reading, step, "id title help questions"));
    TRY(check_step_id(reading, step));
    TRY(questionnaire_read_label(reading, step, title));
    TRY(questionnaire_read_label(reading, step, help));
    TRY(questionnaire_read_list(reading, &list, QUESTIONS_MAX));
    for (size_t i = 0; i < json_count(list.json); i++) {
        struct place question = {.up = &list,
                                 .json = json_at(list.json, i),
                                 .index = i,
                                 .noun = "question"};

        TRY(questionnaire_read_question(reading, &question));
    }
    return STATUS_OK;
}

static enum status read_steps(struct reading *reading, const struct place *root)
{
    struct place list = {.up = root, .name = SLICE("steps")};

    TRY(questionnaire_read_list(reading, &list, QUESTIONNAIRE_STEPS_MAX));
    for (size_t i = 0; i < json_count(list.json); i++) {
        struct place step = {.up = &list,
                             .json = json_at(list.json, i),
                             .index = i,
                             .noun = "step"};

        TRY(read_step(reading, &step));
    }
    return STATUS_OK;
}

static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        struct slice byte = slice_make(text.ptr + i, 1);

        if (text.ptr[i] != '-' && text.ptr[i] != '_' &&
            !questionnaire_is_id(byte)) {
            return false;
        }
    }
    return text.len > 0 && text.len <= QUESTION_ID_MAX;
}

/* Named like a file rather than like a column: "seed-levels". */
static enum status read_name(const struct reading *reading,
                             const struct place *root, struct slice *out)
{
    const struct json *json = json_get(root->json, SLICE("id"));
    struct slice name;

    if (json == NULL) {
        return questionnaire_refuse(reading, root, SLICE_EMPTY, "has no id");
    }
    if (json_text(json, &name) != STATUS_OK || !is_name(name)) {
        return questionnaire_refuse(
            reading, root, SLICE("id"),
            "has an id that is not made of a to z, 0 to 9, - and _, at most "
            "%zu",
            QUESTION_ID_MAX);
    }
    return slice_dup(reading->arena, name, out);
}

static enum status read_root(struct reading *reading, const struct json *tree,
                             struct questionnaire *out)
{
    struct place root = {.json = tree, .noun = "the questionnaire"};
    const struct label_rule title = {SLICE("title"), QUESTION_LABEL_MAX, false};

    TRY(questionnaire_read_object(reading, &root));
    TRY(questionnaire_read_members(reading, &root,
                                   "id title version steps consent"));
    TRY(read_name(reading, &root, &out->id));
    TRY(questionnaire_read_label(reading, &root, title));
    TRY(read_version(reading, &root, &out->version));
    TRY(read_steps(reading, &root));
    TRY(read_consent(reading, &root, out));
    out->questions = reading->questions;
    out->count = reading->count;
    return STATUS_OK;
}

/* What the parser refused, said so that it can be found. */
static enum status explain(const struct reading *reading)
{
    struct fault fault = {1, SLICE("has more in it than anybody would ask")};
    bool found = false;

    TRY(questionnaire_fault_find(reading->scratch, reading->text, &found,
                                 &fault));
    TRY(arena_format(reading->arena, reading->why, "%.*s:%zu: the JSON %.*s",
                     SLICE_ARG(reading->file), fault.line,
                     SLICE_ARG(fault.reason)));
    return STATUS_INVALID_VALUE;
}

enum status questionnaire_read(struct reading *reading,
                               const struct json **tree,
                               struct questionnaire *out)
{
    const struct json_limits limits = {QUESTIONNAIRE_FILE_MAX, VALUES_MAX,
                                       false};
    enum status status =
        json_parse(reading->scratch, reading->text, limits, tree);

    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        return explain(reading);
    }
    reading->questions =
        arena_alloc(reading->arena, QUESTIONS_MAX * sizeof(struct question));
    TRY_ALLOC(reading->questions);
    reading->locales[0] = SLICE("en");
    reading->locale_count = 1;
    return read_root(reading, *tree, out);
}
