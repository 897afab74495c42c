/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded table of what was used most recently, for several threads: made
 * of shards, each with its lock, so that loops seldom wait for one another.
 *
 * Never grows: all of its memory is taken at birth (the pages nobody wrote to
 * stay with the kernel), and past its limit the entry unused for longest in
 * that shard makes room. Places are found by SipHash under a key of the
 * process (base/map.h), so nobody can aim at one.
 *
 * Invariant: an entry is touched only between recent_lock and recent_unlock.
 */
#ifndef LIMIT_RECENT_H
#define LIMIT_RECENT_H

#include "base/status.h"

#include <pthread.h>

/* What both tables of this folder keep about one key. */
struct recent_entry {
    unsigned char key[32];
    int64_t at_ms;
    int32_t count;
    bool told; /* the owner, that somebody is guessing */
    /* The table's own: numbers of entries, from 1. */
    uint32_t next_in_bucket;
    uint32_t newer;
    uint32_t older;
    uint32_t bucket;
};

struct recent;

MUST_USE enum status recent_new(size_t limit, struct recent **out);
/* NULL is allowed. */
void recent_free(struct recent *recent);

/* A key's shard, locked. */
struct recent_shard *recent_lock(struct recent *recent,
                                 const unsigned char key[static 32]);
void recent_unlock(struct recent_shard *shard);

/* NULL when it is not there. Both make it the newest. */
struct recent_entry *recent_find(struct recent_shard *shard,
                                 const unsigned char key[static 32]);
/* Found or made, all else zero. */
struct recent_entry *recent_take(struct recent_shard *shard,
                                 const unsigned char key[static 32]);
void recent_drop(struct recent_shard *shard, struct recent_entry *entry);

/* Entries in use, and bytes taken: for metrics and tests. */
size_t recent_count(struct recent *recent);
size_t recent_bytes(const struct recent *recent);

#endif
