/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bump memory with one life: everything carved from an arena ends with it.
 * There are three lives and no fourth: process, connection, request.
 *
 * An arena has a limit at birth; past it, or when the heap is empty,
 * arena_alloc gives NULL. arena_reset runs the clean-ups, newest first, keeps
 * the first chunk and frees the rest, so a pooled arena serves one request
 * after another without touching the heap.
 *
 * Not thread-safe: an arena belongs to one fiber, or to one thread.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"
#include "base/status.h"

struct arena_chunk;
struct arena_cleanup;

struct arena {
    char *at;
    char *end;
    struct arena_chunk *chunks; /* newest first */
    struct arena_cleanup *cleanups;
    size_t held; /* bytes of all chunks */
    size_t limit;
};

/* Allocates nothing yet. */
void arena_init(struct arena *arena, size_t limit);
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

/* `size` uninitialised bytes on a 16-byte boundary, or NULL. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_alloc_zero(struct arena *arena, size_t size);
/* `size` bytes on no boundary at all: for text. */
char *arena_alloc_text(struct arena *arena, size_t size);

/*
 * Makes the block at `ptr`, the newest of the arena, `more` bytes longer
 * without moving it. False when it is not the newest or there is no room.
 */
bool arena_extend(struct arena *arena, void *ptr, size_t size, size_t more);

/* Calls fn(arg) when the arena is reset or released. */
MUST_USE enum status arena_on_reset(struct arena *arena, void (*fn)(void *),
                                    void *arg);

/* A copy that lives as long as the arena, with a NUL behind its last byte. */
MUST_USE enum status slice_dup(struct arena *arena, struct slice s,
                               struct slice *out);

/* printf into the arena. */
MUST_USE enum status arena_format(struct arena *arena, struct slice *out,
                                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One zeroed object, or NULL. */
#define ARENA_NEW(arena, type)                                                 \
    ((__typeof__(type) *)arena_alloc_zero((arena), sizeof(type)))

#endif
