/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns with wildcards, as Better Auth's settings have them: "?" is one
 * byte and "*" any number of bytes but "/" and "\"; a segment "**" is any
 * number of segments; "\" takes the next byte as it is; "/" stands for one or
 * more slashes of either kind, and may be missing at the end.
 *
 * Never backtracks: matching costs at most the length of the pattern times
 * that of the text. Letters compare with case. A struct wildcard is immutable
 * and lives as long as the arena it was compiled into.
 */
#ifndef CODEC_WILDCARD_H
#define CODEC_WILDCARD_H

#include "base/arena.h"

/* An origin, or a path of the API, with room to spare. */
#define WILDCARD_LENGTH_MAX ((size_t)256)

struct wildcard_part;

struct wildcard {
    const struct wildcard_part *parts;
    size_t count;
};

/* STATUS_TOO_LARGE past WILDCARD_LENGTH_MAX. */
MUST_USE enum status wildcard_compile(struct arena *arena, struct slice pattern,
                                      struct wildcard *out);
/* The whole text. */
bool wildcard_match(const struct wildcard *wildcard, struct slice text);

#endif
