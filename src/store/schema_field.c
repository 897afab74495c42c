/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/iso_date.h"
#include "codec/json_read.h"
#include "codec/json_write.h"
#include "store/schema_parts.h"

/* Of one enum, and of one word: it stands in an answer for people. */
#define WORDS_MAX ((size_t)64)
#define WORD_MAX  ((size_t)255)
/* Of a defaultValue, which every new row repeats. */
#define INITIAL_MAX ((size_t)4096)

#define TYPES                                                                  \
    "string, number, boolean, date, json, string[], number[] or a list of "    \
    "words"

struct field {
    struct schema_draft *draft;
    struct slice path;
    const struct json *json;
    struct column *column;
};

static const struct {
    struct slice word;
    enum column_type type;
} types[] = {
    {SLICE_INIT("string"), COLUMN_TEXT},
    {SLICE_INIT("number"), COLUMN_INTEGER},
    {SLICE_INIT("boolean"), COLUMN_BOOLEAN},
    {SLICE_INIT("date"), COLUMN_DATE},
    {SLICE_INIT("json"), COLUMN_JSON},
    {SLICE_INIT("string[]"), COLUMN_TEXT_ARRAY},
    {SLICE_INIT("number[]"), COLUMN_NUMBER_ARRAY},
};

static const char *const known[] = {
    "type",      "required",     "returned", "input", "unique",
    "fieldName", "defaultValue", "bigint",   "index", "sortable",
};

static enum status refuse(const struct field *field, const char *what)
{
    return schema_refuse(field->draft, "%.*s%s", SLICE_ARG(field->path), what);
}

static enum status read_words(struct field *field, const struct json *list)
{
    size_t count = json_count(list);
    struct slice *words;

    if (count == 0 || count > WORDS_MAX) {
        return refuse(field, ".type: a list has 1 to 64 words");
    }
    words = arena_alloc(field->draft->arena, count * sizeof(*words));
    TRY_ALLOC(words);
    for (size_t i = 0; i < count; i++) {
        if (json_text(json_at(list, i), &words[i]) != STATUS_OK ||
            words[i].len == 0 || words[i].len > WORD_MAX) {
            return refuse(field, ".type: a word has 1 to 255 bytes");
        }
    }
    field->column->type = COLUMN_TEXT;
    field->column->words = words;
    field->column->word_count = count;
    return STATUS_OK;
}

static enum status read_type(struct field *field)
{
    const struct json *json = json_get(field->json, SLICE("type"));
    struct slice word;

    if (json_kind_of(json) == JSON_KIND_ARRAY) {
        return read_words(field, json);
    }
    if (json_text(json, &word) == STATUS_OK) {
        for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
            if (slice_equal(word, types[i].word)) {
                field->column->type = types[i].type;
                return STATUS_OK;
            }
        }
    }
    return refuse(field, ".type must be " TYPES);
}

/* `out` keeps what it holds when the member is not there. */
static enum status read_flag(struct field *field, const char *name, bool *out)
{
    struct slice member = slice_from_cstr(name);
    const struct json *json = json_get(field->json, member);

    if (json == NULL || json_bool(json, out) == STATUS_OK) {
        return STATUS_OK;
    }
    return schema_refuse(field->draft, "%.*s.%s must be true or false",
                         SLICE_ARG(field->path), name);
}

static enum status read_flags(struct field *field)
{
    struct column *column = field->column;
    bool returned = true;
    bool input = true;
    bool bigint = false;
    bool ignored = false; /* sortable is for MySQL */

    column->required = true;
    TRY(read_flag(field, "required", &column->required));
    TRY(read_flag(field, "returned", &returned));
    TRY(read_flag(field, "input", &input));
    TRY(read_flag(field, "unique", &column->unique));
    TRY(read_flag(field, "bigint", &bigint));
    TRY(read_flag(field, "index", &column->indexed));
    TRY(read_flag(field, "sortable", &ignored));
    column->checked =
        column->required && json_get(field->json, SLICE("required")) != NULL;
    column->hidden = !returned;
    column->no_input = !input;
    if (bigint && column->type != COLUMN_INTEGER) {
        return refuse(field, ".bigint is for numbers");
    }
    column->type = bigint ? COLUMN_BIGINT : column->type;
    return STATUS_OK;
}

static enum status read_stored(struct field *field)
{
    const struct json *json = json_get(field->json, SLICE("fieldName"));
    struct slice name;

    if (json == NULL) {
        return STATUS_OK;
    }
    if (json_text(json, &name) != STATUS_OK || !schema_is_name(name)) {
        return refuse(field, ".fieldName must be a name of letters, digits "
                             "and _, at most 63 bytes, no digit first");
    }
    field->column->stored = name;
    return STATUS_OK;
}

static bool is_word(const struct column *column, struct slice text)
{
    for (size_t i = 0; i < column->word_count; i++) {
        if (slice_equal(column->words[i], text)) {
            return true;
        }
    }
    return column->words == NULL;
}

static bool take_text(const struct column *column, const struct json *json,
                      struct value *out)
{
    struct slice text;

    if (json_text(json, &text) != STATUS_OK || !is_word(column, text)) {
        return false;
    }
    *out = value_text(text);
    return true;
}

static bool take_number(const struct column *column, const struct json *json,
                        struct value *out)
{
    int64_t number;

    if (json_int64(json, &number) != STATUS_OK ||
        (column->type == COLUMN_INTEGER &&
         (number < INT32_MIN || number > INT32_MAX))) {
        return false;
    }
    *out = value_integer(number);
    return true;
}

static bool take_boolean(const struct json *json, struct value *out)
{
    bool on;

    if (json_bool(json, &on) != STATUS_OK) {
        return false;
    }
    *out = value_boolean(on);
    return true;
}

static bool take_date(const struct json *json, struct value *out)
{
    struct slice text;
    int64_t ms;

    if (json_text(json, &text) != STATUS_OK ||
        iso_date_parse(text, &ms) != STATUS_OK) {
        return false;
    }
    *out = value_time(ms);
    return true;
}

static bool is_list_of(enum column_type type, const struct json *json)
{
    struct slice text;
    double number;

    for (size_t i = 0; i < json_count(json); i++) {
        const struct json *item = json_at(json, i);

        if (type == COLUMN_TEXT_ARRAY
                ? json_text(item, &text) != STATUS_OK
                : json_number(item, &number) != STATUS_OK) {
            return false;
        }
    }
    return json_kind_of(json) == JSON_KIND_ARRAY;
}

static bool take_json(const struct field *field, const struct json *json,
                      struct value *out)
{
    struct json_writer writer;
    struct slice text;
    struct buf buf;

    if (field->column->type != COLUMN_JSON &&
        !is_list_of(field->column->type, json)) {
        return false;
    }
    buf_init(&buf, field->draft->arena, INITIAL_MAX);
    json_writer_init(&writer, &buf);
    json_write_json(&writer, json);
    if (json_write_finish(&writer, &text) != STATUS_OK) {
        return false;
    }
    *out = value_text(text);
    return true;
}

static bool take_initial(const struct field *field, const struct json *json,
                         struct value *out)
{
    switch (field->column->type) {
    case COLUMN_TEXT:
        return take_text(field->column, json, out);
    case COLUMN_INTEGER:
    case COLUMN_BIGINT:
        return take_number(field->column, json, out);
    case COLUMN_BOOLEAN:
        return take_boolean(json, out);
    case COLUMN_DATE:
        return take_date(json, out);
    default:
        return take_json(field, json, out);
    }
}

static enum status read_initial(struct field *field)
{
    const struct json *json = json_get(field->json, SLICE("defaultValue"));

    if (json == NULL) {
        return STATUS_OK;
    }
    field->column->has_initial = true;
    if (json_kind_of(json) == JSON_KIND_NULL && !field->column->required) {
        field->column->initial = VALUE_NOTHING;
        return STATUS_OK;
    }
    if (!take_initial(field, json, &field->column->initial)) {
        return refuse(field, ".defaultValue is not of the field's type");
    }
    return STATUS_OK;
}

static enum status check_members(struct field *field)
{
    struct json_member member = {0};

    while (json_next(field->json, &member)) {
        bool found = false;

        for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
            found =
                found || slice_equal(member.name, slice_from_cstr(known[i]));
        }
        if (!found) {
            return schema_refuse(field->draft, "%.*s.%.*s is not known here",
                                 SLICE_ARG(field->path),
                                 SLICE_ARG(slice_head(member.name, 40)));
        }
    }
    return STATUS_OK;
}

enum status schema_read_field(struct schema_draft *draft, struct slice path,
                              const struct json *json, struct column *column)
{
    struct field field = {draft, path, json, column};

    if (json_kind_of(json) != JSON_KIND_OBJECT) {
        return refuse(&field, " must be an object with a type");
    }
    TRY(check_members(&field));
    TRY(read_type(&field));
    TRY(read_flags(&field));
    TRY(read_stored(&field));
    return read_initial(&field);
}
