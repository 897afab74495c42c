/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/body.h"

#include "codec/json_read.h"

/* A sign-up has a dozen fields. */
#define FORM_PAIRS_MAX ((size_t)256)
#define FORM_JSON_MAX  ((size_t)262144)

static struct slice allowed_types(const struct visit *visit)
{
    return visit->endpoint->input->forms
               ? SLICE("application/x-www-form-urlencoded, application/json")
               : SLICE("application/json");
}

static enum status refuse_type(struct visit *visit, struct slice type)
{
    struct slice allowed = allowed_types(visit);

    if (type.len == 0) {
        return visit_refuse(visit, STATUS_UNSUPPORTED_MEDIA_TYPE,
                            "Content-Type is required. Allowed types: %.*s",
                            SLICE_ARG(allowed));
    }
    return visit_refuse(
        visit, STATUS_UNSUPPORTED_MEDIA_TYPE,
        "Content-Type \"%.*s\" is not allowed. Allowed types: %.*s",
        SLICE_ARG(slice_head(type, 256)), SLICE_ARG(allowed));
}

/* As an object of texts; a name that comes twice is refused as in JSON. */
static enum status form_to_json(struct visit *visit, struct slice text,
                                struct slice *out)
{
    const struct form_limits limits = {.pairs = FORM_PAIRS_MAX};
    struct json_writer json;
    struct form form;
    struct buf buf;

    TRY(form_parse(visit->arena, text, limits, &form));
    buf_init(&buf, visit->arena, FORM_JSON_MAX);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    for (size_t i = 0; i < form.count; i++) {
        json_write_name(&json, form.pairs[i].name);
        json_write_text(&json, form.pairs[i].value);
    }
    json_write_end(&json);
    return json_write_finish(&json, out);
}

/* The media type alone, without its parameters. */
static struct slice media_type(struct slice field)
{
    return slice_trim(slice_head(field, slice_find(field, ';')));
}

static enum status parse(struct visit *visit, struct slice text)
{
    enum status status =
        json_parse(visit->arena, text, JSON_LIMITS_DEFAULT, &visit->body);

    if (status == STATUS_INVALID_JSON) {
        visit->message = SLICE("Invalid JSON in request body");
        return STATUS_BAD_REQUEST;
    }
    return status;
}

/* What says nothing of its type must have nothing to say. */
static enum status read_untyped(struct visit *visit)
{
    struct slice text;

    TRY(request_body(visit->request, &text));
    return text.len == 0 ? STATUS_OK : refuse_type(visit, SLICE_EMPTY);
}

enum status body_read(struct visit *visit)
{
    struct slice field = request_field(visit->request, SLICE("content-type"));
    struct slice type = media_type(field);
    bool is_form =
        slice_equal_nocase(type, SLICE("application/x-www-form-urlencoded"));
    struct slice text;

    if (visit->request->head.method != HTTP_POST) {
        return STATUS_OK;
    }
    if (field.len == 0) {
        return read_untyped(visit);
    }
    if (!slice_equal_nocase(type, SLICE("application/json")) &&
        !(is_form && visit->endpoint->input->forms)) {
        return refuse_type(visit, field);
    }
    TRY(request_body(visit->request, &text));
    if (text.len == 0) {
        return STATUS_OK;
    }
    if (is_form) {
        TRY(form_to_json(visit, text, &text));
    }
    return parse(visit, text);
}
