/* SPDX-License-Identifier: Apache-2.0 */
#include "limit/recent.h"

#include "base/map.h"
#include "base/mem.h"

#define SHARDS ((size_t)16)
/* How many of the oldest are looked at when one must go. */
#define EVICTION_LOOK 8

/*
 * Entry 0 is no entry but the ends of the ring of ages: its `newer` is the
 * oldest, its `older` the newest.
 */
struct recent_shard {
    pthread_mutex_t lock;
    struct recent_entry *entries;
    uint32_t *buckets;
    uint32_t bucket_mask;
    uint32_t limit;
    uint32_t used; /* numbers given out so far */
    uint32_t free; /* given back; chained by next_in_bucket */
    uint32_t count;
    uint64_t hash; /* of the key it was locked for */
};

struct recent {
    struct recent_shard shards[SHARDS];
    size_t bytes;
};

static enum status shard_init(struct recent_shard *shard, size_t limit,
                              size_t *bytes)
{
    size_t buckets = 16;

    while (buckets < limit) {
        buckets *= 2;
    }
    shard->limit = (uint32_t)limit;
    shard->bucket_mask = (uint32_t)buckets - 1;
    shard->entries = mem_alloc((limit + 1) * sizeof(*shard->entries));
    TRY_ALLOC(shard->entries);
    shard->buckets = mem_alloc(buckets * sizeof(*shard->buckets));
    TRY_ALLOC(shard->buckets);
    *bytes += (limit + 1) * sizeof(*shard->entries) +
              buckets * sizeof(*shard->buckets);
    return STATUS_OK;
}

enum status recent_new(size_t limit, struct recent **out)
{
    struct recent *recent = mem_alloc(sizeof(*recent));

    TRY_ALLOC(recent);
    recent->bytes = sizeof(*recent);
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&recent->shards[i].lock, NULL);
    }
    for (size_t i = 0; i < SHARDS; i++) {
        if (shard_init(&recent->shards[i], limit / SHARDS + 1,
                       &recent->bytes) != STATUS_OK) {
            recent_free(recent);
            return STATUS_NO_MEMORY;
        }
    }
    *out = recent;
    return STATUS_OK;
}

void recent_free(struct recent *recent)
{
    if (recent == NULL) {
        return;
    }
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_destroy(&recent->shards[i].lock);
        mem_free(recent->shards[i].entries);
        mem_free(recent->shards[i].buckets);
    }
    mem_free(recent);
}

struct recent_shard *recent_lock(struct recent *recent,
                                 const unsigned char key[static 32])
{
    uint64_t hash = hash_slice(slice_make(key, 32));
    struct recent_shard *shard = &recent->shards[hash % SHARDS];

    pthread_mutex_lock(&shard->lock);
    shard->hash = hash / SHARDS;
    return shard;
}

void recent_unlock(struct recent_shard *shard)
{
    pthread_mutex_unlock(&shard->lock);
}

static void leave_ring(struct recent_shard *shard, uint32_t number)
{
    struct recent_entry *entry = &shard->entries[number];

    shard->entries[entry->older].newer = entry->newer;
    shard->entries[entry->newer].older = entry->older;
}

static void enter_ring(struct recent_shard *shard, uint32_t number)
{
    struct recent_entry *ends = &shard->entries[0];
    struct recent_entry *entry = &shard->entries[number];

    entry->older = ends->older;
    entry->newer = 0;
    shard->entries[ends->older].newer = number;
    ends->older = number;
}

struct recent_entry *recent_find(struct recent_shard *shard,
                                 const unsigned char key[static 32])
{
    uint32_t number = shard->buckets[shard->hash & shard->bucket_mask];

    while (number != 0 && memcmp(shard->entries[number].key, key, 32) != 0) {
        number = shard->entries[number].next_in_bucket;
    }
    if (number == 0) {
        return NULL;
    }
    leave_ring(shard, number);
    enter_ring(shard, number);
    return &shard->entries[number];
}

void recent_drop(struct recent_shard *shard, struct recent_entry *entry)
{
    uint32_t number = (uint32_t)(entry - shard->entries);
    uint32_t *link = &shard->buckets[entry->bucket];

    while (*link != number) {
        link = &shard->entries[*link].next_in_bucket;
    }
    *link = entry->next_in_bucket;
    leave_ring(shard, number);
    entry->next_in_bucket = shard->free;
    shard->free = number;
    shard->count--;
}

/* Of the oldest the one that counted least: a flood of new keys, each seen
 * once, does not wash away whoever is being held back. */
static void evict(struct recent_shard *shard)
{
    uint32_t number = shard->entries[0].newer;
    struct recent_entry *least = &shard->entries[number];

    for (int i = 0; i < EVICTION_LOOK && number != 0; i++) {
        if (shard->entries[number].count < least->count) {
            least = &shard->entries[number];
        }
        number = shard->entries[number].newer;
    }
    recent_drop(shard, least);
}

static uint32_t take_number(struct recent_shard *shard)
{
    uint32_t number = shard->free;

    if (number == 0) {
        shard->used++;
        return shard->used;
    }
    shard->free = shard->entries[number].next_in_bucket;
    return number;
}

struct recent_entry *recent_take(struct recent_shard *shard,
                                 const unsigned char key[static 32])
{
    struct recent_entry *entry = recent_find(shard, key);
    uint32_t number;

    if (entry != NULL) {
        return entry;
    }
    if (shard->count == shard->limit) {
        evict(shard);
    }
    number = take_number(shard);
    entry = &shard->entries[number];
    memcpy(entry->key, key, 32);
    entry->count = 0;
    entry->at_ms = 0;
    entry->told = false;
    entry->bucket = (uint32_t)shard->hash & shard->bucket_mask;
    entry->next_in_bucket = shard->buckets[entry->bucket];
    shard->buckets[entry->bucket] = number;
    enter_ring(shard, number);
    shard->count++;
    return entry;
}

size_t recent_count(struct recent *recent)
{
    size_t count = 0;

    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&recent->shards[i].lock);
        count += recent->shards[i].count;
        pthread_mutex_unlock(&recent->shards[i].lock);
    }
    return count;
}

size_t recent_bytes(const struct recent *recent)
{
    return recent->bytes;
}
