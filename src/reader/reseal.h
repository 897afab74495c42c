/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values under older data keys, sealed anew under the newest while servers
 * read and write: each is replaced only if it is still what was read, so
 * nothing written meanwhile is lost, and one that was is met again in the
 * next pass. Nothing is kept between batches: whoever stops here, however,
 * goes on from what the tables say.
 *
 * Never waits for a row that a request holds, so no request waits for this.
 */
#ifndef READER_RESEAL_H
#define READER_RESEAL_H

#include "reader/vault.h"

struct reseal {
    struct vault *vault;
    const struct auth_call *call;
    int64_t key_id; /* the newest */
    /* Called now and then; may be NULL. */
    void (*progress)(const struct reseal *reseal);
    void *arg;
    /* What was done, over all passes. */
    int64_t sealed;
    /* In this pass: met under older keys; of these, those that do not open. */
    int64_t met;
    int64_t unreadable;
};

/* Values that are not under the newest key. */
MUST_USE enum status reseal_count(const struct reseal *reseal, int64_t *out);
/*
 * Once over all tables; in a fiber. STATUS_TAKEN when there is a newer key
 * than that: somebody else rotates as well.
 */
MUST_USE enum status reseal_pass(struct reseal *reseal);

#endif
