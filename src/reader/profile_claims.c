/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/profile.h"

#include "codec/json_write.h"
#include "reader/questionnaire.h"

/* A token travels in a header with every request. */
#define CLAIMS_MAX ((size_t)2048)

struct named {
    const struct question *questions[QUESTIONS_MAX];
};

static enum status refuse(struct arena *arena, struct slice *why,
                          const char *format, struct slice id)
{
    TRY(arena_format(arena, why, format, SLICE_ARG(id)));
    return STATUS_INVALID_VALUE;
}

static bool is_named(const struct reader *reader, struct slice id)
{
    for (size_t i = 0; i < reader->claim_count; i++) {
        if (slice_equal(reader->claims[i]->id, id)) {
            return true;
        }
    }
    return false;
}

enum status profile_claims_name(struct reader *reader, struct slice list,
                                struct arena *arena, struct slice *why)
{
    struct slice rest = list;
    const struct question *question;
    struct named *named = ARENA_NEW(arena, struct named);
    struct slice id;

    reader->claim_count = 0;
    if (slice_trim(list).len == 0) {
        return STATUS_OK;
    }
    TRY_ALLOC(named);
    reader->claims = named->questions;
    while (slice_split(&rest, ',', &id)) {
        id = slice_trim(id);
        question = questionnaire_find(reader->questionnaire, id);
        if (question == NULL) {
            return refuse(arena, why,
                          "JWT_ANSWERS: the questionnaire has no question "
                          "'%.*s'",
                          slice_head(id, QUESTION_ID_MAX));
        }
        if (is_named(reader, id)) {
            return refuse(arena, why, "JWT_ANSWERS: '%.*s' is named twice", id);
        }
        named->questions[reader->claim_count++] = question;
    }
    return STATUS_OK;
}

/* Empty: there is none that fits. */
static enum status print_answer(const struct question *question,
                                const struct profile *profile,
                                struct arena *arena, struct slice *out)
{
    const struct json *answer = json_get(profile->answers, question->id);
    struct json_writer json;
    enum status status;
    struct buf buf;

    *out = SLICE_EMPTY;
    if (answer == NULL || !question_accepts(question, answer)) {
        return STATUS_OK;
    }
    buf_init(&buf, arena, CLAIMS_MAX);
    json_writer_init(&json, &buf);
    json_write_json(&json, answer);
    status = json_write_finish(&json, out);
    return status == STATUS_TOO_LARGE ? STATUS_OK : status;
}

enum status profile_claims(const struct reader *reader,
                           const struct profile *profile, struct arena *arena,
                           struct slice *out)
{
    size_t left = CLAIMS_MAX;
    struct json_writer json;
    struct slice text;
    struct buf buf;

    *out = SLICE_EMPTY;
    if (reader->claim_count == 0) {
        return STATUS_OK;
    }
    buf_init(&buf, arena, 2 * CLAIMS_MAX);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    for (size_t i = 0; i < reader->claim_count; i++) {
        struct slice id = reader->claims[i]->id;

        TRY(print_answer(reader->claims[i], profile, arena, &text));
        if (text.len > 0 && text.len + id.len <= left) {
            left -= text.len + id.len;
            json_write_name(&json, id);
            json_write_raw(&json, text);
        }
    }
    json_write_end(&json);
    return json_write_finish(&json, out);
}
