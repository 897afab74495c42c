/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>

/* The first chunk suits a small request; later ones double up to the last. */
#define CHUNK_FIRST ((size_t)4096)
#define CHUNK_LAST  ((size_t)65536)
#define ALIGNMENT   ((size_t)16)

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* with this header */
    _Alignas(16) char bytes[];
};

struct arena_cleanup {
    struct arena_cleanup *older;
    void (*fn)(void *);
    void *arg;
};

void arena_init(struct arena *arena, size_t limit)
{
    *arena = (struct arena){.limit = limit};
}

static void run_cleanups(struct arena *arena)
{
    while (arena->cleanups != NULL) {
        struct arena_cleanup *cleanup = arena->cleanups;

        arena->cleanups = cleanup->older;
        cleanup->fn(cleanup->arg);
    }
}

static void use_chunk(struct arena *arena, struct arena_chunk *chunk)
{
    arena->chunks = chunk;
    arena->at = chunk->bytes;
    arena->end = (char *)chunk + chunk->size;
}

void arena_reset(struct arena *arena)
{
    run_cleanups(arena);
    while (arena->chunks != NULL && arena->chunks->older != NULL) {
        struct arena_chunk *chunk = arena->chunks;

        arena->chunks = chunk->older;
        arena->held -= chunk->size;
        mem_free(chunk);
    }
    if (arena->chunks != NULL) {
        use_chunk(arena, arena->chunks);
    }
}

void arena_release(struct arena *arena)
{
    arena_reset(arena);
    mem_free(arena->chunks);
    arena_init(arena, arena->limit);
}

/* Room for `size` bytes behind the header, in a chunk of its own if large. */
static bool add_chunk(struct arena *arena, size_t size)
{
    size_t next = arena->chunks == NULL ? CHUNK_FIRST : arena->chunks->size * 2;
    struct arena_chunk *chunk;

    if (size > arena->limit || arena->held > arena->limit - size) {
        return false;
    }
    next = next > CHUNK_LAST ? CHUNK_LAST : next;
    size += sizeof(struct arena_chunk) + ALIGNMENT;
    size = size > next ? size : next;
    chunk = mem_alloc_dirty(size);
    if (chunk == NULL) {
        return false;
    }
    chunk->size = size;
    chunk->older = arena->chunks;
    arena->held += size;
    use_chunk(arena, chunk);
    return true;
}

char *arena_alloc_text(struct arena *arena, size_t size)
{
    char *ptr;

    size = size > 0 ? size : 1; /* NULL means failure, never "nothing" */
    if ((size_t)(arena->end - arena->at) < size && !add_chunk(arena, size)) {
        return NULL;
    }
    ptr = arena->at;
    arena->at += size;
    return ptr;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t pad = -(uintptr_t)arena->at & (ALIGNMENT - 1);

    if ((size_t)(arena->end - arena->at) < pad) {
        pad = 0; /* a new chunk follows, and begins on a boundary */
        arena->at = arena->end;
    }
    if (pad > 0) { /* a fresh arena has no memory to step over */
        arena->at += pad;
    }
    return arena_alloc_text(arena, size);
}

void *arena_alloc_zero(struct arena *arena, size_t size)
{
    void *ptr = arena_alloc(arena, size);

    return ptr == NULL ? NULL : memset(ptr, 0, size);
}

bool arena_extend(struct arena *arena, void *ptr, size_t size, size_t more)
{
    if ((char *)ptr + size != arena->at ||
        (size_t)(arena->end - arena->at) < more) {
        return false;
    }
    arena->at += more;
    return true;
}

enum status arena_on_reset(struct arena *arena, void (*fn)(void *), void *arg)
{
    struct arena_cleanup *cleanup = ARENA_NEW(arena, struct arena_cleanup);

    TRY_ALLOC(cleanup);
    *cleanup = (struct arena_cleanup){arena->cleanups, fn, arg};
    arena->cleanups = cleanup;
    return STATUS_OK;
}

enum status slice_dup(struct arena *arena, struct slice s, struct slice *out)
{
    char *copy = arena_alloc_text(arena, s.len + 1);

    TRY_ALLOC(copy);
    if (s.len > 0) {
        memcpy(copy, s.ptr, s.len);
    }
    copy[s.len] = '\0';
    *out = slice_make(copy, s.len);
    return STATUS_OK;
}

enum status arena_format(struct arena *arena, struct slice *out,
                         const char *format, ...)
{
    va_list args;
    va_list again;
    int len;
    char *text;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    text = len < 0 ? NULL : arena_alloc_text(arena, (size_t)len + 1);
    if (text != NULL) {
        len = vsnprintf(text, (size_t)len + 1, format, again);
        *out = slice_make(text, (size_t)len);
    }
    va_end(again);
    va_end(args);
    return text == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}
