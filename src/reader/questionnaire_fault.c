/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"
#include "reader/questionnaire_parts.h"

/*
 * The grammar of RFC 8259 once more, for people: the parser says only that a
 * text is not JSON. Whether a single text, number or word is right is left to
 * that parser, so the two cannot disagree.
 */
static const struct json_limits leaf_limits = {QUESTIONNAIRE_FILE_MAX, 1,
                                               false};

struct scan {
    struct arena *arena;
    struct slice text;
    size_t at;
    size_t depth;
    struct fault *out;
};

static enum status scan_value(struct scan *scan);

static enum status fault(struct scan *scan, const char *reason)
{
    size_t line = 1;

    for (size_t i = 0; i < scan->at && i < scan->text.len; i++) {
        line += scan->text.ptr[i] == '\n' ? 1 : 0;
    }
    scan->out->line = line;
    scan->out->reason = slice_from_cstr(reason);
    return STATUS_INVALID_JSON;
}

static char here(const struct scan *scan)
{
    return scan->at < scan->text.len ? scan->text.ptr[scan->at] : '\0';
}

static bool at_end(const struct scan *scan)
{
    return scan->at >= scan->text.len;
}

static void skip_space(struct scan *scan)
{
    while (!at_end(scan) && strchr(" \t\r\n", here(scan)) != NULL &&
           here(scan) != '\0') {
        scan->at++;
    }
}

/* From `from` to here it must be one value to the parser. */
static enum status check_leaf(struct scan *scan, size_t from,
                              const char *reason)
{
    struct slice leaf = slice_make(scan->text.ptr + from, scan->at - from);
    const struct json *json;
    enum status status = json_parse(scan->arena, leaf, leaf_limits, &json);

    if (status == STATUS_OK || status == STATUS_NO_MEMORY) {
        return status;
    }
    scan->at = from;
    return fault(scan, reason);
}

static enum status scan_string(struct scan *scan)
{
    size_t from = scan->at;

    for (scan->at++; !at_end(scan) && here(scan) != '"'; scan->at++) {
        if (here(scan) == '\n') {
            scan->at = from;
            return fault(scan, "has a text without its closing quote");
        }
        scan->at += here(scan) == '\\' ? 1 : 0;
    }
    if (at_end(scan)) {
        scan->at = from;
        return fault(scan, "has a text without its closing quote");
    }
    scan->at++;
    return check_leaf(scan, from,
                      "has a text with a wrong escape, a control character or "
                      "bytes that are not UTF-8");
}

static enum status scan_word(struct scan *scan)
{
    size_t from = scan->at;
    char first = here(scan);

    while (!at_end(scan) && strchr(",:]}[{\" \t\r\n", here(scan)) == NULL) {
        scan->at++;
    }
    if (first == '/' || first == '#') {
        return fault(scan, "has a comment, which JSON does not know");
    }
    if (scan->at == from) {
        return fault(scan, "lacks a value");
    }
    return check_leaf(scan, from,
                      "has something that is no value: texts stand between "
                      "double quotes, other words are true, false and null");
}

/* Behind an element: a comma and another one, or the closing bracket. */
static enum status scan_comma(struct scan *scan, char closing, bool *more)
{
    skip_space(scan);
    *more = here(scan) == ',';
    if (here(scan) == closing) {
        scan->at++;
        return STATUS_OK;
    }
    if (at_end(scan)) {
        return fault(scan, "ends before its last bracket is closed");
    }
    if (!*more) {
        return fault(scan, "lacks a comma before this, or has a bracket of "
                           "the wrong kind");
    }
    scan->at++;
    skip_space(scan);
    return here(scan) == closing
               ? fault(scan, "has a comma behind the last of a list")
               : STATUS_OK;
}

static enum status scan_name(struct scan *scan, struct map *names)
{
    size_t from = scan->at;
    const struct json *json;
    struct slice name;

    if (here(scan) != '"') {
        return fault(scan, at_end(scan)
                               ? "ends before its last bracket is closed"
                               : "lacks a name between double quotes here");
    }
    TRY(scan_string(scan));
    TRY(json_parse(scan->arena,
                   slice_make(scan->text.ptr + from, scan->at - from),
                   leaf_limits, &json));
    TRY(json_text(json, &name));
    if (map_get(names, name) != NULL) {
        scan->at = from;
        return fault(scan, "has this name twice in one object");
    }
    TRY(map_put(names, name, scan));
    skip_space(scan);
    if (here(scan) != ':') {
        return fault(scan, "lacks a colon behind a name");
    }
    scan->at++;
    return STATUS_OK;
}

/* Behind the opening bracket. */
static enum status scan_elements(struct scan *scan, char closing)
{
    struct map names;
    bool more = true;

    map_init(&names, scan->arena);
    skip_space(scan);
    if (here(scan) == closing) {
        scan->at++;
        return STATUS_OK;
    }
    while (more) {
        if (closing == '}') {
            TRY(scan_name(scan, &names));
        }
        TRY(scan_value(scan));
        TRY(scan_comma(scan, closing, &more));
    }
    return STATUS_OK;
}

static enum status scan_value(struct scan *scan)
{
    enum status status;
    char first;

    skip_space(scan);
    first = here(scan);
    if (first == '"') {
        return scan_string(scan);
    }
    if (first != '{' && first != '[') {
        return scan_word(scan);
    }
    if (scan->depth == JSON_DEPTH_MAX) {
        return fault(scan, "nests too deep");
    }
    scan->depth++;
    scan->at++;
    status = scan_elements(scan, first == '{' ? '}' : ']');
    scan->depth--;
    return status;
}

enum status questionnaire_fault_find(struct arena *arena, struct slice text,
                                     bool *found, struct fault *out)
{
    struct scan scan = {.arena = arena, .text = text, .out = out};
    enum status status = scan_value(&scan);

    if (status == STATUS_OK) {
        skip_space(&scan);
        status =
            at_end(&scan) ? STATUS_OK : fault(&scan, "goes on behind its end");
    }
    *found = status == STATUS_INVALID_JSON;
    return *found ? STATUS_OK : status;
}
