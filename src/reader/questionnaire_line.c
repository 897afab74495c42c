/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/questionnaire_parts.h"

/*
 * The text was read already, so it is JSON: the walk need only keep its place.
 * It stops at the end of the text all the same, whatever it is given.
 */
struct walk {
    struct slice text;
    size_t at;
};

static char here(const struct walk *walk)
{
    return walk->at < walk->text.len ? walk->text.ptr[walk->at] : '\0';
}

static void skip_space(struct walk *walk)
{
    while (here(walk) == ' ' || here(walk) == '\t' || here(walk) == '\n' ||
           here(walk) == '\r') {
        walk->at++;
    }
}

static void skip_string(struct walk *walk)
{
    for (walk->at++; walk->at < walk->text.len; walk->at++) {
        char c = here(walk);

        if (c == '"') {
            walk->at++;
            return;
        }
        walk->at += c == '\\' ? 1 : 0;
    }
}

/* A number or a word. */
static void skip_word(struct walk *walk)
{
    while (walk->at < walk->text.len &&
           strchr(",]} \t\r\n", here(walk)) == NULL) {
        walk->at++;
    }
}

/* Arrays and objects by their brackets: no recursion, so no depth to fear. */
static void skip_value(struct walk *walk)
{
    size_t depth = 0;

    do {
        char c = here(walk);

        if (c == '"') {
            skip_string(walk);
            continue;
        }
        if (depth == 0 && c != '{' && c != '[') {
            skip_word(walk);
            return;
        }
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= c == '}' || c == ']' ? 1 : 0;
        walk->at++;
    } while (depth > 0 && walk->at < walk->text.len);
}

/*
 * From the bracket of an array or object to its element of that number: to
 * the name of a member, to the value of an item.
 */
static void go_to_element(struct walk *walk, size_t index)
{
    bool is_object = here(walk) == '{';

    walk->at++;
    skip_space(walk);
    for (size_t i = 0; i < index && walk->at < walk->text.len; i++) {
        if (is_object) {
            skip_string(walk);
            skip_space(walk);
            walk->at++; /* the colon */
            skip_space(walk);
        }
        skip_value(walk);
        skip_space(walk);
        walk->at++; /* the comma */
        skip_space(walk);
    }
}

static void go_to_value(struct walk *walk)
{
    skip_string(walk);
    skip_space(walk);
    walk->at++; /* the colon */
    skip_space(walk);
}

/* Names may be written with escapes, so they are counted, not compared. */
static size_t number_of(const struct json *object, struct slice name)
{
    struct json_member member = {0};
    size_t number = 0;

    while (json_next(object, &member) && !slice_equal(member.name, name)) {
        number++;
    }
    return number;
}

/* To the place; `to_value` of a member, or else its name. */
static void go_to(struct walk *walk, const struct place *place, bool to_value)
{
    if (place->up == NULL) {
        skip_space(walk);
        return;
    }
    go_to(walk, place->up, true);
    if (json_kind_of(place->up->json) == JSON_KIND_ARRAY) {
        go_to_element(walk, place->index);
        return;
    }
    go_to_element(walk, number_of(place->up->json, place->name));
    if (to_value) {
        go_to_value(walk);
    }
}

size_t questionnaire_line_of(struct slice text, const struct place *place)
{
    struct walk walk = {text, 0};
    size_t line = 1;

    go_to(&walk, place, false);
    for (size_t i = 0; i < walk.at && i < text.len; i++) {
        line += text.ptr[i] == '\n' ? 1 : 0;
    }
    return line;
}
