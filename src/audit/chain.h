/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a chain of the audit's rows: each that waits gets the next number, a
 * hash over itself and the row before, and pseudonyms where users' ids stood.
 *
 * Rows are chained in batches, each one write that also moves the head from
 * where it was read; of several processes one wins, and the others look again.
 * So a row has its number within about a second, and one that a process left
 * behind when it died gets it from the next.
 *
 * The head goes into the log once an hour and at the end: who cuts the chain
 * short or writes it anew from some place on cannot change that.
 *
 * A fiber on one loop of each process. Never changes or removes a row that
 * has its number.
 */
#ifndef AUDIT_CHAIN_H
#define AUDIT_CHAIN_H

#include "audit/pseudonym.h"
#include "store/store.h"

struct audit_chain;
struct loop;

/* How often rows are looked for while some may wait, and otherwise. */
#define AUDIT_LOOK_MS ((int64_t)500)
#define AUDIT_POLL_MS ((int64_t)60000)

/* Both outlive it. */
MUST_USE enum status audit_chain_new(struct store *store,
                                     const struct audit_names *names,
                                     struct audit_chain **out);
/* After its loop has ended. NULL is allowed. */
void audit_chain_free(struct audit_chain *chain);

/* On the loop's own thread, both. */
MUST_USE enum status audit_chain_start(struct audit_chain *chain,
                                       struct loop *loop);
void audit_chain_stop(struct audit_chain *chain);

/*
 * Once, now, in a fiber: until nothing waits or another process is at it.
 * STATUS_TAKEN, STATUS_NOT_FOUND when the head is not where rows end, or has
 * gone: somebody changed it, and "bookplate audit verify" says more.
 */
MUST_USE enum status audit_chain_run(struct audit_chain *chain);

#endif
