/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Events taken from the kernel at once; more wait for the next turn. */
#define BATCH 256

struct loop {
    int epoll_fd;
    struct watch wake; /* an eventfd: other threads write, the loop wakes */
    int64_t now_ms;
    struct timer_wheel timers;
    struct list tasks;
    _Atomic(struct message *) inbox; /* newest first */
    _Atomic bool stopping;
    int event_count;
    int event_at;
    struct epoll_event events[BATCH];
};

static _Thread_local struct loop *current;

/* Only clears the eventfd: messages are read once a turn anyway. */
static void on_wake(struct watch *watch, uint32_t events)
{
    uint64_t count;

    (void)events;
    if (read(watch->fd, &count, sizeof(count)) < 0 && errno != EAGAIN) {
        log_error("loop_wake_failed", log_errno(errno));
    }
}

enum status loop_new(struct loop **out)
{
    struct loop *loop = mem_alloc(sizeof(*loop));

    TRY_ALLOC(loop);
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->wake =
        (struct watch){eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), on_wake};
    loop->now_ms = clock_mono_ms();
    timer_wheel_init(&loop->timers, loop->now_ms);
    list_init(&loop->tasks);
    if (loop->epoll_fd < 0 || loop->wake.fd < 0 ||
        loop_watch(loop, &loop->wake, EPOLLIN) != STATUS_OK) {
        log_error("loop_open_failed", log_errno(errno));
        loop_free(loop);
        return STATUS_UNAVAILABLE;
    }
    *out = loop;
    return STATUS_OK;
}

void loop_free(struct loop *loop)
{
    if (loop->epoll_fd >= 0) {
        close(loop->epoll_fd);
    }
    if (loop->wake.fd >= 0) {
        close(loop->wake.fd);
    }
    mem_free(loop);
}

struct loop *loop_current(void)
{
    return current;
}

int64_t loop_now(const struct loop *loop)
{
    return loop->now_ms;
}

enum status loop_watch(struct loop *loop, struct watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};

    if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, watch->fd, &event) < 0) {
        log_error("watch_failed", log_errno(errno));
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

void loop_unwatch(struct loop *loop, struct watch *watch)
{
    (void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    /* What this turn has reported but not yet delivered must not be. */
    for (int i = loop->event_at; i < loop->event_count; i++) {
        if (loop->events[i].data.ptr == watch) {
            loop->events[i].data.ptr = NULL;
        }
    }
}

void loop_timer(struct loop *loop, struct timer *timer, int64_t after_ms)
{
    timer_set(&loop->timers, timer, loop->now_ms + after_ms);
}

void task_init(struct task *task, void (*run)(struct task *task))
{
    list_init(&task->node);
    task->run = run;
}

void loop_soon(struct loop *loop, struct task *task)
{
    if (list_is_empty(&task->node)) {
        list_append(&loop->tasks, &task->node);
    }
}

void loop_post(struct loop *loop, struct message *message)
{
    struct message *head =
        atomic_load_explicit(&loop->inbox, memory_order_relaxed);
    uint64_t one = 1;

    do {
        message->next = head;
    } while (!atomic_compare_exchange_weak_explicit(
        &loop->inbox, &head, message, memory_order_release,
        memory_order_relaxed));
    /* Whoever fills an empty inbox rings; the others know it has been rung. */
    if (head == NULL && write(loop->wake.fd, &one, sizeof(one)) < 0) {
        log_error("loop_ring_failed", log_errno(errno));
    }
}

void loop_stop(struct loop *loop)
{
    uint64_t one = 1;

    atomic_store(&loop->stopping, true);
    if (write(loop->wake.fd, &one, sizeof(one)) < 0) {
        log_error("loop_ring_failed", log_errno(errno));
    }
}

static void deliver_messages(struct loop *loop)
{
    struct message *message =
        atomic_exchange_explicit(&loop->inbox, NULL, memory_order_acquire);
    struct message *oldest = NULL;

    while (message != NULL) { /* turn the stack round: oldest first */
        struct message *next = message->next;

        message->next = oldest;
        oldest = message;
        message = next;
    }
    while (oldest != NULL) {
        message = oldest;
        oldest = message->next;
        message->deliver(message);
    }
}

/* Tasks that tasks add wait for the next turn, so that sockets get theirs. */
static void run_tasks(struct loop *loop)
{
    struct list now;
    struct list *node;

    list_init(&now);
    list_move(&now, &loop->tasks);
    while ((node = list_take(&now)) != NULL) {
        struct task *task = CONTAINER_OF(node, struct task, node);

        task->run(task);
    }
}

static int wait_ms(struct loop *loop)
{
    int64_t wait;

    if (!list_is_empty(&loop->tasks)) {
        return 0;
    }
    wait = timer_wheel_wait_ms(&loop->timers, loop->now_ms);
    return wait > INT_MAX ? INT_MAX : (int)wait;
}

static void turn(struct loop *loop)
{
    loop->event_count =
        epoll_wait(loop->epoll_fd, loop->events, BATCH, wait_ms(loop));
    loop->now_ms = clock_mono_ms();
    for (loop->event_at = 0; loop->event_at < loop->event_count;) {
        struct epoll_event event = loop->events[loop->event_at++];
        struct watch *watch = event.data.ptr;

        if (watch != NULL) {
            watch->ready(watch, event.events);
        }
    }
    loop->event_count = 0;
    deliver_messages(loop);
    timer_wheel_run(&loop->timers, loop->now_ms);
    run_tasks(loop);
}

void loop_run(struct loop *loop)
{
    current = loop;
    while (!atomic_load_explicit(&loop->stopping, memory_order_relaxed)) {
        turn(loop);
    }
    /* Nobody who was promised a delivery is forgotten. */
    deliver_messages(loop);
    run_tasks(loop);
    atomic_store(&loop->stopping, false); /* it may run again */
    current = NULL;
}
