/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "codec/utf8.h"
#include "reader/questionnaire_parts.h"

#include <stdarg.h>
#include <stdio.h>

#define SHOWN_MAX   ((size_t)40)
#define MESSAGE_MAX ((size_t)512)

/* An author's text could else break the line, or speak to the terminal. */
struct slice questionnaire_shown(const struct reading *reading,
                                 struct slice text)
{
    struct slice shown = utf8_truncate(text, SHOWN_MAX);
    char *copy = arena_alloc_text(reading->scratch, SHOWN_MAX);

    if (copy == NULL) {
        return SLICE("...");
    }
    for (size_t i = 0; i < shown.len; i++) {
        unsigned char c = (unsigned char)shown.ptr[i];

        copy[i] = (char)(c < 0x20 || c == 0x7f ? '?' : c);
    }
    return slice_make(copy, shown.len);
}

/* 'question "gpu": choice "yes"', of those places that have a noun. */
static void add_subject(const struct reading *reading,
                        const struct place *place, struct buf *out)
{
    const struct place *up = place->up;

    if (place->noun == NULL) {
        add_subject(reading, up, out);
        return;
    }
    /* A question is known by its id alone, wherever it stands. */
    if (up != NULL && strcmp(place->noun, "choice") == 0) {
        add_subject(reading, up, out);
        buf_add(out, SLICE(": "));
    }
    buf_add(out, slice_from_cstr(place->noun));
    if (place->id.len > 0) {
        buf_format(out, " \"%.*s\"", SLICE_ARG(place->id));
    } else if (up != NULL && json_kind_of(up->json) == JSON_KIND_ARRAY) {
        buf_format(out, " %zu", place->index + 1);
    }
}

/* Of the place's member, or of the place when it has none of that name. */
static size_t line_of(const struct reading *reading, const struct place *place,
                      struct slice member)
{
    struct place inner = {.up = place, .name = member};

    return questionnaire_line_of(
        reading->text, json_get(place->json, member) != NULL ? &inner : place);
}

enum status questionnaire_refuse(const struct reading *reading,
                                 const struct place *place, struct slice member,
                                 const char *format, ...)
{
    char message[MESSAGE_MAX];
    struct slice subject;
    struct buf buf;
    va_list args;

    buf_init(&buf, reading->scratch, MESSAGE_MAX);
    add_subject(reading, place, &buf);
    TRY(buf_finish(&buf, &subject));
    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    TRY(arena_format(reading->arena, reading->why, "%.*s:%zu: %.*s %s",
                     SLICE_ARG(reading->file), line_of(reading, place, member),
                     SLICE_ARG(subject), message));
    return STATUS_INVALID_VALUE;
}

static bool is_among(struct slice name, const char *known)
{
    struct slice rest = slice_from_cstr(known);
    struct slice part;

    while (slice_split(&rest, ' ', &part)) {
        if (slice_equal(part, name)) {
            return true;
        }
    }
    return false;
}

enum status questionnaire_read_object(const struct reading *reading,
                                      const struct place *place)
{
    return json_kind_of(place->json) == JSON_KIND_OBJECT
               ? STATUS_OK
               : questionnaire_refuse(reading, place, SLICE_EMPTY,
                                      "is no object, which stands in braces");
}

enum status questionnaire_read_members(const struct reading *reading,
                                       const struct place *place,
                                       const char *known)
{
    struct json_member member = {0};

    while (json_next(place->json, &member)) {
        if (!is_among(member.name, known)) {
            struct slice shown = questionnaire_shown(reading, member.name);

            return questionnaire_refuse(reading, place, member.name,
                                        "has a member \"%.*s\"; known here: %s",
                                        SLICE_ARG(shown), known);
        }
    }
    return STATUS_OK;
}

enum status questionnaire_read_list(const struct reading *reading,
                                    struct place *list, size_t max)
{
    list->json = json_get(list->up->json, list->name);
    if (list->json == NULL) {
        return questionnaire_refuse(reading, list->up, list->name,
                                    "has no %.*s", SLICE_ARG(list->name));
    }
    if (json_kind_of(list->json) != JSON_KIND_ARRAY) {
        return questionnaire_refuse(
            reading, list->up, list->name,
            "has \"%.*s\" that is no list, which stands in brackets",
            SLICE_ARG(list->name));
    }
    if (json_count(list->json) == 0) {
        return questionnaire_refuse(reading, list->up, list->name,
                                    "has no %.*s", SLICE_ARG(list->name));
    }
    if (json_count(list->json) > max) {
        return questionnaire_refuse(
            reading, list->up, list->name, "has %zu %.*s, at most %zu",
            json_count(list->json), SLICE_ARG(list->name), max);
    }
    return STATUS_OK;
}

enum status questionnaire_read_bool(const struct reading *reading,
                                    const struct place *place,
                                    struct slice name, bool *out)
{
    const struct json *json = json_get(place->json, name);

    if (json != NULL && json_bool(json, out) != STATUS_OK) {
        return questionnaire_refuse(reading, place, name,
                                    "has \"%.*s\" that is not true or false",
                                    SLICE_ARG(name));
    }
    return STATUS_OK;
}

enum status questionnaire_read_whole(const struct reading *reading,
                                     const struct place *place,
                                     struct slice name,
                                     struct whole_bounds bounds, int64_t *out)
{
    const struct json *json = json_get(place->json, name);

    if (json == NULL) {
        return STATUS_OK;
    }
    if (json_int64(json, out) != STATUS_OK || *out < bounds.min ||
        *out > bounds.max) {
        return questionnaire_refuse(
            reading, place, name,
            "has \"%.*s\" that is not a whole number from %lld to %lld",
            SLICE_ARG(name), (long long)bounds.min, (long long)bounds.max);
    }
    return STATUS_OK;
}

static bool is_id_byte(char c)
{
    return (c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '_';
}

bool questionnaire_is_id(struct slice text)
{
    if (text.len == 0 || text.len > QUESTION_ID_MAX || text.ptr[0] == '_') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!is_id_byte(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

enum status questionnaire_read_id(const struct reading *reading,
                                  struct place *place)
{
    const struct json *json = json_get(place->json, SLICE("id"));
    struct slice id;

    if (json == NULL) {
        return questionnaire_refuse(reading, place, SLICE_EMPTY, "has no id");
    }
    if (json_text(json, &id) != STATUS_OK) {
        return questionnaire_refuse(reading, place, SLICE("id"),
                                    "has an id that is no text");
    }
    if (!questionnaire_is_id(id)) {
        struct slice shown = questionnaire_shown(reading, id);

        return questionnaire_refuse(
            reading, place, SLICE("id"),
            "has the id \"%.*s\"; an id has a to z, 0 to 9 and _, at most %zu, "
            "and no _ first",
            SLICE_ARG(shown), QUESTION_ID_MAX);
    }
    return slice_dup(reading->arena, id, &place->id);
}
