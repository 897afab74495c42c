/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes as JSON Schema (2020-12). */
#include "api/rest/manual/parts.h"
#include "reader/questionnaire.h"

#define REFERENCE      SLICE("#/components/schemas/")
#define NAME_MAX_BYTES ((size_t)128)

static void write_members(struct json_writer *json, const struct shape *shape,
                          struct shape_use use);

static void write_reference(struct json_writer *json, struct slice name)
{
    char text[NAME_MAX_BYTES];
    size_t len = REFERENCE.len;

    memcpy(text, REFERENCE.ptr, len);
    name = slice_head(name, sizeof(text) - len);
    memcpy(text + len, name.ptr, name.len);
    write_member(json, SLICE("$ref"), slice_make(text, len + name.len));
}

static void write_type(struct json_writer *json, struct slice type,
                       bool nullable)
{
    json_write_name(json, SLICE("type"));
    if (!nullable) {
        json_write_text(json, type);
        return;
    }
    json_write_array(json);
    json_write_text(json, type);
    json_write_text(json, SLICE("null"));
    json_write_end(json);
}

static void write_words(struct json_writer *json, const struct shape *shape)
{
    json_write_name(json, SLICE("enum"));
    json_write_array(json);
    for (size_t i = 0; i < shape->word_count; i++) {
        json_write_text(json, shape->words[i]);
    }
    if (shape->nullable) {
        json_write_null(json);
    }
    json_write_end(json);
}

static void write_bounds(struct json_writer *json, struct slice least,
                         struct slice most, int64_t min, int64_t max)
{
    if (min > 0) {
        write_number_member(json, least, min);
    }
    if (max > 0) {
        write_number_member(json, most, max);
    }
}

static void write_length(struct json_writer *json, const struct shape *shape,
                         struct shape_use use)
{
    int64_t min = shape->min;
    int64_t max = shape->max;

    if (shape->format == FORMAT_PASSWORD && use.choosing) {
        min = (int64_t)use.facts->min_password;
        max = (int64_t)use.facts->max_password;
    }
    write_bounds(json, SLICE("minLength"), SLICE("maxLength"), min, max);
}

static void write_text(struct json_writer *json, const struct shape *shape,
                       struct shape_use use)
{
    static const struct slice formats[] = {
        [FORMAT_EMAIL] = SLICE_INIT("email"),
        [FORMAT_PASSWORD] = SLICE_INIT("password"),
        [FORMAT_TIME] = SLICE_INIT("date-time"),
        [FORMAT_TOKEN] = SLICE_INIT(""),
    };

    write_type(json, SLICE("string"), shape->nullable);
    if (shape->words != NULL) {
        write_words(json, shape);
        return;
    }
    if (formats[shape->format].len > 0) {
        write_member(json, SLICE("format"), formats[shape->format]);
    }
    write_length(json, shape, use);
}

static void write_integer(struct json_writer *json, const struct shape *shape)
{
    write_type(json, SLICE("integer"), shape->nullable);
    write_number_member(json, SLICE("minimum"), shape->min);
    if (shape->max > 0) {
        write_number_member(json, SLICE("maximum"), shape->max);
    }
}

static void write_array(struct json_writer *json, const struct shape *shape,
                        struct shape_use use)
{
    write_type(json, SLICE("array"), shape->nullable);
    write_bounds(json, SLICE("minItems"), SLICE("maxItems"), shape->min,
                 shape->max);
    json_write_name(json, SLICE("items"));
    manual_write_schema(json, shape->of, use);
}

/* What is sent openly is open to the operator's fields of users alone. */
static bool takes_user_fields(const struct shape *shape, struct shape_use use)
{
    return shape->open && !use.answered;
}

static void write_required(struct json_writer *json, const struct shape *shape,
                           struct shape_use use)
{
    json_write_name(json, SLICE("required"));
    json_write_array(json);
    for (size_t i = 0; i < shape->field_count; i++) {
        if (shape->fields[i].required) {
            json_write_text(json, shape->fields[i].name);
        }
    }
    if (takes_user_fields(shape, use)) {
        manual_write_needed_user_fields(json, use.facts->users);
    }
    json_write_end(json);
}

static void write_object(struct json_writer *json, const struct shape *shape,
                         struct shape_use use)
{
    write_type(json, SLICE("object"), shape->nullable);
    open_member(json, SLICE("properties"));
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];

        open_member(json, field->name);
        if (field->text.len > 0) {
            write_member(json, SLICE("description"), field->text);
        }
        write_members(json, field->shape, use);
        json_write_end(json);
    }
    if (takes_user_fields(shape, use)) {
        manual_write_user_fields(json, use.facts->users);
    }
    json_write_end(json);
    write_required(json, shape, use);
    write_flag_member(json, SLICE("additionalProperties"),
                      shape->open && use.answered);
}

/* Members that are JSON already go in front of the next. */
static void write_beyond(struct json_writer *json, struct slice members)
{
    struct slice name = slice_from(members, 1);
    size_t end = slice_find(name, '"');

    if (members.len > 0) {
        json_write_name(json, slice_head(name, end));
        json_write_raw(json, slice_from(name, end + 2));
    }
}

/* Without the braces around it. */
static void write_members(struct json_writer *json, const struct shape *shape,
                          struct shape_use use)
{
    if (shape->name.len > 0 && !use.expanding) {
        write_reference(json, shape->name);
        return;
    }
    use.expanding = false;
    switch (shape->kind) {
    case SHAPE_TEXT:
        write_text(json, shape, use);
        break;
    case SHAPE_INTEGER:
        write_integer(json, shape);
        break;
    case SHAPE_NUMBER:
        write_type(json, SLICE("number"), shape->nullable);
        break;
    case SHAPE_FLAG:
        write_type(json, SLICE("boolean"), shape->nullable);
        break;
    case SHAPE_OBJECT:
        write_object(json, shape, use);
        break;
    case SHAPE_ARRAY:
        write_array(json, shape, use);
        break;
    case SHAPE_ANSWERS:
        write_reference(json, use.answered ? SLICE("StoredAnswers")
                                           : SLICE("Answers"));
        break;
    case SHAPE_ANY:
    default:
        break; /* {} takes anything */
    }
    write_beyond(json, shape->beyond);
}

void manual_write_schema(struct json_writer *json, const struct shape *shape,
                         struct shape_use use)
{
    json_write_object(json);
    write_members(json, shape, use);
    json_write_end(json);
}

static enum status add_shape(const struct shape *shape, struct shape_use use,
                             struct shapes *out)
{
    if (shape->name.len > 0) {
        for (size_t i = 0; i < out->count; i++) {
            if (out->items[i].shape == shape) {
                return STATUS_OK;
            }
        }
        if (out->count == SHAPES_MAX) {
            return STATUS_TOO_LARGE;
        }
        out->items[out->count].shape = shape;
        out->items[out->count].use = use;
        out->count++;
    }
    for (size_t i = 0; i < shape->field_count; i++) {
        TRY(add_shape(shape->fields[i].shape, use, out));
    }
    return shape->of == NULL ? STATUS_OK : add_shape(shape->of, use, out);
}

enum status manual_named_shapes(const struct operations *operations,
                                const struct manual_facts *facts,
                                struct shapes *out)
{
    out->count = 0;
    for (size_t i = 0; i < operations->count; i++) {
        const struct rest_endpoint *endpoint = operations->items[i].endpoint;
        struct shape_use use = {.facts = facts,
                                .choosing = manual_chooses_password(endpoint)};

        if (endpoint->input != NULL) {
            TRY(add_shape(endpoint->input, use, out));
        }
        use.answered = true;
        if (endpoint->output != NULL) {
            TRY(add_shape(endpoint->output, use, out));
        }
        for (size_t j = 0; j < manual_parameter_count(endpoint); j++) {
            use.answered = false;
            TRY(add_shape(endpoint->parameters[j].shape, use, out));
        }
    }
    return STATUS_OK;
}
