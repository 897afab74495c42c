/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_parts.h"

/*
 * The tables as Better Auth 1.7 describes them. Order is what its migrator and
 * its JSON follow, and what the enums of schema.h count.
 */
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static const struct column user_columns[] = {
    {.name = SLICE_INIT("id"), .type = COLUMN_ID, .required = true},
    {.name = SLICE_INIT("name"), .type = COLUMN_TEXT, .required = true},
    {.name = SLICE_INIT("email"),
     .type = COLUMN_TEXT,
     .required = true,
     .unique = true},
    {.name = SLICE_INIT("emailVerified"),
     .type = COLUMN_BOOLEAN,
     .required = true,
     .has_initial = true,
     .initial = {.kind = VALUE_BOOLEAN, .number = false}},
    {.name = SLICE_INIT("image"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("createdAt"),
     .type = COLUMN_DATE,
     .required = true,
     .dated = true},
    {.name = SLICE_INIT("updatedAt"),
     .type = COLUMN_DATE,
     .required = true,
     .dated = true},
};

static const struct column user_admin_columns[] = {
    {.name = SLICE_INIT("role"), .type = COLUMN_TEXT, .no_input = true},
    {.name = SLICE_INIT("banned"),
     .type = COLUMN_BOOLEAN,
     .no_input = true,
     .has_initial = true,
     .initial = {.kind = VALUE_BOOLEAN, .number = false}},
    {.name = SLICE_INIT("banReason"), .type = COLUMN_TEXT, .no_input = true},
    {.name = SLICE_INIT("banExpires"), .type = COLUMN_DATE, .no_input = true},
};

static const struct column session_columns[] = {
    {.name = SLICE_INIT("id"), .type = COLUMN_ID, .required = true},
    {.name = SLICE_INIT("expiresAt"), .type = COLUMN_DATE, .required = true},
    {.name = SLICE_INIT("token"),
     .type = COLUMN_TEXT,
     .required = true,
     .unique = true},
    {.name = SLICE_INIT("createdAt"),
     .type = COLUMN_DATE,
     .required = true,
     .dated = true},
    {.name = SLICE_INIT("updatedAt"), .type = COLUMN_DATE, .required = true},
    {.name = SLICE_INIT("ipAddress"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("userAgent"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("userId"),
     .type = COLUMN_ID,
     .required = true,
     .indexed = true,
     .references_user = true},
};

static const struct column session_admin_columns[] = {
    {.name = SLICE_INIT("impersonatedBy"), .type = COLUMN_TEXT},
};

static const struct column account_columns[] = {
    {.name = SLICE_INIT("id"), .type = COLUMN_ID, .required = true},
    {.name = SLICE_INIT("accountId"), .type = COLUMN_TEXT, .required = true},
    {.name = SLICE_INIT("providerId"), .type = COLUMN_TEXT, .required = true},
    {.name = SLICE_INIT("userId"),
     .type = COLUMN_ID,
     .required = true,
     .indexed = true,
     .references_user = true},
    {.name = SLICE_INIT("accessToken"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("refreshToken"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("idToken"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("accessTokenExpiresAt"), .type = COLUMN_DATE},
    {.name = SLICE_INIT("refreshTokenExpiresAt"), .type = COLUMN_DATE},
    {.name = SLICE_INIT("scope"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("password"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("createdAt"),
     .type = COLUMN_DATE,
     .required = true,
     .dated = true},
    {.name = SLICE_INIT("updatedAt"), .type = COLUMN_DATE, .required = true},
};

static const struct column verification_columns[] = {
    {.name = SLICE_INIT("id"), .type = COLUMN_ID, .required = true},
    {.name = SLICE_INIT("identifier"),
     .type = COLUMN_TEXT,
     .required = true,
     .indexed = true},
    {.name = SLICE_INIT("value"), .type = COLUMN_TEXT, .required = true},
    {.name = SLICE_INIT("expiresAt"), .type = COLUMN_DATE, .required = true},
    {.name = SLICE_INIT("createdAt"),
     .type = COLUMN_DATE,
     .required = true,
     .dated = true},
    {.name = SLICE_INIT("updatedAt"),
     .type = COLUMN_DATE,
     .required = true,
     .dated = true},
};

static const struct column jwks_columns[] = {
    {.name = SLICE_INIT("id"), .type = COLUMN_ID, .required = true},
    {.name = SLICE_INIT("publicKey"), .type = COLUMN_TEXT, .required = true},
    {.name = SLICE_INIT("privateKey"), .type = COLUMN_TEXT, .required = true},
    {.name = SLICE_INIT("createdAt"), .type = COLUMN_DATE, .required = true},
    {.name = SLICE_INIT("expiresAt"), .type = COLUMN_DATE},
    {.name = SLICE_INIT("alg"), .type = COLUMN_TEXT},
    {.name = SLICE_INIT("crv"), .type = COLUMN_TEXT},
};

static const struct column rate_limit_columns[] = {
    {.name = SLICE_INIT("id"), .type = COLUMN_ID, .required = true},
    {.name = SLICE_INIT("key"),
     .type = COLUMN_TEXT,
     .required = true,
     .unique = true},
    {.name = SLICE_INIT("count"), .type = COLUMN_INTEGER, .required = true},
    {.name = SLICE_INIT("lastRequest"),
     .type = COLUMN_BIGINT,
     .required = true},
};

_Static_assert(COUNT(user_columns) == USER_COLUMNS, "user");
_Static_assert(COUNT(session_columns) == SESSION_COLUMNS, "session");
_Static_assert(COUNT(account_columns) == ACCOUNT_COLUMNS, "account");
_Static_assert(COUNT(verification_columns) == VERIFICATION_COLUMNS,
               "verification");
_Static_assert(COUNT(jwks_columns) == JWKS_COLUMNS, "jwks");
_Static_assert(COUNT(rate_limit_columns) == RATE_LIMIT_COLUMNS, "rateLimit");

const struct table_plan schema_plans[TABLE_COUNT] = {
    [TABLE_USER] = {SLICE_INIT("user"), user_columns, USER_COLUMNS,
                    user_admin_columns, COUNT(user_admin_columns), true},
    [TABLE_SESSION] = {SLICE_INIT("session"), session_columns, SESSION_COLUMNS,
                       session_admin_columns, COUNT(session_admin_columns),
                       true},
    [TABLE_ACCOUNT] = {SLICE_INIT("account"), account_columns, ACCOUNT_COLUMNS,
                       NULL, 0, true},
    [TABLE_VERIFICATION] = {SLICE_INIT("verification"), verification_columns,
                            VERIFICATION_COLUMNS, NULL, 0, true},
    [TABLE_JWKS] = {SLICE_INIT("jwks"), jwks_columns, JWKS_COLUMNS, NULL, 0,
                    false},
    [TABLE_RATE_LIMIT] = {SLICE_INIT("rateLimit"), rate_limit_columns,
                          RATE_LIMIT_COLUMNS, NULL, 0, false},
};
