/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_read.h"

#include "base/mem.h"

#include <jansson.h>
#include <pthread.h>

/*
 * The library reports an empty heap like a mistake in the text, so its
 * allocator leaves a note, here for the thread that parses.
 */
static _Thread_local bool heap_was_empty;

static void *allocate(size_t size)
{
    void *ptr = mem_alloc_dirty(size);

    heap_was_empty = heap_was_empty || ptr == NULL;
    return ptr;
}

/*
 * Once a process: the allocator, and the seed of the library's hash tables,
 * which would else be drawn in whichever thread comes first.
 */
static void set_up_library(void)
{
    json_set_alloc_funcs(allocate, mem_free);
    json_object_seed(0);
}

/* What one pass over the text knows, before memory is spent on a tree. */
struct scan {
    struct slice text;
    size_t values_max;
    size_t at;
    size_t depth;
    size_t values;
    char *copy; /* of the text, to write to; NULL where NUL is refused */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A string is a name when a colon follows it. */
static bool colon_follows(const struct scan *scan)
{
    size_t at = scan->at + 1;

    while (at < scan->text.len && is_space(scan->text.ptr[at])) {
        at++;
    }
    return at < scan->text.len && scan->text.ptr[at] == ':';
}

/*
 * The library has no names with NUL, so the noncharacter U+FDD0 takes its
 * place; an object with both has a name twice then, and is refused.
 */
static void rename_nul(struct scan *scan, size_t from)
{
    static const char nul[] = "\\u0000";
    static const char stand_in[] = "\\ufdd0";
    const size_t len = sizeof(nul) - 1;

    for (size_t at = from; at < scan->at; at++) {
        if (scan->copy[at] != '\\') {
            continue;
        }
        if (scan->at - at >= len && memcmp(scan->copy + at, nul, len) == 0) {
            memcpy(scan->copy + at, stand_in, len);
        }
        at++; /* what is escaped begins nothing */
    }
}

/* From the opening quote to the closing one, or to the end of the text. */
static void scan_string(struct scan *scan)
{
    size_t from = scan->at;

    for (scan->at++; scan->at < scan->text.len; scan->at++) {
        char c = scan->text.ptr[scan->at];

        if (c == '"') {
            break;
        }
        if (c == '\\') {
            scan->at++;
        }
    }
    if (scan->copy != NULL && colon_follows(scan)) {
        rename_nul(scan, from);
    }
}

/*
 * Every value but the first has a comma, a colon or an opening bracket before
 * it. What is not balanced the parser refuses later; only its recursion must
 * be bounded here.
 */
static enum status scan_byte(struct scan *scan)
{
    switch (scan->text.ptr[scan->at]) {
    case '"':
        scan_string(scan);
        return STATUS_OK;
    case '[':
    case '{':
        scan->values++;
        scan->depth++;
        break;
    case ']':
    case '}':
        scan->depth -= scan->depth > 0 ? 1 : 0;
        break;
    case ',':
    case ':':
        scan->values++;
        break;
    default:
        break;
    }
    if (scan->depth > JSON_DEPTH_MAX) {
        return STATUS_INVALID_JSON;
    }
    return scan->values > scan->values_max ? STATUS_TOO_LARGE : STATUS_OK;
}

static enum status scan_text(struct scan *scan)
{
    for (scan->at = 0; scan->at < scan->text.len; scan->at++) {
        TRY(scan_byte(scan));
    }
    return STATUS_OK;
}

static void release_tree(void *tree)
{
    json_decref(tree);
}

static enum status load(struct arena *arena, struct slice text, bool nul,
                        const struct json **out)
{
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    json_t *tree;
    enum status status;

    flags |= nul ? JSON_ALLOW_NUL : 0;
    heap_was_empty = false;
    tree = json_loadb(text.ptr, text.len, flags, NULL);
    /* Trap: with an empty heap the library may go on with a byte less. */
    if (heap_was_empty) {
        json_decref(tree); /* NULL is allowed */
        return STATUS_NO_MEMORY;
    }
    if (tree == NULL) {
        return STATUS_INVALID_JSON;
    }
    status = arena_on_reset(arena, release_tree, tree);
    if (status != STATUS_OK) {
        release_tree(tree);
        return status;
    }
    *out = (const struct json *)tree;
    return STATUS_OK;
}

enum status json_parse(struct arena *arena, struct slice text,
                       struct json_limits limits, const struct json **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct scan scan = {.values_max = limits.values, .values = 1};

    if (text.len > limits.bytes) {
        return STATUS_TOO_LARGE;
    }
    /* Trap: to the library a NUL behind the value is the end of the text. */
    if (text.len == 0 || slice_find(text, '\0') < text.len) {
        return STATUS_INVALID_JSON;
    }
    if (limits.nul_allowed) {
        scan.copy = arena_alloc_text(arena, text.len);
        TRY_ALLOC(scan.copy);
        text.ptr = memcpy(scan.copy, text.ptr, text.len);
    }
    scan.text = text;
    TRY(scan_text(&scan));
    (void)pthread_once(&once, set_up_library);
    return load(arena, text, limits.nul_allowed, out);
}

/* The tree is the library's; the name is ours. */
static const json_t *inside(const struct json *json)
{
    return (const json_t *)json;
}

enum json_kind json_kind_of(const struct json *json)
{
    if (json == NULL) {
        return JSON_KIND_NONE;
    }
    switch (json_typeof(inside(json))) {
    case JSON_OBJECT:
        return JSON_KIND_OBJECT;
    case JSON_ARRAY:
        return JSON_KIND_ARRAY;
    case JSON_STRING:
        return JSON_KIND_TEXT;
    case JSON_INTEGER:
        return JSON_KIND_INTEGER;
    case JSON_REAL:
        return JSON_KIND_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_KIND_BOOL;
    default:
        return JSON_KIND_NULL;
    }
}

enum status json_text(const struct json *json, struct slice *out)
{
    if (json_kind_of(json) != JSON_KIND_TEXT) {
        return STATUS_INVALID_VALUE;
    }
    *out = slice_make(json_string_value(inside(json)),
                      json_string_length(inside(json)));
    return STATUS_OK;
}

enum status json_bool(const struct json *json, bool *out)
{
    if (json_kind_of(json) != JSON_KIND_BOOL) {
        return STATUS_INVALID_VALUE;
    }
    *out = json_typeof(inside(json)) == JSON_TRUE;
    return STATUS_OK;
}

enum status json_int64(const struct json *json, int64_t *out)
{
    if (json_kind_of(json) != JSON_KIND_INTEGER) {
        return STATUS_INVALID_VALUE;
    }
    *out = json_integer_value(inside(json));
    return STATUS_OK;
}

enum status json_number(const struct json *json, double *out)
{
    enum json_kind kind = json_kind_of(json);

    if (kind != JSON_KIND_INTEGER && kind != JSON_KIND_REAL) {
        return STATUS_INVALID_VALUE;
    }
    *out = json_number_value(inside(json));
    return STATUS_OK;
}

const struct json *json_get(const struct json *object, struct slice name)
{
    /* the library answers NULL for what is no object */
    return (const struct json *)json_object_getn(inside(object), name.ptr,
                                                 name.len);
}

const struct json *json_at(const struct json *array, size_t index)
{
    return (const struct json *)json_array_get(inside(array), index);
}

size_t json_count(const struct json *json)
{
    return json_object_size(inside(json)) + json_array_size(inside(json));
}

/* The library's walk wants a tree it might change; this one never does. */
bool json_next(const struct json *object, struct json_member *member)
{
    json_t *tree = (json_t *)(uintptr_t)object;

    member->place = member->place == NULL
                        ? json_object_iter(tree)
                        : json_object_iter_next(tree, member->place);
    if (member->place == NULL) {
        return false;
    }
    member->name = slice_make(json_object_iter_key(member->place),
                              json_object_iter_key_len(member->place));
    member->value = (const struct json *)json_object_iter_value(member->place);
    return true;
}
