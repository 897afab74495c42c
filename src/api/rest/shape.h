/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a JSON value has to look like, written once: a body is checked by its
 * shape, and /api/openapi.json prints the same shape for clients.
 *
 * Shapes are constants. A name that an object's shape does not list is
 * refused: nobody mistypes a field without hearing of it.
 */
#ifndef API_REST_SHAPE_H
#define API_REST_SHAPE_H

#include "base/problems.h"
#include "codec/json_read.h"

enum shape_kind {
    SHAPE_TEXT,
    SHAPE_INTEGER,
    SHAPE_NUMBER,
    SHAPE_FLAG,
    SHAPE_OBJECT,  /* of `fields` */
    SHAPE_ARRAY,   /* of `of` */
    SHAPE_ANSWERS, /* an object by the questionnaire */
    SHAPE_ANY
};

enum shape_format {
    FORMAT_NONE,
    FORMAT_EMAIL,
    FORMAT_PASSWORD,
    FORMAT_TIME, /* RFC 3339, UTC */
    FORMAT_TOKEN
};

struct shape;

struct shape_field {
    struct slice name;
    const struct shape *shape;
    bool required;
    struct slice text; /* for the documentation: one sentence */
};

struct shape {
    enum shape_kind kind;
    enum shape_format format;
    bool nullable;
    int64_t min; /* length of a text or array; value of an integer */
    int64_t max; /* 0: no bound */
    const struct slice *words; /* the only texts there are; or NULL */
    size_t word_count;
    const struct shape_field *fields;
    size_t field_count;
    bool open; /* an object may have further members */
    const struct shape *of;
    struct slice name; /* of a shape that is shared: "Profile"; or empty */
    /* For clients: what a handler checks beyond, as members of a schema. */
    struct slice beyond;
    struct slice example; /* JSON; empty: one is made of its parts */
};

/* Shapes many share. */
extern const struct shape shape_text;
extern const struct shape shape_email;
extern const struct shape shape_password;
extern const struct shape shape_time;
extern const struct shape shape_flag;
extern const struct shape shape_count; /* 0 and more */
extern const struct shape shape_answers;
extern const struct shape shape_any;

/* An object of the fields, an array literal's name. */
#define SHAPE_OF(list)                                                         \
    .kind = SHAPE_OBJECT, .fields = (list),                                    \
    .field_count = sizeof(list) / sizeof(*(list))

/*
 * Each thing that is wrong becomes a problem under its path, such as
 * "background.hardware_knowledge"; answers are the questionnaire's to check.
 */
MUST_USE enum status shape_check(const struct shape *shape,
                                 const struct json *json,
                                 struct problems *problems);

#endif
