/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes away what has expired and nobody touched: sessions, links, counted
 * requests; and what our tables hold of users whom another server on the same
 * database has deleted. A fiber on one loop of each process; that several do it
 * harms nobody.
 */
#ifndef AUTH_SWEEP_H
#define AUTH_SWEEP_H

#include "auth/auth.h"
#include "net/fiber.h"

struct sweep {
    const struct auth *auth;
    int64_t limits_ms; /* how long counted requests matter */
    struct fiber_ref fiber;
};

/* On the loop's own thread, both. */
MUST_USE enum status sweep_start(struct sweep *sweep, struct loop *loop);
void sweep_stop(struct sweep *sweep);

/* Once, now; in a fiber. */
MUST_USE enum status sweep_run(const struct sweep *sweep);

#endif
