/* SPDX-License-Identifier: Apache-2.0 */
/* A vault on a real database in a temporary folder. */
#ifndef TESTS_UNIT_READER_VAULT_LAB_H
#define TESTS_UNIT_READER_VAULT_LAB_H

#include "../store/sqlite_folder.h"

#include "base/clock.h"
#include "crypto/init.h"
#include "reader/vault.h"

#define VAULT_SECRET SLICE("a-lab-secret-that-is-long-enough-0123456789")
#define VAULT_OTHER  SLICE("another-lab-secret-9876543210-zyxwvutsrqpon")
/* Of "aaaa..." and of "bbbb...", 32 bytes each. */
#define KEY_A "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
#define KEY_B "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI"

static struct world lab_world;
static struct auth lab;
/* Where the database is. */
static struct slice lab_url;

static inline struct auth_call lab_call(void)
{
    return (struct auth_call){
        .auth = &lab, .arena = &lab_world.arena, .now = clock_wall_ms()};
}

/* As a process that starts. */
static inline enum status lab_vault(struct slice data_keys,
                                    struct slice secrets, struct slice secret,
                                    struct vault **out)
{
    const struct vault_settings settings = {
        .store = lab_world.store,
        .master = {data_keys, secrets, secret},
    };
    struct slice why = SLICE_EMPTY;
    enum status status;

    *out = NULL;
    status = vault_new(&settings, &lab_world.arena, &why, out);
    if (status != STATUS_OK) {
        assert_true(why.len > 0);
        assert_true(slice_find(why, '\n') == why.len);
    }
    return status;
}

static inline struct vault *lab_vault_of(struct slice secret)
{
    struct vault *vault;

    check_ok(lab_vault(SLICE_EMPTY, SLICE_EMPTY, secret, &vault));
    return vault;
}

static inline int lab_open_at(struct slice url)
{
    clock_test_shift(0, 0);
    check_ok(crypto_init());
    lab_url = url;
    world_open(&lab_world, url);
    lab = (struct auth){.store = lab_world.store, .schema = &lab_world.schema};
    return 0;
}

static inline int lab_set_up(void **state)
{
    return folder_set_up(state) == 0 ? lab_open_at(sqlite_url()) : -1;
}

static inline int lab_close(void **state)
{
    (void)state;
    clock_test_shift(0, 0);
    world_close(&lab_world);
    return 0;
}

static inline int lab_tear_down(void **state)
{
    return lab_close(state) == 0 ? folder_tear_down(state) : -1;
}

#endif
