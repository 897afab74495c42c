/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data keys as the table had them at one moment, opened with the master
 * keys. For this folder's .c files.
 *
 * Immutable once made and counted, so that all loops share one; the last who
 * releases it wipes it.
 */
#ifndef READER_VAULT_RING_H
#define READER_VAULT_RING_H

#include "reader/master.h"
#include "store/value.h"

#include <stdatomic.h>

/* Old ones go when nothing is sealed with them any more. */
#define VAULT_KEYS_MAX ((size_t)64)

/* The columns of data_keys_all. */
enum data_key_column {
    DATA_KEY_ID,
    DATA_KEY_SEALED,
    DATA_KEY_CREATED_AT
};

struct vault_ring {
    _Atomic int owners;
    size_t unreadable;                    /* rows that no master key opens */
    int64_t locked_id;                    /* one of those */
    size_t count;                         /* may be 0 */
    struct seal_key keys[VAULT_KEYS_MAX]; /* the newest first */
};

/*
 * From the answer to data_keys_all; `arena` for what is needed meanwhile. A
 * row that was sealed anew with a master key of a later start is opened from
 * what `known` has, which may be NULL.
 */
struct vault_ring_from {
    const struct master *master;
    const struct rows *rows;
    const struct vault_ring *known;
};
MUST_USE enum status vault_ring_new(const struct vault_ring_from *from,
                                    struct arena *arena,
                                    struct vault_ring **out);
struct vault_ring *vault_ring_share(struct vault_ring *ring);
/* NULL is allowed. */
void vault_ring_release(struct vault_ring *ring);

/* NULL: it is not there. */
const struct seal_key *vault_ring_find(const struct vault_ring *ring,
                                       uint32_t id);
bool vault_ring_equal(const struct vault_ring *a, const struct vault_ring *b);

/* The text of a row's `sealed`, bound to its id. */
MUST_USE enum status vault_key_wrap(const struct master *master,
                                    const struct seal_key *key,
                                    struct arena *arena, struct slice *out);
/* *out is the caller's to wipe. STATUS_UNREADABLE. */
MUST_USE enum status vault_key_unwrap(const struct master *master,
                                      const struct value row[],
                                      struct arena *arena,
                                      struct seal_key *out);

#endif
