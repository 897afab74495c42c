/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/remote_keys.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/client.h"
#include "net/fiber.h"
#include "net/gate.h"

#include <pthread.h>

/* A service that failed before any set was known is left alone this long. */
#define PAUSE_MS ((int64_t)1000)
/* The answer, and its head. */
#define FETCH_ARENA_MAX ((size_t)1 << 20)
/* Others may be let in between two looks. */
#define TRIES_MAX 4

struct remote_keys {
    struct client *client;
    struct slice url;
    struct gate gate;     /* led while a fetch is under way */
    struct message start; /* the leader's, as the loop it is for */
    struct loop *loop;
    pthread_mutex_t lock; /* of what follows; never held while waiting */
    struct remote_set *set;
    enum status failed; /* of the last fetch */
    /* Monotonic; 0: never. */
    int64_t fetched_at;
    int64_t failed_at;
    int64_t began_at;
    int64_t asked_at; /* for a key that was not known */
};

enum need {
    NEED_NOTHING,
    NEED_FRESHER, /* in passing */
    NEED_KEY,     /* one that is not in the set */
    NEED_SET
};

struct view {
    struct remote_set *set; /* the arena's share, or NULL */
    const struct key *key;
    enum need need;
    bool may_fetch;
    enum status failed;
};

static void obey_start(struct message *message);

enum status remote_keys_new(struct client *client, struct slice url,
                            struct remote_keys **out)
{
    struct remote_keys *keys = mem_alloc(sizeof(*keys));

    TRY_ALLOC(keys);
    keys->client = client;
    keys->url = url;
    keys->failed = STATUS_UPSTREAM; /* until something is known */
    keys->start.deliver = obey_start;
    gate_init(&keys->gate);
    pthread_mutex_init(&keys->lock, NULL);
    *out = keys;
    return STATUS_OK;
}

void remote_keys_free(struct remote_keys *keys)
{
    if (keys == NULL) {
        return;
    }
    remote_set_release(keys->set);
    pthread_mutex_destroy(&keys->lock);
    gate_release(&keys->gate);
    mem_free(keys);
}

static enum status ask(struct remote_keys *keys, struct arena *arena,
                       struct remote_set **out)
{
    static const struct client_header headers[] = {
        {SLICE_INIT("Accept"), SLICE_INIT("application/json")}};
    const struct client_request request = {.method = CLIENT_GET,
                                           .url = keys->url,
                                           .headers = headers,
                                           .header_count = 1,
                                           .connect_ms = REMOTE_KEYS_MS,
                                           .total_ms = REMOTE_KEYS_MS,
                                           .stall_ms = REMOTE_KEYS_MS,
                                           .body_limit = REMOTE_SET_TEXT_MAX};
    struct client_response response;
    enum status status;

    TRY(client_call(keys->client, &request, arena, &response));
    status = response.head.status == 200 ? remote_set_read(response.body, out)
                                         : STATUS_UPSTREAM;
    if (status == STATUS_UPSTREAM) {
        log_warn("remote_keys_unusable", log_text("url", keys->url),
                 log_number("status", response.head.status),
                 log_number("bytes", (int64_t)response.body.len));
    }
    return status;
}

static void keep(struct remote_keys *keys, enum status status,
                 struct remote_set *set)
{
    struct remote_set *old = NULL;

    pthread_mutex_lock(&keys->lock);
    keys->failed = status;
    if (status == STATUS_OK) {
        old = keys->set;
        keys->set = set;
        keys->fetched_at = clock_mono_ms();
    } else {
        keys->failed_at = clock_mono_ms();
    }
    pthread_mutex_unlock(&keys->lock);
    remote_set_release(old);
}

/* A fiber of its own: whoever started it may leave. */
static void fetch(void *arg)
{
    struct remote_keys *keys = arg;
    struct remote_set *set = NULL;
    struct arena arena;
    enum status status;

    arena_init(&arena, FETCH_ARENA_MAX);
    status = ask(keys, &arena, &set);
    keep(keys, status, set);
    arena_release(&arena);
    gate_leave(&keys->gate, STATUS_OK);
}

/* On the loop's own stack, where fibers begin. */
static void obey_start(struct message *message)
{
    struct remote_keys *keys = CONTAINER_OF(message, struct remote_keys, start);
    enum status status = fiber_start(keys->loop, fetch, keys);

    if (status != STATUS_OK) {
        keep(keys, status, NULL);
        gate_leave(&keys->gate, STATUS_OK);
    }
}

static enum need need_of(const struct remote_keys *keys,
                         const struct view *view, bool needs_key, int64_t now)
{
    if (keys->set == NULL) {
        return NEED_SET;
    }
    if (needs_key && view->key == NULL) {
        return NEED_KEY;
    }
    return now - keys->fetched_at >= REMOTE_KEYS_FRESH_MS ? NEED_FRESHER
                                                          : NEED_NOTHING;
}

/* Whether long enough ago somebody tried what would have to be tried. */
static bool may_fetch(const struct remote_keys *keys, enum need need,
                      int64_t now)
{
    switch (need) {
    case NEED_SET:
        return keys->failed_at == 0 || now - keys->failed_at >= PAUSE_MS;
    case NEED_KEY:
        return keys->asked_at == 0 ||
               now - keys->asked_at >= REMOTE_KEYS_AGAIN_MS;
    case NEED_FRESHER:
        return now - keys->began_at >= REMOTE_KEYS_AGAIN_MS;
    case NEED_NOTHING:
    default:
        return false;
    }
}

static void release_set(void *set)
{
    remote_set_release(set);
}

/* `id` empty: all of them are wanted. */
static enum status look(struct remote_keys *keys, struct arena *arena,
                        struct slice id, struct view *out)
{
    int64_t now = clock_mono_ms();
    enum status status;

    *out = (struct view){0};
    pthread_mutex_lock(&keys->lock);
    if (keys->set != NULL) {
        out->set = remote_set_share(keys->set);
        out->key = remote_set_find(keys->set, id);
    }
    out->need = need_of(keys, out, id.len > 0, now);
    out->may_fetch = may_fetch(keys, out->need, now);
    out->failed = keys->failed;
    pthread_mutex_unlock(&keys->lock);
    status = arena_on_reset(arena, release_set, out->set);
    if (status != STATUS_OK) {
        remote_set_release(out->set);
    }
    return status;
}

/* Does not wait; nothing happens while a fetch is under way. */
static void start_fetch(struct remote_keys *keys, enum need need)
{
    if (!gate_try(&keys->gate)) {
        return;
    }
    pthread_mutex_lock(&keys->lock);
    keys->began_at = clock_mono_ms();
    if (need == NEED_KEY) {
        keys->asked_at = keys->began_at;
    }
    pthread_mutex_unlock(&keys->lock);
    keys->loop = fiber_loop(fiber_current());
    loop_post(keys->loop, &keys->start);
}

/* *waited: a fetch was under way, and it is worth looking again. */
static enum status wait_for_fetch(struct remote_keys *keys, bool *waited)
{
    bool leads;

    TRY(gate_enter(&keys->gate, &leads));
    if (leads) {
        gate_leave(&keys->gate, STATUS_OK);
    }
    *waited = !leads;
    return STATUS_OK;
}

static enum status find(struct remote_keys *keys, struct arena *arena,
                        struct slice id, struct view *view)
{
    bool waited = true;

    TRY(look(keys, arena, id, view));
    for (int i = 0; i < TRIES_MAX && waited; i++) {
        if (view->may_fetch) {
            start_fetch(keys, view->need);
        }
        if (view->need <= NEED_FRESHER) {
            return STATUS_OK;
        }
        TRY(wait_for_fetch(keys, &waited));
        TRY(look(keys, arena, id, view));
    }
    return STATUS_OK;
}

enum status remote_keys_find(struct remote_keys *keys, struct arena *arena,
                             struct slice id, const struct key **out)
{
    struct view view;

    *out = NULL;
    if (id.len == 0 || id.len > KEY_ID_LIMIT) {
        return STATUS_OK;
    }
    TRY(find(keys, arena, id, &view));
    *out = view.key;
    return view.set == NULL ? view.failed : STATUS_OK;
}

enum status remote_keys_take(struct remote_keys *keys, struct arena *arena,
                             const struct remote_set **out)
{
    struct view view;

    TRY(find(keys, arena, SLICE_EMPTY, &view));
    *out = view.set;
    return view.set == NULL ? view.failed : STATUS_OK;
}
