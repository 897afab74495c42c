/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work that several fibers want done and one is enough for: the first leads,
 * the others park until it is through, on whichever loops they are.
 *
 * Lasts no longer than what the leader waits for, so that has a limit. Who
 * parks may be cancelled at any time. A leader that was cancelled has done
 * nothing for the others: they hear STATUS_OK and look again.
 */
#ifndef NET_GATE_H
#define NET_GATE_H

#include "base/list.h"
#include "base/status.h"

#include <pthread.h>

struct gate {
    pthread_mutex_t lock;
    bool led;
    struct list waiting;
};

void gate_init(struct gate *gate);
/* Nobody leads or waits. */
void gate_release(struct gate *gate);

/* True: the caller leads, and gate_leave must follow. Never parks. */
bool gate_try(struct gate *gate);
/*
 * From a fiber. *leads: as gate_try. Otherwise parks and gives what the
 * leader left with.
 */
MUST_USE enum status gate_enter(struct gate *gate, bool *leads);
void gate_leave(struct gate *gate, enum status status);

#endif
