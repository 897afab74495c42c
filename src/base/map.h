/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From text to pointer, in an arena; open addressing, grows, never shrinks,
 * forgets nothing. Keys are kept by reference: they must live as long.
 *
 * Hashing is SipHash-1-3 under a random key of the process, so whoever
 * chooses the keys cannot make them collide.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

struct map_entry {
    struct slice key;
    void *value; /* NULL: the place is free */
    uint64_t hash;
};

struct map {
    struct arena *arena;
    struct map_entry *entries;
    size_t count;
    size_t capacity; /* 0 or a power of two */
};

void map_init(struct map *map, struct arena *arena);
/* Replaces what stood under the key. `value` is not NULL. */
MUST_USE enum status map_put(struct map *map, struct slice key, void *value);
/* NULL when the key is not there. */
void *map_get(const struct map *map, struct slice key);

uint64_t hash_slice(struct slice s);

#endif
