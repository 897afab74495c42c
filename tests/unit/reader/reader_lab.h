/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers on a real database: accounts as in people_lab.h, a vault, and a
 * small questionnaire that a test may change.
 */
#ifndef TESTS_UNIT_READER_READER_LAB_H
#define TESTS_UNIT_READER_READER_LAB_H

#include "../auth/people_lab.h"

#include "codec/json_read.h"
#include "reader/questionnaire.h"
#include "reader/reader.h"
#include "reader/vault.h"

#define LAB_QUESTIONS 4

static const struct choice lab_choices[] = {
    {SLICE_INIT("none"), 0},
    {SLICE_INIT("basic"), 1},
    {SLICE_INIT("advanced"), 3},
};
static struct question lab_questions[LAB_QUESTIONS];
static struct questionnaire lab_questionnaire;
static struct reader reader;

static inline struct question lab_question(struct slice id,
                                           enum question_kind kind)
{
    return (struct question){.id = id,
                             .kind = kind,
                             .choices = lab_choices,
                             .choice_count = 3,
                             .min = 0,
                             .max = 1e300,
                             .most = 3};
}

/* software, hardware, goal, years */
static inline void reader_ask(void)
{
    lab_questions[0] = lab_question(SLICE("software"), QUESTION_SINGLE);
    lab_questions[1] = lab_question(SLICE("hardware"), QUESTION_SINGLE);
    lab_questions[2] = lab_question(SLICE("goal"), QUESTION_TEXT);
    lab_questions[3] = lab_question(SLICE("years"), QUESTION_NUMBER);
    lab_questionnaire = (struct questionnaire){.version = SLICE("1"),
                                               .json = SLICE("{}"),
                                               .questions = lab_questions,
                                               .count = LAB_QUESTIONS,
                                               .consent_version = SLICE_EMPTY};
}

static inline int reader_set_up(void **state)
{
    const struct vault_settings settings = {.store = NULL,
                                            .master = {.secret = LAB_SECRET}};
    struct vault_settings whole = settings;
    struct slice why = SLICE_EMPTY;

    if (people_set_up(state) != 0) {
        return -1;
    }
    reader_ask();
    whole.store = world.store;
    reader =
        (struct reader){.auth = &auth, .questionnaire = &lab_questionnaire};
    check_ok(vault_new(&whole, &world.kept, &why, &reader.vault));
    return 0;
}

static inline int reader_tear_down(void **state)
{
    vault_free(reader.vault);
    return people_tear_down(state);
}

static inline const struct json *reader_json(struct slice text)
{
    const struct json *json = NULL;

    check_ok(json_parse(
        &world.arena, text,
        (struct json_limits){.bytes = (size_t)1 << 20, .values = 65536},
        &json));
    return json;
}

#define WITH_READERS(test)                                                     \
    cmocka_unit_test_setup_teardown(test, reader_set_up, reader_tear_down)

#endif
