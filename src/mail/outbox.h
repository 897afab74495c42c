/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mails on their way out: what was stored is sent, again and again if need
 * be, so that no request waits for a mail server and none is lost.
 *
 * This is the policy; rows live where struct outbox_store says, and go where
 * struct outbox_transport says. A mail is sent at least once: a process that
 * dies between the server's word and its own record lets another one send it
 * again, byte for byte the same, so with the same Message-ID.
 *
 * Never sends more than OUTBOX_PER_SECOND, tries what was refused for good a
 * second time, or goes on for more than OUTBOX_GIVE_UP_MS; what is given up
 * is logged, without its text. Never holds more than one mail in memory.
 *
 * One fiber on one loop of each process; a row belongs to who claimed it,
 * until its lease ends. outbox_wake may be called from any thread, the rest
 * only on that loop's; the struct is freed after the loop has ended.
 */
#ifndef MAIL_OUTBOX_H
#define MAIL_OUTBOX_H

#include "base/arena.h"
#include "mail/smtp.h"

struct loop;
struct outbox;

#define OUTBOX_PER_SECOND 10
/* Longer than one attempt at sending can take. */
#define OUTBOX_LEASE_MS   ((int64_t)120000)
#define OUTBOX_GIVE_UP_MS ((int64_t)86400000)
/* How often rows are looked for that another process queued, or left. */
#define OUTBOX_POLL_MS ((int64_t)30000)

/* One row of bookplate_outbox. */
struct outbox_row {
    struct slice id; /* empty: there is none */
    struct slice kind;
    struct slice recipient;
    struct slice subject;
    struct slice body; /* the whole mail, as it is sent */
    int64_t attempts;  /* before this one */
    int64_t created_ms;
};

/* Times are the wall clock's, since processes share them. */
struct outbox_claim {
    int64_t now_ms;
    int64_t lease_until_ms;
};

/* Called in the fiber; they may park. */
struct outbox_store {
    void *arg;
    /*
     * One row with next_at <= now and lease_until <= now, the one due first,
     * whose lease is now `lease_until_ms`; of two processes one gets it. It
     * lives in the arena.
     */
    enum status (*claim)(void *arg, struct arena *arena,
                         const struct outbox_claim *asked,
                         struct outbox_row *out);
    /* Sent, or given up: the row goes. */
    enum status (*done)(void *arg, struct slice id);
    /* One more attempt; no lease; not before `next_at_ms`. */
    enum status (*failed)(void *arg, struct slice id, int64_t next_at_ms);
};

struct outbox_transport {
    void *arg;
    /* STATUS_CANCELLED, or an outcome. */
    enum status (*send)(void *arg, struct arena *arena,
                        const struct outbox_row *row, enum mail_outcome *out);
};

/* Counted since the start, for metrics. */
struct outbox_counts {
    uint64_t sent;
    uint64_t retried;
    uint64_t given_up;
};

/* Both must outlive it. */
MUST_USE enum status outbox_new(const struct outbox_store *store,
                                const struct outbox_transport *transport,
                                struct outbox **out);
/* NULL is allowed. */
void outbox_free(struct outbox *outbox);

MUST_USE enum status outbox_start(struct outbox *outbox, struct loop *loop);
/* Cuts off what is being sent; its lease ends by itself. */
void outbox_stop(struct outbox *outbox);
/* A mail was queued. Between start and the end of the loop. */
void outbox_wake(struct outbox *outbox);

struct outbox_counts outbox_counts(struct outbox *outbox);

/*
 * How long after that many failed attempts, of which one is at least made:
 * pure. -1: not again, since the mail has been waiting for too long.
 */
int64_t outbox_retry_after_ms(int64_t attempts, int64_t age_ms);

#endif
