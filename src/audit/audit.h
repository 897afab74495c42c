/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit: who did what to whose account, in rows that are only ever added.
 *
 * A row is a statement in the same write as the act: neither is there without
 * the other. It holds names of fields, never values, passwords, tokens or
 * addresses. A moment later the chain (chain.h) numbers it, puts a hash over
 * it and the row before, and turns users' ids into pseudonyms.
 */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "base/arena.h"
#include "store/store.h"

enum audit_event {
#define AUDIT(name, word, text) AUDIT_##name,
#include "audit/audit.def"
#undef AUDIT
    AUDIT_EVENTS
};

struct audit_note {
    enum audit_event event;
    struct slice actor;   /* a user's id, "command", "service:NAME"; empty:
                             the subject, or nobody known */
    struct value subject; /* a user's id, VALUE_RESULT too; or nothing */
    struct slice address; /* the client's; its network alone is kept */
    struct slice detail;  /* words: "name, image"; at most AUDIT_DETAIL_MAX */
};

#define AUDIT_DETAIL_MAX ((size_t)1024)

struct slice audit_word(enum audit_event event);
/* What happened, for a person. */
struct slice audit_text(enum audit_event event);

/* Room for the statement's parameters. */
struct audit_row {
    struct value values[7];
};

/* `id` is the row's: random, never guessed from what it says. */
MUST_USE enum status audit_statement(const struct audit_note *note,
                                     struct slice id, int64_t now,
                                     struct arena *arena, struct audit_row *row,
                                     struct statement *out);

#endif
