/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

#define CAPACITY_FIRST ((size_t)16)

static uint64_t hash_key[2];
static pthread_once_t hash_key_once = PTHREAD_ONCE_INIT;

static void hash_key_make(void)
{
    if (getrandom(hash_key, sizeof(hash_key), 0) != sizeof(hash_key)) {
        abort(); /* a kernel without randomness cannot run a login server */
    }
}

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

uint64_t hash_slice(struct slice s)
{
    uint64_t v[4];
    uint64_t word;
    size_t at = 0;

    pthread_once(&hash_key_once, hash_key_make);
    v[0] = hash_key[0] ^ 0x736f6d6570736575U;
    v[1] = hash_key[1] ^ 0x646f72616e646f6dU;
    v[2] = hash_key[0] ^ 0x6c7967656e657261U;
    v[3] = hash_key[1] ^ 0x7465646279746573U;
    for (; s.len - at >= 8; at += 8) {
        memcpy(&word, s.ptr + at, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    word = (uint64_t)s.len << 56;
    for (size_t i = 0; at + i < s.len; i++) {
        word |= (uint64_t)(unsigned char)s.ptr[at + i] << (8 * i);
    }
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_init(struct map *map, struct arena *arena)
{
    *map = (struct map){.arena = arena};
}

/* The entry that holds the key, or the free one where it would go. */
static struct map_entry *probe(const struct map *map, struct slice key,
                               uint64_t hash)
{
    size_t at = hash & (map->capacity - 1);

    while (map->entries[at].value != NULL &&
           !(map->entries[at].hash == hash &&
             slice_equal(map->entries[at].key, key))) {
        at = (at + 1) & (map->capacity - 1);
    }
    return &map->entries[at];
}

/* At most three quarters full, so that a probe always ends. */
static enum status make_room(struct map *map)
{
    struct map bigger = *map;

    if (map->count < map->capacity / 4 * 3) {
        return STATUS_OK;
    }
    bigger.capacity = map->capacity == 0 ? CAPACITY_FIRST : map->capacity * 2;
    bigger.entries = arena_alloc_zero(map->arena, bigger.capacity *
                                                      sizeof(struct map_entry));
    TRY_ALLOC(bigger.entries);
    for (size_t i = 0; i < map->capacity; i++) {
        const struct map_entry *entry = &map->entries[i];

        if (entry->value != NULL) {
            *probe(&bigger, entry->key, entry->hash) = *entry;
        }
    }
    *map = bigger;
    return STATUS_OK;
}

enum status map_put(struct map *map, struct slice key, void *value)
{
    uint64_t hash = hash_slice(key);
    struct map_entry *entry;

    assert(value != NULL);
    TRY(make_room(map));
    entry = probe(map, key, hash);
    map->count += entry->value == NULL;
    *entry = (struct map_entry){key, value, hash};
    return STATUS_OK;
}

void *map_get(const struct map *map, struct slice key)
{
    return map->count == 0 ? NULL : probe(map, key, hash_slice(key))->value;
}
