/* SPDX-License-Identifier: Apache-2.0 */
#include "http/rules.h"

#include "base/mem.h"

/* Room for every route and origin a configuration can name. */
#define RULES_MEMORY_MAX ((size_t)4 << 20)

struct http_rules *http_rules_new(void)
{
    struct http_rules *rules = mem_alloc(sizeof(*rules));

    if (rules != NULL) {
        arena_init(&rules->arena, RULES_MEMORY_MAX);
        atomic_init(&rules->owners, 1);
    }
    return rules;
}

struct http_rules *http_rules_share(struct http_rules *rules)
{
    atomic_fetch_add(&rules->owners, 1);
    return rules;
}

void http_rules_release(struct http_rules *rules)
{
    if (rules == NULL || atomic_fetch_sub(&rules->owners, 1) > 1) {
        return;
    }
    site_free(rules->site);
    arena_release(&rules->arena);
    mem_free(rules);
}
