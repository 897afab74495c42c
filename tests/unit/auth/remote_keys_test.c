/* SPDX-License-Identifier: Apache-2.0 */
#include "../net/outbound_server.h"

#include "auth/remote_keys.h"
#include "codec/json_write.h"
#include "crypto/init.h"
#include "crypto/key.h"

#define FINDERS 20

/* The key set that is served: keys 'a' to the last one published. */
static struct key *published[3];
static _Atomic size_t published_count;
static _Atomic int answer_status;
static _Atomic bool hold_back;

static struct remote_keys *keys;
static int64_t shift; /* of the clock */
static int settled;   /* requests that fetched no keys */
static char keys_url[64];

static void make_keys(void)
{
    static const struct slice ids[] = {SLICE_INIT("a"), SLICE_INIT("b"),
                                       SLICE_INIT("c")};

    check_ok(crypto_init());
    for (size_t i = 0; i < 3; i++) {
        check_ok(key_generate(KEY_EDDSA, ids[i], &published[i]));
    }
}

static void serve_keys(int fd, const char *request)
{
    struct json_writer json;
    struct arena arena;
    struct slice body;
    struct buf buf;
    char head[96];

    (void)request;
    if (hold_back) {
        (void)server_wait_closed(fd);
        return;
    }
    arena_init(&arena, 65536);
    buf_init(&buf, &arena, 4096);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    json_write_name(&json, SLICE("keys"));
    json_write_array(&json);
    for (size_t i = 0; i < published_count; i++) {
        check_ok(key_write_jwk(published[i], &json));
    }
    json_write_end(&json);
    json_write_end(&json);
    check_ok(json_write_finish(&json, &body));
    (void)snprintf(head, sizeof(head),
                   "HTTP/1.1 %d Yes\r\nContent-Length: %zu\r\n\r\n",
                   answer_status, body.len);
    server_send(fd, head);
    server_send_bytes(fd, body);
    arena_release(&arena);
}

static int set_up_keys(void **state)
{
    (void)state;
    shift = 0;
    settled = 0;
    clock_test_shift(0, 0);
    make_keys();
    published_count = 1;
    answer_status = 200;
    hold_back = false;
    set_up(serve_keys);
    (void)snprintf(keys_url, sizeof(keys_url), "http://127.0.0.1:%d/jwks",
                   server.port);
    check_ok(remote_keys_new(client, slice_from_cstr(keys_url), &keys));
    return 0;
}

static int tear_down_keys(void **state)
{
    (void)tear_down(state);
    remote_keys_free(keys);
    for (size_t i = 0; i < 3; i++) {
        key_free(published[i]);
    }
    clock_test_shift(0, 0);
    return 0;
}

/* One look, in a fiber. */
struct look {
    struct slice id;
    enum status status;
    bool found;
    int64_t took_ms;
};

static void look_fiber(void *arg)
{
    struct look *look = arg;
    const struct key *key = NULL;
    int64_t start = clock_mono_ms();
    struct arena arena;

    arena_init(&arena, 65536);
    look->status = remote_keys_find(keys, &arena, look->id, &key);
    look->found = key != NULL && slice_equal(key_id(key), look->id);
    look->took_ms = clock_mono_ms() - start;
    arena_release(&arena);
    fiber_done();
}

static struct look look_for(struct slice id)
{
    struct look look = {.id = id};

    start_fiber(look_fiber, &look);
    loop_run(loop);
    return look;
}

static void check_found(struct slice id, bool found, int fetches)
{
    struct look look = look_for(id);

    check_ok(look.status);
    assert_int_equal(look.found, found);
    assert_int_equal(server.accepted - settled, fetches);
}

static void later(int64_t ms)
{
    struct call call;
    bool held = hold_back;

    shift += ms;
    clock_test_shift(shift, 0);
    /* What the client has in hand at a leap seems to have stalled. */
    hold_back = false;
    call_init(&call, "/");
    run_call(&call);
    arena_release(&call.arena);
    settled++;
    hold_back = held;
}

static void fetches_once_for_all_who_wait(void **state)
{
    struct look looks[FINDERS];

    (void)state;
    assert_int_equal(server.accepted, 0);
    for (size_t i = 0; i < FINDERS; i++) {
        looks[i] = (struct look){.id = SLICE("a")};
        start_fiber(look_fiber, &looks[i]);
    }
    loop_run(loop);
    for (size_t i = 0; i < FINDERS; i++) {
        check_ok(looks[i].status);
        assert_true(looks[i].found);
    }
    assert_int_equal(server.accepted, 1);
    check_found(SLICE("a"), true, 1);
}

static void asks_for_an_unknown_key_once_a_minute(void **state)
{
    (void)state;
    check_found(SLICE("a"), true, 1);
    published_count = 2;
    check_found(SLICE("b"), true, 2);
    published_count = 3;
    for (int i = 0; i < 100; i++) {
        check_found(SLICE("forged"), false, 2);
    }
    check_found(SLICE("c"), false, 2);
    later(REMOTE_KEYS_AGAIN_MS - 1000);
    check_found(SLICE("c"), false, 2);
    later(1001);
    check_found(SLICE("c"), true, 3);
}

/* Until the fetch that somebody started in passing is through. */
static void wait_until_fetched(int count)
{
    while (server.accepted - settled < count) {
        assert_true(look_for(SLICE("a")).found);
        usleep(1000);
    }
    server_wait_idle();
}

static void fetches_anew_in_passing(void **state)
{
    (void)state;
    check_found(SLICE("a"), true, 1);
    later(REMOTE_KEYS_FRESH_MS - 1000);
    check_found(SLICE("a"), true, 1);
    later(1001);
    hold_back = true; /* who passes does not wait */
    assert_true(look_for(SLICE("a")).took_ms < REMOTE_KEYS_MS / 2);
    wait_until_fetched(2);
    check_found(SLICE("a"), true, 2);
}

static void keeps_what_it_knows_through_an_outage(void **state)
{
    (void)state;
    check_found(SLICE("a"), true, 1);
    answer_status = 503;
    for (int hour = 0; hour < 48; hour++) {
        later(3600000);
        assert_true(look_for(SLICE("a")).found);
    }
    assert_false(look_for(SLICE("b")).found);
    check_ok(look_for(SLICE("b")).status);
}

static void drops_a_key_that_is_no_longer_published(void **state)
{
    (void)state;
    check_found(SLICE("a"), true, 1);
    key_free(published[0]);
    check_ok(key_generate(KEY_EDDSA, SLICE("x"), &published[0]));
    check_found(SLICE("x"), true, 2);
    check_found(SLICE("a"), false, 2);
}

static void says_when_there_never_were_any(void **state)
{
    struct look look;

    (void)state;
    answer_status = 500;
    check_status(look_for(SLICE("a")).status, STATUS_UPSTREAM);
    check_status(look_for(SLICE("a")).status, STATUS_UPSTREAM);
    assert_int_equal(server.accepted, 1);
    later(2000);
    answer_status = 200;
    hold_back = true;
    look = look_for(SLICE("a"));
    check_status(look.status, STATUS_UPSTREAM_TIMEOUT);
    assert_true(look.took_ms < 2 * REMOTE_KEYS_MS);
    later(2000);
    hold_back = false;
    assert_true(look_for(SLICE("a")).found);
}

static struct fiber *leaver;

static void leaving_fiber(void *arg)
{
    leaver = fiber_current();
    look_fiber(arg);
}

/* The fetch is not the first one's own: the others get what it brings. */
static void one_who_leaves_takes_nothing_from_the_others(void **state)
{
    struct look gone = {.id = SLICE("a")};
    struct look stays = {.id = SLICE("a")};

    (void)state;
    start_fiber(leaving_fiber, &gone);
    start_fiber(look_fiber, &stays);
    fiber_cancel(leaver);
    loop_run(loop);
    check_status(gone.status, STATUS_CANCELLED);
    check_ok(stays.status);
    assert_true(stays.found);
    assert_int_equal(server.accepted, 1);
}

static void ids_that_cannot_be_cost_nothing(void **state)
{
    char text[KEY_ID_LIMIT + 1];

    (void)state;
    memset(text, 'a', sizeof(text));
    check_found(slice_make(text, sizeof(text)), false, 0);
    check_found(SLICE_EMPTY, false, 0);
}

#define KEYS_TEST(fn)                                                          \
    cmocka_unit_test_setup_teardown(fn, set_up_keys, tear_down_keys)

RUN_TESTS(KEYS_TEST(fetches_once_for_all_who_wait),
          KEYS_TEST(asks_for_an_unknown_key_once_a_minute),
          KEYS_TEST(fetches_anew_in_passing),
          KEYS_TEST(keeps_what_it_knows_through_an_outage),
          KEYS_TEST(drops_a_key_that_is_no_longer_published),
          KEYS_TEST(says_when_there_never_were_any),
          KEYS_TEST(one_who_leaves_takes_nothing_from_the_others),
          KEYS_TEST(ids_that_cannot_be_cost_nothing))
