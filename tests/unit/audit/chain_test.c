/* SPDX-License-Identifier: Apache-2.0 */
#include "../store/postgres_fixture.h"
#include "audit_lab.h"

#include "net/fiber.h"

#include <fcntl.h>
#include <pthread.h>

#define ENTRY_MAX ((size_t)65536)

static void check_row(int64_t seq, struct slice id, struct slice actor,
                      struct slice subject)
{
    struct slice sql;

    check_ok(arena_format(&world.arena, &sql,
                          "SELECT id, actor, subject FROM bookplate_audit "
                          "WHERE seq = %d%c",
                          (int)seq, '\0'));
    check_ok(world_select(&world, sql.ptr));
    assert_int_equal(world.rows[0].count, 1);
    check_slice(world.rows[0].values[0].text, id);
    check_slice(world.rows[0].values[1].text, actor);
    check_slice(world.rows[0].values[2].text, subject);
}

static struct slice name_of(struct slice user)
{
    struct slice name;

    check_ok(audit_name(names, 0, user, &world.arena, &name));
    return name;
}

/* By time, then by id; numbers begin with 1, and go on. */
static void number_rows(struct world *at)
{
    (void)at;
    lab_note((struct audit_note){
        .event = AUDIT_SIGN_UP, .subject = T("u1"), .now = NOW + 9});
    lab_note((struct audit_note){.event = AUDIT_ADMIN,
                                 .actor = SLICE("u2"),
                                 .subject = T("u1"),
                                 .now = NOW + 3});
    lab_note((struct audit_note){
        .event = AUDIT_KEY, .actor = SLICE("command"), .now = NOW + 3});
    check_ok(audit_chain_run(chain));
    check_row(1, SLICE("n0002"), name_of(SLICE("u2")), name_of(SLICE("u1")));
    check_row(2, SLICE("n0003"), SLICE("command"), SLICE_EMPTY);
    check_row(3, SLICE("n0001"), SLICE_EMPTY, name_of(SLICE("u1")));
    lab_note((struct audit_note){.event = AUDIT_SERVICE_READ,
                                 .actor = SLICE("service:search"),
                                 .subject = T("u1"),
                                 .now = NOW - 5});
    check_ok(audit_chain_run(chain));
    check_row(4, SLICE("n0004"), SLICE("service:search"), name_of(SLICE("u1")));
    assert_int_equal(lab_number("SELECT seq FROM bookplate_audit_head"), 4);
    check_slice(lab_text("SELECT hash FROM bookplate_audit_head"),
                lab_text("SELECT hash FROM bookplate_audit WHERE seq = 4"));
    check_text(lab_verify(), "");
}
IN_FIBER(numbers_rows_in_their_order, number_rows)

static void run_on_nothing(struct world *at)
{
    struct slice before;

    lab_notes(2);
    check_ok(audit_chain_run(chain));
    before = world_dump(at);
    check_ok(audit_chain_run(chain));
    check_slice(world_dump(at), before);
}
IN_FIBER(leaves_alone_what_has_its_number, run_on_nothing)

/* More than two batches. */
static void number_many(struct world *at)
{
    (void)at;
    lab_notes(1);
    lab_sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 1234) INSERT INTO bookplate_audit (id, created_at, "
            "event, subject) SELECT 'many' || i, i, 'sign-in', 'u' || i FROM "
            "n");
    check_ok(audit_chain_run(chain));
    assert_int_equal(lab_number("SELECT COUNT(*) FROM bookplate_audit "
                                "WHERE seq IS NULL OR hash IS NULL OR "
                                "subject NOT LIKE 'p!_%' ESCAPE '!'"),
                     0);
    assert_int_equal(lab_number("SELECT seq FROM bookplate_audit_head"), 1235);
    check_text(lab_verify(), "");
}
IN_FIBER(numbers_any_crowd, number_many)

/* Each statement in turn: all of a batch, or nothing of it. */
static void fail_each(struct world *at)
{
    struct slice before;
    int64_t n = 1;

    lab_notes(3);
    before = world_dump(at);
    for (;; n++) {
        enum status status;

        store_test_fail(at->store, n);
        status = audit_chain_run(chain);
        store_test_fail(at->store, 0);
        if (status == STATUS_OK) {
            break;
        }
        check_status(status, STATUS_UNAVAILABLE);
        check_slice(world_dump(at), before);
    }
    assert_true(n >= 4);
    check_text(lab_verify(), "");
}
IN_FIBER(chains_all_or_nothing, fail_each)

static void find_broken_head(struct world *at)
{
    (void)at;
    lab_notes(3);
    check_ok(audit_chain_run(chain));
    lab_sql("UPDATE bookplate_audit_head SET seq = 2");
    lab_notes(1);
    check_status(audit_chain_run(chain), STATUS_TAKEN);
    lab_sql("DELETE FROM bookplate_audit_head");
    check_status(audit_chain_run(chain), STATUS_NOT_FOUND);
    assert_int_equal(
        lab_number("SELECT COUNT(*) FROM bookplate_audit WHERE seq IS NULL"),
        1);
}
IN_FIBER(never_goes_on_from_a_wrong_head, find_broken_head)

/* Fibers begin on the loop's own stack. */
static void start_chain(struct task *task)
{
    (void)task;
    check_ok(audit_chain_start(chain, world.loop));
}

/* What stood in the log by the end. */
static size_t read_log(int fd, char *text, size_t size)
{
    ssize_t len = read(fd, text, size - 1);

    text[len > 0 ? len : 0] = '\0';
    return strlen(text);
}

static void wait_for_number(int64_t count)
{
    int64_t until = clock_mono_ms() + 10000;

    while (lab_number("SELECT seq FROM bookplate_audit_head") < count) {
        assert_true(clock_mono_ms() < until);
        check_status(fiber_park(5), STATUS_TIMEOUT);
    }
}

static void run_by_itself(struct world *at)
{
    char text[4096];
    struct slice head;
    struct task task;
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    log_set_fd(ends[1]);
    log_set_level(LOG_INFO);
    lab_notes(1); /* one that was left */
    task_init(&task, start_chain);
    loop_soon(at->loop, &task);
    wait_for_number(1);
    lab_notes(2);
    wait_for_number(3);
    assert_int_equal(read_log(ends[0], text, sizeof(text)), 0);
    head = lab_text("SELECT hash FROM bookplate_audit_head");
    audit_chain_stop(chain);
    while (fiber_count() > 1) {
        check_ok(fiber_yield());
    }
    assert_true(read_log(ends[0], text, sizeof(text)) > 0);
    assert_non_null(strstr(text, "\"event\":\"audit_head\",\"seq\":3"));
    assert_true(slice_contains(slice_from_cstr(text), head));
    log_set_fd(STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
}
IN_FIBER(runs_by_itself_and_logs_the_head, run_by_itself)

/* Several processes: each a store, a chain and rows of its own. */

#define CHAINERS  3
#define ROWS_EACH 60

struct chainer {
    struct world world;
    pthread_t id;
    int number;
};

static void add_row(struct store *store, int chainer, int number)
{
    struct audit_note note = {.event = AUDIT_SIGN_IN, .subject = T("u1")};
    struct statement statement;
    struct audit_row row;
    struct arena arena;

    arena_init(&arena, ENTRY_MAX);
    note.now = NOW + number;
    check_ok(arena_format(&arena, &note.id, "c%d-%d", chainer, number));
    check_ok(audit_statement(&note, &arena, &row, &statement));
    check_ok(store_write(store, &statement, 1, &arena, NULL));
    arena_release(&arena);
}

static void chain_often(struct world *at)
{
    struct chainer *chainer = CONTAINER_OF(at, struct chainer, world);
    struct audit_chain *own = NULL;

    check_ok(audit_chain_new(at->store, names, &own));
    for (int i = 0; i < ROWS_EACH; i++) {
        add_row(at->store, chainer->number, i);
        check_ok(audit_chain_run(own));
    }
    audit_chain_free(own);
}

static void *chainer_main(void *arg)
{
    struct chainer *chainer = arg;
    struct store_settings settings = {
        .url = sqlite_url(), .timeout_ms = 10000, .schema = &world.schema};
    struct world *own = &chainer->world;
    struct slice why;

    arena_init(&own->arena, (size_t)1 << 20);
    check_ok(store_open(&settings, &own->arena, &why, &own->store));
    check_ok(loop_new(&own->loop));
    world_run(own, chain_often);
    store_close(own->store);
    fiber_thread_end();
    loop_free(own->loop);
    arena_release(&own->arena);
    return NULL;
}

static void check_all(struct world *at)
{
    (void)at;
    check_ok(audit_chain_run(chain));
    assert_int_equal(lab_number("SELECT seq FROM bookplate_audit_head"),
                     CHAINERS * ROWS_EACH);
    check_text(lab_verify(), "");
}

static void keeps_one_chain_of_several_processes(void **state)
{
    static struct chainer chainers[CHAINERS];

    (void)state;
    for (int i = 0; i < CHAINERS; i++) {
        chainers[i].number = i;
        assert_int_equal(
            pthread_create(&chainers[i].id, NULL, chainer_main, &chainers[i]),
            0);
    }
    for (int i = 0; i < CHAINERS; i++) {
        pthread_join(chainers[i].id, NULL);
    }
    world_run(&world, check_all);
}

/* A thousand readers sign in at the same moment. */

#define CROWD 1000

static int crowd_left;

static void sign_in_once(void *arg)
{
    const int *number = arg;

    add_row(world.store, 0, *number);
    if (--crowd_left == 0) {
        loop_stop(world.loop);
    }
}

static void await_crowd(struct world *at)
{
    (void)at;
    wait_for_number(CROWD);
    check_text(lab_verify(), "");
    audit_chain_stop(chain);
}

static void numbers_a_thousand_at_once(void **state)
{
    static int numbers[CROWD];

    (void)state;
    crowd_left = CROWD;
    check_ok(audit_chain_start(chain, world.loop));
    for (int i = 0; i < CROWD; i++) {
        numbers[i] = i;
        check_ok(fiber_start(world.loop, sign_in_once, &numbers[i]));
    }
    loop_run(world.loop);
    world_run(&world, await_crowd);
    world_run(&world, world_empty); /* a turn for the chain to end */
}

/* While rows are added and chained, a look never finds fault. */

static bool adding;

static void add_and_chain(void *arg)
{
    (void)arg;
    for (int i = 0; i < 200; i++) {
        add_row(world.store, 9, i);
        check_ok(audit_chain_run(chain));
    }
    adding = false;
}

static void start_adding(struct task *task)
{
    (void)task;
    check_ok(fiber_start(world.loop, add_and_chain, NULL));
}

static void look_meanwhile(struct world *at)
{
    const struct audit_check check = {.store = at->store};
    struct task task;
    int looks = 0;

    adding = true;
    task_init(&task, start_adding);
    loop_soon(at->loop, &task);
    while (adding) {
        struct audit_finding found;
        struct arena arena;

        arena_init(&arena, (size_t)1 << 20);
        check_ok(audit_verify(&check, &arena, &found));
        check_text(found.problem, "");
        arena_release(&arena);
        check_ok(fiber_yield());
        looks++;
    }
    assert_true(looks > 1);
}
IN_FIBER(may_be_verified_while_it_grows, look_meanwhile)

/*
 * On PostgreSQL every statement parks, so that these come between each
 * other's, as processes do.
 */

#define RIVALS 8
#define ROUNDS 20

static struct postgres_fixture server;
static int rivals_left;

static void chain_against_others(void *arg)
{
    const int *number = arg;
    struct audit_chain *own = NULL;

    check_ok(audit_chain_new(world.store, names, &own));
    for (int i = 0; i < ROUNDS; i++) {
        add_row(world.store, *number, i);
        check_ok(audit_chain_run(own));
    }
    audit_chain_free(own);
    if (--rivals_left == 0) {
        loop_stop(world.loop);
    }
}

static void check_rivals(struct world *at)
{
    (void)at;
    check_ok(audit_chain_run(chain));
    assert_int_equal(lab_number("SELECT seq FROM bookplate_audit_head"),
                     RIVALS * ROUNDS);
    check_text(lab_verify(), "");
}

static void keeps_one_chain_of_rivals(void **state)
{
    static int numbers[RIVALS];

    (void)state;
    rivals_left = RIVALS;
    for (int i = 0; i < RIVALS; i++) {
        numbers[i] = i;
        check_ok(fiber_start(world.loop, chain_against_others, &numbers[i]));
    }
    loop_run(world.loop);
    world_run(&world, check_rivals);
}

static int set_up_on_postgres(void **state)
{
    (void)state;
    check_ok(crypto_init());
    log_set_level(LOG_ERROR);
    notes_made = 0;
    world_open(&world, slice_from_cstr(server.url));
    names = lab_names(1);
    check_ok(audit_chain_new(world.store, names, &chain));
    return 0;
}

static int tear_down_on_postgres(void **state)
{
    (void)state;
    audit_chain_free(chain);
    audit_names_free(names);
    world_close(&world);
    return 0;
}

#define ON_POSTGRES(test)                                                      \
    {                                                                          \
        "postgres: " #test, test, set_up_on_postgres, tear_down_on_postgres,   \
            NULL                                                               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LAB(numbers_rows_in_their_order),
        WITH_LAB(leaves_alone_what_has_its_number),
        WITH_LAB(numbers_any_crowd),
        WITH_LAB(chains_all_or_nothing),
        WITH_LAB(never_goes_on_from_a_wrong_head),
        WITH_LAB(runs_by_itself_and_logs_the_head),
        WITH_LAB(keeps_one_chain_of_several_processes),
        WITH_LAB(may_be_verified_while_it_grows),
        WITH_LAB(numbers_a_thousand_at_once),
        /* Without a server they are left out. */
        ON_POSTGRES(keeps_one_chain_of_rivals),
        ON_POSTGRES(numbers_rows_in_their_order),
        ON_POSTGRES(numbers_any_crowd),
        ON_POSTGRES(numbers_a_thousand_at_once),
        ON_POSTGRES(chains_all_or_nothing),
        ON_POSTGRES(never_goes_on_from_a_wrong_head),
    };
    const size_t without = 9;
    size_t count = sizeof(tests) / sizeof(*tests);
    int failed;

    if (!postgres_fixture_start(&server)) {
        return _cmocka_run_group_tests("chain", tests, without, NULL, NULL);
    }
    failed = _cmocka_run_group_tests("chain", tests, count, NULL, NULL);
    postgres_fixture_stop(&server);
    return failed;
}
