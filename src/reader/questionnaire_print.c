/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/hex.h"
#include "crypto/digest.h"
#include "reader/questionnaire_parts.h"

/* Bytes of a SHA-256 that tell two questionnaires of one author apart. */
#define MARK_BYTES 8
/* A file's texts, once, and what the members between them take. */
#define PAGE_MAX (4 * QUESTIONNAIRE_FILE_MAX)

struct printing {
    const struct reading *reading;
    const struct questionnaire *questionnaire;
    struct slice locale; /* empty: every label in all its languages */
    const struct question *next;
    struct json_writer json;
};

static bool has(const struct json *object, struct slice name)
{
    return json_get(object, name) != NULL;
}

/* A text stands for every language, and counts as English. */
static void print_label(struct printing *printing, const struct json *label)
{
    bool is_text = json_kind_of(label) == JSON_KIND_TEXT;
    const struct json *own = json_get(label, printing->locale);

    if (printing->locale.len == 0) {
        if (!is_text) {
            json_write_json(&printing->json, label);
            return;
        }
        json_write_object(&printing->json);
        json_write_name(&printing->json, SLICE("en"));
        json_write_json(&printing->json, label);
        json_write_end(&printing->json);
        return;
    }
    if (!is_text) {
        label = own != NULL ? own : json_get(label, SLICE("en"));
    }
    json_write_json(&printing->json, label);
}

static void print_label_of(struct printing *printing, const struct json *object,
                           struct slice name)
{
    if (has(object, name)) {
        json_write_name(&printing->json, name);
        print_label(printing, json_get(object, name));
    }
}

static void print_text(struct printing *printing, struct slice name,
                       struct slice text)
{
    json_write_name(&printing->json, name);
    json_write_text(&printing->json, text);
}

static void print_number(struct printing *printing, struct slice name,
                         double number)
{
    json_write_name(&printing->json, name);
    json_write_number(&printing->json, number);
}

static void print_choice(struct printing *printing, const struct json *json,
                         const struct choice *choice)
{
    json_write_object(&printing->json);
    print_text(printing, SLICE("id"), choice->id);
    print_label_of(printing, json, SLICE("label"));
    print_label_of(printing, json, SLICE("help"));
    if (choice->level != LEVEL_NONE) {
        print_number(printing, SLICE("level"), choice->level);
    }
    json_write_end(&printing->json);
}

static void print_choices(struct printing *printing, const struct json *json,
                          const struct question *question)
{
    const struct json *choices = json_get(json, SLICE("choices"));

    json_write_name(&printing->json, SLICE("choices"));
    json_write_array(&printing->json);
    for (size_t i = 0; i < question->choice_count; i++) {
        print_choice(printing, json_at(choices, i), &question->choices[i]);
    }
    json_write_end(&printing->json);
}

static void print_rungs(struct printing *printing, const struct json *json)
{
    const struct json *rungs = json_get(json, SLICE("labels"));
    struct json_member member = {0};

    if (rungs == NULL) {
        return;
    }
    json_write_name(&printing->json, SLICE("labels"));
    json_write_object(&printing->json);
    while (json_next(rungs, &member)) {
        json_write_name(&printing->json, member.name);
        print_label(printing, member.value);
    }
    json_write_end(&printing->json);
}

/* What an answer may be, in the members of the question's kind. */
static void print_bounds(struct printing *printing, const struct json *json,
                         const struct question *question)
{
    switch (question->kind) {
    case QUESTION_MULTI:
        print_number(printing, SLICE("most"), (double)question->most);
        print_choices(printing, json, question);
        break;
    case QUESTION_SCALE:
    case QUESTION_NUMBER:
        print_number(printing, SLICE("min"), question->min);
        print_number(printing, SLICE("max"), question->max);
        print_rungs(printing, json);
        break;
    case QUESTION_TEXT:
        print_number(printing, SLICE("maxLength"), question->max);
        break;
    default:
        print_choices(printing, json, question);
        break;
    }
}

static void print_question(struct printing *printing, const struct json *json)
{
    const struct question *question = printing->next++;

    json_write_object(&printing->json);
    print_text(printing, SLICE("id"), question->id);
    json_write_name(&printing->json, SLICE("kind"));
    json_write_json(&printing->json, json_get(json, SLICE("kind")));
    print_label_of(printing, json, SLICE("label"));
    print_label_of(printing, json, SLICE("help"));
    print_label_of(printing, json, SLICE("why"));
    json_write_name(&printing->json, SLICE("required"));
    json_write_bool(&printing->json, question->required);
    if (question->axis.len > 0) {
        print_text(printing, SLICE("axis"), question->axis);
    }
    print_bounds(printing, json, question);
    json_write_end(&printing->json);
}

static void print_step(struct printing *printing, const struct json *json)
{
    const struct json *questions = json_get(json, SLICE("questions"));

    json_write_object(&printing->json);
    json_write_name(&printing->json, SLICE("id"));
    json_write_json(&printing->json, json_get(json, SLICE("id")));
    print_label_of(printing, json, SLICE("title"));
    print_label_of(printing, json, SLICE("help"));
    json_write_name(&printing->json, SLICE("questions"));
    json_write_array(&printing->json);
    for (size_t i = 0; i < json_count(questions); i++) {
        print_question(printing, json_at(questions, i));
    }
    json_write_end(&printing->json);
    json_write_end(&printing->json);
}

static void print_consent(struct printing *printing, const struct json *tree)
{
    const struct json *json = json_get(tree, SLICE("consent"));
    const struct questionnaire *questionnaire = printing->questionnaire;

    if (json == NULL) {
        return;
    }
    json_write_name(&printing->json, SLICE("consent"));
    json_write_object(&printing->json);
    print_text(printing, SLICE("version"), questionnaire->consent_version);
    print_label_of(printing, json, SLICE("text"));
    json_write_name(&printing->json, SLICE("required"));
    json_write_bool(&printing->json, questionnaire->consent_required);
    json_write_end(&printing->json);
}

/* Which languages there are; or the one that this page is in. */
static void print_languages(struct printing *printing)
{
    const struct reading *reading = printing->reading;

    if (printing->locale.len > 0) {
        print_text(printing, SLICE("locale"), printing->locale);
    }
    json_write_name(&printing->json, SLICE("locales"));
    json_write_array(&printing->json);
    for (size_t i = 0; i < reading->locale_count; i++) {
        json_write_text(&printing->json, reading->locales[i]);
    }
    json_write_end(&printing->json);
}

static void print_all(struct printing *printing, const struct json *tree)
{
    const struct json *steps = json_get(tree, SLICE("steps"));

    printing->next = printing->questionnaire->questions;
    json_write_object(&printing->json);
    print_text(printing, SLICE("id"), printing->questionnaire->id);
    print_text(printing, SLICE("version"), printing->questionnaire->version);
    print_languages(printing);
    print_label_of(printing, tree, SLICE("title"));
    json_write_name(&printing->json, SLICE("steps"));
    json_write_array(&printing->json);
    for (size_t i = 0; i < json_count(steps); i++) {
        print_step(printing, json_at(steps, i));
    }
    json_write_end(&printing->json);
    print_consent(printing, tree);
    json_write_end(&printing->json);
}

/* In one language, or with an empty locale in all; into the scratch arena. */
static enum status print(const struct reading *reading, const struct json *tree,
                         const struct questionnaire *questionnaire,
                         struct slice locale, struct slice *out)
{
    struct printing printing = {
        .reading = reading, .questionnaire = questionnaire, .locale = locale};
    struct buf buf;

    buf_init(&buf, reading->scratch, PAGE_MAX);
    json_writer_init(&printing.json, &buf);
    print_all(&printing, tree);
    return json_write_finish(&printing.json, out);
}

static enum status mark_of(struct arena *arena, struct slice text,
                           struct slice *out)
{
    unsigned char digest[SHA256_BYTES];
    struct buf buf;

    TRY(digest_sha256(text, digest));
    buf_init(&buf, arena, (size_t)2 * MARK_BYTES);
    hex_encode(&buf, slice_make(digest, MARK_BYTES));
    return buf_finish(&buf, out);
}

static enum status etag_of(struct arena *arena, struct slice text,
                           struct slice *out)
{
    struct slice mark;

    TRY(mark_of(arena, text, &mark));
    return arena_format(arena, out, "\"%.*s\"", SLICE_ARG(mark));
}

/* What stays: text and entity-tag. */
static enum status keep(struct arena *arena, struct slice text,
                        struct slice *json, struct slice *etag)
{
    TRY(etag_of(arena, text, etag));
    return slice_dup(arena, text, json);
}

static enum status print_pages(const struct reading *reading,
                               const struct json *tree,
                               struct questionnaire *out)
{
    struct questionnaire_page *pages = arena_alloc_zero(
        reading->arena, reading->locale_count * sizeof(*pages));

    TRY_ALLOC(pages);
    for (size_t i = 0; i < reading->locale_count; i++) {
        struct slice text;

        pages[i].locale = reading->locales[i];
        TRY(print(reading, tree, out, pages[i].locale, &text));
        TRY(keep(reading->arena, text, &pages[i].json, &pages[i].etag));
    }
    out->pages = pages;
    out->page_count = reading->locale_count;
    return STATUS_OK;
}

enum status questionnaire_print(const struct reading *reading,
                                const struct json *tree,
                                struct questionnaire *out)
{
    struct slice text;

    if (out->version.len == 0) {
        TRY(print(reading, tree, out, SLICE_EMPTY, &text));
        TRY(mark_of(reading->arena, text, &out->version));
    }
    TRY(print(reading, tree, out, SLICE_EMPTY, &text));
    TRY(keep(reading->arena, text, &out->json, &out->etag));
    return print_pages(reading, tree, out);
}
