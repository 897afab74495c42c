/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that read a questionnaire share; nobody else includes it.
 *
 * Reading walks a tree that knows no lines, so each step down keeps a place on
 * the stack: where in the tree it stands. Only when something is wrong is the
 * text searched for the line of that place.
 */
#ifndef READER_QUESTIONNAIRE_PARTS_H
#define READER_QUESTIONNAIRE_PARTS_H

#include "reader/questionnaire.h"

struct place {
    const struct place *up; /* NULL: the whole text */
    const struct json *json;
    struct slice name; /* of this member of `up`, when that is an object */
    size_t index;      /* in `up`, when that is an array */
    /* How a sentence calls it: "question"; NULL: not at all. */
    const char *noun;
    struct slice id; /* empty: not known, and counted by its index */
};

/* The line, from 1, on which the place begins; a member at its name. */
size_t questionnaire_line_of(struct slice text, const struct place *place);

struct fault {
    size_t line;
    struct slice reason; /* continues "the text ..." */
};

/*
 * What is not JSON in `text`, which json_parse refused. False when all of it
 * looks right: then only a limit can have been passed.
 */
MUST_USE enum status questionnaire_fault_find(struct arena *arena,
                                              struct slice text, bool *found,
                                              struct fault *out);

struct reading {
    struct slice file; /* for people */
    struct slice text;
    struct arena *arena;   /* of what stays */
    struct arena *scratch; /* of what goes with the reading */
    struct slice *why;     /* in `arena` */
    struct slice locales[QUESTIONNAIRE_LOCALES_MAX]; /* the first is "en" */
    size_t locale_count;
    struct question *questions; /* room for QUESTIONS_MAX */
    size_t count;
};

/*
 * STATUS_INVALID_VALUE with *why "FILE:LINE: SUBJECT MESSAGE"; the subject is
 * the place in words, as in 'question "gpu": choice "yes"', and the line that
 * of the place's `member`, when there is one of that name.
 */
enum status questionnaire_refuse(const struct reading *reading,
                                 const struct place *place, struct slice member,
                                 const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* At most 40 bytes of a text, fit to be shown on a line. */
struct slice questionnaire_shown(const struct reading *reading,
                                 struct slice text);

/* One member; *there is false, and nothing wrong, when it is missing. */
MUST_USE enum status questionnaire_read_bool(const struct reading *reading,
                                             const struct place *place,
                                             struct slice name, bool *out);
/* A whole number from min to max, when it is there. */
struct whole_bounds {
    int64_t min;
    int64_t max;
};
MUST_USE enum status questionnaire_read_whole(const struct reading *reading,
                                              const struct place *place,
                                              struct slice name,
                                              struct whole_bounds bounds,
                                              int64_t *out);
/* The id of the place itself, which it must have; a copy that stays. */
MUST_USE enum status questionnaire_read_id(const struct reading *reading,
                                           struct place *place);
bool questionnaire_is_id(struct slice text);

/* A text, or an object of one for each language, with "en" at least. */
struct label_rule {
    struct slice name;
    size_t max;
    bool required;
};
MUST_USE enum status questionnaire_read_label(struct reading *reading,
                                              const struct place *place,
                                              struct label_rule rule);

MUST_USE enum status questionnaire_read_object(const struct reading *reading,
                                               const struct place *place);
/* Of an object: nothing but these, separated by spaces. */
MUST_USE enum status questionnaire_read_members(const struct reading *reading,
                                                const struct place *place,
                                                const char *known);
/* A list of at least one and at most `max`. */
MUST_USE enum status questionnaire_read_list(const struct reading *reading,
                                             struct place *list, size_t max);

/* One question, appended to reading->questions. */
MUST_USE enum status questionnaire_read_question(struct reading *reading,
                                                 struct place *place);

/* The whole text. *tree lives as long as the scratch arena. */
MUST_USE enum status questionnaire_read(struct reading *reading,
                                        const struct json **tree,
                                        struct questionnaire *out);

/* The texts of the answer, with version and entity-tags. */
MUST_USE enum status questionnaire_print(const struct reading *reading,
                                         const struct json *tree,
                                         struct questionnaire *out);

/* As questionnaire_load, of a text that is there already. */
MUST_USE enum status questionnaire_load_text(struct slice name,
                                             struct slice text,
                                             struct arena *arena,
                                             struct slice *why,
                                             struct questionnaire *out);

/* What is built in; the first is the default. */
struct questionnaire_preset {
    struct slice name;
    struct slice text;
};
extern const struct questionnaire_preset questionnaire_presets[];
extern const size_t questionnaire_preset_count;

#endif
