/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions: rows found by a random token, which a signed cookie or a bearer
 * carries. One query finds session and user.
 *
 * A session slides: used after `session_update_ms`, it lives `session_ms` from
 * then on. One that is not remembered lives a day and is never extended.
 */
#ifndef AUTH_SESSION_H
#define AUTH_SESSION_H

#include "auth/auth.h"

/* Of a session that is not remembered; fixed in the original too. */
#define SESSION_BRIEF_MS ((int64_t)86400000)

struct session {
    struct record row;
    struct record user;
};

struct session_wish {
    struct value user_id;         /* may be VALUE_RESULT in an insert made */
    struct slice how;             /* the audit's word: "password" */
    bool brief;                   /* not remembered */
    int64_t lives_ms;             /* 0: as the settings say */
    struct slice impersonated_by; /* ptr NULL: nobody */
    struct slice user_agent;      /* ptr NULL: the call's */
};

/*
 * A statement that inserts the session, and its token; for a write that does
 * more than that. `values` are the statement's own.
 */
struct session_insert {
    struct slice token;
    struct value values[QUERY_PARAMS_MAX];
    struct statement statement;
};
MUST_USE enum status session_insert_make(const struct auth_call *call,
                                         const struct session_wish *wish,
                                         struct session_insert *out);

/* By itself: also ends the oldest beyond the limit. Gives the new row. */
MUST_USE enum status session_create(const struct auth_call *call,
                                    const struct session_wish *wish,
                                    struct record *out);

/*
 * Only when `condition` finds a row, which goes to *held: what was looked at
 * before may have changed while a password was hashed. STATUS_NOT_FOUND when
 * it finds none.
 */
MUST_USE enum status session_create_if(const struct auth_call *call,
                                       const struct session_wish *wish,
                                       const struct statement *condition,
                                       struct rows *held, struct record *out);

/*
 * STATUS_NOT_FOUND when there is none, or when it has expired; *expired then
 * says that a row is still there.
 */
MUST_USE enum status session_find(const struct auth_call *call,
                                  struct slice token, struct session *out,
                                  bool *expired);

/* The same by the row's id, as a token's "sid" has it. */
MUST_USE enum status session_find_by_id(const struct auth_call *call,
                                        struct slice id, struct session *out);
/*
 * For a token that names its user alone: it may be of any of the sessions that
 * were there when it was made.
 */
struct session_guess {
    struct session session; /* the newest of the user's own, if there is one */
    struct slice acting;    /* who acts as the user in any of them, or empty */
};
MUST_USE enum status session_find_of_user(const struct auth_call *call,
                                          struct slice user_id, int64_t made_ms,
                                          struct session_guess *out);

/* The administrator who acts as the user, or empty. */
struct slice session_impersonator(const struct auth_call *call,
                                  const struct session *session);

bool session_is_due(const struct auth_call *call,
                    const struct session *session);
bool session_is_fresh(const struct auth_call *call,
                      const struct session *session);
/* STATUS_NOT_FOUND when the row has gone meanwhile. */
MUST_USE enum status session_extend(const struct auth_call *call,
                                    struct session *session);

/* The live ones of a user. */
MUST_USE enum status session_list(const struct auth_call *call,
                                  struct slice user_id, struct rows *out);

MUST_USE enum status session_end(const struct auth_call *call,
                                 struct slice token);
/* An administrator's who acted as the user. */
MUST_USE enum status session_end_acting(const struct auth_call *call,
                                        const struct session *session);
/* Nobody ended it: its time was over, or it should not have begun. */
MUST_USE enum status session_drop(const struct auth_call *call,
                                  struct slice token);
/* Nothing happens when the token is another user's. */
MUST_USE enum status session_end_own(const struct auth_call *call,
                                     struct slice token, struct slice user_id);
MUST_USE enum status session_end_all(const struct auth_call *call,
                                     struct slice user_id);
MUST_USE enum status session_end_others(const struct auth_call *call,
                                        struct slice user_id,
                                        struct slice kept_token);

#endif
