/* SPDX-License-Identifier: Apache-2.0 */
/* The secrets under which the original made the values of these tests. */
#ifndef TESTS_UNIT_AUTH_LAB_H
#define TESTS_UNIT_AUTH_LAB_H

#include "../check.h"

#include "auth/secrets.h"
#include "crypto/init.h"

#define LAB_SECRET SLICE("bookplate-lab-secret-0123456789abcdefABCDEF")
#define LAB_OTHER  SLICE("another-lab-secret-9876543210-zyxwvutsrq")

static inline struct secrets *lab_secrets(struct slice list,
                                          struct slice single)
{
    const struct secrets_settings settings = {list, single};
    struct secrets_problem problem;
    struct secrets *secrets = NULL;

    check_ok(crypto_init());
    check_ok(secrets_new(&settings, &problem, &secrets));
    return secrets;
}

/* The lab's secret alone. */
static inline struct secrets *lab_single(void)
{
    return lab_secrets(SLICE_EMPTY, LAB_SECRET);
}

/* After a rotation: another one signs, the lab's still verifies. */
static inline struct secrets *lab_rotated(void)
{
    return lab_secrets(SLICE("2:another-lab-secret-9876543210-zyxwvutsrq,"
                             "1:bookplate-lab-secret-0123456789abcdefABCDEF"),
                       SLICE_EMPTY);
}

/* Secrets that made none of the values. */
static inline struct secrets *lab_foreign(void)
{
    return lab_secrets(SLICE_EMPTY, LAB_OTHER);
}

/* `text` with one byte of it changed to `byte`; lives as long as the arena. */
static inline struct slice lab_changed(struct arena *arena, struct slice text,
                                       size_t at, char byte)
{
    struct slice copy = SLICE_EMPTY;

    check_ok(slice_dup(arena, text, &copy));
    ((char *)copy.ptr)[at] = byte;
    return copy;
}

#endif
