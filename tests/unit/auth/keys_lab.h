/* SPDX-License-Identifier: Apache-2.0 */
/* Keys on a real database in a temporary folder, and calls that use them. */
#ifndef TESTS_UNIT_AUTH_KEYS_LAB_H
#define TESTS_UNIT_AUTH_KEYS_LAB_H

#include "../store/sqlite_folder.h"
#include "lab.h"

#include "auth/keys.h"
#include "auth/token.h"
#include "base/clock.h"

#define LAB_ISSUER SLICE("https://book.example.org")
#define HOUR       ((int64_t)3600000)

static struct world lab_world;
static struct auth lab;
/* Where the database is. */
static struct slice lab_url;

static inline void lab_open(void)
{
    world_open(&lab_world, lab_url);
    lab.store = lab_world.store;
    lab.schema = &lab_world.schema;
}

static inline int lab_set_up_at(void **state, struct slice url)
{
    (void)state;
    clock_test_shift(0, 0);
    lab = (struct auth){.secrets = lab_single()};
    lab_url = url;
    lab_open();
    return 0;
}

static inline int lab_set_up(void **state)
{
    return folder_set_up(state) == 0 ? lab_set_up_at(state, sqlite_url()) : -1;
}

static inline void lab_drop_keys(void)
{
    keys_free(lab.keys);
    lab.keys = NULL;
}

/* As a process that starts: nothing is in memory. */
static inline void lab_restart(enum key_algorithm algorithm,
                               int64_t rotation_ms)
{
    const struct keys_settings settings = {
        .algorithm = algorithm,
        .rotation_ms = rotation_ms,
        .grace_ms = 2 * HOUR,
        .expires_ms = 900000,
        .issuer = LAB_ISSUER,
        .secrets = lab.secrets,
    };

    lab_drop_keys();
    check_ok(keys_new(&settings, &lab.keys));
}

static inline int lab_close(void **state)
{
    (void)state;
    lab_drop_keys();
    clock_test_shift(0, 0);
    world_close(&lab_world);
    secrets_free((struct secrets *)lab.secrets);
    return 0;
}

static inline int lab_tear_down(void **state)
{
    return lab_close(state) == 0 ? folder_tear_down(state) : -1;
}

static inline void lab_later(int64_t ms)
{
    static int64_t shift;

    shift = ms == 0 ? 0 : shift + ms;
    clock_test_shift(shift, shift);
}

/* After a leap: connections that seem silent for so long are made anew. */
static inline void lab_settle(void)
{
    for (int i = 0; i < 100; i++) {
        if (world_read(&lab_world, BARE(jwks_all)) == STATUS_OK) {
            return;
        }
    }
    fail_msg("the database did not come back");
}

/* A call of now; what it gives lives in the world's arena. */
static inline struct auth_call lab_call(void)
{
    return (struct auth_call){
        .auth = &lab, .arena = &lab_world.arena, .now = clock_wall_ms()};
}

/* In a fiber: the id of the key that signs. */
static inline enum status lab_signing(struct slice *id)
{
    struct auth_call call = lab_call();
    const struct key_ring *ring;

    TRY(keys_take(&call, KEYS_TO_SIGN, &ring));
    *id = key_id(key_ring_signing(ring, call.now));
    return STATUS_OK;
}

static inline struct slice lab_jwks(void)
{
    struct auth_call call = lab_call();
    const struct key_ring *ring = NULL;

    check_ok(keys_take(&call, KEYS_TO_LIST, &ring));
    return key_ring_jwks(ring);
}

/* A row; without an expiry when that is 0. */
static inline void lab_insert(struct slice id, const struct slice keys[2],
                              struct slice algorithm, int64_t expires)
{
    struct world *world = &lab_world;

    check_ok(
        WRITE(world, STATUS_OK,
              CALL(jwks_insert_first, value_text(id), value_text(keys[0]),
                   value_text(keys[1]), AT(clock_wall_ms()),
                   expires == 0 ? NONE : AT(expires), value_text(algorithm),
                   NONE, AT(clock_wall_ms()), T("none such"))));
}

static inline size_t lab_rows(void)
{
    check_ok(world_read(&lab_world, BARE(jwks_all)));
    return lab_world.rows[0].count;
}

#endif
