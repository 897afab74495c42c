/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON in (RFC 8259), strictly, as a tree that can only be read.
 *
 * Never accepts a name twice in one object, anything behind the value, bad
 * UTF-8, lone surrogates, an integer beyond int64 or a real beyond double.
 * Trap: JavaScript prints 1e20 as an integer, and that one is refused.
 * NUL in text is refused unless the limits allow it, since no database text
 * holds it; where allowed, a NUL in a *name* reads as U+FDD0.
 *
 * The tree and every slice taken from it live as long as the arena: its
 * memory is the heap's, bounded by the limits, and goes at the arena's reset.
 * A tree belongs to one thread at a time.
 *
 * Accessors accept NULL, which is what json_get gives for a name that is not
 * there; so look-ups chain, and the typed getter at the end tells.
 */
#ifndef CODEC_JSON_READ_H
#define CODEC_JSON_READ_H

#include "base/arena.h"

struct json; /* one value of the tree */

enum json_kind {
    JSON_KIND_NONE, /* no value: the pointer is NULL */
    JSON_KIND_NULL,
    JSON_KIND_BOOL,
    JSON_KIND_INTEGER,
    JSON_KIND_REAL, /* written with a fraction or an exponent */
    JSON_KIND_TEXT,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT
};

/* How deep arrays and objects may nest: the walk down is recursive. */
#define JSON_DEPTH_MAX 32

struct json_limits {
    size_t bytes;
    /*
     * Values and names together. An empty object takes three bytes of text
     * and some 300 of memory, so bytes alone would not bound the tree.
     */
    size_t values;
    bool nul_allowed;
};

/* Suits the body of a request. */
#define JSON_LIMITS_DEFAULT                                                    \
    ((struct json_limits){.bytes = 65536, .values = 4096})

/*
 * STATUS_TOO_LARGE past the limits, STATUS_INVALID_JSON for what is not JSON
 * or nests too deep.
 */
MUST_USE enum status json_parse(struct arena *arena, struct slice text,
                                struct json_limits limits,
                                const struct json **out);

enum json_kind json_kind_of(const struct json *json);

/* STATUS_INVALID_VALUE when the value is of another kind, or none. */
MUST_USE enum status json_text(const struct json *json, struct slice *out);
MUST_USE enum status json_bool(const struct json *json, bool *out);
MUST_USE enum status json_int64(const struct json *json, int64_t *out);
/* Integers too, rounded to the nearest double. */
MUST_USE enum status json_number(const struct json *json, double *out);

/* NULL when it is no object, or has no such name. */
const struct json *json_get(const struct json *object, struct slice name);
/* NULL when it is no array, or shorter. */
const struct json *json_at(const struct json *array, size_t index);
/* Of an array or object; 0 for anything else. */
size_t json_count(const struct json *json);

/*
 * Walks an object in the order of its text:
 *   struct json_member member = {0};
 *   while (json_next(object, &member)) { member.name, member.value }
 */
struct json_member {
    struct slice name;
    const struct json *value;
    void *place; /* the walk's own */
};

bool json_next(const struct json *object, struct json_member *member);

#endif
