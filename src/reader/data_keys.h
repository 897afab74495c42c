/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data keys as rows: listed, made, sealed anew, taken away. For the
 * command line; servers see what it did within VAULT_FRESH_MS (vault.h).
 *
 * No key that seals anything is ever taken away, and none before servers had
 * an hour to take the one after it: what a server sealed a moment ago may not
 * be written yet.
 */
#ifndef READER_DATA_KEYS_H
#define READER_DATA_KEYS_H

#include "reader/vault.h"

#define DATA_KEYS_IDLE_MS ((int64_t)3600000)

struct data_key {
    int64_t id;
    int64_t created_at;
    uint32_t master_id; /* what the row is sealed with */
    int64_t values;     /* sealed with it */
};

/* The newest first. */
struct data_key_list {
    const struct data_key *keys;
    size_t count;
};

MUST_USE enum status data_keys_list(const struct auth_call *call,
                                    struct data_key_list *out);

/*
 * *id: the new key's, or that of one somebody else made at this moment.
 * STATUS_TOO_LARGE when there are as many as a vault holds.
 */
MUST_USE enum status data_keys_make(struct vault *vault,
                                    const struct auth_call *call, int64_t *id);

/* Those that are not yet, under the first master key. */
MUST_USE enum status data_keys_rewrap(struct vault *vault,
                                      const struct auth_call *call,
                                      size_t *rewrapped);

MUST_USE enum status data_keys_remove_idle(const struct auth_call *call,
                                           size_t *removed);

#endif
