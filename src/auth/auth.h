/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The accounts: who may sign in, and what a session is. Policy only: no HTTP,
 * no SQL; a file a verb.
 *
 * A struct auth is made at start and never changes; all loops share it. Every
 * function takes the call it serves, runs in a fiber and may park; what it
 * gives out lives as long as the call's arena.
 *
 * A password is never in a transaction while it is hashed, and a function
 * that looks for an account takes as long when there is none. What ends a
 * session also forgets the tokens made for it (token.h): no caller has to.
 */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include "audit/audit.h"
#include "store/record.h"
#include "store/store.h"

struct bcrypt_pool;
struct guess;
struct hash_pool;
struct keys;
struct post;
struct remote;
struct secrets;

/* As the settings of the same names say; times in milliseconds. */
struct auth_settings {
    bool sign_up;
    bool sign_in;
    bool auto_sign_in;
    bool require_verification;
    bool send_on_sign_up;
    bool send_on_sign_in;
    bool sign_in_after_verification;
    bool can_mail; /* there is a mail server, or a spool */
    bool blocklist;
    bool reset_revokes_sessions;
    bool change_email;
    bool change_email_confirmation;
    bool change_email_unverified;
    bool delete_user;
    bool delete_user_verification;
    size_t min_password;
    size_t max_password;
    int64_t verification_ms;
    int64_t reset_ms;
    int64_t delete_ms;
    int64_t session_ms;
    int64_t session_update_ms;
    int64_t session_fresh_ms; /* 0: always fresh */
    bool session_refresh;     /* by using it */
    bool session_refresh_deferred;
    size_t session_limit;
    struct slice default_role;
    struct setting_words {
        const struct slice *words;
        size_t count;
    } admin_roles, admin_users;
    int64_t impersonation_ms;
};

struct auth {
    struct auth_settings settings;
    struct store *store;
    const struct schema *schema;
    const struct secrets *secrets;
    struct hash_pool *hashes;
    struct bcrypt_pool *bcrypts;
    struct guess *guesses;
    struct keys *keys;           /* NULL: no tokens of ours */
    const struct remote *remote; /* or NULL: who keeps the accounts */
    struct post *post;
    struct slice base_url; /* with /api/auth; for links in mails */
};

/* One request's view of it. */
struct auth_call {
    const struct auth *auth;
    struct arena *arena;
    int64_t now;          /* wall clock */
    struct slice address; /* the client's, as a session keeps it */
    struct slice agent;
    /*
     * For the audit, where it is not the user: an administrator's id, or
     * "command"; and what they do: "ban". Or empty.
     */
    struct slice actor;
    struct slice admin_act;
};

/* The text of a new row's id, or NULL where the database counts. */
MUST_USE enum status auth_new_id(const struct auth_call *call,
                                 struct value *out);

/* A new row of that table: its id, and what each column begins with. */
MUST_USE enum status auth_new_row(const struct auth_call *call,
                                  enum table_id table, struct value *values);

/* store_read and store_write with the call's store and arena. */
MUST_USE enum status auth_read(const struct auth_call *call,
                               enum query_id query, const struct value *params,
                               size_t count, struct rows *out);
MUST_USE enum status auth_write(const struct auth_call *call,
                                const struct statement *statements,
                                size_t count, struct rows *out);
/*
 * The same with a row of the audit; what the call knows is put in, and an
 * administrator's act is AUDIT_ADMIN whatever the note says. `out` has the
 * statements' own. Statements that look at each other's results go with
 * AUDIT_OF_ID alone: the rest stand before them.
 */
MUST_USE enum status auth_write_noted(const struct auth_call *call,
                                      const struct statement *statements,
                                      size_t count, struct rows *out,
                                      const struct audit_note *note);

/* That row's statement alone, for a write with several; `row` outlives it. */
MUST_USE enum status auth_note(const struct auth_call *call,
                               const struct audit_note *note,
                               struct audit_row *row, struct statement *out);

/* A statement of the table, its parameters an array literal's name. */
#define STATEMENT(name, values)                                                \
    ((struct statement){.query = QUERY_##name,                                 \
                        .params = (values),                                    \
                        .param_count = sizeof(values) / sizeof(*(values))})

#endif
