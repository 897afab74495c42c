/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client_thread.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/client_transfer.h"

#include <signal.h>
#include <sys/epoll.h>

/* Idle connections kept for the next request to the same host. */
#define IDLE_CONNECTIONS 32L

struct client_thread {
    struct client *client;
    struct loop *loop;
    pthread_t thread;
    struct message stop;

    /* The thread's own from here on. */
    struct client_curl curl;
    CURLM *multi; /* NULL when libcurl cannot be had */
    struct timer timer;
    struct task soon; /* the timer's stand-in for "at once" */
    struct list running;
    bool stopping;
};

/* A socket of libcurl's on our loop. */
struct outbound_socket {
    struct watch watch;
    struct client_thread *thread;
};

/* The thread's share of the stream ends here. */
static void end(struct client_stream *stream, enum status status)
{
    struct client_thread *thread = stream->thread;
    struct client *client = stream->client;

    timer_cancel(&stream->stall);
    list_remove(&stream->node);
    if (stream->easy != NULL) {
        (void)thread->curl.multi_remove_handle(thread->multi, stream->easy);
        thread->curl.easy_cleanup(stream->easy);
        stream->easy = NULL;
    }
    /* First of all, so that the fiber finds room for its next request. */
    pthread_mutex_lock(&client->lock);
    client->streams--;
    pthread_mutex_unlock(&client->lock);
    client_stream_finish(stream, status);
    client_stream_release(stream);
}

/* Ends what libcurl has done with. */
static void reap(struct client_thread *thread)
{
    CURLMsg *message;
    int left;

    while ((message = thread->curl.multi_info_read(thread->multi, &left)) !=
           NULL) {
        CURLcode code = message->data.result;
        void *stream = NULL;

        (void)thread->curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
                                        &stream);
        end(stream, client_transfer_verdict(&thread->curl, stream, code));
    }
}

static void act(struct client_thread *thread, curl_socket_t fd, int events)
{
    int running;

    (void)thread->curl.multi_socket_action(thread->multi, fd, events, &running);
    reap(thread);
}

static void on_socket_ready(struct watch *watch, uint32_t events)
{
    struct outbound_socket *socket =
        CONTAINER_OF(watch, struct outbound_socket, watch);
    int mask = 0;

    if (events & EPOLLIN) {
        mask |= CURL_CSELECT_IN;
    }
    if (events & EPOLLOUT) {
        mask |= CURL_CSELECT_OUT;
    }
    if (events & (EPOLLERR | EPOLLHUP)) {
        mask |= CURL_CSELECT_ERR;
    }
    /* The socket may be gone when this returns. */
    act(socket->thread, watch->fd, mask);
}

static void socket_free(struct client_thread *thread,
                        struct outbound_socket *socket)
{
    if (socket != NULL) {
        loop_unwatch(thread->loop, &socket->watch);
        mem_free(socket);
    }
}

static struct outbound_socket *socket_new(struct client_thread *thread, int fd)
{
    struct outbound_socket *socket = mem_alloc(sizeof(*socket));

    if (socket != NULL) {
        socket->watch = (struct watch){fd, on_socket_ready};
        socket->thread = thread;
        (void)thread->curl.multi_assign(thread->multi, fd, socket);
    }
    return socket;
}

/*
 * libcurl says what it waits for. A socket that cannot be watched is not
 * reported back, which would end every transfer: its own ends by deadline.
 */
static int on_socket_wanted(CURL *easy, curl_socket_t fd, int what, void *arg,
                            void *assigned)
{
    struct client_thread *thread = arg;
    struct outbound_socket *socket = assigned;
    uint32_t events = 0;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        socket_free(thread, socket);
        (void)thread->curl.multi_assign(thread->multi, fd, NULL);
        return 0;
    }
    if (socket == NULL) {
        socket = socket_new(thread, fd);
    } else {
        loop_unwatch(thread->loop, &socket->watch);
    }
    events |= what & CURL_POLL_IN ? EPOLLIN : 0U;
    events |= what & CURL_POLL_OUT ? EPOLLOUT : 0U;
    if (socket == NULL ||
        loop_watch(thread->loop, &socket->watch, events) != STATUS_OK) {
        log_error("outbound_socket_failed");
    }
    return 0;
}

static void on_timer_due(struct timer *timer)
{
    act(CONTAINER_OF(timer, struct client_thread, timer), CURL_SOCKET_TIMEOUT,
        0);
}

static void on_soon(struct task *task)
{
    act(CONTAINER_OF(task, struct client_thread, soon), CURL_SOCKET_TIMEOUT, 0);
}

/*
 * Not from within: libcurl is in the middle of something. "At once" is what
 * it asks for with every new transfer; a timer would make it a millisecond.
 */
static int on_timer_wanted(CURLM *multi, long after_ms, void *arg)
{
    struct client_thread *thread = arg;

    (void)multi;
    timer_cancel(&thread->timer);
    if (after_ms > 0) {
        loop_timer(thread->loop, &thread->timer, after_ms);
    } else if (after_ms == 0) {
        loop_soon(thread->loop, &thread->soon);
    }
    return 0;
}

/* Or was a moment ago, and the word that it may go on is on its way. */
static bool is_paused(struct client_stream *stream)
{
    bool paused;

    pthread_mutex_lock(&stream->lock);
    paused = stream->paused || stream->drained;
    pthread_mutex_unlock(&stream->lock);
    return paused;
}

/* Set once and looked at when due, not moved with every byte. */
static void on_stall_due(struct timer *timer)
{
    struct client_stream *stream =
        CONTAINER_OF(timer, struct client_stream, stall);
    struct loop *loop = stream->thread->loop;
    int64_t still_ms;

    if (is_paused(stream)) {
        stream->moved_ms = loop_now(loop); /* the fiber's doing, not theirs */
    }
    still_ms = loop_now(loop) - stream->moved_ms;
    if (still_ms < stream->request.stall_ms) {
        loop_timer(loop, timer, stream->request.stall_ms - still_ms);
        return;
    }
    log_warn("upstream_stalled", log_text("host", stream->request.host),
             log_number("stall_ms", still_ms));
    end(stream, STATUS_UPSTREAM_TIMEOUT);
}

static void begin(struct client_thread *thread, struct client_stream *stream)
{
    enum status status = STATUS_UNAVAILABLE;

    list_append(&thread->running, &stream->node);
    stream->stall.fire = on_stall_due;
    if (thread->multi != NULL) {
        status = client_transfer_begin(&thread->curl, stream);
    }
    if (status == STATUS_OK && thread->curl.multi_add_handle(
                                   thread->multi, stream->easy) != CURLM_OK) {
        status = STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        end(stream, status);
        return;
    }
    stream->moved_ms = loop_now(thread->loop);
    loop_timer(thread->loop, &stream->stall, stream->request.stall_ms);
}

static void go_on(struct client_thread *thread, struct client_stream *stream)
{
    CURLcode code;

    stream->moved_ms = loop_now(thread->loop);
    /* What had been held back comes to on_body before this returns, and
     * should it be refused there, nobody but us would end the transfer. */
    code = thread->curl.easy_pause(stream->easy, CURLPAUSE_CONT);
    if (code != CURLE_OK) {
        end(stream, client_transfer_verdict(&thread->curl, stream, code));
    }
    reap(thread);
}

static void deliver_order(struct message *message)
{
    struct client_stream *stream =
        CONTAINER_OF(message, struct client_stream, order);
    struct client_thread *thread = stream->thread;
    bool done;
    bool closed;
    bool drained;

    pthread_mutex_lock(&stream->lock);
    stream->ordered = false;
    done = stream->done;
    closed = stream->closed;
    drained = stream->drained;
    stream->drained = false;
    pthread_mutex_unlock(&stream->lock);
    if (!done) {
        if (closed || thread->stopping) {
            end(stream, closed ? STATUS_CANCELLED : STATUS_UNAVAILABLE);
        } else if (stream->easy == NULL) {
            begin(thread, stream);
        } else if (drained) {
            go_on(thread, stream);
        }
    }
    client_stream_release(stream);
}

void client_thread_order(struct client_stream *stream)
{
    if (!stream->ordered) {
        stream->ordered = true;
        atomic_fetch_add(&stream->owners, 1);
        stream->order.deliver = deliver_order;
        loop_post(stream->thread->loop, &stream->order);
    }
}

static void deliver_stop(struct message *message)
{
    struct client_thread *thread =
        CONTAINER_OF(message, struct client_thread, stop);

    thread->stopping = true;
    while (!list_is_empty(&thread->running)) {
        end(CONTAINER_OF(thread->running.next, struct client_stream, node),
            STATUS_UNAVAILABLE);
    }
    loop_stop(thread->loop);
}

static void open_multi(struct client_thread *thread)
{
    const struct client_curl *curl = &thread->curl;

    if (client_curl_load(thread->client->options.library, &thread->curl) !=
        STATUS_OK) {
        return;
    }
    thread->multi = curl->multi_init();
    if (thread->multi == NULL) {
        log_error("libcurl_multi_failed");
        return;
    }
    curl->multi_setopt(thread->multi, CURLMOPT_SOCKETFUNCTION,
                       on_socket_wanted);
    curl->multi_setopt(thread->multi, CURLMOPT_SOCKETDATA, thread);
    curl->multi_setopt(thread->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
    curl->multi_setopt(thread->multi, CURLMOPT_TIMERDATA, thread);
    curl->multi_setopt(thread->multi, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS);
}

static void *thread_main(void *arg)
{
    struct client_thread *thread = arg;
    sigset_t all;

    /* Signals are for others; and OpenSSL's write(2) may raise SIGPIPE. */
    sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
    (void)pthread_setname_np(pthread_self(), "outbound");
    open_multi(thread);
    loop_run(thread->loop);
    if (thread->multi != NULL) {
        (void)thread->curl.multi_cleanup(thread->multi);
    }
    return NULL;
}

enum status client_thread_new(struct client *client, struct client_thread **out)
{
    struct client_thread *thread = mem_alloc(sizeof(*thread));
    enum status status;
    int error;

    TRY_ALLOC(thread);
    thread->client = client;
    thread->stop.deliver = deliver_stop;
    list_init(&thread->running);
    timer_init(&thread->timer, on_timer_due);
    task_init(&thread->soon, on_soon);
    status = loop_new(&thread->loop);
    if (status != STATUS_OK) {
        mem_free(thread);
        return status;
    }
    error = pthread_create(&thread->thread, NULL, thread_main, thread);
    if (error != 0) {
        log_error("outbound_thread_failed", log_errno(error));
        loop_free(thread->loop);
        mem_free(thread);
        return STATUS_UNAVAILABLE;
    }
    *out = thread;
    return STATUS_OK;
}

void client_thread_free(struct client_thread *thread)
{
    loop_post(thread->loop, &thread->stop);
    (void)pthread_join(thread->thread, NULL);
    loop_free(thread->loop);
    mem_free(thread);
}
