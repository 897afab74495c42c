/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "net/bcrypt_pool.h"
#include "net/fiber.h"

#include <dirent.h>

#define HASH                                                                   \
    SLICE("$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e")
#define PASSWORD SLICE("correct horse")

static struct loop *loop;
static struct bcrypt_pool *pool;
static int running;

struct caller {
    struct slice hash;
    struct slice password;
    struct fiber *fiber;
    bool matches;
    enum status status;
};

static void call(void *arg)
{
    struct caller *caller = arg;

    running++;
    caller->fiber = fiber_current();
    caller->status =
        bcrypt_pool_run(pool, caller->hash, caller->password, &caller->matches);
    if (--running == 0) {
        loop_stop(loop);
    }
}

static void start_all(struct caller *callers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_ok(fiber_start(loop, call, &callers[i]));
    }
}

static void run(void)
{
    if (running > 0) {
        loop_run(loop);
    }
}

static void make_pool(size_t queue_limit)
{
    check_ok(loop_new(&loop));
    check_ok(bcrypt_pool_new(queue_limit, &pool));
}

static void end(void)
{
    bcrypt_pool_free(pool);
    fiber_thread_end();
    loop_free(loop);
}

static void answers_each_for_itself(void **state)
{
    static char long_one[3000];
    struct caller callers[] = {
        {.hash = HASH, .password = PASSWORD},
        {.hash = HASH, .password = SLICE("correct horsf"), .matches = true},
        {.hash = HASH, .password = SLICE(""), .matches = true},
        {.hash = HASH, .password = {long_one, sizeof(long_one)}},
        {.hash = HASH, .password = PASSWORD},
    };
    const size_t count = sizeof(callers) / sizeof(callers[0]);

    (void)state;
    make_pool(count);
    start_all(callers, count);
    run();
    for (size_t i = 0; i < count; i++) {
        check_ok(callers[i].status);
        assert_int_equal(callers[i].matches, i == 0 || i == count - 1);
    }
    end();
}

static void refuses_what_is_no_hash_at_once(void **state)
{
    struct caller caller = {.hash = SLICE("$2b$04$"), .password = PASSWORD};

    (void)state;
    make_pool(1);
    start_all(&caller, 1);
    assert_int_equal(running, 0);
    check_status(caller.status, STATUS_UNREADABLE);
    end();
}

static void sheds_what_the_queue_cannot_hold(void **state)
{
    struct caller callers[50];
    int busy = 0;

    (void)state;
    make_pool(2);
    for (size_t i = 0; i < 50; i++) {
        callers[i] = (struct caller){.hash = HASH, .password = PASSWORD};
    }
    start_all(callers, 50);
    run();
    for (size_t i = 0; i < 50; i++) {
        if (callers[i].status == STATUS_BUSY) {
            busy++;
            continue;
        }
        check_ok(callers[i].status);
        assert_true(callers[i].matches);
    }
    assert_true(busy > 0 && busy < 50);
    end();
}

static void a_cancelled_caller_leaves(void **state)
{
    struct caller callers[2] = {
        {.hash = HASH, .password = PASSWORD},
        {.hash = HASH, .password = PASSWORD},
    };

    (void)state;
    make_pool(2);
    start_all(callers, 2);
    fiber_cancel(callers[0].fiber);
    run();
    check_status(callers[0].status, STATUS_CANCELLED);
    assert_false(callers[0].matches);
    check_ok(callers[1].status);
    assert_true(callers[1].matches);
    end();
}

static int count_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;

    assert_non_null(tasks);
    while (readdir(tasks) != NULL) {
        count++;
    }
    closedir(tasks);
    return count;
}

static void begins_its_thread_with_the_first_password(void **state)
{
    struct caller caller = {.hash = HASH, .password = PASSWORD};
    int before = count_threads();

    (void)state;
    make_pool(2);
    assert_int_equal(count_threads(), before);
    start_all(&caller, 1);
    run();
    assert_int_equal(count_threads(), before + 1);
    end();
    bcrypt_pool_free(NULL);
}

RUN_TESTS(cmocka_unit_test(answers_each_for_itself),
          cmocka_unit_test(refuses_what_is_no_hash_at_once),
          cmocka_unit_test(sheds_what_the_queue_cannot_hold),
          cmocka_unit_test(a_cancelled_caller_leaves),
          cmocka_unit_test(begins_its_thread_with_the_first_password))
