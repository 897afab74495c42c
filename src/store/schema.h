/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the database's tables and columns are called, and what they hold:
 * Better Auth's own with the names an operator gave them, the plugins' and the
 * operator's further columns behind.
 *
 * Made once at start from the settings; immutable; all loops share it. Tables
 * are Better Auth's, so their order of columns is that of its JSON and of its
 * migrator, but for the id, which stands first here and last in JSON.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "base/arena.h"
#include "store/value.h"

enum table_id {
    TABLE_USER,
    TABLE_SESSION,
    TABLE_ACCOUNT,
    TABLE_VERIFICATION,
    TABLE_JWKS,
    TABLE_RATE_LIMIT,
    TABLE_COUNT
};

/* The first columns of each table, in this order. */
enum user_column {
    USER_ID,
    USER_NAME,
    USER_EMAIL,
    USER_EMAIL_VERIFIED,
    USER_IMAGE,
    USER_CREATED_AT,
    USER_UPDATED_AT,
    USER_COLUMNS
};

enum session_column {
    SESSION_ID,
    SESSION_EXPIRES_AT,
    SESSION_TOKEN,
    SESSION_CREATED_AT,
    SESSION_UPDATED_AT,
    SESSION_IP_ADDRESS,
    SESSION_USER_AGENT,
    SESSION_USER_ID,
    SESSION_COLUMNS
};

enum account_column {
    ACCOUNT_ID,
    ACCOUNT_ACCOUNT_ID,
    ACCOUNT_PROVIDER_ID,
    ACCOUNT_USER_ID,
    ACCOUNT_ACCESS_TOKEN,
    ACCOUNT_REFRESH_TOKEN,
    ACCOUNT_ID_TOKEN,
    ACCOUNT_ACCESS_TOKEN_EXPIRES_AT,
    ACCOUNT_REFRESH_TOKEN_EXPIRES_AT,
    ACCOUNT_SCOPE,
    ACCOUNT_PASSWORD,
    ACCOUNT_CREATED_AT,
    ACCOUNT_UPDATED_AT,
    ACCOUNT_COLUMNS
};

enum verification_column {
    VERIFICATION_ID,
    VERIFICATION_IDENTIFIER,
    VERIFICATION_VALUE,
    VERIFICATION_EXPIRES_AT,
    VERIFICATION_CREATED_AT,
    VERIFICATION_UPDATED_AT,
    VERIFICATION_COLUMNS
};

enum jwks_column {
    JWKS_ID,
    JWKS_PUBLIC_KEY,
    JWKS_PRIVATE_KEY,
    JWKS_CREATED_AT,
    JWKS_EXPIRES_AT,
    JWKS_ALG,
    JWKS_CRV,
    JWKS_COLUMNS
};

enum rate_limit_column {
    RATE_LIMIT_ID,
    RATE_LIMIT_KEY,
    RATE_LIMIT_COUNT,
    RATE_LIMIT_LAST_REQUEST,
    RATE_LIMIT_COLUMNS
};

enum column_type {
    COLUMN_ID, /* this table's key, or another's; always text outside */
    COLUMN_TEXT,
    COLUMN_INTEGER,
    COLUMN_BIGINT,
    COLUMN_BOOLEAN,
    COLUMN_DATE,
    COLUMN_JSON,         /* any JSON, kept as its text */
    COLUMN_TEXT_ARRAY,   /* string[], kept as JSON text */
    COLUMN_NUMBER_ARRAY, /* number[], likewise */
};

struct column {
    struct slice name;   /* as clients know it: emailVerified */
    struct slice stored; /* as the database does: email_verified */
    enum column_type type;
    bool required; /* NOT NULL */
    bool unique;
    bool indexed;
    bool references_user; /* ON DELETE CASCADE */
    bool dated;           /* DEFAULT CURRENT_TIMESTAMP, on PostgreSQL */
    bool additional;      /* one of the operator's own */
    /* What follows is for those, and for a plugin's. */
    bool checked;  /* "required" was written: a missing one is refused */
    bool hidden;   /* returned: false */
    bool no_input; /* input: false */
    bool has_initial;
    struct value initial;      /* defaultValue */
    const struct slice *words; /* type: ["a", "b"]; NULL: any */
    size_t word_count;
};

struct table {
    struct slice name; /* "user" */
    struct slice stored;
    const struct column *columns;
    size_t column_count;
    bool exists; /* false: no plugin needs it */
};

enum id_type {
    ID_TEXT,
    ID_UUID,
    ID_SERIAL
};

#define COLUMN_NONE ((size_t)-1)

struct schema {
    struct table tables[TABLE_COUNT];
    enum id_type id_type;
    /* The admin plugin's columns of users and sessions; COLUMN_NONE: none. */
    size_t user_role;
    size_t user_banned;
    size_t user_ban_reason;
    size_t user_ban_expires;
    size_t session_impersonated_by;
};

struct schema_settings {
    struct slice description; /* AUTH_SCHEMA: JSON, or a file's name */
    bool snake_case;
    enum id_type id_type;
    bool admin;
    bool jwt;
    bool rate_limit;
};

/*
 * On failure *why is one line for the operator: which member is wrong and
 * what is allowed there. Unknown members are refused.
 */
MUST_USE enum status schema_make(const struct schema_settings *settings,
                                 struct arena *arena, struct slice *why,
                                 struct schema *out);

/* COLUMN_NONE when there is none of that name. */
size_t table_column(const struct table *table, struct slice name);

#endif
