/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever an author's file holds, it is refused in one short line that names
 * a line of it, or becomes a questionnaire whose pages are JSON and whose own
 * choices are accepted. Whatever answers hold, none that fits is a problem,
 * and each that does not is one until the list is full.
 */
#include "fuzz.h"

#include "crypto/init.h"
#include "reader/questionnaire_parts.h"

#define LINE_MAX ((size_t)1024)

static struct arena arena;

static const struct json *parse(struct slice text)
{
    const struct json_limits limits = {FUZZ_BUF, 1 << 20, false};
    const struct json *json = NULL;

    must_be_ok(json_parse(&arena, text, limits, &json));
    return json;
}

static void check_refusal(struct slice text, struct slice why)
{
    uint64_t lines = 1;
    struct slice number;
    uint64_t line;

    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n' ? 1 : 0;
    }
    must(slice_starts_with(why, SLICE("f:")) && why.len <= LINE_MAX);
    for (size_t i = 0; i < why.len; i++) {
        must((unsigned char)why.ptr[i] >= 0x20 && why.ptr[i] != 0x7f);
    }
    number = slice_from(why, 2);
    number = slice_head(number, slice_find(number, ':'));
    must(slice_to_u64(number, lines, &line) && line > 0);
}

static void check_question(const struct questionnaire *questionnaire,
                           const struct question *question)
{
    struct slice text;

    must(questionnaire_is_id(question->id));
    must(questionnaire_find(questionnaire, question->id) == question);
    must(question->least <= question->most);
    for (size_t i = 0; i < question->choice_count; i++) {
        int level;

        must_be_ok(arena_format(&arena, &text,
                                question->kind == QUESTION_MULTI ? "[\"%.*s\"]"
                                                                 : "\"%.*s\"",
                                SLICE_ARG(question->choices[i].id)));
        must(question_accepts(question, parse(text)));
        level = question_level(question, parse(text));
        must(level == question->choices[i].level);
        must(level >= LEVEL_NONE && level <= LEVEL_MAX);
    }
}

static void check_questionnaire(const struct questionnaire *questionnaire)
{
    must(questionnaire->count > 0 && questionnaire->count <= QUESTIONS_MAX);
    must(questionnaire->page_count > 0);
    must(questionnaire->page_count <= QUESTIONNAIRE_LOCALES_MAX);
    (void)parse(questionnaire->json);
    for (size_t i = 0; i < questionnaire->page_count; i++) {
        const struct questionnaire_page *page = &questionnaire->pages[i];

        (void)parse(page->json);
        must(questionnaire_page_of(questionnaire, page->locale)->json.len > 0);
    }
    for (size_t i = 0; i < questionnaire->count; i++) {
        check_question(questionnaire, &questionnaire->questions[i]);
    }
}

static void check_answers(const struct questionnaire *questionnaire,
                          const struct json *answers)
{
    struct json_member member = {0};
    struct problems problems;
    size_t misfits = 0;

    problems_init(&problems, &arena);
    must_be_ok(
        questionnaire_check(questionnaire, answers, SLICE("b."), &problems));
    while (json_next(answers, &member)) {
        const struct question *question =
            questionnaire_find(questionnaire, member.name);

        misfits +=
            question == NULL || !question_accepts(question, member.value);
    }
    if (json_kind_of(answers) != JSON_KIND_OBJECT) {
        misfits = 1;
    }
    must((misfits == 0) == (problems.count == 0));
    must(problems.count <= misfits);
}

static void check_file(struct slice text)
{
    struct questionnaire again;
    struct questionnaire out;
    struct slice why;

    if (questionnaire_load_text(SLICE("f"), text, &arena, &why, &out) !=
        STATUS_OK) {
        check_refusal(text, why);
        return;
    }
    check_questionnaire(&out);
    must_be_ok(questionnaire_load_text(SLICE("f"), text, &arena, &why, &again));
    must(slice_equal(out.json, again.json));
    must(slice_equal(out.version, again.version));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct questionnaire questionnaire;
    static struct arena kept;
    struct slice text = slice_make(data, size);
    const struct json *answers;
    struct slice why;

    if (questionnaire.count == 0) {
        must_be_ok(crypto_init());
        arena_init(&kept, QUESTIONNAIRE_MEMORY_MAX);
        must_be_ok(
            questionnaire_load(SLICE_EMPTY, &kept, &why, &questionnaire));
    }
    arena_init(&arena, FUZZ_ARENA);
    check_file(text);
    if (json_parse(&arena, text, JSON_LIMITS_DEFAULT, &answers) == STATUS_OK) {
        check_answers(&questionnaire, answers);
    }
    arena_release(&arena);
    return 0;
}
