/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/utf8.h"
#include "reader/questionnaire.h"

#include <math.h>
#include <stdio.h>

/* Of a value that was sent, shown again; and of the list of what may be. */
#define SHOWN_MAX ((size_t)40)
#define LIST_MAX  ((size_t)320)
/* Both, and the words around them. */
#define MESSAGE_MAX ((size_t)512)

enum misfit {
    FITS,
    OF_ANOTHER_KIND,
    UNKNOWN_CHOICE,
    CHOSEN_TWICE,
    TOO_FEW,
    TOO_MANY,
    OUT_OF_BOUNDS,
    EMPTY,
    TOO_LONG
};

static bool has_choice(const struct question *question, struct slice id)
{
    for (size_t i = 0; i < question->choice_count; i++) {
        if (slice_equal(question->choices[i].id, id)) {
            return true;
        }
    }
    return false;
}

/* *shown is the text that is no choice, or that is there twice. */
static enum misfit misfit_of_choice(const struct question *question,
                                    const struct json *answer,
                                    struct slice *shown)
{
    if (json_text(answer, shown) != STATUS_OK) {
        return OF_ANOTHER_KIND;
    }
    return has_choice(question, *shown) ? FITS : UNKNOWN_CHOICE;
}

static bool is_before(const struct json *array, size_t end, struct slice text)
{
    for (size_t i = 0; i < end; i++) {
        struct slice other = SLICE_EMPTY;

        if (json_text(json_at(array, i), &other) == STATUS_OK &&
            slice_equal(other, text)) {
            return true;
        }
    }
    return false;
}

/* The count is looked at first: it bounds what comes after. */
static enum misfit misfit_of_choices(const struct question *question,
                                     const struct json *answer,
                                     struct slice *shown)
{
    size_t count = json_count(answer);

    if (json_kind_of(answer) != JSON_KIND_ARRAY) {
        return OF_ANOTHER_KIND;
    }
    if (count < question->least) {
        return TOO_FEW;
    }
    if (count > question->most) {
        return TOO_MANY;
    }
    for (size_t i = 0; i < count; i++) {
        enum misfit misfit =
            misfit_of_choice(question, json_at(answer, i), shown);

        if (misfit != FITS) {
            return misfit;
        }
        if (is_before(answer, i, *shown)) {
            return CHOSEN_TWICE;
        }
    }
    return FITS;
}

static bool is_whole(double value)
{
    return !((double)(int64_t)value < value);
}

/* 3.0 is whole: some languages print it so. */
static enum misfit misfit_of_number(const struct question *question,
                                    const struct json *answer)
{
    double value = 0;

    if (json_number(answer, &value) != STATUS_OK || !isfinite(value)) {
        return OF_ANOTHER_KIND;
    }
    if (value < question->min || value > question->max) {
        return OUT_OF_BOUNDS;
    }
    return question->kind == QUESTION_SCALE && !is_whole(value)
               ? OF_ANOTHER_KIND
               : FITS;
}

static enum misfit misfit_of_text(const struct question *question,
                                  const struct json *answer)
{
    struct slice text = SLICE_EMPTY;

    if (json_text(answer, &text) != STATUS_OK) {
        return OF_ANOTHER_KIND;
    }
    if (text.len == 0) {
        return EMPTY;
    }
    return text.len > QUESTION_TEXT_MAX ||
                   (double)utf8_count_utf16(text) > question->max
               ? TOO_LONG
               : FITS;
}

static enum misfit misfit_of(const struct question *question,
                             const struct json *answer, struct slice *shown)
{
    switch (question->kind) {
    case QUESTION_SINGLE:
        return misfit_of_choice(question, answer, shown);
    case QUESTION_MULTI:
        return misfit_of_choices(question, answer, shown);
    case QUESTION_TEXT:
        return misfit_of_text(question, answer);
    default:
        return misfit_of_number(question, answer);
    }
}

bool question_accepts(const struct question *question,
                      const struct json *answer)
{
    struct slice shown;

    return answer != NULL && misfit_of(question, answer, &shown) == FITS;
}

/* "a, b, c", or as many as fit "and 12 more". */
struct words {
    char bytes[LIST_MAX];
    size_t len;
    size_t left_out;
};

static void add_word(struct words *words, struct slice word)
{
    if (words->left_out > 0 ||
        word.len + 2 > sizeof(words->bytes) - words->len) {
        words->left_out++;
        return;
    }
    if (words->len > 0) {
        memcpy(words->bytes + words->len, ", ", 2);
        words->len += 2;
    }
    memcpy(words->bytes + words->len, word.ptr, word.len);
    words->len += word.len;
}

static void add_words(struct words *words, const struct question *question)
{
    for (size_t i = 0; i < question->choice_count; i++) {
        add_word(words, question->choices[i].id);
    }
}

struct checking {
    struct problems *problems;
    struct slice prefix;
    struct slice id;
};

static enum status add_problem(const struct checking *checking,
                               struct slice text)
{
    char name[2 * PROBLEM_NAME_MAX];
    struct slice prefix = slice_head(checking->prefix, PROBLEM_NAME_MAX);
    struct slice id =
        utf8_truncate(checking->id, PROBLEM_NAME_MAX - prefix.len);

    memcpy(name, prefix.ptr, prefix.len);
    memcpy(name + prefix.len, id.ptr, id.len);
    return problems_add(checking->problems,
                        slice_make(name, prefix.len + id.len), "%.*s",
                        SLICE_ARG(text));
}

/* "must be one of: beginner, intermediate, expert" */
static void say_choices(struct buf *out, const char *lead,
                        const struct question *question)
{
    struct words words = {.len = 0};

    add_words(&words, question);
    buf_format(out, "%s: %.*s", lead, (int)words.len, words.bytes);
    if (words.left_out > 0) {
        buf_format(out, " and %zu more", words.left_out);
    }
}

/* A list of choices that is wrong as a whole. */
static void say_list(struct buf *out, enum misfit misfit,
                     const struct question *question)
{
    if (misfit == TOO_FEW) {
        say_choices(out, "at least one must be chosen of", question);
        return;
    }
    if (misfit == TOO_MANY) {
        char lead[64];

        (void)snprintf(lead, sizeof(lead), "at most %zu may be chosen of",
                       question->most);
        say_choices(out, lead, question);
        return;
    }
    say_choices(out, "must be a list of", question);
}

static void say_kind(struct buf *out, enum misfit misfit,
                     const struct question *question)
{
    switch (question->kind) {
    case QUESTION_SINGLE:
        say_choices(out, "must be one of", question);
        break;
    case QUESTION_MULTI:
        say_list(out, misfit, question);
        break;
    case QUESTION_TEXT:
        buf_format(out,
                   "must be text of at least 1 and at most %.0f characters",
                   question->max);
        break;
    case QUESTION_SCALE:
        buf_format(out, "must be a whole number from %.0f to %.0f",
                   question->min, question->max);
        break;
    default:
        buf_add(out, SLICE("must be a number from "));
        json_number_print(out, question->min);
        buf_add(out, SLICE(" to "));
        json_number_print(out, question->max);
        break;
    }
}

/* What is wrong with the answer, and what is allowed. */
static void say(struct buf *out, enum misfit misfit,
                const struct question *question, struct slice shown)
{
    shown = utf8_truncate(shown, SHOWN_MAX);
    switch (misfit) {
    case UNKNOWN_CHOICE:
        buf_format(out, "\"%.*s\" is ", SLICE_ARG(shown));
        say_choices(out, "not one of", question);
        break;
    case CHOSEN_TWICE:
        buf_format(out, "\"%.*s\" is there twice; each once of",
                   SLICE_ARG(shown));
        say_choices(out, "", question);
        break;
    case EMPTY:
        buf_add(out, SLICE("is empty; it "));
        say_kind(out, misfit, question);
        break;
    case TOO_LONG:
        buf_add(out, SLICE("is too long; it "));
        say_kind(out, misfit, question);
        break;
    default:
        say_kind(out, misfit, question);
        break;
    }
}

static enum status check_answer(const struct checking *checking,
                                const struct question *question,
                                const struct json *answer)
{
    struct slice shown = SLICE_EMPTY;
    enum misfit misfit = misfit_of(question, answer, &shown);
    struct slice text;
    struct buf buf;

    if (misfit == FITS) {
        return STATUS_OK;
    }
    buf_init(&buf, checking->problems->arena, MESSAGE_MAX);
    if (json_kind_of(answer) == JSON_KIND_NULL) {
        buf_add(&buf, SLICE("null is no answer; it "));
    }
    say(&buf, misfit, question, shown);
    TRY(buf_finish(&buf, &text));
    return add_problem(checking, text);
}

static enum status refuse_unknown(const struct checking *checking,
                                  const struct questionnaire *questionnaire)
{
    struct words words = {.len = 0};
    struct slice text;

    for (size_t i = 0; i < questionnaire->count; i++) {
        add_word(&words, questionnaire->questions[i].id);
    }
    TRY(arena_format(checking->problems->arena, &text,
                     "is not asked; there is: %.*s%s", (int)words.len,
                     words.bytes, words.left_out > 0 ? " and more" : ""));
    return add_problem(checking, text);
}

enum status questionnaire_check(const struct questionnaire *questionnaire,
                                const struct json *answers, struct slice prefix,
                                struct problems *problems)
{
    struct checking checking = {.problems = problems, .prefix = prefix};
    struct json_member member = {0};

    if (json_kind_of(answers) != JSON_KIND_OBJECT) {
        checking.id = SLICE("answers");
        return add_problem(&checking,
                           SLICE("must be an object, question id to answer"));
    }
    while (problems->count < PROBLEMS_MAX && json_next(answers, &member)) {
        const struct question *question =
            questionnaire_find(questionnaire, member.name);

        checking.id = member.name;
        TRY(question == NULL ? refuse_unknown(&checking, questionnaire)
                             : check_answer(&checking, question, member.value));
    }
    return STATUS_OK;
}
