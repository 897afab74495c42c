/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The questions a reader is asked, as data: a JSON file an author edits, or
 * one of the built-in presets (docs/questionnaire.md).
 *
 * Read and checked once at start; immutable; all loops share it. Answers are
 * a JSON object, question id to value: a choice's id (single), an array of
 * them (multi), a whole number (scale), a number, or a text.
 *
 * An answer to a question that is no longer asked is kept, but counts for
 * nothing. An answer that was right once and is no longer (a choice that was
 * taken out) is kept too, and its question is asked again.
 */
#ifndef READER_QUESTIONNAIRE_H
#define READER_QUESTIONNAIRE_H

#include "base/problems.h"
#include "codec/json_read.h"
#include "codec/json_write.h"

enum question_kind {
    QUESTION_SINGLE,
    QUESTION_MULTI,
    QUESTION_SCALE,
    QUESTION_TEXT,
    QUESTION_NUMBER
};

/* A level without a rung: the choice says nothing about the axis. */
#define LEVEL_NONE (-1)
#define LEVEL_MAX  3

struct choice {
    struct slice id;
    int level; /* 0 to LEVEL_MAX on the question's axis, or LEVEL_NONE */
};

struct question {
    struct slice id;
    enum question_kind kind;
    bool required;     /* a profile without it is not complete */
    struct slice axis; /* "software"; empty: it measures nothing */
    const struct choice *choices;
    size_t choice_count;
    double min; /* of a scale or number; of a text its length, in UTF-16 */
    double max;
    size_t least; /* of multi: how many at once */
    size_t most;
};

/* All questions with their labels in one language, as JSON. */
struct questionnaire_page {
    struct slice locale;
    struct slice json;
    struct slice etag; /* with its quotes */
};

struct questionnaire {
    struct slice id;
    struct slice version; /* the author's, or made of the content */
    struct slice json;    /* what GET /api/questionnaire answers */
    struct slice etag;
    const struct questionnaire_page *pages; /* the first is "en" */
    size_t page_count;
    const struct question *questions; /* in the order they are asked */
    size_t count;
    struct slice consent_version; /* empty: nobody is asked for one */
    bool consent_required;
};

/* Of a file. More questions than these nobody answers. */
#define QUESTIONNAIRE_FILE_MAX    ((size_t)131072)
#define QUESTIONNAIRE_STEPS_MAX   ((size_t)16)
#define QUESTIONNAIRE_LOCALES_MAX ((size_t)8)
#define QUESTIONS_MAX             ((size_t)64)
#define QUESTION_CHOICES_MAX      ((size_t)64)
#define QUESTION_ID_MAX           ((size_t)64)
/* What a question is asked with, and its help or reason, in bytes. */
#define QUESTION_LABEL_MAX ((size_t)400)
#define QUESTION_HELP_MAX  ((size_t)2000)
/* A text answer: in bytes, and the longest an author may allow, in UTF-16. */
#define QUESTION_TEXT_MAX   ((size_t)4096)
#define QUESTION_LENGTH_MAX (QUESTION_TEXT_MAX / 4)

/* An arena of this size holds any questionnaire. */
#define QUESTIONNAIRE_MEMORY_MAX ((size_t)4 << 20)

/*
 * After crypto_init. `name`: empty or "default", "seed-levels",
 * "seed-contexts", or a file. On failure *why is one line for the author:
 * file, line, what and why.
 */
MUST_USE enum status questionnaire_load(struct slice name, struct arena *arena,
                                        struct slice *why,
                                        struct questionnaire *out);

/* NULL when it is not asked. */
const struct question *
questionnaire_find(const struct questionnaire *questionnaire, struct slice id);

/*
 * Every member of `answers` against its question; each that is unknown, null
 * or wrong becomes a problem under `prefix` + id, and says what is allowed.
 * The answers are good when no problem was added.
 */
MUST_USE enum status
questionnaire_check(const struct questionnaire *questionnaire,
                    const struct json *answers, struct slice prefix,
                    struct problems *problems);

/* Whether one stored answer still fits its question. */
bool question_accepts(const struct question *question,
                      const struct json *answer);

/* Every required question has an answer that fits. `answers` may be NULL. */
bool questionnaire_is_complete(const struct questionnaire *questionnaire,
                               const struct json *answers);

/*
 * 0 to 3 on the question's axis, or LEVEL_NONE. Of several choices the highest
 * counts; a scale is spread over the ladder.
 */
int question_level(const struct question *question, const struct json *answer);

/* The same for an axis: the first of its questions that says something. */
int questionnaire_level(const struct questionnaire *questionnaire,
                        const struct json *answers, struct slice axis);

/*
 * Arrays of ids: the questions without an answer that fits, in the order they
 * are asked; and the answers to what is asked no more. `answers` may be NULL.
 */
void questionnaire_write_open_questions(
    const struct questionnaire *questionnaire, const struct json *answers,
    struct json_writer *json);
void questionnaire_write_unused_answers(
    const struct questionnaire *questionnaire, const struct json *answers,
    struct json_writer *json);

/* In the language asked for ("ur", "ur-PK"), or else in English. */
const struct questionnaire_page *
questionnaire_page_of(const struct questionnaire *questionnaire,
                      struct slice locale);

#endif
