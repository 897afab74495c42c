/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "net/pool.h"

#include <pthread.h>
#include <unistd.h>

struct sum_job {
    struct job job;
    int number;
    int result;
    size_t batch; /* how many were worked on together */
};

static struct loop *loop;
static struct pool *pool;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int worked;
static _Atomic int wiped;

static void work(void *state, struct job **jobs, size_t count)
{
    (void)state;
    pthread_mutex_lock(&gate);
    for (size_t i = 0; i < count; i++) {
        struct sum_job *sum = (struct sum_job *)jobs[i];

        sum->result = sum->number * 2;
        sum->batch = count;
        sum->job.status = sum->number < 0 ? STATUS_INVALID_VALUE : STATUS_OK;
        worked++;
    }
    pthread_mutex_unlock(&gate);
}

static void wipe(struct job *job)
{
    (void)job;
    wiped++;
}

static void release_job(struct sum_job **sum)
{
    job_release(&(*sum)->job);
}

static void make_pool(size_t queue_limit, size_t batch)
{
    struct pool_options options = {.name = "test",
                                   .threads = 1,
                                   .queue_limit = queue_limit,
                                   .batch = batch,
                                   .work = work};

    worked = 0;
    wiped = 0;
    check_ok(loop_new(&loop));
    check_ok(pool_new(&options, &pool));
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fiber_count(), 0);
    fiber_thread_end();
    loop_free(loop);
    return 0;
}

struct caller {
    int number;
    int result;
    size_t batch;
    enum status status;
    struct fiber *fiber;
};

static int running;

static void call(void *arg)
{
    struct caller *caller = arg;
    CLEANUP(release_job) struct sum_job *sum = job_new(sizeof(*sum), wipe);

    running++;
    caller->fiber = fiber_current();
    sum->number = caller->number;
    caller->status = pool_run(pool, &sum->job);
    caller->result = sum->result;
    caller->batch = sum->batch;
    if (--running == 0) {
        loop_stop(loop);
    }
}

static void gives_every_caller_its_own_result(void **state)
{
    struct caller callers[20];

    (void)state;
    make_pool(100, 1);
    for (int i = 0; i < 20; i++) {
        callers[i].number = i - 1;
        check_ok(fiber_start(loop, call, &callers[i]));
    }
    loop_run(loop);
    for (int i = 0; i < 20; i++) {
        check_status(callers[i].status,
                     i == 0 ? STATUS_INVALID_VALUE : STATUS_OK);
        assert_int_equal(callers[i].result, (i - 1) * 2);
        assert_int_equal(callers[i].batch, 1);
    }
    pool_free(pool);
    assert_int_equal(wiped, 20);
}

/* The worker holds one job at the gate; so what comes next has to queue. */
static void hold_one(struct caller *first)
{
    pthread_mutex_lock(&gate);
    first->number = 1;
    check_ok(fiber_start(loop, call, first));
    while (pool_waiting(pool) > 0) {
        usleep(100);
    }
}

static void works_on_what_waits_as_one_batch(void **state)
{
    struct caller first;
    struct caller callers[10];

    (void)state;
    make_pool(100, 8);
    hold_one(&first);
    for (int i = 0; i < 10; i++) {
        callers[i].number = i;
        check_ok(fiber_start(loop, call, &callers[i]));
    }
    pthread_mutex_unlock(&gate);
    loop_run(loop);
    assert_int_equal(first.batch, 1);
    for (int i = 0; i < 10; i++) {
        check_ok(callers[i].status);
        assert_int_equal(callers[i].batch, i < 8 ? 8 : 2);
    }
    pool_free(pool);
}

static void a_full_queue_is_said_at_once(void **state)
{
    struct caller first;
    struct caller callers[3];

    (void)state;
    make_pool(2, 1);
    hold_one(&first);
    for (int i = 0; i < 3; i++) {
        callers[i].number = i;
        check_ok(fiber_start(loop, call, &callers[i]));
    }
    check_status(callers[2].status, STATUS_BUSY);
    pthread_mutex_unlock(&gate);
    loop_run(loop);
    check_ok(callers[0].status);
    check_ok(callers[1].status);
    pool_free(pool);
    assert_int_equal(wiped, 4);
}

static void a_cancelled_caller_leaves_and_its_job_is_not_begun(void **state)
{
    struct caller first;
    struct caller late;

    (void)state;
    make_pool(2, 1);
    hold_one(&first);
    late.number = 7;
    check_ok(fiber_start(loop, call, &late));
    fiber_cancel(late.fiber);
    fiber_cancel(first.fiber); /* is being worked on */
    loop_run(loop);
    check_status(late.status, STATUS_CANCELLED);
    check_status(first.status, STATUS_CANCELLED);
    assert_int_equal(wiped, 0);
    pthread_mutex_unlock(&gate);
    pool_free(pool);
    /* Their messages are still on the way; the loop lets go of them. */
    loop_stop(loop);
    loop_run(loop);
    assert_int_equal(worked, 1);
    assert_int_equal(wiped, 2);
}

static void stopping_fails_what_still_waits(void **state)
{
    struct caller callers[2];

    (void)state;
    make_pool(10, 1);
    hold_one(&callers[0]);
    callers[1].number = 5;
    check_ok(fiber_start(loop, call, &callers[1]));
    pthread_mutex_unlock(&gate);
    pool_free(pool);
    loop_run(loop);
    check_ok(callers[0].status);
    assert_true(callers[1].status == STATUS_UNAVAILABLE ||
                callers[1].status == STATUS_OK);
    assert_int_equal(wiped, 2);
}

#define TEST(fn) cmocka_unit_test_teardown(fn, tear_down)

RUN_TESTS(TEST(gives_every_caller_its_own_result),
          TEST(works_on_what_waits_as_one_batch),
          TEST(a_full_queue_is_said_at_once),
          TEST(a_cancelled_caller_leaves_and_its_job_is_not_begun),
          TEST(stopping_fails_what_still_waits))
