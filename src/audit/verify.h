/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the whole chain and says whether it is the one that was written, or
 * where it is not: a row changed, missing or added, or a head that is wrong.
 *
 * Only looks. The server may go on meanwhile. What somebody wrote anew from
 * some row on, hashes and head included, shows by nothing but an anchor: a
 * number and hash that the log or a print-out kept.
 */
#ifndef AUDIT_VERIFY_H
#define AUDIT_VERIFY_H

#include "audit/entry.h"
#include "store/store.h"

struct audit_anchor {
    int64_t seq;
    struct slice hash;
};

struct audit_check {
    struct store *store;
    const struct audit_anchor *anchors;
    size_t anchor_count;
};

struct audit_finding {
    struct slice problem; /* one line; empty: the chain is unbroken */
    int64_t rows;         /* that fit */
    struct slice hash;    /* of the last of them */
    int64_t waiting;      /* without a number yet */
};

/* "17:9f86d0..." STATUS_INVALID_VALUE when it is none. */
MUST_USE enum status audit_anchor_read(struct slice text,
                                       struct audit_anchor *out);

/* In a fiber. STATUS_OK also when the chain is broken. */
MUST_USE enum status audit_verify(const struct audit_check *check,
                                  struct arena *arena,
                                  struct audit_finding *out);

#endif
