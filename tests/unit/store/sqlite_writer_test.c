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

/*
 * Many readers with rows that grow in an order of their own, so that pages are
 * split and split again; with "secure_delete" alone pieces of every tenth stay.
 */
#define READERS 1000
static const char *const crowded[] = {
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 19999) INSERT INTO bookplate_progress (user_id, page, state, "
    "place, updated_at, stored_at) SELECT 'reader-' || (i * 7919 % 1000) || "
    "'-x', '/docs/' || (i * 104729 % 20000), 'read', 'place-of-' || "
    "(i * 7919 % 1000) || '-' || substr(hex(zeroblob(200)), 1, "
    "i * 31 % 300), i, i FROM n",
    "UPDATE bookplate_progress SET place = 'place-of-' || substr(user_id, 8) "
    "|| substr(hex(zeroblob(300)), 1, (rowid * 481) % 400) "
    "WHERE rowid % 2 = 0",
    "UPDATE bookplate_progress SET place = 'place-of-' || substr(user_id, 8) "
    "|| substr(hex(zeroblob(300)), 1, (rowid * 494) % 400) "
    "WHERE rowid % 2 = 1",
};

static struct slice file_bytes(const char *name)
{
    FILE *file = fopen(folder_path(name), "r");
    struct stat about;
    char *bytes;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &about), 0);
    bytes = arena_alloc_text(&world.kept, (size_t)about.st_size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)about.st_size, file),
                     about.st_size);
    fclose(file);
    return slice_make(bytes, (size_t)about.st_size);
}

static int count_found(struct slice file)
{
    int found = 0;

    for (int i = 0; i < READERS; i += 3) {
        char id[32];
        char place[32];

        snprintf(id, sizeof(id), "reader-%d-x", i);
        snprintf(place, sizeof(place), "place-of-%d-", i);
        found +=
            memmem(file.ptr, file.len, id, strlen(id)) != NULL ||
                    memmem(file.ptr, file.len, place, strlen(place)) != NULL
                ? 1
                : 0;
    }
    return found;
}

static void erase_every_third(void)
{
    for (int i = 0; i < READERS; i += 3) {
        char id[32];
        struct value value;
        struct statement statement = {.query = QUERY_progress_erase,
                                      .params = &value,
                                      .param_count = 1,
                                      .must_change = true,
                                      .erases = true};

        snprintf(id, sizeof(id), "reader-%d-x", i);
        value = value_text(slice_from_cstr(id));
        check_ok(store_write(world.store, &statement, 1, &world.arena, NULL));
    }
}

static int64_t count_progress(void)
{
    struct query built;
    struct statement statement = {.query = QUERY_BUILT, .built = &built};
    struct rows rows;

    check_ok(store_build(world.store,
                         SLICE("SELECT count(*) FROM bookplate_progress"),
                         &world.arena, &built));
    check_ok(store_read(world.store, &statement, &world.arena, &rows));
    return rows.values[0].number;
}

static void leaves_nothing_of_what_it_erases(void **state)
{
    int64_t patience = clock_mono_ms() + 10000;

    (void)state;
    for (size_t i = 0; i < sizeof(crowded) / sizeof(*crowded); i++) {
        other_runs(crowded[i]);
    }
    erase_every_third();
    while (size_of_log() > 0 && clock_mono_ms() < patience) {
        (void)usleep(10000);
    }
    assert_int_equal(size_of_log(), 0);
    assert_int_equal(count_found(file_bytes("data/test.db")), 0);
    /* The others' are all there. */
    assert_int_equal(count_progress(), 13320);
}

/* A reader of another process holds the log: emptied when it lets go. */
static void erases_the_log_when_it_can(void **state)
{
    int64_t patience = clock_mono_ms() + 15000;

    (void)state;
    other_runs("INSERT INTO bookplate_progress (user_id, page, state, "
               "updated_at, stored_at) VALUES ('reader-0-x', '/', '', 1, 1)");
    other_runs("BEGIN; SELECT count(*) FROM bookplate_progress");
    {
        struct value id = value_text(SLICE("reader-0-x"));
        struct statement statement = {.query = QUERY_progress_erase,
                                      .params = &id,
                                      .param_count = 1,
                                      .erases = true};

        check_ok(store_write(world.store, &statement, 1, &world.arena, NULL));
    }
    (void)usleep(2500000);
    assert_true(size_of_log() > 0);
    check_ok(sqlite_sign_up(world.store, 1, SLICE("agent"))); /* goes on */
    other_runs("COMMIT");
    while (size_of_log() > 0 && clock_mono_ms() < patience) {
        (void)usleep(10000);
    }
    assert_int_equal(size_of_log(), 0);
    assert_int_equal(count_found(file_bytes("data/test.db")), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(says_busy_when_too_many_wait),
          TEST(answers_in_time_when_it_cannot_write),
          TEST(does_not_begin_what_nobody_waits_for),
          TEST(undoes_one_of_a_group_alone), TEST(needs_no_loop),
          TEST(keeps_the_log_short), TEST(leaves_nothing_of_what_it_erases),
          TEST(erases_the_log_when_it_can))
