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

/* What a note's subject names; the row always keeps a user's id. */
enum audit_subject {
    AUDIT_OF_ID,      /* the id; the row is written whatever becomes of it */
    AUDIT_OF_USER,    /* the id; no row unless there is such a user */
    AUDIT_OF_SESSION, /* a session's token; no row unless it is there */
    AUDIT_OF_EMAIL,   /* an address, which is looked up and never kept */
    AUDIT_OF_MANY     /* a JSON array of ids; a row for each of them */
};

struct audit_note {
    enum audit_event event;
    enum audit_subject of;
    struct value subject; /* a user's id, VALUE_RESULT too; or nothing */
    struct slice owner;   /* AUDIT_OF_SESSION: only of this user's; or empty */
    struct slice actor;   /* a user's id, "command", "sweep", "service:NAME";
                             empty: the subject, or nobody known */
    struct slice address; /* the client's; its network alone is kept */
    struct slice detail;  /* words: "name, image"; at most AUDIT_DETAIL_MAX */
    struct slice id;      /* the row's: random, says nothing */
    int64_t now;
};

#define AUDIT_DETAIL_MAX ((size_t)1024)

struct slice audit_word(enum audit_event event);
/* What happened, for a person. */
struct slice audit_text(enum audit_event event);
/* The event of a word; false when there is none. */
bool audit_find(struct slice word, enum audit_event *out);
/* An actor that is no user: it stays as it is. */
bool audit_is_word(struct slice actor);

/* Room for the statement's parameters. */
struct audit_row {
    struct value values[8];
};

/*
 * The statement that adds the row; in a list it stands before what takes away
 * the user or the session it is about. The chain looks for the row from now
 * on, so the write follows at once.
 */
MUST_USE enum status audit_statement(const struct audit_note *note,
                                     struct arena *arena, struct audit_row *row,
                                     struct statement *out);

/* When a row was last made, by the monotonic clock; 0: never. */
int64_t audit_last_ms(void);

#endif
