/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "crypto/init.h"
#include "net/fiber.h"
#include "net/hash_pool.h"

/* Small tables: what is tested here is the way to and from the threads. */
#define STEPS 64

static struct loop *loop;
static struct hash_pool *pool;
static int running;

struct caller {
    char password[32];
    unsigned char key[SCRYPT_KEY_BYTES];
    enum status status;
};

static void call(void *arg)
{
    struct caller *caller = arg;

    running++;
    caller->status = hash_pool_run(pool, slice_from_cstr(caller->password),
                                   SLICE("salt"), caller->key);
    if (--running == 0) {
        loop_stop(loop);
    }
}

/* The same by itself, on the reference path. */
static void expect_key(const struct caller *caller)
{
    struct scrypt_options options = {SCRYPT_OPENSSL, STEPS, 1};
    struct scrypt_job job = {
        slice_from_cstr(caller->password), SLICE("salt"), {0}};
    struct scrypt_job *jobs[] = {&job};
    struct scrypt_engine *engine;

    check_ok(scrypt_engine_new(&options, &engine));
    check_ok(scrypt_batch(engine, jobs, 1));
    scrypt_engine_free(engine);
    assert_memory_equal(job.out, caller->key, SCRYPT_KEY_BYTES);
}

static void make_pool(size_t queue_limit)
{
    struct hash_pool_options options = {
        .threads = 2,
        .queue_limit = queue_limit,
        .scrypt = scrypt_options_default(),
        .idle_ms = 1,
    };

    options.scrypt.steps = STEPS;
    check_ok(crypto_init());
    check_ok(loop_new(&loop));
    check_ok(hash_pool_new(&options, &pool));
}

static void end(void)
{
    hash_pool_free(pool);
    fiber_thread_end();
    loop_free(loop);
}

static void gives_each_password_its_own_key(void **state)
{
    static struct caller callers[60];

    (void)state;
    make_pool(100);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 60; i++) {
            snprintf(callers[i].password, sizeof(callers[i].password),
                     "password %d of %d", i, round);
            check_ok(fiber_start(loop, call, &callers[i]));
        }
        loop_run(loop);
        for (int i = 0; i < 60; i++) {
            check_ok(callers[i].status);
            expect_key(&callers[i]);
        }
    }
    end();
}

static void sheds_what_the_queue_cannot_hold(void **state)
{
    static struct caller callers[500];
    int busy = 0;

    (void)state;
    make_pool(4);
    for (int i = 0; i < 500; i++) {
        snprintf(callers[i].password, sizeof(callers[i].password), "p%d", i);
        check_ok(fiber_start(loop, call, &callers[i]));
    }
    if (running > 0) {
        loop_run(loop);
    }
    for (int i = 0; i < 500; i++) {
        if (callers[i].status == STATUS_BUSY) {
            busy++;
        } else {
            check_ok(callers[i].status);
            expect_key(&callers[i]);
        }
    }
    assert_true(busy > 0 && busy < 500);
    end();
}

static void refuse_long(void *arg)
{
    static char text[SCRYPT_TEXT_LIMIT + 1];
    unsigned char key[SCRYPT_KEY_BYTES];

    (void)arg;
    check_status(
        hash_pool_run(pool, slice_make(text, sizeof(text)), SLICE("salt"), key),
        STATUS_INVALID_VALUE);
    check_status(hash_pool_run(pool, SLICE("p"), slice_make(text, 65), key),
                 STATUS_INVALID_VALUE);
}

static void refuses_what_no_policy_allows(void **state)
{
    (void)state;
    make_pool(4);
    check_ok(fiber_start(loop, refuse_long, NULL));
    end();
}

RUN_TESTS(cmocka_unit_test(gives_each_password_its_own_key),
          cmocka_unit_test(sheds_what_the_queue_cannot_hold),
          cmocka_unit_test(refuses_what_no_policy_allows))
