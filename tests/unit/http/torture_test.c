/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The n-th call for memory fails while a request is served, for n = 1, 2, 3
 * and so on until none is left to fail; then the n-th and all that follow.
 * Each time on a server that has nothing in its pools yet. And the same while
 * the rules are made anew.
 */
#include "answers.h"
#include "failing.h"
#include "folder.h"
#include "serving.h"

#include "base/log.h"
#include "http/request.h"
#include "http/response.h"
#include "http/sse.h"

#define LAST "Host: a\r\nConnection: close\r\n"
#define ROOM ((size_t)1 << 18)
/* A request that makes this many calls was not meant here. */
#define CALLS_MAX 400
/* With these a connection is the server's; before, it can only be closed. */
#define CALLS_TO_ACCEPT 2
/* With these it has a fiber and a first piece of memory: it can say what. */
#define CALLS_TO_SPEAK 7
#define HEAD_MS        60000
#define LONG_TEXT      24000
#define PIECE_SIZE     3000

static struct serving serving;
static char usual_room[ROOM];
static char other_room[ROOM];
static char long_request[LONG_TEXT * 2];
static struct site *site;
/* Orders to the server's thread, and what it says. */
static unsigned arm_at;
static bool arm_lasting;
static unsigned failures;
static enum status reloaded;
static size_t connections;
static size_t active;

static enum status answer_hello(struct request *rq, struct response *rs)
{
    struct json_writer json;

    (void)rq;
    response_json(rs, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("hello"));
    json_write_text(&json, SLICE("reader"));
    json_write_end(&json);
    response_json_end(rs, &json);
    return STATUS_OK;
}

static enum status answer_same(struct request *rq, struct response *rs)
{
    struct json_writer writer;
    const struct json *json;
    struct slice body;

    TRY(request_body(rq, &body));
    TRY(json_parse(rq->arena, body, JSON_LIMITS_DEFAULT, &json));
    response_json(rs, &writer);
    json_write_json(&writer, json);
    response_json_end(rs, &writer);
    return STATUS_OK;
}

static enum status answer_events(struct request *rq, struct response *rs)
{
    CLEANUP(sse_release) struct sse sse = {0};
    static char data[6000];

    memset(data, 'x', sizeof(data));
    TRY(sse_start(&sse, rq, rs));
    for (size_t i = 1; i <= 3; i++) {
        TRY(fiber_yield());
        TRY(sse_send(&sse, SLICE("delta"), SLICE("1"),
                     slice_make(data, i * 2000)));
    }
    return sse_end(&sse);
}

static const struct route routes[] = {
    {HTTP_GET, SLICE_INIT("/hello"), answer_hello, 0},
    {HTTP_POST, SLICE_INIT("/same"), answer_same, 65536},
    {HTTP_GET, SLICE_INIT("/events"), answer_events, 0},
};

/* Long: what is awaited here is no deadline, but for one test. */
static struct http_limits limits = {
    .head_bytes = 16384,
    .head_ms = HEAD_MS,
    .body_ms = 60000,
    .write_ms = 60000,
    .idle_ms = 60000,
    .heartbeat_ms = 60000,
    .connections = 20,
};

static int set_up(void **state)
{
    struct site_source source = {.limits = SITE_LIMITS};
    struct slice problem = SLICE_EMPTY;
    struct arena arena;

    if (folder_set_up(state) != 0) {
        return -1;
    }
    source.folder = slice_from_cstr(folder);
    log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
    memset(usual_room, 'f', 40000);
    folder_write("index.html", SLICE("<p>the book"));
    folder_write("404.html", SLICE("<p>not in the book"));
    folder_write("large.bin", slice_make(usual_room, 40000));
    arena_init(&arena, (size_t)1 << 20);
    check_ok(site_load(&source, &arena, &problem, &site));
    arena_release(&arena);
    return 0;
}

static int tear_down(void **state)
{
    site_free(site);
    site = NULL;
    return folder_tear_down(state);
}

static struct http_rules *make_rules(void)
{
    struct http_rules *rules = http_rules_new();
    struct origin_settings settings = {SLICE_EMPTY, SLICE("https://b.example"),
                                       80};
    struct slice problem;

    assert_non_null(rules);
    check_ok(router_init(&rules->router, &rules->arena, routes,
                         sizeof(routes) / sizeof(*routes)));
    check_ok(
        origin_rules_make(&rules->arena, &settings, &problem, &rules->origins));
    rules->site = site_share(site);
    return rules;
}

static void arm(struct serving *server)
{
    (void)server;
    failing_arm(arm_at, arm_lasting);
}

static void disarm(struct serving *server)
{
    (void)server;
    failures = failing_disarm();
}

static void count(struct serving *server)
{
    connections = http_server_stats(server->server).connections;
    active = http_server_stats(server->server).active;
}

/* The server sees by itself that its clients have left. */
static void await_nobody(void)
{
    time_t begun = time(NULL);

    do {
        assert_true(time(NULL) - begun < 10);
        serving_do(&serving, count);
    } while (connections > 0);
    assert_int_equal(active, 0);
}

/* Pieces, so that some of a body is read when its handler runs already. */
static void send_pieces(int fd, struct slice request)
{
    while (request.len > 0) {
        struct slice piece = slice_head(request, PIECE_SIZE);

        if (send(fd, piece.ptr, piece.len, MSG_NOSIGNAL) < 0) {
            return; /* refused already */
        }
        request = slice_from(request, piece.len);
        serving_do(&serving, count);
    }
}

static struct slice ask(struct slice request, char room[ROOM])
{
    int fd = client_connect(&serving);
    struct slice answers;

    send_pieces(fd, request);
    answers = answers_read(fd, room, ROOM, arm_at <= CALLS_TO_ACCEPT);
    close(fd);
    return answers;
}

static size_t open_files(void)
{
    DIR *folder_of_files = opendir("/proc/self/fd");
    size_t found = 0;

    assert_non_null(folder_of_files);
    while (readdir(folder_of_files) != NULL) {
        found++;
    }
    closedir(folder_of_files);
    return found;
}

/* Under failing memory; true when something did fail. */
static bool serve_once(struct slice request, struct slice usual)
{
    struct slice hello = SLICE("GET /hello HTTP/1.1\r\n" LAST "\r\n");
    long held = memory_held;
    size_t files = open_files();
    struct slice got;

    serving_start(&serving, make_rules(), limits);
    serving_do(&serving, arm);
    got = ask(request, other_room);
    answers_check(usual, got);
    assert_true(got.len > 0 || arm_at <= CALLS_TO_SPEAK);
    serving_do(&serving, disarm);
    await_nobody();
    answers_check_same(ask(request, other_room), usual);
    assert_true(slice_ends_with(ask(hello, other_room),
                                SLICE("{\"hello\":\"reader\"}")));
    await_nobody();
    serving_stop(&serving);
    assert_int_equal(memory_held, held);
    assert_int_equal(open_files(), files);
    return failures > 0;
}

static void fail_one_by_one(struct slice request, struct slice usual)
{
    arm_at = 0;
    do {
        arm_at++;
        assert_true(arm_at < CALLS_MAX);
    } while (serve_once(request, usual));
    assert_true(arm_at > 5); /* it was the server's memory that failed */
}

/* `wanted` ends with NULL: what the answers have in them, one after another. */
static void torture(struct slice request, const char *const *wanted)
{
    struct slice usual;
    const char *at = usual_room;

    serving_start(&serving, make_rules(), limits);
    usual = ask(request, usual_room);
    await_nobody();
    serving_stop(&serving);
    for (; *wanted != NULL; wanted++) {
        at = strstr(at, *wanted);
        if (at == NULL) {
            fail_msg("wanted \"%s\" in \"%s\"", *wanted, usual_room);
        }
    }
    arm_lasting = false;
    fail_one_by_one(request, usual);
    arm_lasting = true;
    fail_one_by_one(request, usual);
}

static void who_sends_nothing_holds_no_buffer(void **state)
{
    long held;
    int fd;

    (void)state;
    serving_start(&serving, make_rules(), limits);
    held = memory_held;
    fd = client_connect(&serving);
    do {
        serving_do(&serving, count);
    } while (connections == 0);
    serving_do(&serving, count); /* a turn in which its socket was ready */
    assert_int_equal(memory_held, held + 1);
    close(fd);
    await_nobody();
    serving_stop(&serving);
}

static void survives_a_small_request(void **state)
{
    static const char *const wanted[] = {
        " 200 OK\r\n", "Access-Control-Allow-Origin: https://b.example\r\n",
        "{\"hello\":\"reader\"}", NULL};

    (void)state;
    torture(SLICE("GET /hello HTTP/1.1\r\nOrigin: https://b.example\r\n" LAST
                  "\r\n"),
            wanted);
}

/* JSON too long for the connection's buffer: it is read into the arena. */
static struct slice add_long_json(char *into)
{
    static const char begun[] =
        "{\"a\":[1,2.5,true,null,{\"b\":\"c\"}],\"d\":{\"e\":-7},\"f\":\"";
    size_t len = sizeof(begun) - 1;

    memcpy(into, begun, len);
    memset(into + len, 'x', LONG_TEXT);
    memcpy(into + len + LONG_TEXT, "\"}", 3);
    return slice_make(into, len + LONG_TEXT + 2);
}

static const char *const wanted_json[] = {" 200 OK\r\n",
                                          "\r\n\r\n{\"a\":[1,2.5,true,null,",
                                          "\"d\":{\"e\":-7}", "xxx\"}", NULL};

static void survives_a_body_of_json(void **state)
{
    static char json[LONG_TEXT + 200];
    size_t size = add_long_json(json).len;
    int len =
        snprintf(long_request, sizeof(long_request),
                 "POST /same HTTP/1.1\r\n" LAST "Content-Length: %zu\r\n\r\n%s",
                 size, json);

    (void)state;
    torture(slice_make(long_request, (size_t)len), wanted_json);
}

static void survives_a_body_in_chunks(void **state)
{
    int len = snprintf(long_request, sizeof(long_request),
                       "POST /same HTTP/1.1\r\n" LAST
                       "Transfer-Encoding: chunked\r\n\r\n");
    char *at = long_request + len;
    static char json[LONG_TEXT + 200];
    struct slice rest = add_long_json(json);

    (void)state;
    while (rest.len > 0) {
        struct slice chunk = slice_head(rest, 1000);

        at +=
            snprintf(at, 2000, "%zx\r\n%.*s\r\n", chunk.len, SLICE_ARG(chunk));
        rest = slice_from(rest, chunk.len);
    }
    memcpy(at, "0\r\n\r\n", 5);
    torture(slice_make(long_request, (size_t)(at + 5 - long_request)),
            wanted_json);
}

static void survives_files(void **state)
{
    static const char *const wanted[] = {" 200 OK\r\n",         "<p>the book",
                                         " 304 Not Modified",   " 206 Partial",
                                         "bytes 2-30001/40000", " 200 OK\r\n",
                                         "Length: 40000\r\n",   NULL};

    (void)state;
    torture(SLICE("GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                  "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n"
                  "GET /large.bin HTTP/1.1\r\nHost: a\r\n"
                  "Range: bytes=2-30001\r\n\r\n"
                  "GET /large.bin HTTP/1.1\r\n" LAST "\r\n"),
            wanted);
}

static void survives_a_stream_of_events(void **state)
{
    static const char *const wanted[] = {
        " 200 OK\r\n", "event: delta\nid: 1\ndata: xxx", "\r\n0\r\n\r\n", NULL};

    (void)state;
    torture(SLICE("GET /events HTTP/1.1\r\n" LAST "\r\n"), wanted);
}

static void survives_errors(void **state)
{
    static const char *const wanted[] = {" 404 Not Found",
                                         "\"NOT_FOUND\"",
                                         " 404 Not Found",
                                         "<p>not in the book",
                                         " 405 Method",
                                         "Allow: GET, HEAD",
                                         " 400 Bad Request",
                                         "\"INVALID_JSON\"",
                                         " 413 Content Too Large",
                                         NULL};

    (void)state;
    torture(SLICE("GET /no HTTP/1.1\r\nHost: a\r\n\r\n"
                  "GET /no HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n"
                  "PUT /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                  "POST /same HTTP/1.1\r\nHost: a\r\n"
                  "Content-Length: 6\r\n\r\n[1, 2,"
                  "POST /same HTTP/1.1\r\nHost: a\r\n"
                  "Content-Length: 70000\r\n\r\n"),
            wanted);
}

static void survives_what_it_refuses(void **state)
{
    static const char *const wanted[] = {" 200 OK\r\n", " 200 OK\r\n",
                                         " 400 Bad Request", "\"BAD_REQUEST\"",
                                         NULL};

    (void)state;
    torture(SLICE("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                  "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                  "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
            wanted);
}

static void survives_half_a_head(void **state)
{
    static const char *const wanted[] = {" 408 Request Timeout",
                                         "\"REQUEST_TIMEOUT\"", NULL};

    (void)state;
    limits.head_ms = 10;
    torture(SLICE("GET /hello HTTP/1.1\r\nHost:"), wanted);
    limits.head_ms = HEAD_MS;
}

static enum status make_anew(struct http_rules *rules, struct arena *arena)
{
    struct origin_settings settings = {
        SLICE("https://b.example"), SLICE("https://*.b.example,http://c:8080"),
        80};
    const struct site_source source = {.folder = slice_from_cstr(folder),
                                       .limits = SITE_LIMITS};
    struct slice problem;

    TRY(router_init(&rules->router, &rules->arena, routes,
                    sizeof(routes) / sizeof(*routes)));
    TRY(origin_rules_make(&rules->arena, &settings, &problem, &rules->origins));
    rules->origins.any_host = true;
    TRY(network_list_parse(&rules->arena, SLICE("10.0.0.0/8"), &problem,
                           &rules->trusted_proxies));
    return site_load(&source, arena, &problem, &rules->site);
}

static void reload(struct serving *server)
{
    struct http_rules *rules;
    struct arena arena;

    arm(server);
    arena_init(&arena, (size_t)1 << 20);
    rules = http_rules_new();
    reloaded = rules == NULL ? STATUS_NO_MEMORY : make_anew(rules, &arena);
    if (reloaded == STATUS_OK) {
        reloaded = http_server_set_rules(server->server, rules);
    }
    http_rules_release(rules);
    arena_release(&arena);
    disarm(server);
}

static bool reload_once(void)
{
    struct slice home = SLICE("GET / HTTP/1.1\r\n" LAST "\r\n");
    long held = memory_held;
    size_t files = open_files();

    serving_start(&serving, make_rules(), limits);
    serving_do(&serving, reload);
    if (failures > 0) {
        /* The latter when a folder cannot be listed. */
        assert_true(reloaded == STATUS_NO_MEMORY ||
                    reloaded == STATUS_UNAVAILABLE);
    } else {
        check_ok(reloaded);
    }
    assert_true(slice_ends_with(ask(home, other_room),
                                failures > 0 ? SLICE("\r\n\r\n<p>the book")
                                             : SLICE("\r\n\r\n<p>the new")));
    await_nobody();
    serving_stop(&serving);
    assert_int_equal(memory_held, held);
    assert_int_equal(open_files(), files);
    return failures > 0;
}

static void a_reload_that_fails_changes_nothing(void **state)
{
    (void)state;
    folder_write("index.html", SLICE("<p>the new"));
    folder_write("more/folders/page.html", SLICE("<p>a page"));
    for (int lasting = 0; lasting < 2; lasting++) {
        arm_lasting = lasting;
        arm_at = 0;
        do {
            arm_at++;
            assert_true(arm_at < CALLS_MAX);
        } while (reload_once());
        assert_true(arm_at > 5);
    }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(who_sends_nothing_holds_no_buffer),
          TEST(survives_a_small_request), TEST(survives_a_body_of_json),
          TEST(survives_a_body_in_chunks), TEST(survives_files),
          TEST(survives_a_stream_of_events), TEST(survives_errors),
          TEST(survives_what_it_refuses), TEST(survives_half_a_head),
          TEST(a_reload_that_fails_changes_nothing))
