/* SPDX-License-Identifier: Apache-2.0 */
#include "net/timer.h"

#define SLOT_BITS 6
#define SLOT_MASK (TIMER_SLOTS - 1)
/* The furthest a deadline can be filed; a later one is filed there again. */
#define REACH_MS ((int64_t)1 << (SLOT_BITS * TIMER_LEVELS))

void timer_wheel_init(struct timer_wheel *wheel, int64_t now_ms)
{
    wheel->now_ms = now_ms;
    for (int level = 0; level < TIMER_LEVELS; level++) {
        wheel->occupied[level] = 0;
        for (int slot = 0; slot < TIMER_SLOTS; slot++) {
            list_init(&wheel->slots[level][slot]);
        }
    }
}

void timer_init(struct timer *timer, void (*fire)(struct timer *timer))
{
    list_init(&timer->node);
    timer->fire = fire;
    timer->due_ms = 0;
}

/* The level whose slots are just wide enough for what is left to wait. */
static void file(struct timer_wheel *wheel, struct timer *timer)
{
    int64_t left = timer->due_ms - wheel->now_ms;
    int64_t due = timer->due_ms;
    int level = 0;
    int64_t slot;

    if (left < 1) {
        left = 1;
        due = wheel->now_ms + 1;
    }
    if (left >= REACH_MS) {
        left = REACH_MS - 1;
        due = wheel->now_ms + left;
    }
    while (left >> (SLOT_BITS * (level + 1)) > 0) {
        level++;
    }
    slot = (due >> (SLOT_BITS * level)) & SLOT_MASK;
    list_append(&wheel->slots[level][slot], &timer->node);
    wheel->occupied[level] |= (uint64_t)1 << slot;
}

void timer_set(struct timer_wheel *wheel, struct timer *timer, int64_t due_ms)
{
    list_remove(&timer->node);
    timer->due_ms = due_ms;
    file(wheel, timer);
}

void timer_cancel(struct timer *timer)
{
    list_remove(&timer->node);
}

/* Empties a slot: what is due fires, the rest is filed closer. */
static void empty_slot(struct timer_wheel *wheel, int level, int64_t slot)
{
    struct list due;
    struct list *node;

    list_init(&due);
    list_move(&due, &wheel->slots[level][slot]);
    wheel->occupied[level] &= ~((uint64_t)1 << slot);
    /* One at a time from the list's head: firing may cancel any other. */
    while ((node = list_take(&due)) != NULL) {
        struct timer *timer = CONTAINER_OF(node, struct timer, node);

        if (timer->due_ms <= wheel->now_ms) {
            timer->fire(timer);
        } else {
            file(wheel, timer);
        }
    }
}

static void tick(struct timer_wheel *wheel)
{
    wheel->now_ms++;
    for (int level = TIMER_LEVELS - 1; level > 0; level--) {
        int64_t width = (int64_t)1 << (SLOT_BITS * level);

        if ((wheel->now_ms & (width - 1)) == 0) {
            empty_slot(wheel, level,
                       (wheel->now_ms >> (SLOT_BITS * level)) & SLOT_MASK);
        }
    }
    if (wheel->occupied[0] >> (wheel->now_ms & SLOT_MASK) & 1) {
        empty_slot(wheel, 0, wheel->now_ms & SLOT_MASK);
    }
}

static bool is_empty(const struct timer_wheel *wheel)
{
    uint64_t any = 0;

    for (int level = 0; level < TIMER_LEVELS; level++) {
        any |= wheel->occupied[level];
    }
    return any == 0;
}

void timer_wheel_run(struct timer_wheel *wheel, int64_t now_ms)
{
    while (wheel->now_ms < now_ms) {
        if (is_empty(wheel)) {
            wheel->now_ms = now_ms;
            return;
        }
        tick(wheel);
    }
}

/* When this level's first occupied slot comes round; -1 when none is. */
static int64_t level_next(struct timer_wheel *wheel, int level)
{
    int64_t at = wheel->now_ms >> (SLOT_BITS * level);

    for (int64_t ahead = 1; ahead <= TIMER_SLOTS; ahead++) {
        int64_t slot = (at + ahead) & SLOT_MASK;

        if ((wheel->occupied[level] >> slot & 1) == 0) {
            continue;
        }
        if (!list_is_empty(&wheel->slots[level][slot])) {
            return (at + ahead) << (SLOT_BITS * level);
        }
        wheel->occupied[level] &= ~((uint64_t)1 << slot);
    }
    return -1;
}

int64_t timer_wheel_wait_ms(struct timer_wheel *wheel, int64_t now_ms)
{
    int64_t next = -1;

    for (int level = 0; level < TIMER_LEVELS; level++) {
        int64_t due =
            wheel->occupied[level] == 0 ? -1 : level_next(wheel, level);

        if (due >= 0 && (next < 0 || due < next)) {
            next = due;
        }
    }
    if (next < 0) {
        return -1;
    }
    return next > now_ms ? next - now_ms : 0;
}
