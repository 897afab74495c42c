/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether one more request is let through: the original's algorithm as pure
 * arithmetic, for the table in memory and for the rows of a database alike.
 *
 * A request let through moves `last_ms`, so a window begins anew only after
 * silence; one turned away changes nothing, so it does not extend the wait.
 *
 * Never asks a clock. A row from the future (the wall clock stepped back)
 * counts as none once it lies a whole window ahead: it blocks nobody for an
 * hour, and nobody gets more than one window for free.
 */
#ifndef LIMIT_DECIDE_H
#define LIMIT_DECIDE_H

#include "base/status.h"

struct limit_rule {
    int64_t window_ms; /* 0: no limit here */
    int64_t max;
};

/* A row, or an entry of the table. */
struct limit_state {
    int64_t count; /* 0: there is none */
    int64_t last_ms;
};

/*
 * What a database does about it. Each write is conditional, so that of two
 * processes only one can win; who finds that no row was changed reads again.
 *   CREATE  insert (key, 1, now), unless it is there by now
 *   RESTART count = 1, last = now where key and last <= state.last
 *           (last >= state.last for a row from the future)
 *   COUNT   count = count + 1, last = now where key and last > now - window
 *           and count < max
 *   REFUSE  nothing
 */
enum limit_step {
    LIMIT_CREATE,
    LIMIT_RESTART,
    LIMIT_COUNT,
    LIMIT_REFUSE
};

struct limit_verdict {
    enum limit_step step;
    bool allowed;
    int64_t retry_after_s; /* of REFUSE: at least 1 */
    struct limit_state next;
};

struct limit_verdict limit_decide(const struct limit_state *state,
                                  const struct limit_rule *rule,
                                  int64_t now_ms);

#endif
