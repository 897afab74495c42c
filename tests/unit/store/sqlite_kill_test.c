/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes that are killed, and processes that share a file. A child says
 * through a pipe which of its writes were acknowledged; whatever it said must
 * be found by the next process, and nothing by half.
 */
#include "sqlite_folder.h"

#include "disk.h"

#include <sys/wait.h>

/* Killed after so many acknowledgements, each time another number. */
#define CYCLES 20
#define CROWD  16
/* A child that is not killed ends by itself. */
#define CALLS_MAX 2000
/* Calls that write, of one store's start, two sign-ups and its end. */
#define KILLS_MAX 400

static struct schema schema;
static struct world world;
static int next_number = 1;

static int set_up(void **state)
{
    if (folder_set_up(state) != 0) {
        return -1;
    }
    world_open(&world, sqlite_url());
    schema = world.schema;
    store_close(world.store); /* a child must not inherit an open one */
    world.store = NULL;
    return 0;
}

static int tear_down(void **state)
{
    world_close(&world);
    return folder_tear_down(state);
}

/* What a child does; it never comes back to the tests. */
struct child {
    struct loop *loop;
    struct store *store;
    int pipe; /* numbers that were acknowledged */
    int next;
    int end;
    int running;
    bool shared; /* ten names only, and others use them too */
    bool failed;
};

static void open_store(struct child *child)
{
    static struct arena arena;
    struct store_settings settings = {
        .url = sqlite_url(), .timeout_ms = 10000, .schema = &schema};
    struct slice why;

    arena_init(&arena, 1 << 20);
    if (store_open(&settings, &arena, &why, &child->store) != STATUS_OK) {
        print_error("# %.*s\n", SLICE_ARG(why));
        _exit(3);
    }
}

static void write_on(void *arg)
{
    struct child *child = arg;

    while (child->next < child->end) {
        int number = child->next++;
        int name = child->shared ? number % 10 : number;
        enum status status = sqlite_sign_up(child->store, name, SLICE("agent"));

        if (status == STATUS_OK) {
            child->failed |=
                write(child->pipe, &name, sizeof(name)) != sizeof(name);
        } else {
            child->failed |= !child->shared || status != STATUS_TAKEN;
        }
    }
    if (--child->running == 0) {
        loop_stop(child->loop);
    }
}

static void run_crowd(struct child *child)
{
    open_store(child);
    if (loop_new(&child->loop) != STATUS_OK) {
        _exit(4);
    }
    child->running = CROWD;
    for (int i = 0; i < CROWD; i++) {
        if (fiber_start(child->loop, write_on, child) != STATUS_OK) {
            _exit(5);
        }
    }
    loop_run(child->loop);
    store_close(child->store);
    _exit(child->failed ? 6 : 0);
}

/* The child's end of the pipe is given to it; the parent's comes back. */
static pid_t start(void (*run)(struct child *child), struct child *child,
                   int *from)
{
    int ends[2];
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        child->pipe = ends[1];
        run(child);
        _exit(7);
    }
    close(ends[1]);
    *from = ends[0];
    return pid;
}

static int wait_for(pid_t pid)
{
    int how;

    assert_int_equal(waitpid(pid, &how, 0), pid);
    return how;
}

/* Collects up to `most` acknowledged numbers; fewer when the pipe ends. */
static size_t collect(int from, int *numbers, size_t most)
{
    size_t count = 0;

    while (count < most &&
           read(from, &numbers[count], sizeof(int)) == (ssize_t)sizeof(int)) {
        count++;
    }
    return count;
}

/* As the next process finds it. */
static void check_kept(const int *acknowledged, size_t count, int first,
                       int end)
{
    sqlite_reopen(&world);
    sqlite_check_file(&world);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(sqlite_rows_of(world.store, acknowledged[i]), 2);
    }
    for (int i = first; i < end; i++) {
        assert_int_not_equal(sqlite_rows_of(world.store, i), 1);
    }
    store_close(world.store);
    world.store = NULL;
}

static void keeps_what_was_acknowledged_before_a_kill(void **state)
{
    static int numbers[CALLS_MAX];

    (void)state;
    for (int i = 0; i < CYCLES; i++) {
        struct child child = {.next = next_number,
                              .end = next_number + CALLS_MAX};
        size_t count;
        pid_t pid;
        int from;

        pid = start(run_crowd, &child, &from);
        count = collect(from, numbers, (size_t)(1 + i * 7));
        assert_int_equal(kill(pid, SIGKILL), 0);
        count += collect(from, numbers + count, CALLS_MAX - count);
        assert_true(WIFSIGNALED(wait_for(pid)));
        close(from);
        check_kept(numbers, count, next_number, next_number + CALLS_MAX);
        next_number += CALLS_MAX;
    }
}

static void kill_at_a_call(struct child *child)
{
    disk_arm(DISK_KILL, child->end, false);
    open_store(child);
    for (int i = 0; i < 2; i++) {
        int number = child->next + i;

        if (sqlite_sign_up(child->store, number, SLICE("agent")) != STATUS_OK ||
            write(child->pipe, &number, sizeof(number)) != sizeof(number)) {
            _exit(6);
        }
    }
    store_close(child->store);
    _exit(0);
}

static void keeps_it_whichever_call_was_the_last(void **state)
{
    bool killed = true;
    int n = 0;

    (void)state;
    while (killed && ++n < KILLS_MAX) {
        struct child child = {.next = next_number, .end = n};
        int numbers[2];
        size_t count;
        int from;
        pid_t pid = start(kill_at_a_call, &child, &from);
        int how;

        count = collect(from, numbers, 2);
        how = wait_for(pid);
        killed = WIFSIGNALED(how);
        assert_true(killed || WEXITSTATUS(how) == 0);
        close(from);
        check_kept(numbers, count, next_number, next_number + 2);
        next_number += 2;
    }
    assert_false(killed);
    assert_in_range(n, 10, KILLS_MAX); /* it was killed often */
}

static enum status erase(struct store *store, int number)
{
    char text[32];
    struct value name;
    struct arena arena;
    enum status status;

    snprintf(text, sizeof(text), "n%d", number);
    name = value_text(slice_from_cstr(text));
    arena_init(&arena, 1 << 20);
    status = store_write(
        store,
        (const struct statement[]){CALL(sessions_delete_of_user, name),
                                   {.query = QUERY_user_delete,
                                    .params = &name,
                                    .param_count = 1,
                                    .must_change = true,
                                    .erases = true}},
        2, &arena, NULL);
    arena_release(&arena);
    return status;
}

/* At the close the file is written anew, and the log is emptied. */
static void erase_until_killed(struct child *child)
{
    disk_arm(DISK_KILL, child->end, false);
    open_store(child);
    if (erase(child->store, child->next) != STATUS_OK ||
        write(child->pipe, &child->next, sizeof(int)) != sizeof(int)) {
        _exit(6);
    }
    store_close(child->store);
    _exit(0);
}

static void sign_up_both(int number)
{
    sqlite_reopen(&world);
    for (int i = 0; i < 2; i++) {
        check_ok(sqlite_sign_up(world.store, number + i, SLICE("agent")));
    }
    store_close(world.store);
    world.store = NULL;
}

/* All of one is there or nothing, and the other one always. */
static void check_erased(int number, bool acknowledged)
{
    size_t left;

    sqlite_reopen(&world);
    sqlite_check_file(&world);
    left = sqlite_rows_of(world.store, number);
    assert_true(left == 0 || (left == 2 && !acknowledged));
    assert_int_equal(sqlite_rows_of(world.store, number + 1), 2);
    store_close(world.store);
    world.store = NULL;
}

static void erases_whichever_call_was_the_last(void **state)
{
    bool killed = true;
    int n = 0;

    (void)state;
    while (killed && ++n < KILLS_MAX) {
        struct child child = {.next = next_number, .end = n};
        size_t count;
        int number;
        int from;
        pid_t pid;
        int how;

        sign_up_both(next_number);
        pid = start(erase_until_killed, &child, &from);
        count = collect(from, &number, 1);
        how = wait_for(pid);
        killed = WIFSIGNALED(how);
        assert_true(killed || WEXITSTATUS(how) == 0);
        close(from);
        check_erased(next_number, count > 0);
        next_number += 2;
    }
    assert_false(killed);
    assert_in_range(n, 10, KILLS_MAX);
}

static void two_processes_share_a_file(void **state)
{
    int numbers[2][200];
    size_t count[2];
    pid_t pid[2];
    int from[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct child child = {.next = 0, .end = 100, .shared = true};

        pid[i] = start(run_crowd, &child, &from[i]);
    }
    for (int i = 0; i < 2; i++) {
        int how;

        count[i] = collect(from[i], numbers[i], 200);
        how = wait_for(pid[i]);
        assert_true(WIFEXITED(how));
        assert_int_equal(WEXITSTATUS(how), 0); /* each OK or TAKEN */
        close(from[i]);
    }
    assert_int_equal(count[0] + count[1], 10);
    check_kept(numbers[0], count[0], 0, 10);
    check_kept(numbers[1], count[1], 0, 10);
}

static void open_and_close(struct child *child)
{
    open_store(child);
    store_close(child->store);
    _exit(0);
}

/* The file is not there when they begin. */
static void several_processes_make_a_file(void **state)
{
    (void)state;
    for (int i = 0; i < CYCLES; i++) {
        pid_t pid[4];
        int from[4];

        assert_int_equal(folder_tear_down(NULL), 0);
        assert_int_equal(folder_set_up(NULL), 0);
        for (int j = 0; j < 4; j++) {
            struct child child = {0};

            pid[j] = start(open_and_close, &child, &from[j]);
        }
        for (int j = 0; j < 4; j++) {
            int how = wait_for(pid[j]);

            close(from[j]);
            assert_true(WIFEXITED(how));
            assert_int_equal(WEXITSTATUS(how), 0);
        }
    }
}

/* One writes all the time; the other must have its turn. */
static void nobody_waits_for_ever(void **state)
{
    int numbers[CALLS_MAX];
    pid_t pid[2];
    int from[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct child child = {.next = next_number,
                              .end = next_number + CALLS_MAX / 4};

        pid[i] = start(run_crowd, &child, &from[i]);
        next_number += CALLS_MAX / 4;
    }
    for (int i = 0; i < 2; i++) {
        int how;

        assert_int_equal(collect(from[i], numbers, CALLS_MAX), CALLS_MAX / 4);
        how = wait_for(pid[i]);
        assert_true(WIFEXITED(how));
        assert_int_equal(WEXITSTATUS(how), 0);
        close(from[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(keeps_what_was_acknowledged_before_a_kill),
          TEST(keeps_it_whichever_call_was_the_last),
          TEST(erases_whichever_call_was_the_last),
          TEST(several_processes_make_a_file), TEST(two_processes_share_a_file),
          TEST(nobody_waits_for_ever))
