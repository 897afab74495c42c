/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/profile_answer.h"

#include "api/rest/background.h"
#include "http/conditional.h"
#include "reader/profile.h"
#include "reader/questionnaire.h"

/* What is asked differs as soon as these characters of its tag do. */
#define QUESTIONS_TAG_MAX ((size_t)16)

static const struct shape nullable_text_shape = {
    .kind = SHAPE_TEXT, .max = 8192, .nullable = true};
static const struct shape nullable_time_shape = {
    .kind = SHAPE_TEXT, .format = FORMAT_TIME, .nullable = true};
static const struct shape ids_shape = {.kind = SHAPE_ARRAY, .of = &shape_text};
/* By axis: 0 to 3, or null. */
static const struct shape levels_shape = {.kind = SHAPE_OBJECT, .open = true};

static const struct shape question_id_shape = {
    .kind = SHAPE_TEXT, .min = 1, .max = QUESTION_ID_MAX};
const struct shape profile_remove_shape = {
    .kind = SHAPE_ARRAY, .max = 256, .of = &question_id_shape};

static const struct shape_field user_fields[] = {
    {SLICE_INIT("id"), &shape_text, true, SLICE_INIT("The account.")},
    {SLICE_INIT("email"), &shape_email, true, SLICE_INIT("Its address.")},
    {SLICE_INIT("name"), &shape_text, true,
     SLICE_INIT("What the reader is called.")},
    {SLICE_INIT("image"), &nullable_text_shape, true,
     SLICE_INIT("The URL of a picture, or null.")},
    {SLICE_INIT("email_verified"), &shape_flag, true,
     SLICE_INIT("Whether the address was proved.")},
    {SLICE_INIT("role"), &nullable_text_shape, true,
     SLICE_INIT("The roles, separated by commas, or null.")},
};

static const struct shape user_shape = {SHAPE_OF(user_fields),
                                        .name = SLICE_INIT("ProfileUser")};

static const struct shape_field consent_fields[] = {
    {SLICE_INIT("version"), &shape_text, true,
     SLICE_INIT("The version of the text that was agreed to.")},
    {SLICE_INIT("accepted_at"), &shape_time, true, SLICE_INIT("When.")},
};

static const struct shape consent_shape = {SHAPE_OF(consent_fields),
                                           .nullable = true,
                                           .name = SLICE_INIT("ConsentGiven")};

static const struct shape_field profile_fields[] = {
    {SLICE_INIT("user"), &user_shape, true, SLICE_INIT("Whose it is.")},
    {SLICE_INIT("answers"), &shape_answers, true,
     SLICE_INIT("The answers to what is asked now, by the question's id.")},
    {SLICE_INIT("unused"), &shape_any, true,
     SLICE_INIT("Answers to questions that are asked no more, likewise.")},
    {SLICE_INIT("complete"), &shape_flag, true,
     SLICE_INIT("Whether every required question has an answer that fits.")},
    {SLICE_INIT("open"), &ids_shape, true,
     SLICE_INIT("The questions that have none, in the order they are asked.")},
    {SLICE_INIT("levels"), &levels_shape, true,
     SLICE_INIT("For each axis 0 to 3, or null where nothing is known.")},
    {SLICE_INIT("version"), &shape_count, true,
     SLICE_INIT("Counts the changes; 0: nothing was ever answered.")},
    {SLICE_INIT("questionnaire"), &shape_text, true,
     SLICE_INIT("The version of the questionnaire that is asked.")},
    {SLICE_INIT("consent"), &consent_shape, true,
     SLICE_INIT("What the reader agreed to, or null.")},
    {SLICE_INIT("profile_updated"), &nullable_time_shape, true,
     SLICE_INIT("When an answer last changed, or null.")},
    {SLICE_INIT("created_at"), &shape_time, true,
     SLICE_INIT("When the account was made.")},
    {SLICE_INIT("updated_at"), &shape_time, true,
     SLICE_INIT("When account or answers last changed.")},
};

const struct shape profile_shape = {SHAPE_OF(profile_fields),
                                    .name = SLICE_INIT("Profile")};
const struct shape profile_or_null_shape = {
    SHAPE_OF(profile_fields), .nullable = true,
    .name = SLICE_INIT("ProfileOrNull")};

static void write_text(struct json_writer *json, struct slice name,
                       struct slice text)
{
    json_write_name(json, name);
    json_write_text(json, text);
}

static void write_column(struct json_writer *json, struct slice name,
                         const struct record *user, size_t column)
{
    json_write_name(json, name);
    if (column == COLUMN_NONE || record_is_null(user, column)) {
        json_write_null(json);
    } else {
        json_write_text(json, record_text(user, column));
    }
}

static void write_user(const struct rest *rest, struct json_writer *json,
                       const struct record *user)
{
    json_write_name(json, SLICE("user"));
    json_write_object(json);
    write_text(json, SLICE("id"), record_text(user, USER_ID));
    write_text(json, SLICE("email"), record_text(user, USER_EMAIL));
    write_text(json, SLICE("name"), record_text(user, USER_NAME));
    write_column(json, SLICE("image"), user, USER_IMAGE);
    json_write_name(json, SLICE("email_verified"));
    json_write_bool(json, record_number(user, USER_EMAIL_VERIFIED) != 0);
    write_column(json, SLICE("role"), user,
                 rest->visit.call.auth->schema->user_role);
    json_write_end(json);
}

/* Those to what is asked now, or the others. */
static void write_some(const struct questionnaire *questions,
                       struct json_writer *json, const struct json *answers,
                       bool asked)
{
    struct json_member member = {0};

    json_write_object(json);
    while (json_next(answers, &member)) {
        if ((questionnaire_find(questions, member.name) != NULL) == asked) {
            json_write_name(json, member.name);
            json_write_json(json, member.value);
        }
    }
    json_write_end(json);
}

static bool is_first_of_axis(const struct questionnaire *questions, size_t at)
{
    struct slice axis = questions->questions[at].axis;

    for (size_t i = 0; i < at; i++) {
        if (slice_equal(questions->questions[i].axis, axis)) {
            return false;
        }
    }
    return axis.len > 0;
}

void profile_answer_write_levels(const struct questionnaire *questions,
                                 struct json_writer *json,
                                 const struct json *answers)
{
    json_write_object(json);
    for (size_t i = 0; i < questions->count; i++) {
        struct slice axis = questions->questions[i].axis;
        int level;

        if (!is_first_of_axis(questions, i)) {
            continue;
        }
        level = questionnaire_level(questions, answers, axis);
        json_write_name(json, axis);
        if (level == LEVEL_NONE) {
            json_write_null(json);
        } else {
            json_write_int64(json, level);
        }
    }
    json_write_end(json);
}

static void write_answers(const struct questionnaire *questions,
                          struct json_writer *json,
                          const struct profile *profile)
{
    json_write_name(json, SLICE("answers"));
    write_some(questions, json, profile->answers, true);
    json_write_name(json, SLICE("unused"));
    write_some(questions, json, profile->answers, false);
    json_write_name(json, SLICE("complete"));
    json_write_bool(json,
                    questionnaire_is_complete(questions, profile->answers));
    json_write_name(json, SLICE("open"));
    questionnaire_write_open_questions(questions, profile->answers, json);
    json_write_name(json, SLICE("levels"));
    profile_answer_write_levels(questions, json, profile->answers);
    json_write_name(json, SLICE("version"));
    json_write_int64(json, profile->version);
    write_text(json, SLICE("questionnaire"), questions->version);
}

static void write_consent(struct json_writer *json,
                          const struct profile *profile)
{
    json_write_name(json, SLICE("consent"));
    if (profile->consent_version.len == 0) {
        json_write_null(json);
        return;
    }
    json_write_object(json);
    write_text(json, SLICE("version"), profile->consent_version);
    json_write_name(json, SLICE("accepted_at"));
    rest_write_time(json, profile->consent_at);
    json_write_end(json);
}

static void write_times(struct json_writer *json, const struct record *user,
                        const struct profile *profile)
{
    int64_t updated = record_number(user, USER_UPDATED_AT);

    json_write_name(json, SLICE("profile_updated"));
    rest_write_time(json, profile->updated_at);
    json_write_name(json, SLICE("created_at"));
    rest_write_date(json, user, USER_CREATED_AT);
    json_write_name(json, SLICE("updated_at"));
    rest_write_time(json, profile->updated_at > updated ? profile->updated_at
                                                        : updated);
}

enum status profile_answer_tag(const struct rest *rest,
                               const struct record *user,
                               const struct profile *profile, struct slice *out)
{
    struct slice questions = slice_head(
        slice_from(rest->reader->questionnaire->etag, 1), QUESTIONS_TAG_MAX);

    questions = slice_head(questions, slice_find(questions, '"'));
    return arena_format(rest->visit.arena, out, "\"v%lld-%.*s-%llx\"",
                        (long long)profile->version, SLICE_ARG(questions),
                        (long long)record_number(user, USER_UPDATED_AT));
}

static enum conditional_result evaluate(const struct rest *rest, bool is_read,
                                        struct slice tag)
{
    const struct request *request = rest->visit.request;
    const struct conditional fields = {
        .if_match = request_field(request, SLICE("if-match")),
        .if_none_match = request_field(request, SLICE("if-none-match"))};
    const struct validator current = {.etag = tag};

    return conditional_evaluate(&fields, is_read, &current);
}

void profile_answer_write(const struct rest *rest, struct json_writer *json,
                          const struct record *user,
                          const struct profile *profile)
{
    json_write_object(json);
    write_user(rest, json, user);
    write_answers(rest->reader->questionnaire, json, profile);
    write_consent(json, profile);
    write_times(json, user, profile);
    json_write_end(json);
}

static enum status answer(struct rest *rest, const struct record *user,
                          const struct profile *profile)
{
    struct json_writer json;

    response_json(rest->visit.response, &json);
    profile_answer_write(rest, &json, user, profile);
    response_json_end(rest->visit.response, &json);
    return STATUS_OK;
}

enum status profile_answer_get(struct rest *rest, const struct record *user)
{
    struct response *response = rest->visit.response;
    struct profile profile;
    struct slice tag;

    TRY(profile_read(rest->reader, &rest->visit.call,
                     record_text(user, USER_ID), &profile));
    TRY(profile_answer_tag(rest, user, &profile, &tag));
    response_field(response, SLICE("ETag"), tag);
    switch (evaluate(rest, true, tag)) {
    case CONDITIONAL_NOT_MODIFIED:
        response->status = 304;
        return STATUS_OK;
    case CONDITIONAL_FAILED:
        return STATUS_PRECONDITION_FAILED;
    case CONDITIONAL_SERVE:
    default:
        return answer(rest, user, &profile);
    }
}

static enum status refuse_stale(struct rest *rest, const struct record *user,
                                const struct profile *profile)
{
    struct slice tag;

    TRY(profile_answer_tag(rest, user, profile, &tag));
    response_field(rest->visit.response, SLICE("ETag"), tag);
    return STATUS_PRECONDITION_FAILED;
}

/* From here to the write the version must stay what the caller saw. */
static enum status check_conditions(struct rest *rest,
                                    const struct record *user,
                                    struct profile_change *change)
{
    const struct request *request = rest->visit.request;
    struct profile profile;
    struct slice tag;

    if (request_field(request, SLICE("if-match")).ptr == NULL &&
        request_field(request, SLICE("if-none-match")).ptr == NULL) {
        return STATUS_OK;
    }
    TRY(profile_read(rest->reader, &rest->visit.call,
                     record_text(user, USER_ID), &profile));
    TRY(profile_answer_tag(rest, user, &profile, &tag));
    if (evaluate(rest, false, tag) != CONDITIONAL_SERVE) {
        return refuse_stale(rest, user, &profile);
    }
    /* "*" holds for any version: a profile is always there. */
    change->expects = !slice_equal(
        slice_trim(request_field(request, SLICE("if-match"))), SLICE("*"));
    change->version = profile.version;
    return STATUS_OK;
}

/* A guest knows nothing of what is stored. */
static enum status check_together(struct rest *rest)
{
    const struct json *answers = json_get(rest->body, SLICE("answers"));
    const struct json *remove = json_get(rest->body, SLICE("remove"));
    struct slice id;

    if (remove != NULL && json_get(rest->body, SLICE("merge")) != NULL) {
        TRY(problems_add(&rest->problems, SLICE("remove"),
                         "Nothing can be taken out while a guest's answers "
                         "are merged; send it by itself."));
    }
    for (size_t i = 0; i < json_count(remove); i++) {
        TRY(json_text(json_at(remove, i), &id));
        if (json_get(answers, id) != NULL) {
            TRY(problems_add(&rest->problems, SLICE("remove"),
                             "\"%.*s\" is in \"answers\" too; leave it out of "
                             "one of them.",
                             SLICE_ARG(id)));
        }
    }
    return STATUS_OK;
}

/* What is neither asked nor answered is a mistake. */
static enum status check_remove(struct rest *rest, const struct record *user)
{
    const struct json *remove = json_get(rest->body, SLICE("remove"));
    struct profile profile;
    struct slice id;

    if (json_count(remove) == 0) {
        return STATUS_OK;
    }
    TRY(profile_read(rest->reader, &rest->visit.call,
                     record_text(user, USER_ID), &profile));
    for (size_t i = 0; i < json_count(remove); i++) {
        TRY(json_text(json_at(remove, i), &id));
        if (questionnaire_find(rest->reader->questionnaire, id) == NULL &&
            json_get(profile.answers, id) == NULL) {
            TRY(problems_add(&rest->problems, SLICE("remove"),
                             "There is no question \"%.*s\".", SLICE_ARG(id)));
        }
    }
    return STATUS_OK;
}

enum status profile_answer_put(struct rest *rest, const struct record *user)
{
    struct profile_change change = {
        .answers = json_get(rest->body, SLICE("answers")),
        .remove = json_get(rest->body, SLICE("remove")),
        .merge = visit_text(&rest->visit, SLICE("merge")),
        .consent = visit_text(&rest->visit, SLICE("consent"))};
    struct profile profile;
    enum status status;
    struct slice tag;

    TRY(check_together(rest));
    TRY(check_remove(rest, user));
    TRY(background_check(rest, SLICE("answers")));
    TRY(check_conditions(rest, user, &change));
    status = profile_change(rest->reader, &rest->visit.call,
                            record_text(user, USER_ID), &change, &profile);
    if (status == STATUS_PRECONDITION_FAILED) {
        return refuse_stale(rest, user, &profile);
    }
    TRY(background_explain(rest, status));
    TRY(profile_answer_tag(rest, user, &profile, &tag));
    response_field(rest->visit.response, SLICE("ETag"), tag);
    return answer(rest, user, &profile);
}
