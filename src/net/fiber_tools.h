/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells the tools that watch stacks (AddressSanitizer, ThreadSanitizer,
 * valgrind) what a fiber switch does; does nothing in a plain build. Kept
 * apart so that net/fiber.c has no conditional in its bodies.
 *
 * The order of a switch: leave(from, to) on the old stack, the jump,
 * arrive(to) on the new one.
 */
#ifndef NET_FIBER_TOOLS_H
#define NET_FIBER_TOOLS_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define FIBER_TOOLS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBER_TOOLS_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define FIBER_TOOLS_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FIBER_TOOLS_TSAN 1
#endif
#endif

#if defined(FIBER_TOOLS_ASAN) || defined(FIBER_TOOLS_TSAN)
#define FIBER_TOOLS_STACK_FACTOR 8
#else
#define FIBER_TOOLS_STACK_FACTOR 1
#endif

struct fiber_tools {
    const void *stack;
    size_t size;
    void *fake_stack;  /* AddressSanitizer's */
    void *thread;      /* ThreadSanitizer's idea of this stack */
    unsigned stack_id; /* valgrind's */
};

/* The loop's own stack. */
void fiber_tools_adopt_thread(struct fiber_tools *tools);
void fiber_tools_begin(struct fiber_tools *tools, const void *stack,
                       size_t size);
void fiber_tools_end(struct fiber_tools *tools);
void fiber_tools_leave(struct fiber_tools *from, const struct fiber_tools *to);
void fiber_tools_arrive(struct fiber_tools *here);

#endif
