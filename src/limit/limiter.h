/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit on requests, in memory: one table for the process, shared by its
 * loops.
 *
 * Never asks the wall clock, so stepping it neither blocks nor frees anybody;
 * never holds more than LIMITER_KEYS keys, in under 8 MiB: past them the one
 * unused for longest is forgotten (limit/recent.h).
 *
 * A struct limiter lives until limiter_free and outlives changes of the rules.
 */
#ifndef LIMIT_LIMITER_H
#define LIMIT_LIMITER_H

#include "http/client_address.h"
#include "limit/decide.h"

/* As many as the original keeps. */
#define LIMITER_KEYS ((size_t)100000)

struct limiter;

MUST_USE enum status limiter_new(struct limiter **out);
/* NULL is allowed. */
void limiter_free(struct limiter *limiter);

/* Counts one request to that path; a rule without a window lets it through. */
struct limit_verdict limiter_count(struct limiter *limiter,
                                   const struct client_address *address,
                                   struct slice path,
                                   const struct limit_rule *rule);

/* For metrics and tests. */
size_t limiter_keys(struct limiter *limiter);
size_t limiter_bytes(const struct limiter *limiter);

#endif
