/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row of the audit that has been read, and its hash.
 *
 * The hash is over the hash of the row before and every column, each with its
 * length in front, so that no two rows have the same text. It is no secret:
 * who can write all rows can forge all hashes, which is why the head's goes
 * into the log too (chain.h).
 */
#ifndef AUDIT_ENTRY_H
#define AUDIT_ENTRY_H

#include "audit/pseudonym.h"
#include "store/value.h"

/* Hexadecimal digits of SHA-256. */
#define AUDIT_HASH_LEN ((size_t)64)

struct audit_entry {
    int64_t seq; /* 0: it waits */
    struct slice hash;
    struct slice id;
    int64_t created_ms;
    struct slice event;
    struct slice actor;
    struct slice subject;
    struct slice network;
    struct slice detail;
};

/* Row `row` of audit_waiting, */
void audit_entry_take_waiting(const struct rows *rows, size_t row,
                              struct audit_entry *out);
/* or of audit_page, audit_latest and audit_latest_of. */
void audit_entry_take(const struct rows *rows, size_t row,
                      struct audit_entry *out);

/* Pseudonyms where users' ids stand, in a row that waits. */
MUST_USE enum status audit_entry_rename(struct audit_entry *entry,
                                        const struct audit_names *names,
                                        struct arena *arena);

/* What its hash must be behind a row whose hash was `previous`. */
MUST_USE enum status audit_entry_hash(const struct audit_entry *entry,
                                      struct slice previous,
                                      struct arena *arena, struct slice *out);

#endif
