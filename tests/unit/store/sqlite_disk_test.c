/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said about a write while the disk fails, is full, or is flushed: the
 * disk fails at the first call, the second, the third ... until it need not.
 */
#include "sqlite_folder.h"

#include "base/log.h"
#include "disk.h"

#include <sys/mman.h>

/* More pages than the log keeps: the copying is under test as well. */
#define LARGE ((size_t)5 << 20)
/* All calls up to here are made to fail, then one of so many. */
#define ALL_UP_TO 40
#define STRIDE    211

static struct world world;
static int next_number;
static char large_text[LARGE];

static int set_up(void **state)
{
    memset(large_text, 'x', sizeof(large_text));
    if (folder_set_up(state) != 0) {
        return -1;
    }
    log_set_fd(-1);
    world_open(&world, sqlite_url());
    return 0;
}

static int tear_down(void **state)
{
    world_close(&world);
    log_set_fd(STDERR_FILENO);
    return folder_tear_down(state);
}

static struct slice agent_of(int i)
{
    return i == 1 ? slice_make(large_text, LARGE) : SLICE("agent");
}

/* Three writes under a fault, then the truth. Says whether one was met. */
static bool write_under(enum disk_fault fault, long n, bool lasting)
{
    enum status said[3];
    bool met;

    disk_arm(fault, n, lasting);
    for (int i = 0; i < 3; i++) {
        said[i] = sqlite_sign_up(world.store, next_number + i, agent_of(i));
    }
    met = disk_disarm() > 0;
    for (int i = 0; i < 3; i++) {
        if (said[i] != STATUS_OK) {
            check_status(said[i], STATUS_UNAVAILABLE);
        }
        /* Reading goes on whatever happened. */
        assert_int_not_equal(sqlite_rows_of(world.store, next_number + i), 1);
    }
    sqlite_reopen(&world);
    for (int i = 0; i < 3; i++) {
        size_t rows = sqlite_rows_of(world.store, next_number + i);

        assert_int_equal(rows, said[i] == STATUS_OK ? 2 : rows == 1 ? 0 : rows);
    }
    sqlite_check_file(&world);
    next_number += 3;
    return met;
}

static long run_all(enum disk_fault fault, bool lasting)
{
    long n = 1;

    while (write_under(fault, n, lasting)) {
        n += n < ALL_UP_TO ? 1 : STRIDE;
    }
    return n;
}

static void tells_no_lie_when_a_write_fails(void **state)
{
    (void)state;
    assert_true(run_all(DISK_WRITE_ERROR, false) > ALL_UP_TO);
}

static void tells_no_lie_when_the_disk_is_full(void **state)
{
    (void)state;
    assert_true(run_all(DISK_FULL, true) > ALL_UP_TO);
}

static void tells_no_lie_when_a_flush_fails(void **state)
{
    (void)state;
    assert_true(run_all(DISK_SYNC_ERROR, false) > 3);
}

static void stops_writing_after_a_flush_failed(void **state)
{
    (void)state;
    check_ok(sqlite_sign_up(world.store, 1, SLICE("agent")));
    disk_arm(DISK_SYNC_ERROR, 1, false);
    check_status(sqlite_sign_up(world.store, 2, SLICE("agent")),
                 STATUS_UNAVAILABLE);
    assert_int_equal(disk_disarm(), 1);
    /* The disk would take it now; what became of the last is unknown. */
    check_status(sqlite_sign_up(world.store, 3, SLICE("agent")),
                 STATUS_UNAVAILABLE);
    assert_int_equal(store_state(world.store), STORE_AWAY);
    assert_int_equal(sqlite_rows_of(world.store, 1), 2);
    sqlite_reopen(&world);
    assert_int_equal(store_state(world.store), STORE_READY);
    check_ok(sqlite_sign_up(world.store, 4, SLICE("agent")));
}

/* The write is safe in the log, but what copied it is not to be trusted. */
static void stops_writing_after_copying_failed(void **state)
{
    int met = 0;

    (void)state;
    for (int n = 1; n < 6; n++) {
        enum status said;

        disk_arm(DISK_SYNC_ERROR, n, false);
        said = sqlite_sign_up(world.store, 10 * n, agent_of(1));
        /* Comes behind the copying. */
        if (said == STATUS_OK && sqlite_sign_up(world.store, 10 * n + 1,
                                                SLICE("agent")) != STATUS_OK) {
            met++;
            assert_int_equal(store_state(world.store), STORE_AWAY);
            assert_int_equal(sqlite_rows_of(world.store, 10 * n), 2);
        }
        (void)disk_disarm();
        sqlite_reopen(&world);
        if (said == STATUS_OK) {
            assert_int_equal(sqlite_rows_of(world.store, 10 * n), 2);
        }
    }
    assert_in_range(met, 1, 4);
}

static void writes_again_when_there_is_room(void **state)
{
    (void)state;
    disk_arm(DISK_FULL, 1, true);
    for (int i = 1; i < 9; i++) {
        check_status(sqlite_sign_up(world.store, i, SLICE("agent")),
                     STATUS_UNAVAILABLE);
        assert_int_equal(sqlite_rows_of(world.store, i), 0);
    }
    assert_true(disk_disarm() > 0);
    assert_int_equal(store_state(world.store), STORE_READY);
    check_ok(sqlite_sign_up(world.store, 10, SLICE("agent")));
    assert_int_equal(sqlite_rows_of(world.store, 10), 2);
}

static size_t lines_in(int fd)
{
    static char text[65536];
    ssize_t size = pread(fd, text, sizeof(text), 0);
    size_t lines = 0;

    for (ssize_t i = 0; i < size; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

static void says_once_that_the_disk_is_full(void **state)
{
    int fd = memfd_create("log", MFD_CLOEXEC);

    (void)state;
    log_set_fd(fd);
    disk_arm(DISK_FULL, 1, true);
    for (int i = 1; i < 20; i++) {
        check_status(sqlite_sign_up(world.store, i, SLICE("agent")),
                     STATUS_UNAVAILABLE);
    }
    assert_int_equal(lines_in(fd), 1);
    (void)disk_disarm();
    check_ok(sqlite_sign_up(world.store, 20, SLICE("agent")));
    disk_arm(DISK_FULL, 1, true); /* another outage, another line */
    check_status(sqlite_sign_up(world.store, 21, SLICE("agent")),
                 STATUS_UNAVAILABLE);
    assert_int_equal(lines_in(fd), 2);
    (void)disk_disarm();
    log_set_fd(-1);
    close(fd);
}

/* Flushes are shared. */

#define CROWD 64

struct caller {
    int number;
    enum status status;
};

static int running;

static void call(void *arg)
{
    struct caller *caller = arg;

    caller->status =
        sqlite_sign_up(world.store, caller->number, SLICE("agent"));
    if (--running == 0) {
        loop_stop(world.loop);
    }
}

static void flushes_once_for_a_crowd(void **state)
{
    struct caller callers[CROWD];
    long before;

    (void)state;
    check_ok(sqlite_sign_up(world.store, 1000, SLICE("agent")));
    before = disk.syncs;
    running = CROWD;
    for (int i = 0; i < CROWD; i++) {
        callers[i].number = i;
        check_ok(fiber_start(world.loop, call, &callers[i]));
    }
    loop_run(world.loop);
    for (int i = 0; i < CROWD; i++) {
        check_ok(callers[i].status);
    }
    assert_in_range(disk.syncs - before, 1, CROWD / 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(tells_no_lie_when_a_write_fails),
          TEST(tells_no_lie_when_the_disk_is_full),
          TEST(tells_no_lie_when_a_flush_fails),
          TEST(stops_writing_after_a_flush_failed),
          TEST(stops_writing_after_copying_failed),
          TEST(writes_again_when_there_is_room),
          TEST(says_once_that_the_disk_is_full), TEST(flushes_once_for_a_crowd))
