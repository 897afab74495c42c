/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One loop with its thread, its listener and its HTTP server. The control
 * thread makes workers and sends them orders; an order is carried out on the
 * worker's own thread, and what it must tell comes back as a message.
 */
#ifndef APP_WORKER_H
#define APP_WORKER_H

#include "http/server.h"

#include <pthread.h>

struct worker {
    pthread_t thread;
    struct loop *loop;
    struct loop *control; /* where `drained` is delivered */
    struct listener listener;
    struct http_server *server;
    struct message drain_order;
    struct message cut_order;
    struct message rules_order;
    _Atomic(struct http_rules *) new_rules; /* not taken up yet, or NULL */
    size_t index;                           /* among the control's workers */
    struct message drained; /* to the control loop: no connection is left */
    bool running;
};

/* Opens the listener; `port` 0 is any free one (worker->listener.port). */
MUST_USE enum status worker_open(struct worker *worker, const char *host,
                                 uint16_t port, const char **why);
MUST_USE enum status worker_start(struct worker *worker,
                                  const struct http_server_options *options);
void worker_drain(struct worker *worker);
/* After worker_drain: ends what is left. */
void worker_cut(struct worker *worker);
/* Takes a share. Of several orders at once the last one counts. */
void worker_set_rules(struct worker *worker, struct http_rules *rules);
/* Waits for the thread; what watched its loop can then be closed. */
void worker_stop(struct worker *worker);
void worker_free(struct worker *worker);

#endif
