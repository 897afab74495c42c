/* SPDX-License-Identifier: Apache-2.0 */
/* /api/export: everything about the reader, to take along. */
#include "reader/export.h"

#include "api/rest/endpoints.h"
#include "codec/iso_date.h"

/* Of a date the day. */
#define DAY_SIZE ((size_t)10)

static const struct shape any_list = {.kind = SHAPE_ARRAY, .of = &shape_any};
static const struct shape any_object = {.kind = SHAPE_OBJECT, .open = true};

static const struct shape_field export_fields[] = {
    {SLICE_INIT("format"), &shape_text, true,
     SLICE_INIT("bookplate-reader-1.")},
    {SLICE_INIT("exported_at"), &shape_time, true, SLICE_INIT("Now.")},
    {SLICE_INIT("account"), &any_object, true,
     SLICE_INIT("The account's own fields.")},
    {SLICE_INIT("sign_in_methods"), &any_list, true,
     SLICE_INIT("Ways to sign in, without passwords and tokens.")},
    {SLICE_INIT("sessions"), &any_list, true,
     SLICE_INIT("Where the reader is signed in, without tokens.")},
    {SLICE_INIT("profile"), &any_object, true,
     SLICE_INIT("The answers, and the consent given.")},
    {SLICE_INIT("profile_history"), &any_list, true,
     SLICE_INIT("What changed in the answers.")},
    {SLICE_INIT("progress"), &any_list, true,
     SLICE_INIT("How far the reader got, page by page.")},
    {SLICE_INIT("mails_waiting"), &any_list, true,
     SLICE_INIT("Mails that are not sent yet, without their text.")},
    {SLICE_INIT("audit"), &any_list, true,
     SLICE_INIT("What was done by the reader, and to the account.")},
};

/* Open: a later version may know more. */
static const struct shape export_shape = {SHAPE_OF(export_fields), .open = true,
                                          .name = SLICE_INIT("Export")};

static enum status name_file(struct rest *rest)
{
    char day[ISO_DATE_SIZE];
    struct slice value;

    iso_date_print(rest->visit.call.now, day);
    TRY(arena_format(rest->visit.arena, &value,
                     "attachment; filename=\"bookplate-%.*s.json\"",
                     (int)DAY_SIZE, day));
    response_field(rest->visit.response, SLICE("Content-Disposition"), value);
    return STATUS_OK;
}

/*
 * Opened by the reader, and not long ago: who stole a cookie of last month, or
 * acts in the reader's name, gets nothing that is not on the pages.
 */
static bool is_readers_own(const struct rest *rest)
{
    const struct visit *visit = &rest->visit;

    return !rest->is_guess && visit->call.actor.len == 0 &&
           session_is_fresh(&visit->call, &visit->session);
}

static enum status get(struct rest *rest)
{
    const struct auth_call *call = &rest->visit.call;
    struct slice json;
    enum status status;

    if (!is_readers_own(rest)) {
        return STATUS_SIGN_IN_AGAIN;
    }
    status = export_make(rest->reader, call, rest_user_id(rest), &json);
    /* Deleted while we looked. */
    TRY(status == STATUS_NOT_FOUND ? STATUS_SIGN_IN_FIRST : status);
    TRY(name_file(rest));
    response_text(rest->visit.response, SLICE("application/json"), json);
    return STATUS_OK;
}

const struct rest_endpoint rest_export = {
    .handle = get,
    .who = REST_READER,
    .name = SLICE_INIT("exportReader"),
    .summary = SLICE_INIT("Everything that is kept of the reader, as a file. "
                          "The session must be fresh."),
    .success = 200,
    .output = &export_shape,
    .refusals = {STATUS_SIGN_IN_AGAIN},
};
