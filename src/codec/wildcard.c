/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/wildcard.h"

/* A slash becomes two parts, and so does "**", of two bytes. */
#define PARTS_MAX (2 * WILDCARD_LENGTH_MAX + 2)

/* What an automaton does at one place; the place behind the last accepts. */
enum part_kind {
    PART_BYTE,        /* this byte */
    PART_ONE,         /* a byte that is no slash */
    PART_MANY,        /* any number of them */
    PART_SLASH,       /* a slash of either kind */
    PART_SLASHES,     /* any number of them */
    PART_TREE,        /* any number of segments, each with its slashes */
    PART_TREE_INSIDE, /* the same, in the middle of a segment */
    PART_REST         /* anything */
};

struct wildcard_part {
    enum part_kind kind;
    char byte;
};

struct compiler {
    struct wildcard_part *parts; /* room for PARTS_MAX */
    size_t count;
};

static void add(struct compiler *compiler, enum part_kind kind, char byte)
{
    compiler->parts[compiler->count] = (struct wildcard_part){kind, byte};
    compiler->count++;
}

static void add_segment(struct compiler *compiler, struct slice segment)
{
    for (size_t i = 0; i < segment.len; i++) {
        char c = segment.ptr[i];

        if (c == '?') {
            add(compiler, PART_ONE, 0);
        } else if (c == '*') {
            add(compiler, PART_MANY, 0);
        } else if (c != '\\') {
            add(compiler, PART_BYTE, c);
        } else if (i + 1 < segment.len) {
            i++;
            add(compiler, PART_BYTE, segment.ptr[i]);
        }
    }
}

static void add_slash(struct compiler *compiler)
{
    add(compiler, PART_SLASH, 0);
    add(compiler, PART_SLASHES, 0);
}

/* `next` is what follows; ptr NULL: nothing. The first segment has no slash
 * before it that "**" would have to stand for. */
static void add_tree(struct compiler *compiler, struct slice next, bool first)
{
    if (next.ptr == NULL) {
        add(compiler, PART_REST, 0);
        return;
    }
    if (slice_equal(next, SLICE("**"))) {
        return;
    }
    if (!first) {
        add_slash(compiler);
    }
    add(compiler, PART_TREE, 0);
    add(compiler, PART_TREE_INSIDE, 0);
}

static struct slice peek_segment(struct slice rest)
{
    struct slice next = {NULL, 0};

    (void)(rest.ptr != NULL && slice_split(&rest, '/', &next));
    return next;
}

static void compile(struct compiler *compiler, struct slice pattern)
{
    struct slice rest = pattern;
    struct slice segment;
    bool first = true;

    while (slice_split(&rest, '/', &segment)) {
        struct slice next = peek_segment(rest);

        if (slice_equal(segment, SLICE("**"))) {
            add_tree(compiler, next, first);
        } else if (segment.len > 0 || first) {
            add_segment(compiler, segment);
            if (next.ptr == NULL) {
                add(compiler, PART_SLASHES, 0);
            } else if (!slice_equal(next, SLICE("**"))) {
                add_slash(compiler);
            }
        }
        first = false;
    }
}

enum status wildcard_compile(struct arena *arena, struct slice pattern,
                             struct wildcard *out)
{
    struct compiler compiler = {NULL, 0};

    if (pattern.len > WILDCARD_LENGTH_MAX) {
        return STATUS_TOO_LARGE;
    }
    compiler.parts = arena_alloc(arena, PARTS_MAX * sizeof(*compiler.parts));
    TRY_ALLOC(compiler.parts);
    compile(&compiler, pattern);
    *out = (struct wildcard){compiler.parts, compiler.count};
    return STATUS_OK;
}

/* The places the automaton may be at. */
struct places {
    bool at[PARTS_MAX + 1];
};

/* `place`, and what lies behind it when it may match nothing. */
static void enter(const struct wildcard *wildcard, struct places *places,
                  size_t place)
{
    while (!places->at[place]) {
        places->at[place] = true;
        if (place == wildcard->count) {
            return;
        }
        switch (wildcard->parts[place].kind) {
        case PART_MANY:
        case PART_SLASHES:
        case PART_REST:
            place++;
            break;
        case PART_TREE:
            place += 2;
            break;
        default:
            return;
        }
    }
}

/* Where `byte` leads to from `place`. */
static void advance(const struct wildcard *wildcard, size_t place, char byte,
                    struct places *next)
{
    const struct wildcard_part *part = &wildcard->parts[place];
    bool slash = byte == '/' || byte == '\\';
    bool goes_on = false;
    bool stays = false;

    switch (part->kind) {
    case PART_BYTE:
        goes_on = byte == part->byte;
        break;
    case PART_ONE:
        goes_on = !slash;
        break;
    case PART_MANY:
        stays = !slash;
        break;
    case PART_SLASH:
        goes_on = slash;
        break;
    case PART_SLASHES:
        stays = slash;
        break;
    case PART_REST:
        stays = true;
        break;
    case PART_TREE:
        enter(wildcard, next, slash ? place : place + 1);
        break;
    case PART_TREE_INSIDE:
        enter(wildcard, next, slash ? place - 1 : place);
        break;
    }
    if (goes_on || stays) {
        enter(wildcard, next, stays ? place : place + 1);
    }
}

bool wildcard_match(const struct wildcard *wildcard, struct slice text)
{
    size_t places = wildcard->count + 1;
    struct places sets[2];

    memset(sets[0].at, 0, places);
    enter(wildcard, &sets[0], 0);
    for (size_t i = 0; i < text.len; i++) {
        const struct places *now = &sets[i % 2];
        struct places *next = &sets[(i + 1) % 2];

        memset(next->at, 0, places);
        for (size_t place = 0; place < wildcard->count; place++) {
            if (now->at[place]) {
                advance(wildcard, place, text.ptr[i], next);
            }
        }
    }
    return sets[text.len % 2].at[wildcard->count];
}
