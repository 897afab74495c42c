/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A name server that does not answer holds up nobody but the request that
 * waits for it. This program's own getaddrinfo stands in for the system's,
 * also in libcurl (the program is linked with export_dynamic).
 */
#include "outbound_server.h"

#include <netdb.h>

#define SLOW_MS 800

static _Atomic int resolving;

/* Every name is slow and then unknown; an address needs no look-up. */
int getaddrinfo(const char *name, const char *service,
                const struct addrinfo *hints, struct addrinfo **result)
{
    (void)name;
    (void)service;
    (void)hints;
    *result = NULL;
    resolving++;
    usleep(SLOW_MS * 1000);
    resolving--;
    return EAI_NONAME;
}

static void serve_hello(int fd, const char *request)
{
    (void)request;
    server_send(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
}

static struct call slow;
static struct call quick;

static void init_calls(void)
{
    set_up(serve_hello);
    call_init(&slow, "/");
    slow.request.url = SLICE("http://slow.example/");
    call_init(&quick, "/");
}

/* The resolver thread ends by itself, when its answer has come. */
static void wait_for_resolvers(void)
{
    while (resolving > 0) {
        usleep(1000);
    }
    arena_release(&slow.arena);
    arena_release(&quick.arena);
}

static void a_slow_name_meets_the_deadline(void **state)
{
    (void)state;
    init_calls();
    slow.request.total_ms = 100;
    run_call(&slow);
    check_status(slow.status, STATUS_UPSTREAM_TIMEOUT);
    assert_in_range(slow.took_ms, 95, 700);
    assert_int_equal(resolving, 1);
    wait_for_resolvers();
}

/* Cancels the slow call in the middle, then makes the quick one. */
static void cancel_fiber(void *arg)
{
    while (resolving == 0 && fiber_park(1) != STATUS_CANCELLED) {
    }
    fiber_cancel(slow.fiber);
    call_fiber(arg);
}

static void leaving_a_slow_name_holds_up_nobody(void **state)
{
    (void)state;
    init_calls();
    start_fiber(call_fiber, &slow);
    start_fiber(cancel_fiber, &quick);
    loop_run(loop);
    check_status(slow.status, STATUS_CANCELLED);
    check_ok(quick.status);
    assert_in_range(quick.took_ms, 0, 700);
    assert_int_equal(resolving, 1);
    wait_for_resolvers();
}

static void stopping_does_not_wait_for_a_slow_name(void **state)
{
    int64_t start;

    (void)state;
    init_calls();
    start_fiber(call_fiber, &slow);
    while (resolving == 0) {
        usleep(1000);
    }
    start = clock_mono_ms();
    client_free(client);
    client = NULL;
    assert_in_range(clock_mono_ms() - start, 0, 700);
    loop_run(loop);
    check_status(slow.status, STATUS_UNAVAILABLE);
    wait_for_resolvers();
}

RUN_TESTS(TEST(a_slow_name_meets_the_deadline),
          TEST(leaving_a_slow_name_holds_up_nobody),
          TEST(stopping_does_not_wait_for_a_slow_name))
