/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/questionnaire_parts.h"

static bool is_letter(char c)
{
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

/* "en", "ur", "zh-Hans", "pt-BR": two or three letters, then subtags. */
static bool is_locale(struct slice name)
{
    struct slice rest = name;
    struct slice part;
    size_t count = 0;

    while (slice_split(&rest, '-', &part)) {
        if (part.len < 2 || part.len > (count == 0 ? 3U : 8U)) {
            return false;
        }
        for (size_t i = 0; i < part.len; i++) {
            bool digit = count > 0 && ascii_is_digit(part.ptr[i]);

            if (!is_letter(part.ptr[i]) && !digit) {
                return false;
            }
        }
        count++;
    }
    return count <= 3;
}

static enum status note_locale(struct reading *reading,
                               const struct place *place, struct slice locale)
{
    for (size_t i = 0; i < reading->locale_count; i++) {
        if (slice_equal(reading->locales[i], locale)) {
            return STATUS_OK;
        }
    }
    if (reading->locale_count == QUESTIONNAIRE_LOCALES_MAX) {
        return questionnaire_refuse(
            reading, place, locale,
            "is in one language more than the %zu there may be",
            QUESTIONNAIRE_LOCALES_MAX);
    }
    return slice_dup(reading->arena, locale,
                     &reading->locales[reading->locale_count++]);
}

/* One language's text; `name` is its place in words: "label", "label.ur". */
static enum status check_text(const struct reading *reading,
                              const struct place *place, struct slice member,
                              struct label_rule rule)
{
    const struct json *json =
        member.len > 0 ? json_get(place->json, member) : place->json;
    struct slice text;

    if (json_text(json, &text) != STATUS_OK) {
        return questionnaire_refuse(
            reading, place, member,
            "has a %.*s that is neither a text nor texts by language",
            SLICE_ARG(rule.name));
    }
    if (slice_trim(text).len == 0) {
        return questionnaire_refuse(reading, place, member, "has an empty %.*s",
                                    SLICE_ARG(rule.name));
    }
    if (text.len > rule.max) {
        return questionnaire_refuse(
            reading, place, member,
            "has a %.*s of %zu bytes; at most %zu are read",
            SLICE_ARG(rule.name), text.len, rule.max);
    }
    return STATUS_OK;
}

static enum status check_translations(struct reading *reading,
                                      const struct place *label,
                                      struct label_rule rule)
{
    struct json_member member = {0};

    if (json_get(label->json, SLICE("en")) == NULL) {
        return questionnaire_refuse(
            reading, label, SLICE_EMPTY,
            "has a %.*s without \"en\", which is shown where a language lacks",
            SLICE_ARG(rule.name));
    }
    while (json_next(label->json, &member)) {
        if (!is_locale(member.name)) {
            struct slice shown = questionnaire_shown(reading, member.name);

            return questionnaire_refuse(
                reading, label, member.name,
                "has a %.*s in \"%.*s\", which is no language such as en or ur",
                SLICE_ARG(rule.name), SLICE_ARG(shown));
        }
        TRY(check_text(reading, label, member.name, rule));
        TRY(note_locale(reading, label, member.name));
    }
    return STATUS_OK;
}

enum status questionnaire_read_label(struct reading *reading,
                                     const struct place *place,
                                     struct label_rule rule)
{
    struct place label = {
        .up = place,
        .json = json_get(place->json, rule.name),
        .name = rule.name,
    };

    if (label.json == NULL) {
        return rule.required
                   ? questionnaire_refuse(reading, place, SLICE_EMPTY,
                                          "has no %.*s", SLICE_ARG(rule.name))
                   : STATUS_OK;
    }
    return json_kind_of(label.json) == JSON_KIND_OBJECT
               ? check_translations(reading, &label, rule)
               : check_text(reading, &label, SLICE_EMPTY, rule);
}
