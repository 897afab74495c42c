/* SPDX-License-Identifier: Apache-2.0 */
#include "http/server.h"

#include "base/mem.h"
#include "http/serve.h"

#include <assert.h>

enum status http_server_new(const struct http_server_options *options,
                            struct loop *loop, struct http_server **out)
{
    struct http_server *server = mem_alloc(sizeof(*server));

    TRY_ALLOC(server);
    server->in_use = rules_in_use_new(options->rules);
    if (server->in_use == NULL) {
        mem_free(server);
        return STATUS_NO_MEMORY;
    }
    server->loop = loop;
    server->limits = options->limits;
    server->app = options->app;
    conn_buffers_init(&server->buffers);
    exchange_pool_init(&server->exchanges);
    date_line_init(&server->date);
    list_init(&server->conns);
    *out = server;
    return STATUS_OK;
}

void http_server_free(struct http_server *server)
{
    assert(list_is_empty(&server->conns));
    if (server->listener != NULL) {
        listener_close(server->listener);
    }
    exchange_pool_release(&server->exchanges);
    conn_buffers_release(&server->buffers);
    rules_in_use_release(server->in_use);
    mem_free(server);
}

static void on_accepted(struct listener *listener, int fd,
                        const union net_address *peer)
{
    serve_accept(listener->owner, fd, peer);
}

enum status http_server_listen(struct http_server *server,
                               struct listener *listener)
{
    listener->owner = server;
    listener->accepted = on_accepted;
    listener->refusal = serve_busy_answer;
    TRY(listener_start(listener, server->loop));
    server->listener = listener;
    return STATUS_OK;
}

/* Calls fn for each connection; fn may end the one it is given. */
static void for_each_conn(struct http_server *server,
                          void (*fn)(struct http_conn *hc))
{
    struct list *node = server->conns.next;

    while (node != &server->conns) {
        struct list *next = node->next;

        fn(CONTAINER_OF(node, struct http_conn, node));
        node = next;
    }
}

void http_server_drain(struct http_server *server,
                       void (*drained)(struct http_server *server, void *arg),
                       void *arg)
{
    if (server->listener != NULL) {
        listener_close(server->listener); /* serves what was queued there */
        server->listener = NULL;
    }
    server->draining = true;
    server->drained_arg = arg;
    for_each_conn(server, serve_drain);
    if (server->stats.connections == 0) {
        drained(server, arg);
        return;
    }
    server->drained = drained;
}

void http_server_cut(struct http_server *server)
{
    server->cutting = true;
    for_each_conn(server, serve_cut);
}

enum status http_server_set_rules(struct http_server *server,
                                  struct http_rules *rules)
{
    struct rules_in_use *in_use = rules_in_use_new(rules);

    TRY_ALLOC(in_use);
    rules_in_use_release(server->in_use);
    server->in_use = in_use;
    return STATUS_OK;
}

struct http_stats http_server_stats(const struct http_server *server)
{
    return server->stats;
}
