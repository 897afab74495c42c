/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/lookup.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#define ANSWER_MAX ((size_t)32768)

struct postgres_lookup {
    struct message message;
    struct loop *loop;
    void (*done)(void *arg, const struct postgres_lookup_answer *answer);
    void *arg;
    struct arena arena;
    struct slice host; /* copies: the store may be gone before the thread */
    struct slice port;
    size_t found;
    struct buf hosts;
    struct buf addresses;
    struct buf ports;
    struct postgres_lookup_answer answer;
    pthread_mutex_t lock; /* over the following */
    bool given_up;
    bool posted;
    int shares;
};

static void release(struct postgres_lookup *lookup)
{
    int left;

    pthread_mutex_lock(&lookup->lock);
    left = --lookup->shares;
    pthread_mutex_unlock(&lookup->lock);
    if (left > 0) {
        return;
    }
    pthread_mutex_destroy(&lookup->lock);
    arena_release(&lookup->arena);
    mem_free(lookup);
}

static void add_entry(struct postgres_lookup *lookup, struct slice host,
                      const char *address, struct slice port)
{
    struct slice comma = lookup->found > 0 ? SLICE(",") : SLICE_EMPTY;

    buf_add(&lookup->hosts, comma);
    buf_add(&lookup->hosts, host);
    buf_add(&lookup->addresses, comma);
    buf_add(&lookup->addresses, slice_from_cstr(address));
    buf_add(&lookup->ports, comma);
    buf_add(&lookup->ports, port);
    lookup->found++;
}

static void add_address(struct postgres_lookup *lookup, struct slice host,
                        const struct addrinfo *info, struct slice port)
{
    char text[NI_MAXHOST];

    if (lookup->found < POSTGRES_HOSTS_MAX &&
        getnameinfo(info->ai_addr, info->ai_addrlen, text, sizeof(text), NULL,
                    0, NI_NUMERICHOST) == 0) {
        add_entry(lookup, host, text, port);
    }
}

static void look_up(struct postgres_lookup *lookup, struct slice host,
                    struct slice port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct slice name;

    if (host.len == 0 || host.ptr[0] == '/' || host.ptr[0] == '@') {
        add_entry(lookup, host, "", port);
        return;
    }
    if (slice_dup(&lookup->arena, host, &name) != STATUS_OK ||
        getaddrinfo(name.ptr, NULL, &hints, &found) != 0) {
        return; /* the others may be found */
    }
    for (struct addrinfo *info = found; info != NULL; info = info->ai_next) {
        add_address(lookup, host, info, port);
    }
    freeaddrinfo(found);
}

static enum status finish(struct postgres_lookup *lookup)
{
    struct postgres_lookup_answer *answer = &lookup->answer;

    buf_add_byte(&lookup->hosts, '\0');
    buf_add_byte(&lookup->addresses, '\0');
    buf_add_byte(&lookup->ports, '\0');
    TRY(buf_finish(&lookup->hosts, &answer->hosts));
    TRY(buf_finish(&lookup->addresses, &answer->addresses));
    TRY(buf_finish(&lookup->ports, &answer->ports));
    return lookup->found > 0 ? STATUS_OK : STATUS_UNAVAILABLE;
}

/* One port stands for all hosts, or there is one for each. */
static void look_up_all(struct postgres_lookup *lookup)
{
    struct slice hosts = lookup->host;
    struct slice ports = lookup->port;
    struct slice host, port = SLICE_EMPTY, next;

    while (slice_split(&hosts, ',', &host)) {
        port = slice_split(&ports, ',', &next) ? next : port;
        look_up(lookup, host, port);
    }
    lookup->answer.status = finish(lookup);
}

static void *thread_main(void *arg)
{
    struct postgres_lookup *lookup = arg;
    bool posted;

    look_up_all(lookup);
    /* Under the lock, so that whoever gives up knows the loop is left alone. */
    pthread_mutex_lock(&lookup->lock);
    posted = !lookup->given_up;
    lookup->posted = posted;
    if (posted) {
        loop_post(lookup->loop, &lookup->message);
    }
    pthread_mutex_unlock(&lookup->lock);
    if (!posted) {
        release(lookup);
    }
    return NULL;
}

static void deliver(struct message *message)
{
    struct postgres_lookup *lookup =
        CONTAINER_OF(message, struct postgres_lookup, message);

    if (!lookup->given_up) {
        lookup->done(lookup->arg, &lookup->answer);
    }
    release(lookup);
}

static int start_thread(struct postgres_lookup *lookup)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_t thread;
    int error;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread, &attributes, thread_main, lookup);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

static enum status prepare(struct postgres_lookup *lookup,
                           const struct postgres_address *address)
{
    TRY(slice_dup(&lookup->arena, address->host, &lookup->host));
    TRY(slice_dup(&lookup->arena, address->port, &lookup->port));
    buf_init(&lookup->hosts, &lookup->arena, ANSWER_MAX);
    buf_init(&lookup->addresses, &lookup->arena, ANSWER_MAX);
    buf_init(&lookup->ports, &lookup->arena, ANSWER_MAX);
    return STATUS_OK;
}

enum status postgres_lookup_start(
    struct loop *loop, const struct postgres_address *address,
    void (*done)(void *arg, const struct postgres_lookup_answer *answer),
    void *arg, struct postgres_lookup **out)
{
    struct postgres_lookup *lookup = mem_alloc(sizeof(*lookup));
    int error;

    TRY_ALLOC(lookup);
    lookup->message.deliver = deliver;
    lookup->loop = loop;
    lookup->done = done;
    lookup->arg = arg;
    lookup->shares = 1;
    pthread_mutex_init(&lookup->lock, NULL);
    arena_init(&lookup->arena, 4 * ANSWER_MAX);
    if (prepare(lookup, address) != STATUS_OK) {
        release(lookup);
        return STATUS_NO_MEMORY;
    }
    lookup->shares = 2;
    error = start_thread(lookup);
    if (error != 0) {
        log_error("lookup_thread_failed", log_errno(error));
        lookup->shares = 1;
        release(lookup);
        return STATUS_UNAVAILABLE;
    }
    *out = lookup;
    return STATUS_OK;
}

static bool give_up(struct postgres_lookup *lookup)
{
    bool posted;

    pthread_mutex_lock(&lookup->lock);
    lookup->given_up = true;
    posted = lookup->posted;
    pthread_mutex_unlock(&lookup->lock);
    return posted;
}

void postgres_lookup_give_up(struct postgres_lookup *lookup)
{
    if (lookup != NULL) {
        (void)give_up(lookup);
        release(lookup);
    }
}

void postgres_lookup_close(struct postgres_lookup *lookup)
{
    if (lookup == NULL) {
        return;
    }
    if (give_up(lookup)) {
        release(lookup); /* the message's, which nobody will deliver */
    }
    release(lookup);
}
