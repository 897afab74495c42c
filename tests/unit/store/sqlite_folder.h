/* SPDX-License-Identifier: Apache-2.0 */
/* A database in a temporary folder, and the one write all tests use. */
#ifndef TESTS_UNIT_STORE_SQLITE_FOLDER_H
#define TESTS_UNIT_STORE_SQLITE_FOLDER_H

#include "../http/folder.h"
#include "world.h"

static inline struct slice sqlite_url(void)
{
    static char url[512];

    snprintf(url, sizeof(url), "sqlite://%s/data/test.db", folder);
    return slice_from_cstr(url);
}

/* One row each in two tables, from a fiber or from a plain thread. */
static inline enum status sqlite_sign_up(struct store *store, int number,
                                         struct slice agent)
{
    char text[32];
    struct slice name;
    struct arena arena;
    enum status status;

    snprintf(text, sizeof(text), "n%d", number);
    name = slice_from_cstr(text);
    arena_init(&arena, 1 << 20);
    status = store_write(
        store,
        (const struct statement[]){
            CALL(user_insert, value_text(name), T("N"), value_text(name),
                 B(true), NONE, AT(0), AT(0), NONE, NONE, NONE, NONE),
            CALL(session_insert, value_text(name), AT(0), value_text(name),
                 AT(0), AT(0), NONE, value_text(agent), value_text(name),
                 NONE)},
        2, &arena, NULL);
    arena_release(&arena);
    return status;
}

/* 0: there is no such user; 2: with the session; 1 must never be. */
static inline size_t sqlite_rows_of(struct store *store, int number)
{
    char text[32];
    struct value name;
    struct statement user;
    struct statement session;
    struct arena arena;
    struct rows rows[2];

    snprintf(text, sizeof(text), "n%d", number);
    name = value_text(slice_from_cstr(text));
    user = CALL(user_by_id, name);
    session = CALL(sessions_of_user, name, AT(-1));
    arena_init(&arena, 16 << 20);
    check_ok(store_read(store, &user, &arena, &rows[0]));
    check_ok(store_read(store, &session, &arena, &rows[1]));
    arena_release(&arena);
    return rows[0].count + rows[1].count;
}

static inline void sqlite_check_file(struct world *world)
{
    const struct store_engine *engine = world->store->engine;
    struct slice why = SLICE_EMPTY;
    struct store_direct *direct;
    struct rows rows;

    check_ok(engine->direct_open(world->store, &world->arena, &why, &direct));
    check_ok(engine->direct_run(direct, SLICE("PRAGMA integrity_check; "),
                                &world->arena, &rows, &why));
    engine->direct_close(direct);
    check_text(rows.values[0].text, "ok");
}

/* Opens it as it stands; the tables are there. */
static inline void sqlite_reopen(struct world *world)
{
    struct store_settings settings = {
        .url = sqlite_url(), .timeout_ms = 5000, .schema = &world->schema};
    struct slice why = SLICE_EMPTY;

    store_close(world->store);
    world->store = NULL;
    check_ok(store_open(&settings, &world->arena, &why, &world->store));
}

#endif
