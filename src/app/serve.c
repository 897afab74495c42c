/* SPDX-License-Identifier: Apache-2.0 */
#include "app/serve.h"

#include "api/better_auth/better_auth.h"
#include "app/accounts.h"
#include "app/assemble.h"
#include "app/readers.h"
#include "app/worker.h"
#include "base/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define WORKERS_MAX 8
/* Kept back from the drain, for streams to be told and fibers to unwind. */
#define CUT_MS     500
#define CONFIG_MAX ((size_t)256 * 1024)

/* The main thread: it serves nobody and only minds the workers. */
struct control {
    struct loop *loop;
    const struct config *config;
    const struct config_inputs *inputs;
    struct api api;
    struct accounts *accounts;
    struct readers *readers;
    struct worker workers[WORKERS_MAX];
    size_t worker_count;
    size_t drained_count;
    struct watch signals;
    struct timer deadline;
    bool draining;
    bool cutting;
    enum exit_code result;
};

static enum exit_code complain(const char *what, struct slice why)
{
    fprintf(stderr, "bookplate: %s: %.*s\n", what, SLICE_ARG(why));
    return EXIT_CODE_FAILED;
}

static void on_drained(struct message *message)
{
    struct worker *worker = CONTAINER_OF(message, struct worker, drained);
    struct control *control =
        CONTAINER_OF(worker - worker->index, struct control, workers[0]);

    if (++control->drained_count == control->worker_count) {
        loop_stop(control->loop);
    }
}

static void cut(struct control *control)
{
    control->cutting = true;
    control->result = EXIT_CODE_FORCED;
    log_warn("drain_cut");
    for (size_t i = 0; i < control->worker_count; i++) {
        worker_cut(&control->workers[i]);
    }
    loop_timer(control->loop, &control->deadline, CUT_MS);
}

static void on_deadline(struct timer *timer)
{
    struct control *control = CONTAINER_OF(timer, struct control, deadline);

    if (control->cutting) { /* somebody does not unwind: leave him */
        _exit(EXIT_CODE_FORCED);
    }
    cut(control);
}

static void drain(struct control *control)
{
    int64_t left = control->config->DRAIN_TIMEOUT - CUT_MS;

    if (control->draining) { /* asked twice: at once, then */
        log_warn("stopped_at_once");
        _exit(EXIT_CODE_FORCED);
    }
    control->draining = true;
    atomic_store(&control->api.ready, false);
    accounts_stop(control->accounts);
    log_info("draining");
    for (size_t i = 0; i < control->worker_count; i++) {
        worker_drain(&control->workers[i]);
    }
    loop_timer(control->loop, &control->deadline, left > 0 ? left : 0);
}

static void reload_with(struct control *control, struct arena *arena)
{
    struct config config;
    struct http_rules *rules = NULL;
    struct slice why = SLICE_EMPTY;

    if (config_load(arena, control->inputs, &config, &why) != STATUS_OK ||
        assemble_rules(&config, control->workers[0].listener.port, arena, &why,
                       &rules) != STATUS_OK) {
        log_error("reload_refused", log_text("reason", why));
        return;
    }
    log_set_level((enum log_level)config.LOG_LEVEL);
    for (size_t i = 0; i < control->worker_count; i++) {
        worker_set_rules(&control->workers[i], rules);
    }
    http_rules_release(rules);
    log_info("reloaded");
}

static void reload(struct control *control)
{
    struct arena arena;

    arena_init(&arena, CONFIG_MAX);
    reload_with(control, &arena);
    arena_release(&arena);
}

static void on_signal(struct watch *watch, uint32_t events)
{
    struct control *control = CONTAINER_OF(watch, struct control, signals);
    struct signalfd_siginfo info;

    (void)events;
    if (read(watch->fd, &info, sizeof(info)) != sizeof(info)) {
        return;
    }
    if (info.ssi_signo == SIGHUP) {
        if (!control->draining) {
            reload(control);
        }
    } else {
        drain(control);
    }
}

/* Before the first thread: all of them inherit what is blocked here. */
static enum status watch_signals(struct control *control)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    /* A client that left shows in the result of a write. */
    (void)sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    control->signals = (struct watch){
        signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), on_signal};
    if (control->signals.fd < 0) {
        return STATUS_UNAVAILABLE;
    }
    return loop_watch(control->loop, &control->signals, EPOLLIN);
}

static enum status open_listeners(struct control *control, struct arena *arena,
                                  struct slice *why)
{
    const struct config *config = control->config;
    uint16_t port = (uint16_t)config->PORT;
    struct slice host;
    const char *reason = "";

    TRY(slice_dup(arena, config->HOST, &host));
    if (!config->SHARE_PORT && listener_is_taken(host.ptr, port)) {
        return arena_format(arena, why,
                            "%s port %u is in use already; is the server "
                            "running? (PORT chooses another)",
                            host.ptr, port) == STATUS_OK
                   ? STATUS_UNAVAILABLE
                   : STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < control->worker_count; i++) {
        struct worker *worker = &control->workers[i];

        worker->index = i;
        worker->control = control->loop;
        worker->drained.deliver = on_drained;
        if (worker_open(worker, host.ptr, port, &reason) != STATUS_OK) {
            TRY(arena_format(arena, why, "%s port %u: %s", host.ptr, port,
                             reason));
            return STATUS_UNAVAILABLE;
        }
        port = worker->listener.port;
    }
    return STATUS_OK;
}

static enum status start_workers(struct control *control,
                                 struct http_rules *rules)
{
    struct http_server_options options = {
        .limits =
            assemble_limits(control->config, control->worker_count, rules),
        .rules = rules,
        .app = &control->api,
    };

    for (size_t i = 0; i < control->worker_count; i++) {
        TRY(worker_start(&control->workers[i], &options));
    }
    return STATUS_OK;
}

static void announce(struct control *control)
{
    struct slice host = control->config->HOST;
    bool is_v6 = slice_find(host, ':') < host.len;

    atomic_store(&control->api.ready, true);
    printf("bookplate " BOOKPLATE_VERSION " listening on http://%s%.*s%s:%u\n",
           is_v6 ? "[" : "", SLICE_ARG(host), is_v6 ? "]" : "",
           control->workers[0].listener.port);
    (void)fflush(stdout);
}

static enum exit_code assemble_accounts(struct control *control, uint16_t port)
{
    struct slice why = SLICE_EMPTY;
    enum status status = accounts_open(control->config, port, &control->api,
                                       &why, &control->accounts);

    if (status == STATUS_OK) {
        status = readers_open(control->config, &control->api, &why,
                              &control->readers);
    }
    /* A database that is away, or too new or old, is no wrong setting. */
    if (status == STATUS_UNAVAILABLE || status == STATUS_PRECONDITION_FAILED) {
        return complain("cannot start", why);
    }
    if (status != STATUS_OK) {
        (void)complain("cannot start", why);
        return EXIT_CODE_USAGE;
    }
    return EXIT_CODE_CLEAN;
}

/* EXIT_CODE_CLEAN: all is there, and *rules is the caller's. */
static enum exit_code assemble_all(struct control *control, struct arena *arena,
                                   struct http_rules **rules)
{
    uint16_t port = control->workers[0].listener.port;
    struct slice why = SLICE_EMPTY;
    enum exit_code code;

    /* First: what is wrong with them says where it stands. */
    if (assemble_rules(control->config, port, arena, &why, rules) !=
        STATUS_OK) {
        (void)complain("cannot start", why);
        return EXIT_CODE_USAGE;
    }
    code = assemble_accounts(control, port);
    if (code != EXIT_CODE_CLEAN) {
        http_rules_release(*rules);
    }
    return code;
}

static enum exit_code run(struct control *control, struct arena *arena)
{
    struct http_rules *rules = NULL;
    struct slice why = SLICE_EMPTY;
    enum exit_code code;
    enum status status;

    status = assemble_services(control->config, &control->api);
    if (status != STATUS_OK) {
        return complain("cannot start", status_text(status));
    }
    if (open_listeners(control, arena, &why) != STATUS_OK) {
        return complain("cannot listen", why);
    }
    code = assemble_all(control, arena, &rules);
    if (code != EXIT_CODE_CLEAN) {
        return code;
    }
    status = start_workers(control, rules);
    http_rules_release(rules);
    if (status != STATUS_OK) {
        return complain("cannot start", status_text(status));
    }
    accounts_start(control->accounts, control->workers[0].loop);
    announce(control);
    loop_run(control->loop);
    log_info("stopped");
    return control->result;
}

enum exit_code serve(const struct config *config,
                     const struct config_inputs *inputs)
{
    static struct control control;
    struct arena arena;
    enum exit_code result;

    control.config = config;
    control.inputs = inputs;
    control.worker_count = assemble_loops(config);
    timer_init(&control.deadline, on_deadline);
    log_set_level((enum log_level)config->LOG_LEVEL);
    if (loop_new(&control.loop) != STATUS_OK ||
        watch_signals(&control) != STATUS_OK) {
        return complain("cannot start", log_errno(errno).text);
    }
    arena_init(&arena, CONFIG_MAX);
    result = run(&control, &arena);
    arena_release(&arena);
    /* Their last words go to loops that still run. */
    assemble_services_release(&control.api);
    for (size_t i = 0; i < control.worker_count; i++) {
        worker_stop(&control.workers[i]);
    }
    readers_close(control.readers);
    accounts_close(control.accounts);
    for (size_t i = 0; i < control.worker_count; i++) {
        worker_free(&control.workers[i]);
    }
    close(control.signals.fd);
    loop_free(control.loop);
    return result;
}
