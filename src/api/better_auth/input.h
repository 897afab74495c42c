/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields of a body or query, and the original's words for what is wrong
 * with them. All that is wrong is said at once, in the order of the fields.
 */
#ifndef API_BETTER_AUTH_INPUT_H
#define API_BETTER_AUTH_INPUT_H

#include "base/arena.h"
#include "codec/form.h"

struct json;

enum input_kind {
    INPUT_TEXT,
    INPUT_FILLED, /* a text of at least one character */
    INPUT_EMAIL,
    INPUT_FLAG,
    INPUT_NUMBER,
    INPUT_ANY,       /* must be there, whatever it is */
    INPUT_NONEMPTY,  /* a text; "" is refused in the words of some plugins */
    INPUT_ID,        /* anything that has a text, but not "" */
    INPUT_ROLES,     /* a text, or several */
    INPUT_RECORD,    /* an object */
    INPUT_TEXT_ONCE, /* of a query: a text, with another complaint */
    INPUT_TEXTS      /* of a query: as often as one likes */
};

struct input_field {
    struct slice name;
    enum input_kind kind;
    bool optional;
    struct slice words; /* "asc,desc": one of these; empty: any text */
};

enum input_place {
    INPUT_BODY,
    INPUT_QUERY
};

#define INPUT_FIELDS_MAX ((size_t)12)

struct input {
    enum input_place place;
    bool forms;    /* an urlencoded body is taken as well */
    bool record;   /* any further field is let through: says so twice */
    bool any;      /* the body need not be an object */
    bool may_lack; /* there may be none */
    /* What the body as a whole must be; NULL: nothing more. */
    bool (*also)(const struct json *body);
    struct input_field fields[INPUT_FIELDS_MAX];
};

/* Nothing is asked for; a body may come or not. */
extern const struct input input_nothing;

/* STATUS_VALIDATION_ERROR, and *message says why. */
MUST_USE enum status input_check_body(const struct input *input,
                                      const struct json *body,
                                      struct arena *arena,
                                      struct slice *message);
MUST_USE enum status input_check_query(const struct input *input,
                                       const struct form *query,
                                       struct arena *arena,
                                       struct slice *message);

/* The original's idea of an address: ASCII, no spaces, a dot in the domain. */
bool input_is_email(struct slice text);

/* As JavaScript makes a text of it; empty for what no id is. */
MUST_USE enum status input_id_text(const struct json *json, struct arena *arena,
                                   struct slice *out);

/* "undefined", "null", "string" ...; `json` may be NULL. */
struct slice input_type_name(const struct json *json);

#endif
