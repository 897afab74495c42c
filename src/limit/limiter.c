/* SPDX-License-Identifier: Apache-2.0 */
#include "limit/limiter.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "limit/key.h"
#include "limit/recent.h"

struct limiter {
    struct recent *recent;
};

enum status limiter_new(struct limiter **out)
{
    struct limiter *limiter = mem_alloc(sizeof(*limiter));
    enum status status;

    TRY_ALLOC(limiter);
    status = recent_new(LIMITER_KEYS, &limiter->recent);
    if (status != STATUS_OK) {
        mem_free(limiter);
        return status;
    }
    *out = limiter;
    return STATUS_OK;
}

void limiter_free(struct limiter *limiter)
{
    if (limiter != NULL) {
        recent_free(limiter->recent);
        mem_free(limiter);
    }
}

/* The address itself and a hash of the path: of one client's paths two would
 * have to collide under a key that nobody outside knows. */
static void make_key(const struct client_address *address, struct slice path,
                     unsigned char key[static 32])
{
    struct client_address masked = client_address_key(address);
    uint64_t hash = hash_slice(slice_head(path, LIMIT_PATH_MAX));

    memset(key, 0, 32);
    memcpy(key, masked.bytes, sizeof(masked.bytes));
    memcpy(key + sizeof(masked.bytes), &hash, sizeof(hash));
}

struct limit_verdict limiter_count(struct limiter *limiter,
                                   const struct client_address *address,
                                   struct slice path,
                                   const struct limit_rule *rule)
{
    int64_t now_ms = clock_mono_ms();
    struct limit_verdict verdict = {LIMIT_COUNT, true, 0, {0, 0}};
    struct recent_entry *entry;
    struct recent_shard *shard;
    struct limit_state state;
    unsigned char key[32];

    if (rule->window_ms <= 0) {
        return verdict;
    }
    make_key(address, path, key);
    shard = recent_lock(limiter->recent, key);
    entry = recent_take(shard, key);
    state = (struct limit_state){entry->count, entry->at_ms};
    verdict = limit_decide(&state, rule, now_ms);
    entry->count = (int32_t)verdict.next.count;
    entry->at_ms = verdict.next.last_ms;
    recent_unlock(shard);
    return verdict;
}

size_t limiter_keys(struct limiter *limiter)
{
    return recent_count(limiter->recent);
}

size_t limiter_bytes(const struct limiter *limiter)
{
    return recent_bytes(limiter->recent);
}
