/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What document and page are both made of. Private to the manual.
 */
#ifndef API_REST_MANUAL_PARTS_H
#define API_REST_MANUAL_PARTS_H

#include "api/rest/manual/manual.h"
#include "api/rest/rest.h"
#include "http/head.h"

/* One row of routes.def that is of the plain API. */
struct operation {
    const struct rest_endpoint *endpoint;
    enum http_method method;
    struct slice path; /* with {parameters} */
    size_t subject;    /* by its place in manual_subjects */
    size_t body_limit;
    bool asks_elsewhere; /* the service that keeps the accounts */
};

#define OPERATIONS_MAX ((size_t)64)

struct operations {
    size_t count;
    struct operation items[OPERATIONS_MAX];
};

/* In the order of routes.def, one subject after the other. */
MUST_USE enum status manual_operations(const struct manual_facts *facts,
                                       struct operations *out);

struct subject {
    struct slice name;
    struct slice text;
};
#define SUBJECT_COUNT 4
extern const struct subject manual_subjects[SUBJECT_COUNT];

/* Whether somebody has to show who they are. */
bool manual_needs_caller(const struct rest_endpoint *endpoint);
/* Whether somebody may, and guests are answered too. */
bool manual_takes_guests(const struct rest_endpoint *endpoint);
/* Whether it makes one choose a password, within this server's bounds. */
bool manual_chooses_password(const struct rest_endpoint *endpoint);

/* Whether it honours If-Match, has an ETag, honours If-None-Match. */
bool manual_expects_version(const struct rest_endpoint *endpoint);
bool manual_has_tag(const struct rest_endpoint *endpoint);
bool manual_may_be_unchanged(const struct operation *operation);

/* How many parameters an endpoint has. */
size_t manual_parameter_count(const struct rest_endpoint *endpoint);

/*
 * What an operation may answer but its success, each once, by http status:
 * its own refusals, and those of every operation like it.
 */
#define REFUSALS_MAX ((size_t)32)

struct refusals {
    size_t count;
    enum status items[REFUSALS_MAX];
};
void manual_refusals(const struct operation *operation, struct refusals *out);

/* The statuses many operations share, by http status. */
void manual_common_refusals(struct refusals *out);
bool manual_is_shared(enum status status);
/* Whether all its refusals with that http status are the common ones. */
bool manual_is_common(const struct operation *operation, int http);

/* How a shape is printed: what is sent and what is answered differ. */
struct shape_use {
    const struct manual_facts *facts;
    bool answered;  /* by the server */
    bool choosing;  /* a password */
    bool expanding; /* this shape's name is being explained */
};

/* A JSON Schema; a shape with a name becomes a reference. */
void manual_write_schema(struct json_writer *json, const struct shape *shape,
                         struct shape_use use);
/* Of answers: what may be sent, and what may have been kept of old ones. */
void manual_write_answers(struct json_writer *json,
                          const struct questionnaire *questionnaire);
void manual_write_stored_answers(struct json_writer *json);
/* Further fields of users: as properties, and the names of those needed. */
void manual_write_user_fields(struct json_writer *json,
                              const struct table *users);
void manual_write_needed_user_fields(struct json_writer *json,
                                     const struct table *users);
/* A value that fits it; `name` is what it is called, for a likely one. */
void manual_write_example(struct json_writer *json, const struct shape *shape,
                          struct slice name, struct shape_use use);

#define SHAPES_MAX ((size_t)64)

/* Shapes with a name, each once. */
struct shapes {
    size_t count;
    struct {
        const struct shape *shape;
        struct shape_use use;
    } items[SHAPES_MAX];
};
MUST_USE enum status manual_named_shapes(const struct operations *operations,
                                         const struct manual_facts *facts,
                                         struct shapes *out);

/* Parts of the document; each writes members of an object that is open. */
void manual_write_operation(struct json_writer *json,
                            const struct operation *operation,
                            const struct manual_facts *facts);
void manual_write_responses(struct json_writer *json,
                            const struct operation *operation,
                            const struct manual_facts *facts);
void manual_write_common_responses(struct json_writer *json);
/* "content": JSON of that shape, with an example. */
void manual_write_media(struct json_writer *json, const struct shape *shape,
                        struct shape_use use);

MUST_USE enum status manual_print_document(const struct manual_facts *facts,
                                           const struct operations *operations,
                                           struct buf *buf);
MUST_USE enum status manual_print_page(const struct manual_facts *facts,
                                       const struct operations *operations,
                                       struct buf *buf);

/* "name": "text", and "name": { */
static inline void write_member(struct json_writer *json, struct slice name,
                                struct slice text)
{
    json_write_name(json, name);
    json_write_text(json, text);
}

static inline void write_number_member(struct json_writer *json,
                                       struct slice name, int64_t number)
{
    json_write_name(json, name);
    json_write_int64(json, number);
}

static inline void write_flag_member(struct json_writer *json,
                                     struct slice name, bool value)
{
    json_write_name(json, name);
    json_write_bool(json, value);
}

static inline void open_member(struct json_writer *json, struct slice name)
{
    json_write_name(json, name);
    json_write_object(json);
}

#endif
