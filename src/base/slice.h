/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as pointer and length. A slice never owns its bytes: they live as long
 * as the arena, buffer or constant they point into. It may hold NUL bytes and
 * is not terminated; a C string exists only at a library's door (slice_dup in
 * base/arena.h makes one).
 *
 * Invariant: ptr is never NULL when len is greater than 0.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *ptr;
    size_t len;
};

/* For static initialisers; SLICE() is the same as an expression. */
#define SLICE_INIT(literal)                                                    \
    {                                                                          \
        ("" literal), sizeof(literal) - 1                                      \
    }
#define SLICE(literal) ((struct slice)SLICE_INIT(literal))
#define SLICE_EMPTY    ((struct slice){"", 0})

/* For "%.*s". */
#define SLICE_ARG(s) (int)(s).len, (s).ptr

static inline struct slice slice_make(const void *ptr, size_t len)
{
    return (struct slice){(const char *)ptr, len};
}

struct slice slice_from_cstr(const char *text);

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* ASCII letters compare without case; no locale is ever consulted. */
bool slice_equal_nocase(struct slice a, struct slice b);
bool slice_starts_with(struct slice s, struct slice prefix);
bool slice_ends_with(struct slice s, struct slice suffix);

/* Where `byte` first stands, or s.len when it does not occur. */
size_t slice_find(struct slice s, char byte);
bool slice_contains(struct slice s, struct slice part);

/* From `from` to the end; empty when from is beyond it. */
struct slice slice_from(struct slice s, size_t from);
/* At most the first `len` bytes. */
struct slice slice_head(struct slice s, size_t len);
/* Without leading and trailing spaces and tabs. */
struct slice slice_trim(struct slice s);

/*
 * Takes what stands before the first `separator` off the front of *rest.
 * The loop "while (slice_split(&rest, ',', &part))" sees every part, the empty
 * ones too, and leaves *rest with a NULL pointer; "" has one part, empty.
 */
bool slice_split(struct slice *rest, char separator, struct slice *part);

/* Decimal digits only: no sign, no space, no leading zero but "0" itself. */
bool slice_to_u64(struct slice s, uint64_t max, uint64_t *out);

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

#endif
