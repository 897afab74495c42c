/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The master keys: what data keys are sealed with. They come from settings
 * alone and are never stored.
 *
 * First those of DATA_KEYS, the newest first, then one made of each secret of
 * BETTER_AUTH_SECRETS and BETTER_AUTH_SECRET: whoever sets DATA_KEYS, or
 * changes a secret, still opens what was sealed before. The first seals.
 *
 * A key is known by its id, the beginning of its SHA-256: it says nothing of
 * the key, and is the same wherever the key stands in a list.
 */
#ifndef READER_MASTER_H
#define READER_MASTER_H

#include "crypto/seal.h"

/* As many as there are secrets at most (auth/secrets.h). */
#define MASTER_LIST_MAX ((size_t)16)
#define MASTER_KEYS_MAX (3 * MASTER_LIST_MAX)

struct master_settings {
    struct slice data_keys; /* DATA_KEYS: "2:KEY,1:KEY", or empty */
    struct slice secrets;   /* BETTER_AUTH_SECRETS, or empty */
    struct slice secret;    /* BETTER_AUTH_SECRET, or empty */
};

struct master {
    size_t count; /* at least 1 */
    size_t given; /* how many of them, the first ones, are of DATA_KEYS */
    struct seal_key keys[MASTER_KEYS_MAX];
};

/*
 * STATUS_INVALID_VALUE and *why, one line that names the setting and the
 * entry and shows nothing of a key. Whoever owns *out wipes it, whatever this
 * returned.
 */
MUST_USE enum status master_read(const struct master_settings *settings,
                                 struct arena *arena, struct slice *why,
                                 struct master *out);
void master_wipe(struct master *master);

struct seal_ring master_ring(const struct master *master);

#endif
