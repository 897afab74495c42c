/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a user may do by office. A user's roles stand in one column, separated
 * by commas; those of `admin_roles` give every permission but one, the others
 * none. The users of `admin_users` may do anything, whatever their role.
 *
 * Answers from what it is given: a role taken away counts from the next
 * request, because sessions are read with their user's row.
 */
#ifndef AUTH_ROLES_H
#define AUTH_ROLES_H

#include "auth/auth.h"

struct role_holder {
    struct slice id;
    struct slice roles; /* empty: the default one */
};

/* Borrows from the record, which is a user's. */
struct role_holder role_holder_of(const struct auth *auth,
                                  const struct record *user);

/* Whether the holder may do `action` ("ban") to a `resource` ("user"). */
bool roles_allow(const struct auth_settings *settings,
                 const struct role_holder *holder, struct slice resource,
                 struct slice action);

/* Whether the holder is an administrator at all. */
bool roles_is_admin(const struct auth_settings *settings,
                    const struct role_holder *holder);
/* The same, by the list of users alone: such a one may do anything. */
bool roles_is_named(const struct auth_settings *settings, struct slice id);

#endif
