/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of one connection. Private to http/.
 *
 *   idle ── bytes ──> head ── whole ──> answering ── kept ──> idle
 *    │                 │ wrong, late        │ not kept
 *    │ too long        └──── refused ───────┴──> lingering ──> gone
 *    └───────────────────────────────────────────────────────> gone
 *
 * A connection that is to be closed after an answer lingers: it says that no
 * more will come, reads what the client was still sending, and only then
 * closes. Closing with unread input would reset the connection, and the reset
 * could take the answer with it.
 */
#ifndef HTTP_SERVE_H
#define HTTP_SERVE_H

#include "http/exchange.h"
#include "http/server.h"

struct http_conn {
    struct conn conn;
    struct list node; /* among the server's */
    struct task next; /* goes on after a request that had parked */
    struct http_server *server;
    struct exchange *exchange; /* NULL: idle or lingering */
    uint32_t linger_reads;
    bool advancing;
    bool lingering;
};

/* What connections share. */
struct http_server {
    struct loop *loop;
    struct listener *listener; /* NULL: none, or closed already */
    struct http_limits limits;
    struct rules_in_use *in_use;
    void *app;
    struct conn_buffers buffers;
    struct exchange_pool exchanges;
    struct date_line date;
    struct list conns;
    struct http_stats stats;
    bool draining;
    bool cutting; /* draining has taken too long: nobody lingers */
    void (*drained)(struct http_server *server, void *arg);
    void *drained_arg;
};

/* The answer when there is no memory, or no room, to make one. */
extern const struct slice serve_busy_answer;

/* Takes `fd` over, whatever comes of it. */
void serve_accept(struct http_server *server, int fd,
                  const union net_address *peer);
/*
 * Closed after the answer under way. An idle one is left a moment more: the
 * client may have sent its next request before it could know.
 */
void serve_drain(struct http_conn *hc);
/* Cancels what is going on, and closes. */
void serve_cut(struct http_conn *hc);

#endif
