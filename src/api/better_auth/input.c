/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/input.h"

#include "base/buf.h"
#include "codec/json_read.h"
#include "codec/json_write.h"

#include <stdio.h>

/* All fields' complaints together. */
#define MESSAGE_MAX ((size_t)8192)
/* RFC 5321 section 4.5.3.1; the original has no limit. */
#define EMAIL_MAX ((size_t)254)
#define LOCAL_MAX ((size_t)64)

const struct input input_nothing = {.any = true};

struct complaint {
    struct buf text;
    struct slice place; /* "body" or "query" */
};

static void complain(struct complaint *to, struct slice field,
                     struct slice what)
{
    buf_add(&to->text, to->text.len > 0 ? SLICE("; ") : SLICE_EMPTY);
    buf_add_byte(&to->text, '[');
    buf_add(&to->text, to->place);
    if (field.len > 0) {
        buf_add_byte(&to->text, '.');
        buf_add(&to->text, field);
    }
    buf_add(&to->text, SLICE("] "));
    buf_add(&to->text, what);
}

static void complain_type(struct complaint *to, struct slice field,
                          struct slice expected, struct slice received)
{
    char text[96];
    int len = snprintf(text, sizeof(text),
                       "Invalid input: expected %.*s, received %.*s",
                       SLICE_ARG(expected), SLICE_ARG(received));

    complain(to, field, slice_make(text, (size_t)len));
}

struct slice input_type_name(const struct json *json)
{
    switch (json_kind_of(json)) {
    case JSON_KIND_NONE:
        return SLICE("undefined");
    case JSON_KIND_NULL:
        return SLICE("null");
    case JSON_KIND_BOOL:
        return SLICE("boolean");
    case JSON_KIND_INTEGER:
    case JSON_KIND_REAL:
        return SLICE("number");
    case JSON_KIND_TEXT:
        return SLICE("string");
    case JSON_KIND_ARRAY:
        return SLICE("array");
    case JSON_KIND_OBJECT:
    default:
        return SLICE("object");
    }
}

static bool is_alnum(char c)
{
    return ascii_is_digit(c) ||
           (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

static bool is_local_part(struct slice local)
{
    struct slice rest = local;
    struct slice run;

    if (local.len == 0 || local.len > LOCAL_MAX ||
        local.ptr[local.len - 1] == '\'') {
        return false;
    }
    while (slice_split(&rest, '.', &run)) {
        if (run.len == 0) {
            return false;
        }
        for (size_t i = 0; i < run.len; i++) {
            if (!is_alnum(run.ptr[i]) && strchr("_'+-", run.ptr[i]) == NULL) {
                return false;
            }
        }
    }
    return true;
}

static bool is_label(struct slice label, bool last)
{
    if (label.len == 0 || label.ptr[0] == '-' || (last && label.len < 2)) {
        return false;
    }
    for (size_t i = 0; i < label.len; i++) {
        bool letter = ascii_lower(label.ptr[i]) >= 'a' &&
                      ascii_lower(label.ptr[i]) <= 'z';

        if (!letter &&
            (last || (!ascii_is_digit(label.ptr[i]) && label.ptr[i] != '-'))) {
            return false;
        }
    }
    return true;
}

bool input_is_email(struct slice text)
{
    size_t at = slice_find(text, '@');
    struct slice rest = slice_from(text, at + 1);
    struct slice label;
    size_t labels = 0;

    if (at >= text.len || text.len > EMAIL_MAX ||
        !is_local_part(slice_head(text, at))) {
        return false;
    }
    while (slice_split(&rest, '.', &label)) {
        bool last = rest.ptr == NULL;

        labels++;
        if (!is_label(label, last)) {
            return false;
        }
    }
    return labels >= 2;
}

static bool is_word(struct slice words, struct slice text)
{
    struct slice word;

    while (slice_split(&words, ',', &word)) {
        if (slice_equal(word, text)) {
            return true;
        }
    }
    return false;
}

static void complain_words(struct complaint *to,
                           const struct input_field *field)
{
    struct slice words = field->words;
    struct slice word;
    struct slice bar = SLICE_EMPTY;
    struct buf text;

    buf_init(&text, to->text.arena, MESSAGE_MAX);
    buf_add(&text, SLICE("Invalid option: expected one of "));
    while (slice_split(&words, ',', &word)) {
        buf_format(&text, "%.*s\"%.*s\"", SLICE_ARG(bar), SLICE_ARG(word));
        bar = SLICE("|");
    }
    complain(to, field->name, slice_make(text.bytes, text.len));
}

static void complain_empty(struct complaint *to,
                           const struct input_field *field)
{
    char text[96];
    int len = snprintf(text, sizeof(text), "%.*s cannot be empty",
                       SLICE_ARG(field->name));

    complain(to, field->name, slice_make(text, (size_t)len));
}

static void check_text(struct complaint *to, const struct input_field *field,
                       struct slice text)
{
    if (field->words.len > 0 && !is_word(field->words, text)) {
        complain_words(to, field);
    } else if (field->kind == INPUT_NONEMPTY && text.len == 0) {
        complain_empty(to, field);
    } else if (field->kind == INPUT_FILLED && text.len == 0) {
        complain(to, field->name,
                 SLICE("Too small: expected string to have >=1 characters"));
    } else if (field->kind == INPUT_EMAIL && !input_is_email(text)) {
        complain(to, field->name, SLICE("Invalid email address"));
    }
}

static struct slice expected_type(enum input_kind kind)
{
    switch (kind) {
    case INPUT_FLAG:
        return SLICE("boolean");
    case INPUT_NUMBER:
        return SLICE("number");
    case INPUT_ANY:
    case INPUT_ID:
        return SLICE("nonoptional");
    case INPUT_RECORD:
        return SLICE("record");
    case INPUT_TEXT:
    case INPUT_FILLED:
    case INPUT_EMAIL:
    default:
        return SLICE("string");
    }
}

static bool is_text_or_texts(const struct json *value)
{
    for (size_t i = 0; i < json_count(value); i++) {
        if (json_kind_of(json_at(value, i)) != JSON_KIND_TEXT) {
            return false;
        }
    }
    return json_kind_of(value) == JSON_KIND_TEXT ||
           json_kind_of(value) == JSON_KIND_ARRAY;
}

static bool is_of_kind(enum input_kind kind, const struct json *value)
{
    enum json_kind is = json_kind_of(value);

    switch (kind) {
    case INPUT_FLAG:
        return is == JSON_KIND_BOOL;
    case INPUT_NUMBER:
        return is == JSON_KIND_INTEGER || is == JSON_KIND_REAL;
    case INPUT_ANY:
    case INPUT_ID:
        return is != JSON_KIND_NONE;
    case INPUT_RECORD:
        return is == JSON_KIND_OBJECT;
    case INPUT_ROLES:
        return is_text_or_texts(value);
    case INPUT_TEXT:
    case INPUT_FILLED:
    case INPUT_EMAIL:
    default:
        return is == JSON_KIND_TEXT;
    }
}

enum status input_id_text(const struct json *json, struct arena *arena,
                          struct slice *out)
{
    double number;
    struct buf buf;
    bool on;

    *out = SLICE_EMPTY;
    buf_init(&buf, arena, MESSAGE_MAX);
    switch (json_kind_of(json)) {
    case JSON_KIND_TEXT:
        return json_text(json, out);
    case JSON_KIND_NULL:
        *out = SLICE("null");
        return STATUS_OK;
    case JSON_KIND_BOOL:
        TRY(json_bool(json, &on));
        *out = on ? SLICE("true") : SLICE("false");
        return STATUS_OK;
    case JSON_KIND_INTEGER:
    case JSON_KIND_REAL:
        TRY(json_number(json, &number));
        json_number_print(&buf, number);
        return buf_finish(&buf, out);
    default:
        return STATUS_OK;
    }
}

/* What is wrong with it beside its text. */
static bool complain_kind(struct complaint *to, const struct input_field *field,
                          const struct json *value)
{
    if (is_of_kind(field->kind, value)) {
        return false;
    }
    if (field->kind == INPUT_ROLES) {
        complain(to, field->name, SLICE("Invalid input"));
        return true;
    }
    complain_type(to, field->name, expected_type(field->kind),
                  input_type_name(value));
    if (field->kind == INPUT_NONEMPTY &&
        json_kind_of(value) == JSON_KIND_ARRAY && json_count(value) == 0) {
        complain_empty(to, field);
    }
    return true;
}

/* An empty list has the text "" as well. */
static bool is_empty_id(const struct json *value)
{
    struct slice text;

    return (json_text(value, &text) == STATUS_OK && text.len == 0) ||
           (json_kind_of(value) == JSON_KIND_ARRAY && json_count(value) == 0);
}

static void check_member(struct complaint *to, const struct input_field *field,
                         const struct json *value)
{
    struct slice text;

    if (value == NULL && field->optional) {
        return;
    }
    if (complain_kind(to, field, value)) {
        return;
    }
    if (field->kind == INPUT_ID && is_empty_id(value)) {
        complain_empty(to, field);
    } else if (json_text(value, &text) == STATUS_OK) {
        check_text(to, field, text);
    }
}

static enum status conclude(const struct complaint *from, struct slice *message)
{
    TRY(buf_finish(&from->text, message));
    return message->len > 0 ? STATUS_VALIDATION_ERROR : STATUS_OK;
}

static void check_whole(struct complaint *to, const struct input *input,
                        const struct json *body)
{
    if (input->also != NULL && !input->also(body)) {
        complain(to, SLICE_EMPTY, SLICE("Invalid input"));
    }
}

enum status input_check_body(const struct input *input, const struct json *body,
                             struct arena *arena, struct slice *message)
{
    struct complaint to = {.place = SLICE("body")};

    buf_init(&to.text, arena, MESSAGE_MAX);
    if (input->any || (input->may_lack && body == NULL)) {
        return STATUS_OK;
    }
    if (json_kind_of(body) != JSON_KIND_OBJECT) {
        if (input->fields[0].name.len > 0) {
            complain_type(&to, SLICE_EMPTY, SLICE("object"),
                          input_type_name(body));
        }
        if (input->record) {
            complain_type(&to, SLICE_EMPTY, SLICE("record"),
                          input_type_name(body));
        }
        check_whole(&to, input, body);
        return conclude(&to, message);
    }
    for (size_t i = 0; i < INPUT_FIELDS_MAX && input->fields[i].name.len > 0;
         i++) {
        check_member(&to, &input->fields[i],
                     json_get(body, input->fields[i].name));
    }
    check_whole(&to, input, body);
    return conclude(&to, message);
}

static void check_parameter(struct complaint *to,
                            const struct input_field *field,
                            const struct form *query)
{
    struct slice text;
    size_t found = form_find(query, field->name, &text);

    if (found == 0 && !field->optional) {
        complain_type(to, field->name, SLICE("string"), SLICE("undefined"));
    } else if (found > 1 && field->kind == INPUT_TEXT_ONCE) {
        complain(to, field->name, SLICE("Invalid input"));
    } else if (found > 1 && field->words.len > 0) {
        complain_words(to, field);
    } else if (found > 1 && field->kind != INPUT_TEXTS) {
        complain_type(to, field->name, SLICE("string"), SLICE("array"));
    } else if (found == 1) {
        check_text(to, field, text);
    }
}

enum status input_check_query(const struct input *input,
                              const struct form *query, struct arena *arena,
                              struct slice *message)
{
    struct complaint to = {.place = SLICE("query")};

    buf_init(&to.text, arena, MESSAGE_MAX);
    for (size_t i = 0; i < INPUT_FIELDS_MAX && input->fields[i].name.len > 0;
         i++) {
        check_parameter(&to, &input->fields[i], query);
    }
    return conclude(&to, message);
}
