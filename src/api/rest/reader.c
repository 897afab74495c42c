/* SPDX-License-Identifier: Apache-2.0 */
/* /api/reader: all that a page asks for once it can be read. */
#include "api/rest/caller.h"
#include "api/rest/endpoints.h"
#include "api/rest/profile_answer.h"
#include "api/rest/progress.h"
#include "api/rest/refuse.h"
#include "reader/profile.h"
#include "reader/progress.h"

/*
 * A word of progress bears the time its request began, and shows when it is
 * committed: so much later at most, other servers' clocks included. What
 * reached us that long before `since` is given once more.
 */
#define OVERLAP_MS ((int64_t)10000)

static const struct slice refused_words[] = {SLICE_INIT("UNAUTHORIZED"),
                                             SLICE_INIT("TOKEN_EXPIRED"),
                                             SLICE_INIT("BANNED_USER")};
static const struct shape refused_shape = {
    .kind = SHAPE_TEXT,
    .words = refused_words,
    .word_count = sizeof(refused_words) / sizeof(*refused_words)};

static const struct shape_field session_fields[] = {
    {SLICE_INIT("expires_at"), &shape_time, true,
     SLICE_INIT("When it is over, unless it is used before.")},
    {SLICE_INIT("impersonated"), &shape_flag, true,
     SLICE_INIT("Whether an administrator acts as the reader.")},
};
static const struct shape session_shape = {SHAPE_OF(session_fields),
                                           .name = SLICE_INIT("ReaderSession")};

static const struct shape_field reader_fields[] = {
    {SLICE_INIT("profile"), &profile_or_null_shape, true,
     SLICE_INIT("As GET /api/profile gives it; null for a guest.")},
    {SLICE_INIT("etag"), &shape_text, false,
     SLICE_INIT("The profile's ETag, to send back as If-Match.")},
    {SLICE_INIT("session"), &session_shape, false,
     SLICE_INIT("The session that was found.")},
    {SLICE_INIT("progress"), &rest_progress_list_shape, true,
     SLICE_INIT("What reached the server since then, the newest first.")},
    {SLICE_INIT("now"), &shape_count, true,
     SLICE_INIT("The server's time in milliseconds: the since of next time.")},
    {SLICE_INIT("refused"), &refused_shape, false,
     SLICE_INIT("Why the token or cookie that was sent does not hold.")},
};
static const struct shape reader_shape = {SHAPE_OF(reader_fields),
                                          .name = SLICE_INIT("Reader")};

struct reading {
    struct profile profile;
    struct slice etag;
    struct slice progress; /* a JSON array */
};

static enum status read_all(struct rest *rest, int64_t since,
                            struct reading *out)
{
    const struct auth_call *call = &rest->visit.call;
    const struct record *user = &rest->visit.session.user;

    since = since > OVERLAP_MS ? since - OVERLAP_MS : 0;
    TRY(profile_read(rest->reader, call, rest_user_id(rest), &out->profile));
    TRY(profile_answer_tag(rest, user, &out->profile, &out->etag));
    return progress_list(rest->reader, call, rest_user_id(rest), since,
                         &out->progress);
}

static void write_session(const struct rest *rest, struct json_writer *json)
{
    const struct visit *visit = &rest->visit;

    json_write_name(json, SLICE("session"));
    json_write_object(json);
    json_write_name(json, SLICE("expires_at"));
    rest_write_date(json, &visit->session.row, SESSION_EXPIRES_AT);
    json_write_name(json, SLICE("impersonated"));
    json_write_bool(json, visit->call.actor.len > 0);
    json_write_end(json);
}

static void write_reader(const struct rest *rest, struct json_writer *json,
                         const struct reading *reading)
{
    json_write_name(json, SLICE("profile"));
    profile_answer_write(rest, json, &rest->visit.session.user,
                         &reading->profile);
    json_write_name(json, SLICE("etag"));
    json_write_text(json, reading->etag);
    write_session(rest, json);
    json_write_name(json, SLICE("progress"));
    json_write_raw(json, reading->progress);
}

static void write_guest(struct json_writer *json)
{
    json_write_name(json, SLICE("profile"));
    json_write_null(json);
    json_write_name(json, SLICE("progress"));
    json_write_array(json);
    json_write_end(json);
}

static void write_end(const struct rest *rest, struct json_writer *json)
{
    json_write_name(json, SLICE("now"));
    json_write_int64(json, rest->visit.call.now);
    if (rest->refused != STATUS_OK) {
        json_write_name(json, SLICE("refused"));
        json_write_text(json, status_code(rest_status(rest->refused)));
    }
    json_write_end(json);
}

static enum status get(struct rest *rest)
{
    bool is_guest = !rest->visit.has_session;
    struct reading reading;
    struct json_writer json;
    int64_t since;

    TRY(rest_progress_read_since(rest, &since));
    if (!is_guest) {
        TRY(read_all(rest, since, &reading));
    }
    response_json(rest->visit.response, &json);
    json_write_object(&json);
    if (is_guest) {
        write_guest(&json);
    } else {
        write_reader(rest, &json, &reading);
    }
    write_end(rest, &json);
    response_json_end(rest->visit.response, &json);
    return STATUS_OK;
}

const struct rest_endpoint rest_reader = {
    .handle = get,
    .who = REST_READER_OR_GUEST,
    .name = SLICE_INIT("getReader"),
    .summary = SLICE_INIT("Profile and progress in one answer; a guest is no "
                          "error."),
    .success = 200,
    .output = &reader_shape,
    .refusals = {STATUS_INVALID_FIELDS},
    .parameters = {{.name = SLICE_INIT("since"),
                    .shape = &rest_progress_since_shape,
                    .text = SLICE_INIT(
                        "Only what reached the server since this time: as "
                        "2026-01-02T03:04:05Z, or milliseconds.")}},
};
