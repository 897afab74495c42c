/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which limit holds for which path below /api/auth: the general one, the
 * stricter ones of the original for paths that cost or guess something, and
 * above both those of RATE_LIMIT_RULES.
 *
 * Expects the path as it was routed: normalised once, without the base path.
 * A struct limit_rules is immutable and lives as long as its arena.
 */
#ifndef LIMIT_RULES_H
#define LIMIT_RULES_H

#include "base/arena.h"
#include "limit/decide.h"

/* They are walked by every request. */
#define LIMIT_RULES_MAX ((size_t)64)

struct limit_custom;

struct limit_rules {
    struct limit_rule general;
    const struct limit_custom *custom;
    size_t custom_count;
};

struct limit_settings {
    int64_t window_ms;  /* RATE_LIMIT_WINDOW */
    int64_t max;        /* RATE_LIMIT_MAX */
    struct slice rules; /* RATE_LIMIT_RULES */
};

/*
 * "/sign-in/WILDCARDS=10s/5,/get-session=off": a path, with the wildcards of
 * codec/wildcard.h perhaps, a window and how many requests, or "off". The
 * first that matches counts. On failure *problem says which is wrong, and why.
 */
MUST_USE enum status limit_rules_make(struct arena *arena,
                                      const struct limit_settings *settings,
                                      struct slice *problem,
                                      struct limit_rules *out);

/* window_ms is 0 where there is no limit. */
struct limit_rule limit_rule_find(const struct limit_rules *rules,
                                  struct slice path);

/* Rows untouched for longer mean nothing any more. */
int64_t limit_rules_longest_ms(const struct limit_rules *rules);

#endif
