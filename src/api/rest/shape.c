/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/shape.h"

#include "api/better_auth/input.h"

/* Of "background.hardware_knowledge" and "progress[12].place". */
#define PATH_MAX_BYTES ((size_t)256)
/* What is listed in a message before it is cut. */
#define WORDS_MAX_BYTES ((size_t)384)

const struct shape shape_text = {.kind = SHAPE_TEXT, .max = 8192};
const struct shape shape_email = {
    .kind = SHAPE_TEXT, .format = FORMAT_EMAIL, .min = 3, .max = 254};
const struct shape shape_password = {
    .kind = SHAPE_TEXT, .format = FORMAT_PASSWORD, .min = 1, .max = 4096};
const struct shape shape_time = {.kind = SHAPE_TEXT, .format = FORMAT_TIME};
const struct shape shape_flag = {.kind = SHAPE_FLAG};
const struct shape shape_count = {.kind = SHAPE_INTEGER};
const struct shape shape_answers = {.kind = SHAPE_ANSWERS};
const struct shape shape_any = {.kind = SHAPE_ANY};

struct walk {
    struct problems *problems;
    struct arena *arena;
};

static enum status check(const struct walk *walk, const struct shape *shape,
                         const struct json *json, struct slice path);

static const char *kind_word(enum shape_kind kind)
{
    switch (kind) {
    case SHAPE_TEXT:
        return "a text";
    case SHAPE_INTEGER:
        return "a whole number";
    case SHAPE_NUMBER:
        return "a number";
    case SHAPE_FLAG:
        return "true or false";
    case SHAPE_ARRAY:
        return "an array";
    case SHAPE_OBJECT:
    case SHAPE_ANSWERS:
    case SHAPE_ANY:
    default:
        return "an object";
    }
}

static bool is_of_kind(enum shape_kind kind, enum json_kind given)
{
    switch (kind) {
    case SHAPE_TEXT:
        return given == JSON_KIND_TEXT;
    case SHAPE_INTEGER:
        return given == JSON_KIND_INTEGER;
    case SHAPE_NUMBER:
        return given == JSON_KIND_INTEGER || given == JSON_KIND_REAL;
    case SHAPE_FLAG:
        return given == JSON_KIND_BOOL;
    case SHAPE_ARRAY:
        return given == JSON_KIND_ARRAY;
    case SHAPE_OBJECT:
    case SHAPE_ANSWERS:
        return given == JSON_KIND_OBJECT;
    case SHAPE_ANY:
    default:
        return true;
    }
}

static enum status refuse_word(const struct walk *walk,
                               const struct shape *shape, struct slice path)
{
    struct slice list;
    struct buf buf;

    buf_init(&buf, walk->arena, WORDS_MAX_BYTES);
    for (size_t i = 0; i < shape->word_count; i++) {
        buf_add(&buf, i > 0 ? SLICE(", ") : SLICE_EMPTY);
        buf_add(&buf, shape->words[i]);
    }
    TRY(buf_finish(&buf, &list));
    return problems_add(walk->problems, path, "Use one of: %.*s.",
                        SLICE_ARG(list));
}

static bool is_word(const struct shape *shape, struct slice text)
{
    for (size_t i = 0; i < shape->word_count; i++) {
        if (slice_equal(shape->words[i], text)) {
            return true;
        }
    }
    return false;
}

/* As JSON Schema counts: code points. The text is valid UTF-8. */
static int64_t count_characters(struct slice text)
{
    int64_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80 ? 1 : 0;
    }
    return count;
}

static enum status check_text(const struct walk *walk,
                              const struct shape *shape,
                              const struct json *json, struct slice path)
{
    struct slice text = SLICE_EMPTY;
    int64_t length;

    TRY(json_text(json, &text));
    length = count_characters(text);
    if (shape->words != NULL) {
        return is_word(shape, text) ? STATUS_OK
                                    : refuse_word(walk, shape, path);
    }
    if (length < shape->min) {
        return problems_add(walk->problems, path, "This is needed.");
    }
    if (shape->max > 0 && length > shape->max) {
        return problems_add(walk->problems, path,
                            "At most %lld characters fit here.",
                            (long long)shape->max);
    }
    if (shape->format == FORMAT_EMAIL && !input_is_email(text)) {
        return problems_add(walk->problems, path,
                            "This is no e-mail address; it looks like "
                            "reader@example.com.");
    }
    return STATUS_OK;
}

static enum status check_integer(const struct walk *walk,
                                 const struct shape *shape,
                                 const struct json *json, struct slice path)
{
    int64_t number = 0;

    TRY(json_int64(json, &number));
    if (shape->max > 0 && number > shape->max) {
        return problems_add(walk->problems, path, "The most is %lld.",
                            (long long)shape->max);
    }
    return number >= shape->min
               ? STATUS_OK
               : problems_add(walk->problems, path, "The least is %lld.",
                              (long long)shape->min);
}

static enum status check_array(const struct walk *walk,
                               const struct shape *shape,
                               const struct json *json, struct slice path)
{
    size_t count = json_count(json);

    if ((int64_t)count < shape->min ||
        (shape->max > 0 && (int64_t)count > shape->max)) {
        return problems_add(walk->problems, path,
                            "Send from %lld to %lld of them.",
                            (long long)shape->min, (long long)shape->max);
    }
    for (size_t i = 0; i < count && walk->problems->count < PROBLEMS_MAX; i++) {
        struct slice below;

        TRY(arena_format(walk->arena, &below, "%.*s[%zu]", SLICE_ARG(path), i));
        TRY(check(walk, shape->of, json_at(json, i), below));
    }
    return STATUS_OK;
}

static enum status path_below(const struct walk *walk, struct slice path,
                              struct slice name, struct slice *out)
{
    name = slice_head(name, PATH_MAX_BYTES);
    return arena_format(walk->arena, out, "%.*s%s%.*s", SLICE_ARG(path),
                        path.len > 0 ? "." : "", SLICE_ARG(name));
}

static const struct shape_field *find_field(const struct shape *shape,
                                            struct slice name)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        if (slice_equal(shape->fields[i].name, name)) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

static enum status check_members(const struct walk *walk,
                                 const struct shape *shape,
                                 const struct json *json, struct slice path)
{
    struct json_member member = {0};

    while (walk->problems->count < PROBLEMS_MAX && json_next(json, &member)) {
        const struct shape_field *field = find_field(shape, member.name);
        struct slice below;

        if (field == NULL && shape->open) {
            continue;
        }
        TRY(path_below(walk, path, member.name, &below));
        TRY(field == NULL
                ? problems_add(walk->problems, below,
                               "There is no such field; leave it out.")
                : check(walk, field->shape, member.value, below));
    }
    return STATUS_OK;
}

static enum status check_object(const struct walk *walk,
                                const struct shape *shape,
                                const struct json *json, struct slice path)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        struct slice below;

        if (field->required && json_get(json, field->name) == NULL) {
            TRY(path_below(walk, path, field->name, &below));
            TRY(problems_add(walk->problems, below, "This is needed."));
        }
    }
    return check_members(walk, shape, json, path);
}

static enum status check(const struct walk *walk, const struct shape *shape,
                         const struct json *json, struct slice path)
{
    enum json_kind given = json_kind_of(json);

    if (given == JSON_KIND_NULL && shape->nullable) {
        return STATUS_OK;
    }
    if (!is_of_kind(shape->kind, given)) {
        return problems_add(walk->problems, path, "Send %s.",
                            kind_word(shape->kind));
    }
    switch (shape->kind) {
    case SHAPE_TEXT:
        return check_text(walk, shape, json, path);
    case SHAPE_INTEGER:
        return check_integer(walk, shape, json, path);
    case SHAPE_ARRAY:
        return check_array(walk, shape, json, path);
    case SHAPE_OBJECT:
        return check_object(walk, shape, json, path);
    case SHAPE_NUMBER:
    case SHAPE_FLAG:
    case SHAPE_ANSWERS:
    case SHAPE_ANY:
    default:
        return STATUS_OK;
    }
}

enum status shape_check(const struct shape *shape, const struct json *json,
                        struct problems *problems)
{
    const struct walk walk = {problems, problems->arena};

    return check(&walk, shape, json, SLICE_EMPTY);
}
