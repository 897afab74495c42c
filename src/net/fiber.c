/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stacks come from mmap with a guard page below, are entered once through
 * ucontext, and from then on switched with _setjmp and _longjmp: 10 ns a
 * switch against ucontext's 220, which asks the kernel for the signal mask
 * every time (docs/decisions/0002-fibers.md). A fiber that ends stays inside
 * its entry function and waits there for the next call, so a pooled fiber
 * costs no set-up at all.
 *
 * glibc's checked longjmp takes a jump to another stack for an error, so this
 * file is compiled without fortification.
 */
#undef _FORTIFY_SOURCE

#include "net/fiber.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/fiber_tools.h"

#include <assert.h>
#include <errno.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

/*
 * Handlers use a few KiB; OpenSSL's RSA about 10. Only touched pages cost
 * memory. Sanitizers put red zones round every local variable.
 */
#define STACK_SIZE (FIBER_TOOLS_STACK_FACTOR * (size_t)65536)
/* Idle stacks kept a thread, so that a crowd's memory is given back. */
#define IDLE_MAX 128

struct fiber {
    struct list idle_node;
    struct task resume_task;
    struct timer timer;
    struct loop *loop;
    void (*fn)(void *arg);
    void *arg;
    char *stack; /* NULL: the fiber has been retired, its name lives on */
    uint64_t generation;
    bool parked;
    bool timed_out;
    bool cancelled;
    jmp_buf context;
    struct fiber_tools tools;
};

/* What one thread knows about its fibers. */
static _Thread_local struct {
    struct fiber *current;
    jmp_buf loop_context;
    ucontext_t entry; /* not a local: its frame is left by a jump */
    struct fiber_tools loop_tools;
    struct list idle;    /* with stacks */
    struct list retired; /* without; never freed while the thread runs */
    size_t idle_count;
    size_t live_count;
    bool ready;
} self;

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static void thread_begin(void)
{
    if (!self.ready) {
        list_init(&self.idle);
        list_init(&self.retired);
        fiber_tools_adopt_thread(&self.loop_tools);
        self.ready = true;
    }
}

/* From the fiber to the loop; returns when the loop resumes the fiber. */
static void switch_to_loop(struct fiber *fiber)
{
    self.current = NULL;
    if (_setjmp(fiber->context) == 0) {
        fiber_tools_leave(&fiber->tools, &self.loop_tools);
        _longjmp(self.loop_context, 1);
    }
    fiber_tools_arrive(&fiber->tools);
}

static void fiber_main(void)
{
    struct fiber *fiber = self.current;

    fiber_tools_arrive(&fiber->tools);
    for (;;) {
        fiber->fn(fiber->arg);
        fiber->generation++;
        fiber->fn = NULL;
        switch_to_loop(fiber);
    }
}

static char *stack_new(void)
{
    size_t guard = page_size();
    char *base = mmap(NULL, guard + STACK_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

    if (base == MAP_FAILED) {
        return NULL;
    }
    if (mprotect(base, guard, PROT_NONE) < 0) {
        (void)munmap(base, guard + STACK_SIZE);
        return NULL;
    }
    return base + guard;
}

static void stack_free(char *stack)
{
    (void)munmap(stack - page_size(), page_size() + STACK_SIZE);
}

static void resume_from_task(struct task *task);

static void on_timeout(struct timer *timer)
{
    struct fiber *fiber = CONTAINER_OF(timer, struct fiber, timer);

    fiber->timed_out = true;
    fiber_wake(fiber);
}

/* A name to use again, or a new one. */
static struct fiber *fiber_name(void)
{
    struct list *node = list_take(&self.retired);
    struct fiber *fiber;

    if (node != NULL) {
        return CONTAINER_OF(node, struct fiber, idle_node);
    }
    fiber = mem_alloc(sizeof(*fiber));
    if (fiber != NULL) {
        list_init(&fiber->idle_node);
        task_init(&fiber->resume_task, resume_from_task);
        timer_init(&fiber->timer, on_timeout);
    }
    return fiber;
}

/* A fiber with a stack, standing in fiber_main before its first call. */
static struct fiber *fiber_make(void)
{
    struct fiber *fiber = fiber_name();

    if (fiber == NULL) {
        return NULL;
    }
    fiber->stack = stack_new();
    if (fiber->stack == NULL) {
        list_append(&self.retired, &fiber->idle_node);
        log_error("fiber_stack_failed", log_errno(errno));
        return NULL;
    }
    fiber_tools_begin(&fiber->tools, fiber->stack, STACK_SIZE);
    return fiber;
}

/* The first switch into a fresh stack. */
static void enter_first(struct fiber *fiber)
{
    (void)getcontext(&self.entry);
    self.entry.uc_stack.ss_sp = fiber->stack;
    self.entry.uc_stack.ss_size = STACK_SIZE;
    self.entry.uc_link = NULL;
    makecontext(&self.entry, fiber_main, 0);
    fiber_tools_leave(&self.loop_tools, &fiber->tools);
    (void)setcontext(&self.entry);
}

static void retire(struct fiber *fiber)
{
    fiber_tools_end(&fiber->tools);
    stack_free(fiber->stack);
    fiber->stack = NULL;
    list_append(&self.retired, &fiber->idle_node);
}

static void give_back(struct fiber *fiber)
{
    self.live_count--;
    if (self.idle_count >= IDLE_MAX) {
        retire(fiber);
        return;
    }
    /* Last in, first out: the warmest stack is the next to be used. */
    list_append(&self.idle, &fiber->idle_node);
    self.idle_count++;
}

/* Runs the fiber on top of the loop's stack until it parks or ends. */
static void run(struct fiber *fiber, bool fresh)
{
    assert(self.current == NULL);
    self.current = fiber;
    if (_setjmp(self.loop_context) == 0) {
        if (fresh) {
            enter_first(fiber);
        }
        fiber_tools_leave(&self.loop_tools, &fiber->tools);
        _longjmp(fiber->context, 1);
    }
    fiber_tools_arrive(&self.loop_tools);
    if (fiber->fn == NULL) {
        give_back(fiber);
    }
}

enum status fiber_start(struct loop *loop, void (*fn)(void *arg), void *arg)
{
    struct fiber *fiber;
    bool fresh;

    thread_begin();
    fresh = list_is_empty(&self.idle);
    if (fresh) {
        fiber = fiber_make();
        TRY_ALLOC(fiber);
    } else {
        struct list *newest = self.idle.prev;

        list_remove(newest);
        self.idle_count--;
        fiber = CONTAINER_OF(newest, struct fiber, idle_node);
    }
    fiber->loop = loop;
    fiber->fn = fn;
    fiber->arg = arg;
    fiber->cancelled = false;
    self.live_count++;
    run(fiber, fresh);
    return STATUS_OK;
}

struct fiber *fiber_current(void)
{
    return self.current;
}

struct loop *fiber_loop(const struct fiber *fiber)
{
    return fiber->loop;
}

struct fiber_ref fiber_ref(struct fiber *fiber)
{
    return (struct fiber_ref){fiber, fiber->generation};
}

enum status fiber_park(int64_t timeout_ms)
{
    struct fiber *fiber = self.current;

    assert(fiber != NULL);
    if (fiber->cancelled) {
        return STATUS_CANCELLED;
    }
    fiber->timed_out = false;
    fiber->parked = true;
    if (timeout_ms >= 0) {
        loop_timer(fiber->loop, &fiber->timer, timeout_ms);
    }
    switch_to_loop(fiber);
    timer_cancel(&fiber->timer);
    if (fiber->cancelled) {
        return STATUS_CANCELLED;
    }
    return fiber->timed_out ? STATUS_TIMEOUT : STATUS_OK;
}

static void resume_from_task(struct task *task)
{
    struct fiber *fiber = CONTAINER_OF(task, struct fiber, resume_task);

    if (fiber->parked) {
        fiber->parked = false;
        run(fiber, false);
    }
}

void fiber_wake(struct fiber *fiber)
{
    if (fiber->parked) {
        loop_soon(fiber->loop, &fiber->resume_task);
    }
}

void fiber_ref_wake(struct fiber_ref ref)
{
    if (ref.fiber != NULL && ref.fiber->generation == ref.generation) {
        fiber_wake(ref.fiber);
    }
}

void fiber_cancel(struct fiber *fiber)
{
    fiber->cancelled = true;
    fiber_wake(fiber);
}

enum status fiber_yield(void)
{
    struct fiber *fiber = self.current;

    assert(fiber != NULL);
    if (fiber->cancelled) {
        return STATUS_CANCELLED;
    }
    fiber->parked = true;
    fiber_wake(fiber);
    switch_to_loop(fiber);
    return fiber->cancelled ? STATUS_CANCELLED : STATUS_OK;
}

size_t fiber_count(void)
{
    return self.live_count;
}

void fiber_thread_end(void)
{
    struct list *node;

    if (!self.ready) {
        return;
    }
    while ((node = list_take(&self.idle)) != NULL) {
        retire(CONTAINER_OF(node, struct fiber, idle_node));
    }
    while ((node = list_take(&self.retired)) != NULL) {
        mem_free(CONTAINER_OF(node, struct fiber, idle_node));
    }
    self.idle_count = 0;
    self.ready = false;
}
