/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as requests meet them: changed under way, and whom they trust. */
#include "serving.h"

#include "http/request.h"
#include "http/response.h"

#define END       "Host: a\r\nConnection: close\r\n\r\n"
#define WAITING   5
#define SWAPS     20
#define HOPS_SENT 300

static struct serving serving;
static sem_t parked;
/* Of the loop's thread. */
static struct fiber_ref waiting[WAITING];
static int waiting_count;
static bool is_open;
static struct http_rules *next_rules;
static struct http_stats stats;

static enum status answer_wait(struct request *rq, struct response *rs)
{
    assert_true(waiting_count < WAITING);
    waiting[waiting_count++] = fiber_ref(fiber_current());
    sem_post(&parked);
    while (!is_open) {
        TRY(fiber_park(FIBER_FOREVER));
    }
    response_field(rs, SLICE("X-Path"), rq->head.path);
    return STATUS_NOT_FOUND; /* made of what the rules hold */
}

static enum status answer_client(struct request *rq, struct response *rs)
{
    char text[CLIENT_ADDRESS_TEXT_SIZE];
    struct buf *body = response_body(rs, SLICE("text/plain"));

    buf_add(body, client_address_text(&rq->client, text));
    buf_add(body, rq->secure ? SLICE(" https") : SLICE(" http"));
    return STATUS_OK;
}

static const struct route routes[] = {
    {HTTP_GET, SLICE_INIT("/wait"), answer_wait, 0},
    {HTTP_GET, SLICE_INIT("/client"), answer_client, 0},
};

static struct http_rules *rules_make(const char *home, const char *trusted)
{
    struct http_rules *rules = SERVING_RULES(routes);
    struct slice problem = SLICE_EMPTY;
    char *own;

    /* A copy, so that using it after its rules is seen. */
    own = arena_alloc_text(&rules->arena, strlen(home) + 1);
    assert_non_null(own);
    memcpy(own, home, strlen(home) + 1);
    rules->home = slice_from_cstr(own);
    check_ok(network_list_parse(&rules->arena, slice_from_cstr(trusted),
                                &problem, &rules->trusted_proxies));
    return rules;
}

static void start(const char *trusted)
{
    static const struct http_limits limits = {
        .head_bytes = 16384,
        .head_ms = 5000,
        .body_ms = 5000,
        .write_ms = 5000,
        .idle_ms = 5000,
        .heartbeat_ms = 1000,
        .connections = 20,
    };

    sem_init(&parked, 0, 0);
    waiting_count = 0;
    is_open = false;
    serving_start(&serving, rules_make("old home", trusted), limits);
}

static int set_up(void **state)
{
    (void)state;
    start("");
    return 0;
}

static int set_up_trusting(void **state)
{
    (void)state;
    start("127.0.0.0/8, 10.0.0.0/8");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_end(&serving);
    return 0;
}

static void swap_rules(struct serving *swapped)
{
    check_ok(http_server_set_rules(swapped->server, next_rules));
}

/* Puts them in force and returns a share of them. */
static struct http_rules *reload(const char *home)
{
    next_rules = rules_make(home, "");
    serving_do(&serving, swap_rules);
    return next_rules;
}

static void open_gate(struct serving *held)
{
    (void)held;
    is_open = true;
    for (int i = 0; i < waiting_count; i++) {
        fiber_ref_wake(waiting[i]);
    }
}

static void read_stats(struct serving *read)
{
    stats = http_server_stats(read->server);
}

static void wait_until_inactive(void)
{
    do {
        serving_do(&serving, read_stats);
    } while (stats.active > 0);
}

static void requests_end_under_the_rules_they_began_with(void **state)
{
    struct http_rules *middle = reload("middle home");
    int fds[WAITING];

    (void)state;
    for (int i = 0; i < WAITING; i++) {
        fds[i] = client_connect(&serving);
        client_send(fds[i], "GET /wait HTTP/1.1\r\n" END);
        sem_wait(&parked);
    }
    http_rules_release(reload("new home"));
    /* Two shares: this test's, and one for all who still need them. */
    assert_int_equal(middle->owners, 2);
    expect_in(client_ask(&serving, "GET / HTTP/1.1\r\n" END), "new home");
    serving_do(&serving, open_gate);
    for (int i = 0; i < WAITING; i++) {
        expect_in(client_read(fds[i], NULL), "HTTP/1.1 404 ");
        close(fds[i]);
    }
    wait_until_inactive();
    assert_int_equal(middle->owners, 1); /* the last to need them let go */
    http_rules_release(middle);
}

/* What counts is when the request is whole. */
static void half_a_head_is_answered_by_the_new_rules(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "GET / HTTP/1.1\r\nHo");
    http_rules_release(reload("new home"));
    client_send(fd, "st: a\r\n\r\n");
    expect_in(client_read(fd, "home"), "new home");
    http_rules_release(reload("newer home"));
    client_send(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_in(client_read(fd, "home"), "newer home");
    close(fd);
}

static void rules_may_change_many_times_under_one_request(void **state)
{
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "GET /wait HTTP/1.1\r\n" END);
    sem_wait(&parked);
    for (int i = 0; i < SWAPS; i++) {
        http_rules_release(reload("new home"));
        expect_in(client_ask(&serving, "GET / HTTP/1.1\r\n" END), "new home");
    }
    serving_do(&serving, open_gate);
    expect_in(client_read(fd, NULL), "HTTP/1.1 404 ");
    close(fd);
}

static void a_client_that_leaves_lets_old_rules_go(void **state)
{
    struct http_rules *middle = reload("middle home");
    int fd = client_connect(&serving);

    (void)state;
    client_send(fd, "GET /wait HTTP/1.1\r\n" END);
    sem_wait(&parked);
    http_rules_release(reload("new home"));
    assert_int_equal(middle->owners, 2);
    close(fd);
    wait_until_inactive();
    assert_int_equal(middle->owners, 1);
    http_rules_release(middle);
}

struct forwarded_case {
    const char *fields; /* with their CRLF */
    const char *client;
};

static void check_clients(const struct forwarded_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char request[1024];
        char want[80];

        snprintf(request, sizeof(request), "GET /client HTTP/1.1\r\n%s" END,
                 cases[i].fields);
        snprintf(want, sizeof(want), "\r\n\r\n%s", cases[i].client);
        expect_in(client_ask(&serving, request), want);
    }
}

static void nobody_is_believed_without_trusted_proxies(void **state)
{
    static const struct forwarded_case cases[] = {
        {"", "127.0.0.1 http"},
        {"X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1 http"},
        {"X-Forwarded-Proto: https\r\n", "127.0.0.1 http"},
        {"Forwarded: for=192.0.2.1;proto=https\r\n", "127.0.0.1 http"},
        {"X-Real-IP: 192.0.2.1\r\n", "127.0.0.1 http"},
        {"X-Forwarded-For: ,,,;drop table\r\n", "127.0.0.1 http"},
    };

    (void)state;
    check_clients(cases, sizeof(cases) / sizeof(*cases));
}

static void only_what_a_trusted_proxy_added_is_believed(void **state)
{
    static const struct forwarded_case cases[] = {
        {"", "127.0.0.1 http"},
        {"X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1 http"},
        {"X-Forwarded-For: 203.0.113.9, 192.0.2.1\r\n", "192.0.2.1 http"},
        {"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 192.0.2.1\r\n",
         "192.0.2.1 http"},
        {"X-Forwarded-For: 203.0.113.9, 192.0.2.1, 10.1.2.3\r\n",
         "192.0.2.1 http"},
        {"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 10.0.0.1\r\n"
         "x-forwarded-for: 10.0.0.2\r\n",
         "192.0.2.1 http"},
        /* Malformed: the last good one, never what stands before it. */
        {"X-Forwarded-For: 203.0.113.9, evil, 10.1.2.3\r\n", "10.1.2.3 http"},
        {"X-Forwarded-For: 203.0.113.9, 10.1.2.3, evil\r\n", "127.0.0.1 http"},
        {"X-Forwarded-For: 192.0.2.1:8080\r\n", "192.0.2.1 http"},
        {"X-Forwarded-For: [2001:db8::1]:80\r\n", "2001:db8::1 http"},
        {"X-Forwarded-For: ::ffff:192.0.2.1\r\n", "192.0.2.1 http"},
        {"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n",
         "192.0.2.1 https"},
        {"X-Forwarded-Proto: https, http\r\n", "127.0.0.1 http"},
        {"Forwarded: for=192.0.2.1;proto=https\r\n", "127.0.0.1 http"},
        {"X-Forwarded-For: 256.1.1.1\r\n", "127.0.0.1 http"},
        {"X-Forwarded-For: 0x7f.1\r\n", "127.0.0.1 http"},
        {"X-Forwarded-For:\r\n", "127.0.0.1 http"},
    };

    (void)state;
    check_clients(cases, sizeof(cases) / sizeof(*cases));
}

/* However much a client writes itself, the proxy's word stands last. */
static void a_flood_of_invented_hops_changes_nothing(void **state)
{
    static char request[16384];
    char *at = request;

    (void)state;
    at += sprintf(at, "GET /client HTTP/1.1\r\nX-Forwarded-For: ");
    for (int i = 0; i < HOPS_SENT; i++) {
        at += sprintf(at, "203.0.113.%d, ", i % 256);
    }
    at += sprintf(at, "203.0.113.7\r\n");
    for (int i = 0; i < 60; i++) {
        at += sprintf(at, "X-Forwarded-For: 203.0.113.%d\r\n", i);
    }
    sprintf(at, "X-Forwarded-For: 192.0.2.1\r\n" END);
    expect_in(client_ask(&serving, request), "\r\n\r\n192.0.2.1 http");
}

/* A chain of nothing but proxies ends somewhere, and does not run on. */
static void a_flood_of_trusted_hops_ends(void **state)
{
    static char request[16384];
    char *at = request;

    (void)state;
    at += sprintf(at, "GET /client HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7");
    for (int i = 0; i < HOPS_SENT; i++) {
        at += sprintf(at, ", 10.0.0.%d", i % 256);
    }
    sprintf(at, "\r\n" END);
    expect_in(client_ask(&serving, request), "\r\n\r\n10.0.0.");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define TEST_TRUSTING(fn)                                                      \
    cmocka_unit_test_setup_teardown(fn, set_up_trusting, tear_down)

RUN_TESTS(TEST(requests_end_under_the_rules_they_began_with),
          TEST(half_a_head_is_answered_by_the_new_rules),
          TEST(rules_may_change_many_times_under_one_request),
          TEST(a_client_that_leaves_lets_old_rules_go),
          TEST(nobody_is_believed_without_trusted_proxies),
          TEST_TRUSTING(only_what_a_trusted_proxy_added_is_believed),
          TEST_TRUSTING(a_flood_of_invented_hops_changes_nothing),
          TEST_TRUSTING(a_flood_of_trusted_hops_ends))
