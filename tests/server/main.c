/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lower floors with handlers that only tests and benchmarks need: one
 * loop, on a free port of loopback, which it prints. Ends when its standard
 * input does, so it cannot outlive who started it.
 *
 *   GET  /json                    {"hello":"reader"}
 *   POST /echo                    the body, up to 1 MiB
 *   GET  /sleep?MS                an answer after so long
 *   POST /hash                    the body's hash, from the hash pool
 *   GET  /stream?COUNT,MS,SIZE    COUNT events of SIZE bytes, MS apart; COUNT
 * 0: none, only heartbeats GET  /get?PORT                what a server on that
 * port answers to GET /
 *
 * Arguments: HASH_THREADS HASH_QUEUE [NAME=MS ...] for the limits head, body,
 * write, idle and heartbeat.
 */
#include "base/clock.h"
#include "base/log.h"
#include "codec/hex.h"
#include "crypto/init.h"
#include "http/request.h"
#include "http/response.h"
#include "http/server.h"
#include "http/sse.h"
#include "net/client.h"
#include "net/hash_pool.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define ECHO_MAX ((size_t)1 << 20)

struct services {
    struct hash_pool *hashes;
    struct client *client;
};

static uint64_t number(struct slice text)
{
    uint64_t value = 0;

    return slice_to_u64(text, 1000000000, &value) ? value : 0;
}

static enum status answer_json(struct request *request,
                               struct response *response)
{
    struct json_writer json;

    (void)request;
    response_json(response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("hello"));
    json_write_text(&json, SLICE("reader"));
    json_write_end(&json);
    response_json_end(response, &json);
    return STATUS_OK;
}

static enum status answer_echo(struct request *request,
                               struct response *response)
{
    struct slice body;

    TRY(request_body(request, &body));
    response_text(response, SLICE("application/octet-stream"), body);
    return STATUS_OK;
}

static enum status answer_sleep(struct request *request,
                                struct response *response)
{
    int64_t until =
        loop_now(loop_current()) + (int64_t)number(request->head.query);
    enum status status = STATUS_OK;

    while (status == STATUS_OK && loop_now(loop_current()) < until) {
        status = fiber_park(until - loop_now(loop_current()));
    }
    if (status != STATUS_TIMEOUT && status != STATUS_OK) {
        return status;
    }
    return answer_json(request, response);
}

static enum status answer_hash(struct request *request,
                               struct response *response)
{
    struct services *services = request->app;
    unsigned char key[SCRYPT_KEY_BYTES];
    struct slice password;

    TRY(request_body(request, &password));
    TRY(hash_pool_run(services->hashes, password,
                      SLICE("000102030405060708090a0b0c0d0e0f"), key));
    hex_encode(response_body(response, SLICE("text/plain")),
               slice_make(key, sizeof(key)));
    return STATUS_OK;
}

static enum status send_events(struct sse *sse, struct slice data,
                               uint64_t count, int64_t pause_ms)
{
    char id[24];

    for (uint64_t i = 1; count == 0 || i <= count; i++) {
        enum status status = fiber_park(count == 0 ? FIBER_FOREVER : pause_ms);

        if (status != STATUS_TIMEOUT && status != STATUS_OK) {
            return status;
        }
        if (count == 0) {
            continue;
        }
        (void)snprintf(id, sizeof(id), "%llu", (unsigned long long)i);
        TRY(sse_send(sse, SLICE("delta"), slice_from_cstr(id), data));
    }
    return STATUS_OK;
}

static enum status answer_stream(struct request *request,
                                 struct response *response)
{
    CLEANUP(sse_release) struct sse sse = {0};
    struct slice rest = request->head.query;
    struct slice part = SLICE_EMPTY;
    uint64_t values[3] = {0};
    char *data;

    for (int i = 0; i < 3 && slice_split(&rest, ',', &part); i++) {
        values[i] = number(part);
    }
    data = arena_alloc_text(request->arena, (size_t)values[2]);
    TRY_ALLOC(data);
    memset(data, 'x', (size_t)values[2]);
    TRY(sse_start(&sse, request, response));
    TRY(send_events(&sse, slice_make(data, (size_t)values[2]), values[0],
                    (int64_t)values[1]));
    return sse_end(&sse);
}

static enum status answer_get(struct request *request,
                              struct response *response)
{
    struct services *services = request->app;
    struct client_request ask = {.method = CLIENT_GET};
    struct client_response answer;

    TRY(arena_format(request->arena, &ask.url, "http://127.0.0.1:%u/",
                     (unsigned)number(request->head.query)));
    TRY(client_call(services->client, &ask, request->arena, &answer));
    response_text(response, SLICE("text/plain"), answer.body);
    return STATUS_OK;
}

static const struct route routes[] = {
    {HTTP_GET, SLICE_INIT("/json"), answer_json, 0},
    {HTTP_POST, SLICE_INIT("/echo"), answer_echo, ECHO_MAX},
    {HTTP_GET, SLICE_INIT("/sleep"), answer_sleep, 0},
    {HTTP_POST, SLICE_INIT("/hash"), answer_hash, 4096},
    {HTTP_GET, SLICE_INIT("/stream"), answer_stream, 0},
    {HTTP_GET, SLICE_INIT("/get"), answer_get, 0},
};

static void read_limit(struct http_limits *limits, struct slice argument)
{
    struct slice name = SLICE_EMPTY;
    struct slice value = argument;
    struct {
        struct slice name;
        int64_t *ms;
    } known[] = {
        {SLICE("head"), &limits->head_ms},
        {SLICE("body"), &limits->body_ms},
        {SLICE("write"), &limits->write_ms},
        {SLICE("idle"), &limits->idle_ms},
        {SLICE("heartbeat"), &limits->heartbeat_ms},
    };

    (void)slice_split(&value, '=', &name);
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (slice_equal(name, known[i].name)) {
            *known[i].ms = (int64_t)number(value);
        }
    }
}

static void on_stdin(struct watch *watch, uint32_t events)
{
    char drop[256];

    (void)events;
    if (read(watch->fd, drop, sizeof(drop)) <= 0) {
        loop_stop(loop_current());
    }
}

static void on_drained(struct http_server *server, void *arg)
{
    (void)server;
    loop_stop(arg);
}

static enum status run(struct loop *loop, struct services *services,
                       const struct http_limits *limits)
{
    static struct listener listener;
    struct watch input = {STDIN_FILENO, on_stdin};
    struct http_rules *rules = http_rules_new();
    struct http_server_options options = {*limits, rules, services};
    struct http_server *server;
    const char *why = "";

    TRY_ALLOC(rules);
    rules->origins.any_host = true;
    TRY(router_init(&rules->router, &rules->arena, routes,
                    sizeof(routes) / sizeof(*routes)));
    TRY(listener_open(&listener, "127.0.0.1", 0, &why));
    TRY(http_server_new(&options, loop, &server));
    http_rules_release(rules);
    TRY(http_server_listen(server, &listener));
    TRY(loop_watch(loop, &input, EPOLLIN));
    printf("%u\n", listener.port);
    (void)fflush(stdout);
    loop_run(loop);
    loop_unwatch(loop, &input);
    http_server_drain(server, on_drained, loop);
    http_server_cut(server);
    if (http_server_stats(server).connections > 0) {
        loop_run(loop);
    }
    http_server_free(server);
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    struct hash_pool_options hashing = {
        .threads = 1, .queue_limit = 64, .idle_ms = 1000};
    struct client_options outbound = {0};
    struct http_limits limits = {
        .head_bytes = 16384,
        .head_ms = 10000,
        .body_ms = 30000,
        .write_ms = 60000,
        .idle_ms = 75000,
        .heartbeat_ms = 10000,
        .connections = 20000,
    };
    struct services services;
    struct loop *loop;
    enum status status;

    if (argc > 2) {
        hashing.threads = (size_t)number(slice_from_cstr(argv[1]));
        hashing.queue_limit = (size_t)number(slice_from_cstr(argv[2]));
    }
    for (int i = 3; i < argc; i++) {
        read_limit(&limits, slice_from_cstr(argv[i]));
    }
    (void)signal(SIGPIPE, SIG_IGN);
    if (crypto_init() != STATUS_OK) {
        return 1;
    }
    hashing.scrypt = scrypt_options_default();
    if (loop_new(&loop) != STATUS_OK ||
        hash_pool_new(&hashing, &services.hashes) != STATUS_OK ||
        client_new(&outbound, &services.client) != STATUS_OK) {
        return 1;
    }
    status = run(loop, &services, &limits);
    client_free(services.client);
    hash_pool_free(services.hashes);
    fiber_thread_end();
    loop_free(loop);
    return status == STATUS_OK ? 0 : 1;
}
