/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparison that takes as long for a wrong first byte as for a wrong last
 * one. For tokens, signatures and hashes; slice_equal is for the rest.
 */
#ifndef CRYPTO_EQUAL_H
#define CRYPTO_EQUAL_H

#include "base/slice.h"

/* The lengths are not secret: when they differ the answer comes at once. */
bool equal_in_constant_time(struct slice a, struct slice b);

#endif
