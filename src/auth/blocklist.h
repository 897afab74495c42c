/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords that everybody tries first. The list is part of the program:
 * nobody is asked, and no password leaves the process.
 *
 * Only says what is common, not what is strong; whatever takes more than 65536
 * guesses passes. Safe from any thread.
 */
#ifndef AUTH_BLOCKLIST_H
#define AUTH_BLOCKLIST_H

#include "base/slice.h"

/* As it was typed. Letters compare without case. */
bool blocklist_has(struct slice password);

#endif
