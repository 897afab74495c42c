/* SPDX-License-Identifier: Apache-2.0 */
/* /api/progress: how far the reader got. */
#include "reader/progress.h"

#include "api/rest/endpoints.h"
#include "api/rest/progress.h"
#include "codec/iso_date.h"

/* As progress_check has it, whose lengths are in bytes. */
#define NO_CONTROLS "\\\\u0000-\\\\u001f\\\\u007f-\\\\u009f"

static const struct shape page_shape = {
    .kind = SHAPE_TEXT,
    .min = 1,
    .max = PROGRESS_PAGE_MAX,
    .beyond =
        SLICE_INIT("\"pattern\":\"^/(?!/)[^?#\\\\\\\\" NO_CONTROLS "]*$\"")};
static const struct shape state_shape = {.kind = SHAPE_TEXT,
                                         .words = progress_states,
                                         .word_count = PROGRESS_STATES};
static const struct shape place_shape = {
    .kind = SHAPE_TEXT,
    .max = PROGRESS_PLACE_MAX,
    .beyond = SLICE_INIT("\"pattern\":\"^[^" NO_CONTROLS "]*$\"")};
static const struct shape seconds_shape = {.kind = SHAPE_INTEGER,
                                           .max = PROGRESS_SECONDS_MAX};

static const struct shape_field mark_fields[] = {
    {SLICE_INIT("page"), &page_shape, true,
     SLICE_INIT("The page's path, such as /docs/intro.")},
    {SLICE_INIT("state"), &state_shape, true,
     SLICE_INIT("How far the reader got with it.")},
    {SLICE_INIT("place"), &place_shape, true,
     SLICE_INIT("Where the reader was: an anchor, or any text.")},
    {SLICE_INIT("seconds"), &seconds_shape, true,
     SLICE_INIT("How long the reader spent on it.")},
    {SLICE_INIT("at"), &shape_count, true,
     SLICE_INIT("When that was, in milliseconds since 1970.")},
};

static const struct shape mark_shape = {SHAPE_OF(mark_fields),
                                        .name = SLICE_INIT("PageProgress")};

const struct shape rest_progress_list_shape = {.kind = SHAPE_ARRAY,
                                               .of = &mark_shape};

static const struct shape_field answer_fields[] = {
    {SLICE_INIT("progress"), &rest_progress_list_shape, true,
     SLICE_INIT("A page each, the newest first.")},
};

static const struct shape answer_shape = {SHAPE_OF(answer_fields),
                                          .name = SLICE_INIT("Progress")};

#define PLACE_TEXT   SLICE_INIT("Where; without it no place is kept.")
#define SECONDS_TEXT SLICE_INIT("All of the time so far; the most counts.")
#define AT_TEXT                                                                \
    SLICE_INIT(                                                                \
        "When, in milliseconds since 1970; the newer word about a page "       \
        "counts. Without it: now.")

static const struct shape_field new_mark_fields[] = {
    {SLICE_INIT("page"), &page_shape, true,
     SLICE_INIT("The page's path, without query and fragment.")},
    {SLICE_INIT("state"), &state_shape, true,
     SLICE_INIT("How far the reader got with it.")},
    {SLICE_INIT("place"), &place_shape, false, PLACE_TEXT},
    {SLICE_INIT("seconds"), &seconds_shape, false, SECONDS_TEXT},
    {SLICE_INIT("at"), &shape_count, false, AT_TEXT},
};

static const struct shape new_mark_shape = {
    SHAPE_OF(new_mark_fields), .name = SLICE_INIT("NewPageProgress")};

const struct shape rest_progress_shape = {
    .kind = SHAPE_ARRAY, .max = PROGRESS_BATCH_MAX, .of = &new_mark_shape};

/* One page, or many; which of both the handler sees. */
static const struct shape_field put_fields[] = {
    {SLICE_INIT("page"), &page_shape, false,
     SLICE_INIT("One page's path, without query and fragment.")},
    {SLICE_INIT("state"), &state_shape, false,
     SLICE_INIT("How far the reader got with it.")},
    {SLICE_INIT("place"), &place_shape, false, PLACE_TEXT},
    {SLICE_INIT("seconds"), &seconds_shape, false, SECONDS_TEXT},
    {SLICE_INIT("at"), &shape_count, false, AT_TEXT},
    {SLICE_INIT("progress"), &rest_progress_shape, false,
     SLICE_INIT("Instead of the others: many pages at once.")},
};

static const struct shape put_shape = {
    SHAPE_OF(put_fields),
    .example = SLICE_INIT("{\"page\":\"/docs/intro\",\"state\":\"reading\","
                          "\"place\":\"what-you-need\",\"seconds\":42}"),
    .beyond = SLICE_INIT("\"oneOf\":[{\"required\":[\"page\",\"state\"],"
                         "\"not\":{\"required\":[\"progress\"]}},"
                         "{\"required\":[\"progress\"],\"type\":\"object\","
                         "\"maxProperties\":1}]")};

const struct shape rest_progress_since_shape = {
    .kind = SHAPE_TEXT,
    .min = 1,
    .max = 40,
    .beyond = SLICE_INIT("\"pattern\":\"^(\\\\d{1,18}|\\\\d{4}-\\\\d\\\\d-"
                         "\\\\d\\\\dT\\\\d\\\\d:\\\\d\\\\d:"
                         "\\\\d\\\\d(\\\\.\\\\d{1,3})?Z)$\"")};

enum status rest_progress_read_since(struct rest *rest, int64_t *out)
{
    struct slice text = visit_query(&rest->visit, SLICE("since"));
    uint64_t number;

    *out = 0;
    if (text.ptr == NULL) {
        return STATUS_OK;
    }
    if (slice_to_u64(text, INT64_MAX, &number)) {
        *out = (int64_t)number;
        return STATUS_OK;
    }
    return iso_date_parse(text, out) == STATUS_OK
               ? STATUS_OK
               : rest_refuse(rest, STATUS_INVALID_FIELDS, SLICE("since"),
                             "Use a time such as 2026-01-02T03:04:05Z, or "
                             "milliseconds since 1970.");
}

static void write_answer(struct rest *rest, struct slice list)
{
    struct json_writer json;

    response_json(rest->visit.response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("progress"));
    json_write_raw(&json, list);
    json_write_end(&json);
    response_json_end(rest->visit.response, &json);
}

static enum status get(struct rest *rest)
{
    struct response *response = rest->visit.response;
    struct slice etag;
    struct slice list;
    int64_t since;

    TRY(rest_progress_read_since(rest, &since));
    TRY(progress_list(rest->reader, &rest->visit.call, rest_user_id(rest),
                      since, &list));
    TRY(rest_tag(rest->visit.arena, list, &etag));
    response->cache_control = SLICE("private, no-cache");
    visit_expose(&rest->visit, SLICE("ETag"));
    if (rest_is_unchanged(rest, etag)) {
        return STATUS_OK;
    }
    write_answer(rest, list);
    return STATUS_OK;
}

const struct rest_endpoint rest_progress = {
    .handle = get,
    .who = REST_READER,
    .name = SLICE_INIT("getProgress"),
    .summary = SLICE_INIT("How far the reader got, page by page."),
    .success = 200,
    .output = &answer_shape,
    .tagged = true,
    .refusals = {STATUS_INVALID_FIELDS},
    .parameters = {{.name = SLICE_INIT("since"),
                    .shape = &rest_progress_since_shape,
                    .text = SLICE_INIT(
                        "Only what reached the server after this time: as "
                        "2026-01-02T03:04:05Z, or milliseconds.")}},
};

/* The list, or the body itself as the only one of it. */
static enum status find_list(struct rest *rest, const struct json **out)
{
    const struct json *list = json_get(rest->body, SLICE("progress"));

    *out = list == NULL ? rest->body : list;
    if (list != NULL && json_count(rest->body) > 1) {
        return rest_refuse(rest, STATUS_INVALID_FIELDS, SLICE("progress"),
                           "Send either this or the fields of one page.");
    }
    TRY(progress_check(*out, &rest->problems));
    return rest_check_problems(rest);
}

static enum status put(struct rest *rest)
{
    const struct json *list;
    struct slice json;
    enum status status;

    TRY(find_list(rest, &list));
    status = progress_put(rest->reader, &rest->visit.call, rest_user_id(rest),
                          list, &json);
    /* Deleted while we looked. */
    TRY(status == STATUS_NOT_FOUND ? STATUS_SIGN_IN_FIRST : status);
    write_answer(rest, json);
    return STATUS_OK;
}

const struct rest_endpoint rest_progress_put = {
    .handle = put,
    .who = REST_READER,
    .name = SLICE_INIT("putProgress"),
    .summary = SLICE_INIT("Say how far the reader got with a page, or with up "
                          "to 500 at once; the answer is what counts for them "
                          "now."),
    .input = &put_shape,
    .success = 200,
    .output = &answer_shape,
    .refusals = {STATUS_INVALID_FIELDS},
};
