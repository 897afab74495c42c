/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A timer wheel: setting and cancelling cost a list operation, whatever the
 * number of timers, because nearly every deadline is cancelled before it is
 * due. Four levels of 64 slots cover 1 ms to 4.6 hours; a later deadline is
 * kept in the last slot and looked at again from there.
 *
 * A timer is owned by whoever embeds it and fires once, never early.
 */
#ifndef NET_TIMER_H
#define NET_TIMER_H

#include "base/list.h"

#include <stdint.h>

#define TIMER_LEVELS 4
#define TIMER_SLOTS  64

struct timer {
    struct list node;
    int64_t due_ms;
    void (*fire)(struct timer *timer);
};

struct timer_wheel {
    int64_t now_ms; /* everything due up to here has fired */
    struct list slots[TIMER_LEVELS][TIMER_SLOTS];
    uint64_t occupied[TIMER_LEVELS]; /* a bit a slot; may be set in vain */
};

void timer_wheel_init(struct timer_wheel *wheel, int64_t now_ms);
/* Fires what is due. */
void timer_wheel_run(struct timer_wheel *wheel, int64_t now_ms);
/* How long one may sleep without missing a deadline; -1: as long as you like.*/
int64_t timer_wheel_wait_ms(struct timer_wheel *wheel, int64_t now_ms);

void timer_init(struct timer *timer, void (*fire)(struct timer *timer));
/* Sets it, or moves it when it is set already. */
void timer_set(struct timer_wheel *wheel, struct timer *timer, int64_t due_ms);
void timer_cancel(struct timer *timer);

#endif
