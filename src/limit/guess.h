/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit on guessing the password of one account, from however many
 * addresses: after GUESS_FREE failures in a row (NIST SP 800-63B section
 * 5.2.2) one try at a time, with pauses that double up to GUESS_PAUSE_MAX_MS.
 *
 * Never locks the owner out: a device that has signed in to the account before
 * is counted apart from strangers, so theirs do not hold it back, and
 * guess_forget, after a reset by mail, begins anew. Never knows whether an
 * account exists: unknown addresses are counted alike and look the same.
 *
 * A try counts as failed from the moment it is let through, so a thousand at
 * once are a thousand failures; guess_forget or guess_take_back, when it was
 * not the password's fault, corrects that.
 *
 * Bounded: GUESS_ACCOUNTS keys in memory, for this process; the account with
 * the fewest failures among those unused for longest makes room. Monotonic
 * clock. Shared by all loops.
 */
#ifndef LIMIT_GUESS_H
#define LIMIT_GUESS_H

#include "base/status.h"

#define GUESS_ACCOUNTS     ((size_t)100000)
#define GUESS_FREE         100
#define GUESS_PAUSE_MIN_MS ((int64_t)1000)
#define GUESS_PAUSE_MAX_MS ((int64_t)900000)

struct guess;

/*
 * Called once, with the first try after GUESS_FREE failures of strangers: the
 * owner should be told by mail. On the caller's thread, in its fiber, without a
 * lock held.
 */
struct guess_options {
    void (*warn)(void *arg, struct slice email); /* may be NULL */
    void *arg;
};

MUST_USE enum status guess_new(const struct guess_options *options,
                               struct guess **out);
/* NULL is allowed. */
void guess_free(struct guess *guess);

/*
 * Before the password is looked at. Milliseconds to wait, or 0: go on, it has
 * been counted. Letters of the address compare without case.
 */
MUST_USE enum status guess_begin(struct guess *guess, struct slice email,
                                 bool known_device, int64_t *wait_ms);
/* The password was right (of that device), or a new one was set (both). */
void guess_succeeded(struct guess *guess, struct slice email,
                     bool known_device);
void guess_forget(struct guess *guess, struct slice email);
/* The try let through was never judged: the server was busy or failed. */
void guess_take_back(struct guess *guess, struct slice email,
                     bool known_device);

/* The pause after that many failures in a row: pure, for the tests. */
int64_t guess_pause_ms(int64_t failures);

#endif
