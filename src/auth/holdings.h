/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What our own tables hold of a user (store/holdings.def): the statements that
 * erase it, and the sweep of those whom another server deleted.
 *
 * Never touches Better Auth's tables, nor the audit, which keeps pseudonyms.
 */
#ifndef AUTH_HOLDINGS_H
#define AUTH_HOLDINGS_H

#include "auth/auth.h"

enum holding {
#define HOLDING(name, table) HOLDING_##name,
#include "store/holdings.def"
#undef HOLDING
    HOLDINGS
};

/* `id` outlives the statements. */
void holdings_erase(const struct value *id,
                    struct statement statements[HOLDINGS]);

/*
 * All tables once, a few readers at a time; in a fiber. What was written for
 * a user who has come meanwhile stays.
 */
MUST_USE enum status holdings_sweep(const struct auth *auth);

#endif
