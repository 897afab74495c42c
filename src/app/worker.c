/* SPDX-License-Identifier: Apache-2.0 */
#include "app/worker.h"

#include "base/log.h"

#include <unistd.h>

static void on_drained(struct http_server *server, void *arg)
{
    struct worker *worker = arg;

    (void)server;
    loop_post(worker->control, &worker->drained);
}

static void obey_drain(struct message *message)
{
    struct worker *worker = CONTAINER_OF(message, struct worker, drain_order);

    http_server_drain(worker->server, on_drained, worker);
}

static void obey_cut(struct message *message)
{
    struct worker *worker = CONTAINER_OF(message, struct worker, cut_order);

    http_server_cut(worker->server);
}

static void obey_rules(struct message *message)
{
    struct worker *worker = CONTAINER_OF(message, struct worker, rules_order);
    struct http_rules *rules = atomic_exchange(&worker->new_rules, NULL);

    if (http_server_set_rules(worker->server, rules) != STATUS_OK) {
        log_error("reload_failed", log_text("reason", SLICE("no memory")));
    }
    http_rules_release(rules);
}

enum status worker_open(struct worker *worker, const char *host, uint16_t port,
                        const char **why)
{
    worker->drain_order.deliver = obey_drain;
    worker->cut_order.deliver = obey_cut;
    worker->rules_order.deliver = obey_rules;
    return listener_open(&worker->listener, host, port, why);
}

static void *worker_main(void *arg)
{
    struct worker *worker = arg;

    (void)pthread_setname_np(pthread_self(), "loop");
    loop_run(worker->loop);
    /* Fibers live on this thread: their stacks are given back here. */
    fiber_thread_end();
    return NULL;
}

enum status worker_start(struct worker *worker,
                         const struct http_server_options *options)
{
    int error;

    TRY(loop_new(&worker->loop));
    TRY(http_server_new(options, worker->loop, &worker->server));
    TRY(http_server_listen(worker->server, &worker->listener));
    error = pthread_create(&worker->thread, NULL, worker_main, worker);
    if (error != 0) {
        log_error("loop_thread_failed", log_errno(error));
        return STATUS_UNAVAILABLE;
    }
    worker->running = true;
    return STATUS_OK;
}

void worker_drain(struct worker *worker)
{
    loop_post(worker->loop, &worker->drain_order);
}

void worker_cut(struct worker *worker)
{
    loop_post(worker->loop, &worker->cut_order);
}

void worker_set_rules(struct worker *worker, struct http_rules *rules)
{
    struct http_rules *passed_over =
        atomic_exchange(&worker->new_rules, http_rules_share(rules));

    if (passed_over != NULL) { /* that order is on its way and takes these */
        http_rules_release(passed_over);
        return;
    }
    loop_post(worker->loop, &worker->rules_order);
}

void worker_stop(struct worker *worker)
{
    if (worker->running) {
        loop_stop(worker->loop);
        pthread_join(worker->thread, NULL);
    }
}

void worker_free(struct worker *worker)
{
    if (worker->server != NULL) {
        http_server_free(worker->server);
    } else if (worker->listener.watch.fd > 0) {
        listener_close(&worker->listener);
    }
    if (worker->loop != NULL) {
        loop_free(worker->loop);
    }
}
