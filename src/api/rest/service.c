/* SPDX-License-Identifier: Apache-2.0 */
/* /api/service: what readers know, for other services. */
#include "reader/service.h"
#include "api/rest/endpoints.h"
#include "api/rest/profile_answer.h"
#include "auth/user.h"
#include "base/log.h"
#include "codec/percent.h"
#include "reader/profile.h"

#include <inttypes.h>

/* Readers of one request. */
#define SERVICE_IDS_MAX 100
#define USER_ID_MAX     128
/* The ids as a JSON array; nothing takes more than six bytes a byte. */
#define IDS_MAX_BYTES ((size_t)SERVICE_IDS_MAX * (6 * USER_ID_MAX + 3) + 2)

static const struct shape id_shape = {
    .kind = SHAPE_TEXT, .min = 1, .max = USER_ID_MAX};
static const struct shape ids_shape = {
    .kind = SHAPE_ARRAY, .min = 1, .max = SERVICE_IDS_MAX, .of = &id_shape};
static const struct shape nullable_time_shape = {
    .kind = SHAPE_TEXT, .format = FORMAT_TIME, .nullable = true};
/* By axis: 0 to 3, or null. */
static const struct shape levels_shape = {.kind = SHAPE_OBJECT, .open = true};

#define BACKGROUND_FIELDS                                                      \
    {SLICE_INIT("user_id"), &shape_text, true, SLICE_INIT("The account.")},    \
        {SLICE_INIT("background"), &shape_answers, true,                       \
         SLICE_INIT("The answers, by the question's id; of one whose stored "  \
                    "answers are damaged none.")},                             \
        {SLICE_INIT("levels"), &levels_shape, true,                            \
         SLICE_INIT("For each axis 0 to 3, or null where nothing is known.")}, \
        {SLICE_INIT("version"), &shape_count, true,                            \
         SLICE_INIT("Counts the changes; 0: nothing was ever answered.")},     \
    {                                                                          \
        SLICE_INIT("updated_at"), &nullable_time_shape, true,                  \
            SLICE_INIT("When an answer last changed, or null.")                \
    }

static const struct shape_field background_fields[] = {BACKGROUND_FIELDS};

static const struct shape_field item_fields[] = {
    BACKGROUND_FIELDS,
    {SLICE_INIT("error"), &shape_text, false,
     SLICE_INIT("UNREADABLE: the stored answers are damaged.")},
};

static const struct shape background_shape = {SHAPE_OF(background_fields),
                                              .name = SLICE_INIT("Background")};
static const struct shape item_shape = {SHAPE_OF(item_fields), .nullable = true,
                                        .name = SLICE_INIT("BackgroundItem")};
static const struct shape list_shape = {.kind = SHAPE_ARRAY, .of = &item_shape};

static const struct shape_field list_fields[] = {
    {SLICE_INIT("backgrounds"), &list_shape, true,
     SLICE_INIT("As many as there were ids, in their order; null where there "
                "is no such reader.")},
};

static const struct shape backgrounds_shape = {
    SHAPE_OF(list_fields), .name = SLICE_INIT("Backgrounds")};

static const struct shape_field ids_fields[] = {
    {SLICE_INIT("ids"), &ids_shape, true,
     SLICE_INIT("The readers, at most 100.")},
};

static const struct shape ids_input_shape = {SHAPE_OF(ids_fields)};

static void write_members(const struct rest *rest, struct json_writer *json,
                          struct slice user_id, const struct profile *profile)
{
    json_write_name(json, SLICE("user_id"));
    json_write_text(json, user_id);
    json_write_name(json, SLICE("background"));
    json_write_raw(json, profile->json);
    json_write_name(json, SLICE("levels"));
    profile_answer_write_levels(rest->reader->questionnaire, json,
                                profile->answers);
    json_write_name(json, SLICE("version"));
    json_write_int64(json, profile->version);
    json_write_name(json, SLICE("updated_at"));
    rest_write_time(json, profile->updated_at);
}

static enum status check_scope(const struct rest *rest)
{
    return service_may(&rest->service, SERVICE_SCOPE_READ)
               ? STATUS_OK
               : STATUS_SCOPE_MISSING;
}

/* "ID/background" */
static enum status read_id(const struct rest *rest, struct slice *out)
{
    struct slice tail = rest->tail;
    struct slice end = SLICE("/background");
    enum status status;

    if (!slice_ends_with(tail, end)) {
        return STATUS_NOT_FOUND;
    }
    status = percent_decode(rest->visit.arena,
                            slice_head(tail, tail.len - end.len), out);
    if (status == STATUS_INVALID_ENCODING) {
        return STATUS_READER_NOT_FOUND;
    }
    TRY(status);
    return out->len == 0 || out->len > USER_ID_MAX ? STATUS_READER_NOT_FOUND
                                                   : STATUS_OK;
}

static enum status find_reader(struct rest *rest, struct slice id)
{
    struct record user;
    enum status status = user_by_id(&rest->visit.call, id, &user);

    TRY(status == STATUS_NOT_FOUND ? STATUS_READER_NOT_FOUND : status);
    /* SQLite takes "7.0" for 7. */
    return slice_equal(record_text(&user, USER_ID), id)
               ? STATUS_OK
               : STATUS_READER_NOT_FOUND;
}

static enum status get_handle(struct rest *rest)
{
    struct profile profile;
    struct json_writer json;
    struct slice id;

    TRY(check_scope(rest));
    TRY(read_id(rest, &id));
    TRY(find_reader(rest, id));
    TRY(profile_read(rest->reader, &rest->visit.call, id, &profile));
    TRY(service_note_read(&rest->visit.call, &rest->service,
                          &(struct audit_note){.subject = value_text(id)}));
    response_json(rest->visit.response, &json);
    json_write_object(&json);
    write_members(rest, &json, id, &profile);
    json_write_end(&json);
    response_json_end(rest->visit.response, &json);
    return STATUS_OK;
}

/* The list that is being written. */
struct listing {
    struct profile_visitor visitor;
    struct rest *rest;
    struct json_writer json;
    size_t found;
    struct buf list; /* whom it tells of, for the audit: a JSON array */
    struct json_writer ids;
};

/* One that does not open is no reason to give none of the others. */
static void write_damaged(struct listing *listing, struct slice id)
{
    struct json_writer *json = &listing->json;
    const struct profile none = {.json = SLICE("{}")};

    log_error("profile_unreadable", log_text("user", id));
    json_write_object(json);
    write_members(listing->rest, json, id, &none);
    json_write_name(json, SLICE("error"));
    json_write_text(json, status_code(STATUS_UNREADABLE));
    json_write_end(json);
}

static enum status write_item(const struct profile_visitor *visitor,
                              struct slice id, enum status status,
                              const struct profile *profile)
{
    struct listing *listing =
        (struct listing *)(uintptr_t)(const void *)visitor;

    if (status == STATUS_NOT_FOUND) {
        json_write_null(&listing->json);
        return STATUS_OK;
    }
    listing->found++;
    json_write_text(&listing->ids, id);
    if (status != STATUS_OK) {
        write_damaged(listing, id);
        return STATUS_OK;
    }
    json_write_object(&listing->json);
    write_members(listing->rest, &listing->json, id, profile);
    json_write_end(&listing->json);
    return STATUS_OK;
}

/* A row for each who was found, or one that says that nobody was. */
static enum status note_list(struct listing *listing, size_t asked)
{
    struct rest *rest = listing->rest;
    struct audit_note note = {.of = AUDIT_OF_MANY};
    struct slice ids;

    json_write_end(&listing->ids);
    TRY(json_write_finish(&listing->ids, &ids));
    TRY(arena_format(rest->visit.arena, &note.detail, "one of %zu readers",
                     asked));
    note.subject = value_text(ids);
    if (listing->found == 0) {
        note = (struct audit_note){.detail = SLICE("no reader found")};
    }
    return service_note_read(&rest->visit.call, &rest->service, &note);
}

static enum status post_handle(struct rest *rest)
{
    const struct json *ids = json_get(rest->body, SLICE("ids"));
    struct listing listing = {.visitor = {write_item}, .rest = rest};
    struct json_writer *json = &listing.json;

    TRY(check_scope(rest));
    buf_init(&listing.list, rest->visit.arena, IDS_MAX_BYTES);
    json_writer_init(&listing.ids, &listing.list);
    json_write_array(&listing.ids);
    response_json(rest->visit.response, json);
    json_write_object(json);
    json_write_name(json, SLICE("backgrounds"));
    json_write_array(json);
    TRY(profile_read_many(rest->reader, &rest->visit.call, ids,
                          &listing.visitor));
    TRY(note_list(&listing, json_count(ids)));
    json_write_end(json);
    json_write_end(json);
    response_json_end(rest->visit.response, json);
    return STATUS_OK;
}

const struct rest_endpoint rest_service_reader = {
    .handle = get_handle,
    .who = REST_SERVICE,
    .name = SLICE_INIT("getReaderBackground"),
    .summary = SLICE_INIT("What a reader knows, for other services."),
    .path = SLICE_INIT("/api/service/readers/{id}/background"),
    .success = 200,
    .output = &background_shape,
    .refusals = {STATUS_SERVICE_KEY_NEEDED, STATUS_SCOPE_MISSING,
                 STATUS_READER_NOT_FOUND, STATUS_NOT_FOUND, STATUS_UNREADABLE},
    .parameters = {{SLICE_INIT("id"), true, true, &id_shape,
                    SLICE_INIT("The account.")}},
};

const struct rest_endpoint rest_service_readers = {
    .handle = post_handle,
    .who = REST_SERVICE,
    .name = SLICE_INIT("getReaderBackgrounds"),
    .summary = SLICE_INIT("What several readers know, for other services."),
    .input = &ids_input_shape,
    .success = 200,
    .output = &backgrounds_shape,
    .refusals = {STATUS_SERVICE_KEY_NEEDED, STATUS_SCOPE_MISSING},
};
