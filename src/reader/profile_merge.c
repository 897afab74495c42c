/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/profile_parts.h"

#include "codec/json_write.h"
#include "reader/questionnaire.h"

#include <math.h>
#include <stdio.h>

/* Of the browsers' names, quoted: sixteen and some escapes. */
#define MERGES_BYTES_MAX ((size_t)16384)
/* Of questions' names; the audit keeps the beginning. */
#define NAMES_BYTES_MAX (2 * AUDIT_DETAIL_MAX)
/* JavaScript prints a number from here on without an exponent (up to 1e21),
 * and an integer beyond int64 is refused when it is read again. */
#define NUMBER_PLAIN_MAX 1e15

struct merger {
    const struct questionnaire *questionnaire;
    const struct json *old;
    const struct profile_change *change;
    struct arena *arena;
    bool is_merged; /* this browser's answers are in there already */
    bool adds;      /* an answer is stored that was not there before */
    size_t count;
    struct buf after_buf;
    struct buf changes_buf;
    struct buf names;
    struct json_writer after;
    struct json_writer changes;
};

static bool names(const struct json *array, struct slice id)
{
    struct slice text;

    for (size_t i = 0; i < json_count(array); i++) {
        if (json_text(json_at(array, i), &text) == STATUS_OK &&
            slice_equal(text, id)) {
            return true;
        }
    }
    return false;
}

/* A guest's answer never takes the place of one that counts. */
static bool takes(const struct merger *merger, const struct question *question,
                  const struct json *had)
{
    if (merger->change->merge.len == 0) {
        return true;
    }
    return !merger->is_merged &&
           (had == NULL ||
            (question != NULL && !question_accepts(question, had)));
}

/* NULL: no answer. */
static const struct json *answer_to(const struct merger *merger,
                                    const struct question *question,
                                    struct slice id)
{
    const struct json *had = json_get(merger->old, id);
    const struct json *given = json_get(merger->change->answers, id);

    if (given != NULL && takes(merger, question, had)) {
        return given;
    }
    return names(merger->change->remove, id) ? NULL : had;
}

static void write_value(struct json_writer *json, const struct json *value)
{
    char text[32];
    double number;

    if (value == NULL) {
        json_write_null(json);
        return;
    }
    if (json_kind_of(value) == JSON_KIND_REAL &&
        json_number(value, &number) == STATUS_OK &&
        fabs(number) >= NUMBER_PLAIN_MAX) {
        int len = snprintf(text, sizeof(text), "%.17g", number);

        json_write_raw(json, slice_make(text, (size_t)len));
        return;
    }
    json_write_json(json, value);
}

/* By their text: 1 and 1.0 are the same answer. */
static enum status is_same(const struct merger *merger, const struct json *a,
                           const struct json *b, bool *same)
{
    const struct json *both[] = {a, b};
    struct slice texts[2];

    *same = a == b;
    if (a == NULL || b == NULL || a == b) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < 2; i++) {
        struct json_writer json;
        struct buf buf;

        buf_init(&buf, merger->arena, PROFILE_ANSWERS_MAX);
        json_writer_init(&json, &buf);
        write_value(&json, both[i]);
        TRY(json_write_finish(&json, &texts[i]));
    }
    *same = slice_equal(texts[0], texts[1]);
    return STATUS_OK;
}

static enum status write_answer(struct merger *merger,
                                const struct question *question,
                                struct slice id)
{
    const struct json *had = json_get(merger->old, id);
    const struct json *now = answer_to(merger, question, id);
    bool same;

    if (now != NULL) {
        json_write_name(&merger->after, id);
        write_value(&merger->after, now);
    }
    TRY(is_same(merger, had, now, &same));
    if (same) {
        return STATUS_OK;
    }
    merger->adds = merger->adds || now != NULL;
    json_write_name(&merger->changes, id);
    json_write_array(&merger->changes);
    write_value(&merger->changes, had);
    write_value(&merger->changes, now);
    json_write_end(&merger->changes);
    if (merger->names.len <= AUDIT_DETAIL_MAX) {
        buf_add(&merger->names, merger->count > 0 ? SLICE(", ") : SLICE_EMPTY);
        buf_add(&merger->names, id);
    }
    merger->count++;
    return STATUS_OK;
}

/* First what is asked, in its order; then what no longer is, as it stood. */
static enum status write_answers(struct merger *merger)
{
    const struct questionnaire *questionnaire = merger->questionnaire;
    struct json_member member = {0};

    for (size_t i = 0; i < questionnaire->count; i++) {
        const struct question *question = &questionnaire->questions[i];

        TRY(write_answer(merger, question, question->id));
    }
    while (json_next(merger->old, &member)) {
        if (questionnaire_find(questionnaire, member.name) == NULL) {
            TRY(write_answer(merger, NULL, member.name));
        }
    }
    return STATUS_OK;
}

/* The browser's name behind the others, the oldest away. */
static enum status write_merges(const struct merger *merger,
                                const struct json *old, struct slice *out)
{
    size_t count = json_count(old);
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, merger->arena, MERGES_BYTES_MAX);
    json_writer_init(&json, &buf);
    json_write_array(&json);
    for (size_t i = count < PROFILE_MERGES_MAX ? 0 : 1; i < count; i++) {
        json_write_json(&json, json_at(old, i));
    }
    json_write_text(&json, merger->change->merge);
    json_write_end(&json);
    return json_write_finish(&json, out);
}

static enum status merge_answers(struct merger *merger,
                                 struct profile_delta *out)
{
    buf_init(&merger->after_buf, merger->arena, PROFILE_ANSWERS_MAX);
    buf_init(&merger->changes_buf, merger->arena, PROFILE_CHANGES_LIMITS.bytes);
    buf_init(&merger->names, merger->arena, NAMES_BYTES_MAX);
    json_writer_init(&merger->after, &merger->after_buf);
    json_writer_init(&merger->changes, &merger->changes_buf);
    json_write_object(&merger->after);
    json_write_object(&merger->changes);
    TRY(write_answers(merger));
    json_write_end(&merger->after);
    json_write_end(&merger->changes);
    TRY(json_write_finish(&merger->after, &out->json));
    TRY(json_write_finish(&merger->changes, &out->changes));
    TRY(buf_finish(&merger->names, &out->names));
    out->count = merger->count;
    return STATUS_OK;
}

static bool lacks_consent(const struct merger *merger,
                          const struct profile *old)
{
    const struct questionnaire *asked = merger->questionnaire;

    return merger->adds && asked->consent_required &&
           !slice_equal(merger->change->consent, asked->consent_version) &&
           !slice_equal(old->consent_version, asked->consent_version);
}

enum status profile_merge(const struct questionnaire *questionnaire,
                          const struct profile *old,
                          const struct profile_change *change,
                          struct arena *arena, struct profile_delta *out)
{
    struct merger merger = {.questionnaire = questionnaire,
                            .old = old->answers,
                            .change = change,
                            .arena = arena};
    const struct json *merges;

    *out =
        (struct profile_delta){.merges = old->merges, .consent = SLICE_EMPTY};
    TRY(json_parse(arena, old->merges, JSON_LIMITS_DEFAULT, &merges));
    merger.is_merged = change->merge.len > 0 && names(merges, change->merge);
    TRY(merge_answers(&merger, out));
    if (lacks_consent(&merger, old)) {
        return STATUS_CONSENT_REQUIRED;
    }
    if (change->merge.len > 0 && !merger.is_merged) {
        TRY(write_merges(&merger, merges, &out->merges));
        out->is_change = true;
    }
    if (!slice_equal(change->consent, old->consent_version)) {
        out->consent = change->consent;
    }
    out->is_change = out->is_change || out->count > 0 || out->consent.len > 0;
    return STATUS_OK;
}
