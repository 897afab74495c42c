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
    double min; /* of a scale or number; of a text its length */
    double max;
    size_t most; /* of multi: how many at once */
};

struct questionnaire {
    struct slice version;             /* changes when its text does */
    struct slice json;                /* what GET /api/questionnaire answers */
    const struct question *questions; /* in the order they are asked */
    size_t count;
    struct slice consent_version; /* empty: nobody is asked for one */
    bool consent_required;
};

#define QUESTIONS_MAX     ((size_t)64)
#define QUESTION_ID_MAX   ((size_t)64)
#define QUESTION_TEXT_MAX ((size_t)4096)

/*
 * `name`: empty or "default", "seed-levels", "seed-contexts", or a file. On
 * failure *why is one line for the author: file, line, what and why.
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

/* 0 to 3 on the question's axis, or LEVEL_NONE. */
int question_level(const struct question *question, const struct json *answer);

#endif
