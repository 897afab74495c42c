/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/outbox.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/fiber.h"

#include <stdatomic.h>

/* One row, what its transport makes of it, and some. */
#define ROW_MEMORY ((size_t)8 << 20)
/* After the store failed: it logs by itself, and is not to be hammered. */
#define STORE_PAUSE_MS ((int64_t)1000)

struct outbox {
    struct outbox_store store;
    struct outbox_transport transport;
    struct loop *loop;
    struct fiber_ref sender;
    struct message wake;
    _Atomic bool wake_posted;
    bool woken; /* the loop's own, like all that follows */
    bool running;
    bool stopping;
    _Atomic uint64_t sent;
    _Atomic uint64_t retried;
    _Atomic uint64_t given_up;
};

static void deliver_wake(struct message *message)
{
    struct outbox *outbox = CONTAINER_OF(message, struct outbox, wake);

    outbox->wake_posted = false;
    outbox->woken = true;
    if (outbox->running) {
        fiber_ref_wake(outbox->sender);
    }
}

enum status outbox_new(const struct outbox_store *store,
                       const struct outbox_transport *transport,
                       struct outbox **out)
{
    struct outbox *outbox = mem_alloc(sizeof(*outbox));

    TRY_ALLOC(outbox);
    outbox->store = *store;
    outbox->transport = *transport;
    outbox->wake.deliver = deliver_wake;
    *out = outbox;
    return STATUS_OK;
}

void outbox_free(struct outbox *outbox)
{
    mem_free(outbox);
}

/* Parks for that long; a mail queued meanwhile ends it early if asked to. */
static enum status pause_for(struct outbox *outbox, int64_t ms, bool wakeable)
{
    int64_t end_ms = clock_mono_ms() + ms;
    int64_t left_ms = ms;

    while (left_ms > 0 && !(wakeable && outbox->woken)) {
        enum status status = fiber_park(left_ms);

        if (status == STATUS_CANCELLED) {
            return status;
        }
        left_ms = end_ms - clock_mono_ms();
    }
    return outbox->stopping ? STATUS_CANCELLED : STATUS_OK;
}

static enum status give_up(struct outbox *outbox, const struct outbox_row *row,
                           const char *why)
{
    log_error("mail_given_up", log_text("id", row->id),
              log_text("kind", row->kind),
              log_number("attempts", row->attempts + 1),
              log_text("reason", slice_from_cstr(why)));
    outbox->given_up++;
    return outbox->store.done(outbox->store.arg, row->id);
}

static enum status try_later(struct outbox *outbox,
                             const struct outbox_row *row)
{
    int64_t now_ms = clock_wall_ms();
    int64_t pause_ms =
        outbox_retry_after_ms(row->attempts + 1, now_ms - row->created_ms);

    if (pause_ms < 0) {
        return give_up(outbox, row, "it has been waiting for too long");
    }
    outbox->retried++;
    return outbox->store.failed(outbox->store.arg, row->id, now_ms + pause_ms);
}

static enum status deliver(struct outbox *outbox, struct arena *arena,
                           const struct outbox_row *row)
{
    enum mail_outcome outcome = MAIL_LATER;

    TRY(outbox->transport.send(outbox->transport.arg, arena, row, &outcome));
    switch (outcome) {
    case MAIL_TAKEN:
        outbox->sent++;
        return outbox->store.done(outbox->store.arg, row->id);
    case MAIL_REFUSED:
        return give_up(outbox, row, "it was refused");
    case MAIL_LATER:
        break;
    }
    return try_later(outbox, row);
}

/* One row, if there is one. */
static enum status step(struct outbox *outbox, struct arena *arena, bool *found)
{
    int64_t now_ms = clock_wall_ms();
    struct outbox_claim claim = {now_ms, now_ms + OUTBOX_LEASE_MS};
    struct outbox_row row = {.id = SLICE_EMPTY};

    outbox->woken = false; /* before looking: what comes later wakes again */
    *found = false;
    TRY(outbox->store.claim(outbox->store.arg, arena, &claim, &row));
    *found = row.id.len > 0;
    return *found ? deliver(outbox, arena, &row) : STATUS_OK;
}

/*
 * Retries are short at first, so while there are any the next look comes
 * soon; without any it is up to outbox_wake, or another process.
 */
static int64_t pause_after(enum status status, bool found, bool retrying)
{
    if (status != STATUS_OK) {
        return STORE_PAUSE_MS;
    }
    if (found) {
        return 1000 / OUTBOX_PER_SECOND;
    }
    return retrying ? STORE_PAUSE_MS : OUTBOX_POLL_MS;
}

static void run(void *arg)
{
    struct outbox *outbox = arg;
    enum status status = STATUS_OK;
    int64_t retrying_until_ms = 0;
    struct arena arena;

    arena_init(&arena, ROW_MEMORY);
    outbox->running = true;
    outbox->sender = fiber_ref(fiber_current());
    while (status != STATUS_CANCELLED) {
        uint64_t retried = outbox->retried;
        int64_t now_ms = clock_mono_ms();
        bool found;

        status = step(outbox, &arena, &found);
        arena_reset(&arena);
        if (outbox->retried > retried) {
            retrying_until_ms = now_ms + OUTBOX_POLL_MS;
        }
        if (status != STATUS_CANCELLED) {
            status = pause_for(
                outbox, pause_after(status, found, now_ms < retrying_until_ms),
                !found && status == STATUS_OK);
        }
    }
    arena_release(&arena);
    outbox->running = false;
}

enum status outbox_start(struct outbox *outbox, struct loop *loop)
{
    outbox->loop = loop;
    outbox->stopping = false;
    return fiber_start(loop, run, outbox);
}

void outbox_stop(struct outbox *outbox)
{
    outbox->stopping = true;
    if (outbox->running) {
        fiber_cancel(outbox->sender.fiber);
    }
}

void outbox_wake(struct outbox *outbox)
{
    if (outbox->loop != NULL && !atomic_exchange(&outbox->wake_posted, true)) {
        loop_post(outbox->loop, &outbox->wake);
    }
}

struct outbox_counts outbox_counts(struct outbox *outbox)
{
    return (struct outbox_counts){outbox->sent, outbox->retried,
                                  outbox->given_up};
}
