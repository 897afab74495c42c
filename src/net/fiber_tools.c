/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fiber_tools.h"

/* Valgrind's header is optional: its requests are no-ops outside valgrind. */
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef VALGRIND_STACK_REGISTER
#define VALGRIND_STACK_REGISTER(start, end) 0U
#define VALGRIND_STACK_DEREGISTER(id)       (void)(id)
#endif

#if defined(FIBER_TOOLS_ASAN)
#include <pthread.h>
#include <sanitizer/common_interface_defs.h>

void fiber_tools_adopt_thread(struct fiber_tools *tools)
{
    pthread_attr_t attributes;
    void *stack;
    size_t size;

    *tools = (struct fiber_tools){0};
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        (void)pthread_attr_getstack(&attributes, &stack, &size);
        (void)pthread_attr_destroy(&attributes);
        tools->stack = stack;
        tools->size = size;
    }
}

void fiber_tools_begin(struct fiber_tools *tools, const void *stack,
                       size_t size)
{
    *tools = (struct fiber_tools){.stack = stack, .size = size};
}

void fiber_tools_end(struct fiber_tools *tools)
{
    (void)tools;
}

void fiber_tools_leave(struct fiber_tools *from, const struct fiber_tools *to)
{
    __sanitizer_start_switch_fiber(&from->fake_stack, to->stack, to->size);
}

void fiber_tools_arrive(struct fiber_tools *here)
{
    __sanitizer_finish_switch_fiber(here->fake_stack, NULL, NULL);
}

#elif defined(FIBER_TOOLS_TSAN)
#include <sanitizer/tsan_interface.h>

/* An instrumented function would enter on one stack and leave on another. */
#if defined(__clang__)
#define UNWATCHED __attribute__((disable_sanitizer_instrumentation))
#else
#define UNWATCHED __attribute__((no_sanitize_thread))
#endif

void fiber_tools_adopt_thread(struct fiber_tools *tools)
{
    *tools = (struct fiber_tools){.thread = __tsan_get_current_fiber()};
}

void fiber_tools_begin(struct fiber_tools *tools, const void *stack,
                       size_t size)
{
    *tools = (struct fiber_tools){
        .stack = stack, .size = size, .thread = __tsan_create_fiber(0)};
}

void fiber_tools_end(struct fiber_tools *tools)
{
    __tsan_destroy_fiber(tools->thread);
}

UNWATCHED void fiber_tools_leave(struct fiber_tools *from,
                                 const struct fiber_tools *to)
{
    (void)from;
    __tsan_switch_to_fiber(to->thread, 0);
}

void fiber_tools_arrive(struct fiber_tools *here)
{
    (void)here;
}

#else

void fiber_tools_adopt_thread(struct fiber_tools *tools)
{
    *tools = (struct fiber_tools){0};
}

void fiber_tools_begin(struct fiber_tools *tools, const void *stack,
                       size_t size)
{
    *tools = (struct fiber_tools){.stack = stack, .size = size};
    tools->stack_id =
        VALGRIND_STACK_REGISTER(stack, (const char *)stack + size);
}

void fiber_tools_end(struct fiber_tools *tools)
{
    VALGRIND_STACK_DEREGISTER(tools->stack_id);
}

void fiber_tools_leave(struct fiber_tools *from, const struct fiber_tools *to)
{
    (void)from;
    (void)to;
}

void fiber_tools_arrive(struct fiber_tools *here)
{
    (void)here;
}

#endif
