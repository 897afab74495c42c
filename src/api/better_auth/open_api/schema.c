/* SPDX-License-Identifier: Apache-2.0 */
/* The endpoints as an OpenAPI 3.1 document. */
#include "api/better_auth/better_auth.h"
#include "api/better_auth/endpoints.h"
#include "api/better_auth/open_api/table.h"

/* "postAdminRevokeUserSessions" has 27 letters. */
#define OPERATION_MAX ((size_t)128)

static void member(struct json_writer *json, const char *name,
                   struct slice value)
{
    json_write_name(json, slice_from_cstr(name));
    json_write_text(json, value);
}

static void open_member(struct json_writer *json, const char *name)
{
    json_write_name(json, slice_from_cstr(name));
    json_write_object(json);
}

static void write_reference(struct json_writer *json, const char *name,
                            struct slice to)
{
    open_member(json, name);
    member(json, "$ref", to);
    json_write_end(json);
}

static void write_words(struct json_writer *json, struct slice words)
{
    struct slice word;

    json_write_name(json, SLICE("enum"));
    json_write_array(json);
    while (slice_split(&words, ',', &word)) {
        json_write_text(json, word);
    }
    json_write_end(json);
}

static void write_texts(struct json_writer *json)
{
    member(json, "type", SLICE("array"));
    open_member(json, "items");
    member(json, "type", SLICE("string"));
    json_write_end(json);
}

static void write_text_or_texts(struct json_writer *json)
{
    json_write_name(json, SLICE("anyOf"));
    json_write_array(json);
    json_write_object(json);
    member(json, "type", SLICE("string"));
    json_write_end(json);
    json_write_object(json);
    write_texts(json);
    json_write_end(json);
    json_write_end(json);
}

static void write_text_kind(struct json_writer *json,
                            const struct input_field *field)
{
    member(json, "type", SLICE("string"));
    if (field->kind == INPUT_EMAIL) {
        member(json, "format", SLICE("email"));
    }
    if (field->kind == INPUT_FILLED || field->kind == INPUT_NONEMPTY) {
        json_write_name(json, SLICE("minLength"));
        json_write_int64(json, 1);
    }
    if (field->words.len > 0) {
        write_words(json, field->words);
    }
}

static void write_kind(struct json_writer *json,
                       const struct input_field *field)
{
    json_write_object(json);
    switch (field->kind) {
    case INPUT_FLAG:
        member(json, "type", SLICE("boolean"));
        break;
    case INPUT_NUMBER:
        member(json, "type", SLICE("number"));
        break;
    case INPUT_RECORD:
        member(json, "type", SLICE("object"));
        break;
    case INPUT_ROLES:
        write_text_or_texts(json);
        break;
    case INPUT_TEXTS:
        write_texts(json);
        break;
    case INPUT_ANY:
    case INPUT_ID:
        break;
    default:
        write_text_kind(json, field);
    }
    json_write_end(json);
}

static void write_required(struct json_writer *json, const struct input *input)
{
    json_write_name(json, SLICE("required"));
    json_write_array(json);
    for (size_t i = 0; i < open_api_field_count(input); i++) {
        if (!input->fields[i].optional) {
            json_write_text(json, input->fields[i].name);
        }
    }
    json_write_end(json);
}

static void write_body_schema(struct json_writer *json,
                              const struct input *input)
{
    open_member(json, "schema");
    member(json, "type", SLICE("object"));
    open_member(json, "properties");
    for (size_t i = 0; i < open_api_field_count(input); i++) {
        json_write_name(json, input->fields[i].name);
        write_kind(json, &input->fields[i]);
    }
    json_write_end(json);
    write_required(json, input);
    if (input->record) {
        json_write_name(json, SLICE("additionalProperties"));
        json_write_bool(json, true);
    }
    json_write_end(json);
}

static void write_media(struct json_writer *json, const char *type,
                        const struct input *input)
{
    open_member(json, type);
    write_body_schema(json, input);
    json_write_end(json);
}

static void write_body(struct json_writer *json, const struct input *input)
{
    open_member(json, "requestBody");
    json_write_name(json, SLICE("required"));
    json_write_bool(json, !input->any);
    open_member(json, "content");
    write_media(json, "application/json", input);
    if (input->forms) {
        write_media(json, "application/x-www-form-urlencoded", input);
    }
    json_write_end(json);
    json_write_end(json);
}

static void write_parameter(struct json_writer *json, const char *place,
                            const struct input_field *field)
{
    json_write_object(json);
    member(json, "name", field->name);
    member(json, "in", slice_from_cstr(place));
    json_write_name(json, SLICE("required"));
    json_write_bool(json, !field->optional);
    json_write_name(json, SLICE("schema"));
    write_kind(json, field);
    json_write_end(json);
}

static void write_parameters(struct json_writer *json,
                             const struct described *row)
{
    static const struct input_field token = {.name = SLICE_INIT("token")};
    const struct input *input = row->endpoint.input;

    json_write_name(json, SLICE("parameters"));
    json_write_array(json);
    if (slice_ends_with(row->path, SLICE("*"))) {
        write_parameter(json, "path", &token);
    }
    for (size_t i = 0;
         input->place == INPUT_QUERY && i < open_api_field_count(input); i++) {
        write_parameter(json, "query", &input->fields[i]);
    }
    json_write_end(json);
}

/* One of them is enough; an empty list: none is needed. */
static void write_security(struct json_writer *json, bool needed)
{
    static const struct slice schemes[] = {SLICE_INIT("apiKeyCookie"),
                                           SLICE_INIT("bearerAuth")};

    json_write_name(json, SLICE("security"));
    json_write_array(json);
    for (size_t i = 0; needed && i < 2; i++) {
        json_write_object(json);
        json_write_name(json, schemes[i]);
        json_write_array(json);
        json_write_end(json);
        json_write_end(json);
    }
    json_write_end(json);
}

static void write_responses(struct json_writer *json)
{
    open_member(json, "responses");
    open_member(json, "200");
    member(json, "description", SLICE("Success"));
    json_write_end(json);
    open_member(json, "default");
    member(json, "description", SLICE("The call was refused."));
    open_member(json, "content");
    open_member(json, "application/json");
    write_reference(json, "schema", SLICE("#/components/schemas/Error"));
    json_write_end(json);
    json_write_end(json);
    json_write_end(json);
    json_write_end(json);
}

/* "post" and the path's words: "postSignUpEmail". */
static void write_operation_id(struct json_writer *json,
                               const struct described *row)
{
    char text[OPERATION_MAX];
    size_t len = 0;
    bool upper = false;

    for (size_t i = 0; i < row->method.len; i++) {
        text[len++] = ascii_lower(row->method.ptr[i]);
    }
    for (size_t i = 0; i < row->path.len && len < sizeof(text); i++) {
        char c = row->path.ptr[i];
        bool letter = c >= 'a' && c <= 'z';

        if (letter || ascii_is_digit(c)) {
            text[len++] = letter && upper ? (char)(c - 'a' + 'A') : c;
        }
        upper = !letter && !ascii_is_digit(c);
    }
    member(json, "operationId", slice_make(text, len));
}

static void write_operation(struct json_writer *json,
                            const struct described *row)
{
    bool posted = slice_equal(row->method, SLICE("POST"));

    json_write_name(json, posted ? SLICE("post") : SLICE("get"));
    json_write_object(json);
    json_write_name(json, SLICE("tags"));
    json_write_array(json);
    json_write_text(json, open_api_tag(row->endpoint.plugin));
    json_write_end(json);
    write_operation_id(json, row);
    write_security(json, row->endpoint.who != ANYONE);
    write_parameters(json, row);
    if (posted && row->endpoint.input->place == INPUT_BODY) {
        write_body(json, row->endpoint.input);
    }
    write_responses(json);
    json_write_end(json);
}

static bool is_first_of_path(size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (slice_equal(open_api_table[i].path, open_api_table[at].path)) {
            return false;
        }
    }
    return true;
}

static enum status write_path(struct visit *visit, struct json_writer *json,
                              size_t at)
{
    struct slice path = open_api_table[at].path;
    struct slice shown = path;

    if (slice_ends_with(path, SLICE("*"))) {
        TRY(arena_format(visit->arena, &shown, "%.*s{token}", (int)path.len - 1,
                         path.ptr));
    }
    json_write_name(json, shown);
    json_write_object(json);
    for (size_t i = at; i < open_api_count; i++) {
        if (slice_equal(open_api_table[i].path, path)) {
            write_operation(json, &open_api_table[i]);
        }
    }
    json_write_end(json);
    return STATUS_OK;
}

static enum status write_paths(struct visit *visit, struct json_writer *json)
{
    open_member(json, "paths");
    for (size_t i = 0; i < open_api_count; i++) {
        if (open_api_shows(visit, &open_api_table[i]) && is_first_of_path(i)) {
            TRY(write_path(visit, json, i));
        }
    }
    json_write_end(json);
    return STATUS_OK;
}

enum status open_api_schema(struct visit *visit)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    member(&json, "openapi", SLICE("3.1.1"));
    open_member(&json, "info");
    member(&json, "title", SLICE("Bookplate accounts"));
    member(&json, "description",
           SLICE("The accounts of this book, as Better Auth's clients call "
                 "them."));
    member(&json, "version", SLICE(BOOKPLATE_VERSION));
    json_write_end(&json);
    open_api_write_components(visit, &json);
    write_security(&json, true);
    json_write_name(&json, SLICE("servers"));
    json_write_array(&json);
    json_write_object(&json);
    member(&json, "url", visit->call.auth->base_url);
    json_write_end(&json);
    json_write_end(&json);
    TRY(write_paths(visit, &json));
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}
