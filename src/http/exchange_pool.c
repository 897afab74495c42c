/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "http/exchange.h"

/* Exchanges kept ready; each holds about 9 KiB. */
#define IDLE_MAX 64
/* What one request may take from the heap, its body included. */
#define REQUEST_MEMORY_MAX ((size_t)128 << 20)

void exchange_pool_init(struct exchange_pool *pool)
{
    list_init(&pool->idle);
    pool->count = 0;
}

static void exchange_free(struct exchange *exchange)
{
    arena_release(&exchange->arena);
    mem_free(exchange);
}

void exchange_pool_release(struct exchange_pool *pool)
{
    struct list *node;

    while ((node = list_take(&pool->idle)) != NULL) {
        exchange_free(CONTAINER_OF(node, struct exchange, node));
    }
    pool->count = 0;
}

/* Fields of the head and the like are set by who fills them. */
static struct exchange *exchange_new(void)
{
    struct exchange *exchange = mem_alloc_dirty(sizeof(*exchange));

    if (exchange != NULL) {
        list_init(&exchange->node);
        arena_init(&exchange->arena, REQUEST_MEMORY_MAX);
    }
    return exchange;
}

struct exchange *exchange_take(struct exchange_pool *pool)
{
    struct exchange *exchange;

    if (list_is_empty(&pool->idle)) {
        exchange = exchange_new();
    } else { /* the one used last is still in the caches */
        exchange = CONTAINER_OF(pool->idle.prev, struct exchange, node);
        list_remove(&exchange->node);
        pool->count--;
    }
    if (exchange == NULL) {
        return NULL;
    }
    head_parser_init(&exchange->parser);
    exchange->in_use = NULL;
    exchange->stream = NULL;
    exchange->cors_fields = SLICE_EMPTY;
    exchange->refusal = STATUS_OK;
    exchange->waiting = false;
    exchange->ended = false;
    exchange->keep = false;
    return exchange;
}

void exchange_give_back(struct exchange_pool *pool, struct exchange *exchange)
{
    arena_reset(&exchange->arena);
    rules_in_use_release(exchange->in_use);
    if (pool->count >= IDLE_MAX) {
        exchange_free(exchange);
        return;
    }
    list_append(&pool->idle, &exchange->node);
    pool->count++;
}

struct rules_in_use *rules_in_use_new(struct http_rules *rules)
{
    struct rules_in_use *in_use = mem_alloc(sizeof(*in_use));

    if (in_use != NULL) {
        in_use->rules = http_rules_share(rules);
        in_use->users = 1;
    }
    return in_use;
}

void rules_in_use_release(struct rules_in_use *in_use)
{
    if (in_use == NULL || --in_use->users > 0) {
        return;
    }
    http_rules_release(in_use->rules);
    mem_free(in_use);
}
