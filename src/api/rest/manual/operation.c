/* SPDX-License-Identifier: Apache-2.0 */
/* One operation of the document: who may, what is sent. */
#include "api/rest/manual/parts.h"

/* [{"name": []}]: that scheme alone is enough. */
static void write_scheme(struct json_writer *json, struct slice name)
{
    json_write_object(json);
    json_write_name(json, name);
    json_write_array(json);
    json_write_end(json);
    json_write_end(json);
}

static void write_security(struct json_writer *json,
                           const struct rest_endpoint *endpoint)
{
    json_write_name(json, SLICE("security"));
    json_write_array(json);
    if (manual_takes_guests(endpoint)) { /* {}: nothing will do as well */
        json_write_object(json);
        json_write_end(json);
    }
    if (endpoint->who == REST_SERVICE) {
        write_scheme(json, SLICE("serviceKey"));
    } else if (manual_needs_caller(endpoint) || manual_takes_guests(endpoint)) {
        write_scheme(json, SLICE("sessionToken"));
        write_scheme(json, SLICE("sessionCookie"));
    }
    json_write_end(json);
}

static void write_parameter(struct json_writer *json,
                            const struct rest_parameter *parameter,
                            const struct manual_facts *facts)
{
    json_write_object(json);
    write_member(json, SLICE("name"), parameter->name);
    write_member(json, SLICE("in"),
                 parameter->in_path ? SLICE("path") : SLICE("query"));
    write_flag_member(json, SLICE("required"),
                      parameter->in_path || parameter->required);
    if (parameter->text.len > 0) {
        write_member(json, SLICE("description"), parameter->text);
    }
    json_write_name(json, SLICE("schema"));
    manual_write_schema(json, parameter->shape,
                        (struct shape_use){.facts = facts});
    json_write_end(json);
}

static void write_header_parameter(struct json_writer *json, struct slice name,
                                   struct slice text)
{
    json_write_object(json);
    write_member(json, SLICE("name"), name);
    write_member(json, SLICE("in"), SLICE("header"));
    write_member(json, SLICE("description"), text);
    open_member(json, SLICE("schema"));
    write_member(json, SLICE("type"), SLICE("string"));
    json_write_end(json);
    json_write_end(json);
}

static void write_parameters(struct json_writer *json,
                             const struct operation *operation,
                             const struct manual_facts *facts)
{
    const struct rest_endpoint *endpoint = operation->endpoint;

    json_write_name(json, SLICE("parameters"));
    json_write_array(json);
    for (size_t i = 0; i < manual_parameter_count(endpoint); i++) {
        write_parameter(json, &endpoint->parameters[i], facts);
    }
    if (manual_expects_version(endpoint)) {
        write_header_parameter(json, SLICE("If-Match"),
                               SLICE("The ETag of what is to be changed: 412 "
                                     "when it was changed meanwhile."));
    }
    if (manual_may_be_unchanged(operation)) {
        write_header_parameter(json, SLICE("If-None-Match"),
                               SLICE("The ETag of what one has: 304 when that "
                                     "is still so."));
    }
    json_write_end(json);
}

void manual_write_media(struct json_writer *json, const struct shape *shape,
                        struct shape_use use)
{
    open_member(json, SLICE("content"));
    open_member(json, SLICE("application/json"));
    json_write_name(json, SLICE("schema"));
    manual_write_schema(json, shape, use);
    if (shape->kind != SHAPE_ANY) {
        json_write_name(json, SLICE("example"));
        manual_write_example(json, shape, SLICE_EMPTY, use);
    }
    json_write_end(json);
    json_write_end(json);
}

static void write_body(struct json_writer *json,
                       const struct operation *operation,
                       const struct manual_facts *facts)
{
    const struct rest_endpoint *endpoint = operation->endpoint;
    const struct shape_use use = {
        .facts = facts, .choosing = manual_chooses_password(endpoint)};

    if (endpoint->input == NULL) {
        return;
    }
    open_member(json, SLICE("requestBody"));
    write_flag_member(json, SLICE("required"), !endpoint->input_may_lack);
    manual_write_media(json, endpoint->input, use);
    json_write_end(json);
}

void manual_write_operation(struct json_writer *json,
                            const struct operation *operation,
                            const struct manual_facts *facts)
{
    const struct rest_endpoint *endpoint = operation->endpoint;

    json_write_name(json, SLICE("tags"));
    json_write_array(json);
    json_write_text(json, manual_subjects[operation->subject].name);
    json_write_end(json);
    write_member(json, SLICE("operationId"), endpoint->name);
    write_member(json, SLICE("summary"), endpoint->summary);
    write_security(json, endpoint);
    write_parameters(json, operation, facts);
    write_body(json, operation, facts);
    manual_write_responses(json, operation, facts);
}
