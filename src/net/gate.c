/* SPDX-License-Identifier: Apache-2.0 */
#include "net/gate.h"

#include "base/mem.h"
#include "net/fiber.h"

#include <assert.h>

/* Its memory is the fiber's until a message is on its way, then the loop's. */
struct waiter {
    struct message message;
    struct list node;
    struct loop *loop;
    struct fiber_ref fiber;
    enum status status;
    bool posted;    /* under the gate's lock */
    bool abandoned; /* on the loop's thread, as `done` */
    bool done;
};

void gate_init(struct gate *gate)
{
    pthread_mutex_init(&gate->lock, NULL);
    gate->led = false;
    list_init(&gate->waiting);
}

void gate_release(struct gate *gate)
{
    assert(!gate->led && list_is_empty(&gate->waiting));
    pthread_mutex_destroy(&gate->lock);
}

bool gate_try(struct gate *gate)
{
    bool leads;

    pthread_mutex_lock(&gate->lock);
    leads = !gate->led;
    gate->led = true;
    pthread_mutex_unlock(&gate->lock);
    return leads;
}

static void deliver(struct message *message)
{
    struct waiter *waiter = CONTAINER_OF(message, struct waiter, message);

    if (waiter->abandoned) {
        mem_free(waiter);
        return;
    }
    waiter->done = true;
    fiber_ref_wake(waiter->fiber);
}

/* Queues the waiter unless it may lead after all. */
static bool queue(struct gate *gate, struct waiter *waiter)
{
    bool leads;

    pthread_mutex_lock(&gate->lock);
    leads = !gate->led;
    gate->led = true;
    if (!leads) {
        list_append(&gate->waiting, &waiter->node);
    }
    pthread_mutex_unlock(&gate->lock);
    return leads;
}

/* The fiber goes: whoever still has the waiter to deliver frees it. */
static void abandon(struct gate *gate, struct waiter *waiter)
{
    bool posted;

    pthread_mutex_lock(&gate->lock);
    posted = waiter->posted;
    list_remove(&waiter->node);
    pthread_mutex_unlock(&gate->lock);
    if (posted && !waiter->done) {
        waiter->abandoned = true;
        return;
    }
    mem_free(waiter);
}

static enum status wait(struct gate *gate, struct waiter *waiter)
{
    enum status status = STATUS_OK;

    while (!waiter->done && status == STATUS_OK) {
        status = fiber_park(FIBER_FOREVER);
    }
    if (status == STATUS_OK) {
        status = waiter->status;
    }
    abandon(gate, waiter);
    return status;
}

enum status gate_enter(struct gate *gate, bool *leads)
{
    struct waiter *waiter;

    *leads = gate_try(gate);
    if (*leads) {
        return STATUS_OK;
    }
    waiter = mem_alloc(sizeof(*waiter));
    TRY_ALLOC(waiter);
    list_init(&waiter->node);
    waiter->message.deliver = deliver;
    waiter->loop = fiber_loop(fiber_current());
    waiter->fiber = fiber_ref(fiber_current());
    *leads = queue(gate, waiter);
    if (*leads) {
        mem_free(waiter);
        return STATUS_OK;
    }
    return wait(gate, waiter);
}

void gate_leave(struct gate *gate, enum status status)
{
    struct list *node;

    pthread_mutex_lock(&gate->lock);
    gate->led = false;
    while ((node = list_take(&gate->waiting)) != NULL) {
        struct waiter *waiter = CONTAINER_OF(node, struct waiter, node);

        waiter->status = status == STATUS_CANCELLED ? STATUS_OK : status;
        waiter->posted = true;
        /* Under the lock: a waiter that leaves later finds it posted. */
        loop_post(waiter->loop, &waiter->message);
    }
    pthread_mutex_unlock(&gate->lock);
}
