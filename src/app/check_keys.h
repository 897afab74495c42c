/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the secrets and DATA_KEYS of the settings open the keys that a
 * database holds. Writes nothing, and shows no key.
 */
#ifndef APP_CHECK_KEYS_H
#define APP_CHECK_KEYS_H

#include "app/config.h"
#include "store/store.h"

/* DATA_KEYS and SERVICE_KEYS by themselves. STATUS_INVALID_VALUE and *why. */
MUST_USE enum status check_key_settings(const struct config *config,
                                        struct arena *arena, struct slice *why);

struct check_keys {
    const struct config *config;
    struct store *store;
    struct arena *arena;
    struct buf *report; /* a line or more; one that does not says "problem" */
};

MUST_USE enum status check_keys(const struct check_keys *check, bool *sound,
                                struct slice *why);

#endif
