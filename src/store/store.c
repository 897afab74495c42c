/* SPDX-License-Identifier: Apache-2.0 */
#include "store/engine.h"

#include "base/mem.h"

/* All statements of a schema with the most columns. */
#define STORE_ARENA_MAX ((size_t)4 << 20)

struct template
{
    struct slice name;
    enum table_id table;
    struct slice sql;
};

static const struct template templates[QUERY_COUNT] = {
#define QUERY(name, table, sql)                                                \
    [QUERY_##name] = {SLICE_INIT(#name), TABLE_##table, SLICE_INIT(sql)},
#include "store/queries.def"
#undef QUERY
};

static const struct store_engine *engine_of(struct slice url)
{
    if (slice_starts_with(url, SLICE("sqlite:"))) {
        return &store_sqlite;
    }
    if (slice_starts_with(url, SLICE("postgresql://")) ||
        slice_starts_with(url, SLICE("postgres://"))) {
        return &store_postgres;
    }
    return NULL;
}

static enum status expand_queries(struct store *store)
{
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        struct query *query = &store->queries[i];

        query->id = (enum query_id)i;
        query->name = templates[i].name;
        query->exists = store->schema->tables[templates[i].table].exists;
        if (query->exists) {
            TRY(query_expand(store->schema, store->engine->dialect,
                             templates[i].sql, &store->arena, &query->sql));
        }
    }
    return STATUS_OK;
}

static enum status open_engine(struct store *store,
                               const struct store_settings *settings,
                               struct arena *arena, struct slice *why)
{
    *why = SLICE("the schema has more columns than a statement can hold");
    TRY(expand_queries(store));
    return store->engine->open(store, settings, arena, why);
}

enum status store_open(const struct store_settings *settings,
                       struct arena *arena, struct slice *why,
                       struct store **out)
{
    const struct store_engine *engine = engine_of(settings->url);
    struct store *store;
    enum status status;

    if (engine == NULL) {
        *why = SLICE("it begins with neither sqlite: nor postgresql://");
        return STATUS_INVALID_VALUE;
    }
    store = mem_alloc(sizeof(*store));
    TRY_ALLOC(store);
    store->engine = engine;
    store->schema = settings->schema;
    store->timeout_ms = settings->timeout_ms;
    store->connections = settings->connections;
    store->adopts = settings->adopts;
    arena_init(&store->arena, STORE_ARENA_MAX);
    status = open_engine(store, settings, arena, why);
    if (status != STATUS_OK) {
        arena_release(&store->arena);
        mem_free(store);
        return status;
    }
    *out = store;
    return STATUS_OK;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    store->engine->close(store);
    arena_release(&store->arena);
    mem_free(store);
}

const struct schema *store_schema(const struct store *store)
{
    return store->schema;
}

enum query_engine store_engine(const struct store *store)
{
    return store->engine->dialect;
}

enum store_state store_state(const struct store *store)
{
    return store->engine->state(store);
}

const struct query *store_query(const struct store *store,
                                const struct statement *statement)
{
    return statement->query == QUERY_BUILT ? statement->built
                                           : &store->queries[statement->query];
}

static bool is_sound(const struct store *store,
                     const struct statement *statement)
{
    return store_query(store, statement)->exists &&
           statement->param_count <= QUERY_PARAMS_MAX;
}

enum status store_read(struct store *store, const struct statement *statement,
                       struct arena *arena, struct rows *out)
{
    *out = (struct rows){0};
    if (!is_sound(store, statement)) {
        return STATUS_INTERNAL;
    }
    return store->engine->read(store, statement, arena, out);
}

enum status store_write(struct store *store, const struct statement *statements,
                        size_t count, struct arena *arena, struct rows *out)
{
    if (count == 0 || count > STORE_STATEMENTS_MAX) {
        return STATUS_INTERNAL;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_sound(store, &statements[i])) {
            return STATUS_INTERNAL;
        }
        if (out != NULL) {
            out[i] = (struct rows){0};
        }
    }
    return store->engine->write(store, statements, count, arena, out);
}

enum status store_build(struct store *store, struct slice template,
                        struct arena *arena, struct query *out)
{
    *out = (struct query){
        .id = QUERY_BUILT, .name = SLICE("built"), .exists = true};
    return query_expand(store->schema, store->engine->dialect, template, arena,
                        &out->sql);
}

enum status store_run_blocking(struct store *store,
                               const struct statement *statement,
                               struct arena *arena, struct rows *out,
                               struct slice *why)
{
    const struct store_engine *engine = store->engine;
    struct store_direct *direct;
    enum status status;

    *out = (struct rows){0};
    *why = SLICE("out of memory");
    if (!is_sound(store, statement) || statement->param_count > 0) {
        return STATUS_INTERNAL;
    }
    TRY(engine->direct_open(store, arena, why, &direct));
    status = engine->direct_run(direct, store_query(store, statement)->sql,
                                arena, out, why);
    engine->direct_close(direct);
    return status;
}

bool store_next_may_run(struct store *store)
{
    int64_t left = atomic_load_explicit(&store->fail_in, memory_order_relaxed);

    if (left == 0) {
        return true;
    }
    return atomic_fetch_sub(&store->fail_in, 1) != 1;
}

void store_test_fail(struct store *store, int64_t n)
{
    atomic_store(&store->fail_in, n);
}
