/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "base/buf.h"

#define BYTES_MAX ((size_t)256 << 20)

_Atomic bool world_used[QUERY_COUNT];

void world_direct(struct world *world, const char *sql)
{
    const struct store_engine *engine = world->store->engine;
    struct slice why = SLICE_EMPTY;
    struct store_direct *direct;
    enum status status;

    check_ok(engine->direct_open(world->store, &world->arena, &why, &direct));
    status = engine->direct_run(direct, slice_from_cstr(sql), &world->arena,
                                NULL, &why);
    engine->direct_close(direct);
    if (status != STATUS_OK) {
        print_error("%.*s\n", SLICE_ARG(why));
    }
    check_ok(status);
}

static void make_tables(struct world *world)
{
    struct slice why = SLICE_EMPTY;
    struct buf report;
    enum status status;

    buf_init(&report, &world->arena, 65536);
    status = store_migrate(world->store, &world->arena, &report, &why);
    if (status != STATUS_OK) {
        print_error("%.*s\n", SLICE_ARG(why));
    }
    check_ok(status);
}

void world_open(struct world *world, struct slice url)
{
    struct schema_settings tables = {
        .admin = true, .jwt = true, .rate_limit = true};
    struct store_settings settings = {.url = url,
                                      .connections = 4,
                                      .timeout_ms = 5000,
                                      .schema = &world->schema};
    struct slice why = SLICE_EMPTY;
    enum status status;

    *world = (struct world){0};
    arena_init(&world->kept, BYTES_MAX);
    arena_init(&world->arena, BYTES_MAX);
    check_ok(loop_new(&world->loop));
    check_ok(schema_make(&tables, &world->kept, &why, &world->schema));
    status = store_open(&settings, &world->arena, &why, &world->store);
    if (status != STATUS_OK) {
        print_error("%.*s\n", SLICE_ARG(why));
    }
    check_ok(status);
    make_tables(world);
    world_run(world, world_empty);
}

void world_close(struct world *world)
{
    store_close(world->store);
    assert_int_equal(fiber_count(), 0);
    fiber_thread_end();
    loop_free(world->loop);
    arena_release(&world->arena);
    arena_release(&world->kept);
}

struct run {
    struct world *world;
    void (*fn)(struct world *world);
};

static void run_in_fiber(void *arg)
{
    struct run *run = arg;

    run->fn(run->world);
    loop_stop(run->world->loop);
}

void world_run(struct world *world, void (*fn)(struct world *world))
{
    struct run run = {world, fn};

    check_ok(fiber_start(world->loop, run_in_fiber, &run));
    loop_run(world->loop);
}

static enum status judge(enum status got, enum status expected)
{
    if (got == expected) {
        return STATUS_OK;
    }
    if (got != STATUS_UNAVAILABLE) {
        check_status(got, expected);
    }
    return got;
}

enum status world_write(struct world *world, enum status expected,
                        const struct statement *statements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (statements[i].query < QUERY_COUNT) {
            world_used[statements[i].query] = true;
        }
    }
    return judge(store_write(world->store, statements, count, &world->arena,
                             world->rows),
                 expected);
}

enum status world_read(struct world *world, struct statement statement)
{
    if (statement.query < QUERY_COUNT) {
        world_used[statement.query] = true;
    }
    return judge(
        store_read(world->store, &statement, &world->arena, world->rows),
        STATUS_OK);
}

enum status world_select(struct world *world, const char *template)
{
    struct query built;
    struct statement statement = {.query = QUERY_BUILT, .built = &built};

    check_ok(store_build(world->store, slice_from_cstr(template), &world->arena,
                         &built));
    return world_read(world, statement);
}

struct record world_record(struct world *world, enum table_id table, size_t at,
                           size_t row)
{
    struct record record;

    assert_true(world->rows[at].count > row);
    check_ok(record_take(&world->schema.tables[table], &world->rows[at], row, 0,
                         &world->arena, &record));
    return record;
}

static const char *const table_names[TABLE_COUNT] = {
    [TABLE_USER] = "user",       [TABLE_SESSION] = "session",
    [TABLE_ACCOUNT] = "account", [TABLE_VERIFICATION] = "verification",
    [TABLE_JWKS] = "jwks",       [TABLE_RATE_LIMIT] = "rateLimit",
};

/* Ours, which the schema does not know. */
static const char *const own_tables[] = {
    "DELETE FROM bookplate_outbox",
    "DELETE FROM bookplate_profile",
    "DELETE FROM bookplate_profile_history",
    "DELETE FROM bookplate_progress",
    "DELETE FROM bookplate_key",
    "DELETE FROM bookplate_service_key",
    "DELETE FROM bookplate_audit",
    "UPDATE bookplate_audit_head SET seq = 0, hash = ''",
};

#define OWN_TABLES (sizeof(own_tables) / sizeof(*own_tables))

static void empty_own(struct world *world)
{
    struct query built[OWN_TABLES];
    struct statement statements[OWN_TABLES];

    for (size_t i = 0; i < OWN_TABLES; i++) {
        check_ok(store_build(world->store, slice_from_cstr(own_tables[i]),
                             &world->arena, &built[i]));
        statements[i] =
            (struct statement){.query = QUERY_BUILT, .built = &built[i]};
    }
    check_ok(
        store_write(world->store, statements, OWN_TABLES, &world->arena, NULL));
}

void world_empty(struct world *world)
{
    struct query built[TABLE_COUNT];
    struct statement statements[TABLE_COUNT];

    empty_own(world);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        struct slice template;

        check_ok(arena_format(&world->arena, &template, "DELETE FROM {%s}",
                              table_names[TABLE_COUNT - 1 - i]));
        check_ok(store_build(world->store, template, &world->arena, &built[i]));
        statements[i] =
            (struct statement){.query = QUERY_BUILT, .built = &built[i]};
    }
    check_ok(store_write(world->store, statements, TABLE_COUNT, &world->arena,
                         NULL));
}

static void dump_value(struct buf *out, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        buf_add(out, SLICE("null "));
        return;
    case VALUE_TEXT:
        buf_format(out, "'%.*s' ", SLICE_ARG(value->text));
        return;
    default:
        buf_format(out, "%d:%lld ", (int)value->kind, (long long)value->number);
    }
}

static void dump_table(struct world *world, enum table_id table,
                       struct buf *out)
{
    const char *name = table_names[table];
    struct slice template;

    check_ok(arena_format(&world->arena, &template,
                          "SELECT {%s.*} FROM {%s} ORDER BY {%s.id}%c", name,
                          name, name, '\0'));
    check_ok(world_select(world, template.ptr));
    buf_format(out, "%s %zu\n", name, world->rows[0].count);
    for (size_t i = 0; i < world->rows[0].count; i++) {
        struct record record = world_record(world, table, 0, i);

        for (size_t j = 0; j < record.table->column_count; j++) {
            dump_value(out, &record.values[j]);
        }
        buf_add_byte(out, '\n');
    }
}

static const char *const own_contents[] = {
    ("SELECT id, recipient, sender, message, attempts, next_at, lease_until "
     "FROM bookplate_outbox ORDER BY id"),
    "SELECT * FROM bookplate_profile ORDER BY id",
    "SELECT * FROM bookplate_profile_history ORDER BY id",
    "SELECT * FROM bookplate_progress ORDER BY user_id, page",
    "SELECT * FROM bookplate_key ORDER BY id",
    "SELECT * FROM bookplate_service_key ORDER BY id",
    "SELECT * FROM bookplate_audit ORDER BY id",
    "SELECT seq, hash FROM bookplate_audit_head",
};

static void dump_own(struct world *world, const char *template, struct buf *out)
{
    const struct rows *rows = world->rows;

    check_ok(world_select(world, template));
    buf_format(out, "%s %zu\n", template, rows->count);
    for (size_t i = 0; i < rows->count * rows->width; i++) {
        dump_value(out, &rows->values[i]);
    }
}

struct slice world_dump(struct world *world)
{
    struct slice text;
    struct buf out;

    buf_init(&out, &world->arena, BYTES_MAX);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        dump_table(world, (enum table_id)i, &out);
    }
    for (size_t i = 0; i < sizeof(own_contents) / sizeof(*own_contents); i++) {
        dump_own(world, own_contents[i], &out);
    }
    check_ok(buf_finish(&out, &text));
    return text;
}
