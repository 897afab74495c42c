/* SPDX-License-Identifier: Apache-2.0 */
/* The queue: full, slow, left by those who waited, and cut off at the end. */
#include "sqlite_folder.h"

#include "base/clock.h"
#include "base/log.h"

#define QUEUE_MAX 1024
#define GROUP_MAX 128
/* More than fit into the queue and the group that is under way. */
#define CROWD (QUEUE_MAX + 2 * GROUP_MAX)

static struct world world;
static struct store_direct *other; /* another user of the file */

static int set_up(void **state)
{
    struct slice why;

    if (folder_set_up(state) != 0) {
        return -1;
    }
    log_set_fd(-1);
    world_open(&world, sqlite_url());
    check_ok(world.store->engine->direct_open(world.store, &world.kept, &why,
                                              &other));
    return 0;
}

static int tear_down(void **state)
{
    world.store->engine->direct_close(other);
    world_close(&world);
    log_set_fd(STDERR_FILENO);
    return folder_tear_down(state);
}

static void other_runs(const char *sql)
{
    struct slice why;

    check_ok(world.store->engine->direct_run(other, slice_from_cstr(sql),
                                             &world.arena, NULL, &why));
}

struct caller {
    struct fiber *fiber;
    int number;
    enum status status;
    bool ended;
};

static struct caller callers[CROWD];
static int running;

static void call(void *arg)
{
    struct caller *caller = arg;

    caller->fiber = fiber_current();
    caller->status =
        sqlite_sign_up(world.store, caller->number, SLICE("agent"));
    caller->ended = true;
    if (--running == 0) {
        loop_stop(world.loop);
    }
}

static void start_callers(int count)
{
    running = count;
    for (int i = 0; i < count; i++) {
        callers[i] = (struct caller){.number = i};
        check_ok(fiber_start(world.loop, call, &callers[i]));
    }
}

static int count_status(int count, enum status status)
{
    int found = 0;

    for (int i = 0; i < count; i++) {
        found += callers[i].status == status;
    }
    return found;
}

static void says_busy_when_too_many_wait(void **state)
{
    int busy;

    (void)state;
    other_runs("BEGIN IMMEDIATE");
    start_callers(CROWD);
    other_runs("ROLLBACK");
    if (running > 0) {
        loop_run(world.loop);
    }
    busy = count_status(CROWD, STATUS_BUSY);
    /* The writer may have taken one group before the others came. */
    assert_in_range(busy, CROWD - QUEUE_MAX - GROUP_MAX, CROWD - QUEUE_MAX);
    assert_int_equal(count_status(CROWD, STATUS_OK), CROWD - busy);
}

static void answers_in_time_when_it_cannot_write(void **state)
{
    int64_t before = clock_mono_ms();

    (void)state;
    world.store->timeout_ms = 200; /* of those who wait; the writer has 5 s */
    other_runs("BEGIN IMMEDIATE");
    start_callers(8);
    loop_run(world.loop);
    assert_int_equal(count_status(8, STATUS_UNAVAILABLE), 8);
    assert_in_range(clock_mono_ms() - before, 200, 2000);
    other_runs("ROLLBACK");
    world.store->timeout_ms = 5000;
    check_ok(sqlite_sign_up(world.store, 100, SLICE("agent")));
}

static void does_not_begin_what_nobody_waits_for(void **state)
{
    (void)state;
    other_runs("BEGIN IMMEDIATE");
    start_callers(200); /* a group, and more that wait behind it */
    for (int i = 0; i < 200; i++) {
        fiber_cancel(callers[i].fiber);
    }
    loop_run(world.loop);
    other_runs("ROLLBACK");
    /* Comes behind them all. */
    check_ok(sqlite_sign_up(world.store, 200, SLICE("agent")));
    assert_int_equal(count_status(200, STATUS_CANCELLED), 200);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(sqlite_rows_of(world.store, i), 0);
    }
}

static void undoes_one_of_a_group_alone(void **state)
{
    (void)state;
    other_runs("BEGIN IMMEDIATE");
    running = 60;
    for (int i = 0; i < 60; i++) { /* each name three times */
        callers[i] = (struct caller){.number = i % 20};
        check_ok(fiber_start(world.loop, call, &callers[i]));
    }
    other_runs("ROLLBACK");
    loop_run(world.loop);
    assert_int_equal(count_status(60, STATUS_OK), 20);
    assert_int_equal(count_status(60, STATUS_TAKEN), 40);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(sqlite_rows_of(world.store, i), 2);
    }
}

static void needs_no_loop(void **state)
{
    (void)state;
    assert_null(loop_current());
    check_ok(sqlite_sign_up(world.store, 1, SLICE("agent")));
    check_status(sqlite_sign_up(world.store, 1, SLICE("agent")), STATUS_TAKEN);
    world.store->timeout_ms = 100;
    other_runs("BEGIN IMMEDIATE");
    check_status(sqlite_sign_up(world.store, 2, SLICE("agent")),
                 STATUS_UNAVAILABLE);
    other_runs("ROLLBACK");
    world.store->timeout_ms = 5000;
    check_ok(sqlite_sign_up(world.store, 3, SLICE("agent")));
    assert_int_equal(sqlite_rows_of(world.store, 2), 0);
}

static off_t size_of_log(void)
{
    struct stat about;

    assert_int_equal(stat(folder_path("data/test.db-wal"), &about), 0);
    return about.st_size;
}

/* However much is written, the log begins anew when it has been copied. */
static void keeps_the_log_short(void **state)
{
    static char text[100000];

    (void)state;
    memset(text, 'x', sizeof(text));
    for (int i = 0; i < 300; i++) { /* 30 MB */
        check_ok(
            sqlite_sign_up(world.store, i, slice_make(text, sizeof(text))));
    }
    assert_in_range(size_of_log(), 1, 8 << 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(says_busy_when_too_many_wait),
          TEST(answers_in_time_when_it_cannot_write),
          TEST(does_not_begin_what_nobody_waits_for),
          TEST(undoes_one_of_a_group_alone), TEST(needs_no_loop),
          TEST(keeps_the_log_short))
