/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of the audit for somebody who asks: the newest of them, those that
 * still wait included, with pseudonyms throughout.
 *
 * Of a user it finds the rows under every key there is (pseudonym.h).
 */
#ifndef AUDIT_LIST_H
#define AUDIT_LIST_H

#include "audit/entry.h"
#include "store/store.h"

struct audit_question {
    struct store *store;
    const struct audit_names *names;
    struct slice user_id; /* who did it, or to whom; empty: anybody */
    struct slice event;   /* empty: any */
    int64_t limit;        /* at most STORE_ROWS_MAX */
};

struct audit_list {
    struct audit_entry *entries; /* the newest last */
    size_t count;
};

/* In a fiber. */
MUST_USE enum status audit_list_read(const struct audit_question *question,
                                     struct arena *arena,
                                     struct audit_list *out);

#endif
