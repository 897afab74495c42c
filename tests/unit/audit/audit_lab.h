/* SPDX-License-Identifier: Apache-2.0 */
/* An audit on a real database in a temporary folder, and its chain. */
#ifndef TESTS_UNIT_AUDIT_AUDIT_LAB_H
#define TESTS_UNIT_AUDIT_AUDIT_LAB_H

#include "../store/sqlite_folder.h"

#include "audit/audit.h"
#include "audit/chain.h"
#include "audit/list.h"
#include "audit/verify.h"
#include "base/clock.h"
#include "base/log.h"
#include "crypto/init.h"

#include <unistd.h>

#define NOW INT64_C(1795248328000)

static struct world world;
static struct audit_names *names;
static struct audit_chain *chain;
static int notes_made;

/* Keys of 1s, of 2s, ... */
static inline struct audit_names *lab_names(size_t count)
{
    struct audit_names *made = NULL;
    struct audit_keys keys = {.count = count};

    for (size_t i = 0; i < count; i++) {
        memset(keys.bytes[i], (int)i + 1, AUDIT_KEY_BYTES);
    }
    check_ok(audit_names_new(&keys, &made));
    return made;
}

static inline int lab_set_up(void **state)
{
    if (folder_set_up(state) != 0) {
        return -1;
    }
    check_ok(crypto_init());
    log_set_level(LOG_ERROR);
    notes_made = 0;
    world_open(&world, sqlite_url());
    names = lab_names(1);
    check_ok(audit_chain_new(world.store, names, &chain));
    return 0;
}

static inline int lab_tear_down(void **state)
{
    audit_chain_free(chain);
    audit_names_free(names);
    world_close(&world);
    return folder_tear_down(state);
}

/* In a fiber, as all that follow: the row's id is "n1", "n2" ... */
static inline void lab_note(struct audit_note note)
{
    struct statement statement;
    struct audit_row row;

    check_ok(arena_format(&world.arena, &note.id, "n%04d", notes_made + 1));
    note.now = note.now == 0 ? NOW + notes_made : note.now;
    notes_made++;
    check_ok(audit_statement(&note, &world.arena, &row, &statement));
    check_ok(store_write(world.store, &statement, 1, &world.arena, NULL));
}

static inline void lab_notes(int count)
{
    for (int i = 0; i < count; i++) {
        lab_note((struct audit_note){.event = AUDIT_SIGN_IN,
                                     .subject = T("u1"),
                                     .detail = SLICE("password")});
    }
}

static inline void lab_sql(const char *sql)
{
    struct query built;
    struct statement statement = {.query = QUERY_BUILT, .built = &built};

    check_ok(
        store_build(world.store, slice_from_cstr(sql), &world.arena, &built));
    check_ok(world_write(&world, STATUS_OK, &statement, 1));
}

static inline int64_t lab_number(const char *sql)
{
    check_ok(world_select(&world, sql));
    assert_int_equal(world.rows[0].count, 1);
    return world.rows[0].values[0].number;
}

static inline struct slice lab_text(const char *sql)
{
    check_ok(world_select(&world, sql));
    assert_int_equal(world.rows[0].count, 1);
    return world.rows[0].values[0].kind == VALUE_TEXT
               ? world.rows[0].values[0].text
               : SLICE_EMPTY;
}

/* What verify has to say; empty: nothing. */
static inline struct slice lab_verify_with(const struct audit_anchor *anchors,
                                           size_t count)
{
    const struct audit_check check = {world.store, anchors, count};
    struct audit_finding finding;

    check_ok(audit_verify(&check, &world.arena, &finding));
    return finding.problem;
}

static inline struct slice lab_verify(void)
{
    return lab_verify_with(NULL, 0);
}

#define WITH_LAB(test)                                                         \
    cmocka_unit_test_setup_teardown(test, lab_set_up, lab_tear_down)

/* A test's body runs in a fiber. */
#define IN_FIBER(name, body)                                                   \
    static void name(void **state)                                             \
    {                                                                          \
        (void)state;                                                           \
        world_run(&world, body);                                               \
    }

#endif
