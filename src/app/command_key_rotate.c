/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key rotate: a new data key, and all values under it, while servers run. Each
 * step says by itself what is left to do, so whoever was stopped, however,
 * runs the command again.
 */
#include "app/command_tools.h"
#include "app/keys_open.h"
#include "base/clock.h"
#include "net/fiber.h"
#include "reader/data_keys.h"
#include "reader/reseal.h"

#include <inttypes.h>
#include <stdio.h>

#define PROGRESS_MS ((int64_t)2000)
/* Rows that requests hold are free in a moment. */
#define HELD_MS ((int64_t)200)
/* On the way from a server's vault to the database, beside its time limit. */
#define WRITTEN_MS ((int64_t)1000)
/* Somebody else rotates as well, again and again. */
#define TRIES_MAX 16

struct rotation {
    struct command *command;
    struct vault *vault;
    struct reseal reseal;
    int64_t total;
    int64_t told_at;
};

static void tell_progress(const struct reseal *reseal)
{
    struct rotation *rotation = reseal->arg;
    int64_t now = clock_mono_ms();

    if (rotation->total == 0 || now - rotation->told_at < PROGRESS_MS) {
        return;
    }
    rotation->told_at = now;
    fprintf(stderr, "%" PRId64 " of %" PRId64 " values sealed anew\n",
            reseal->sealed, rotation->total);
}

static enum status wait_ms(int64_t ms)
{
    int64_t until = clock_mono_ms() + ms;

    while (clock_mono_ms() < until) {
        if (fiber_park(until - clock_mono_ms()) == STATUS_CANCELLED) {
            return STATUS_CANCELLED;
        }
    }
    return STATUS_OK;
}

/* Until a pass meets nothing but what does not open. */
static enum status seal_all(struct rotation *rotation)
{
    struct reseal *reseal = &rotation->reseal;
    int64_t before = -1;

    do {
        if (before == reseal->sealed) {
            TRY(wait_ms(HELD_MS));
        }
        before = reseal->sealed;
        TRY(reseal_pass(reseal));
    } while (reseal->met > reseal->unreadable);
    return STATUS_OK;
}

/* The newest key; a new one when nothing is left under older ones. */
static enum status choose_key(struct rotation *rotation, int64_t *made_at)
{
    struct command *command = rotation->command;
    struct reseal *reseal = &rotation->reseal;
    struct data_key_list list;

    TRY(data_keys_list(&command->call, &list));
    if (list.count == 0) {
        return STATUS_UNAVAILABLE; /* the vault has just made one */
    }
    reseal->key_id = list.keys[0].id;
    *made_at = list.keys[0].created_at;
    TRY(reseal_count(reseal, &rotation->total));
    if (rotation->total > 0 && !command_has(command, CLI_FLAG_NEW)) {
        return command_say(command,
                           "going on: %" PRId64 " values are not yet under "
                           "data key %" PRId64,
                           rotation->total, reseal->key_id);
    }
    TRY(data_keys_make(rotation->vault, &command->call, &reseal->key_id));
    *made_at = command->call.now;
    TRY(reseal_count(reseal, &rotation->total));
    return command_say(command, "data key %" PRId64 " made", reseal->key_id);
}

/* What a server sealed before it took the new key is written by then. */
static enum status wait_for_servers(const struct rotation *rotation,
                                    int64_t made_at)
{
    int64_t all = VAULT_FRESH_MS + WRITTEN_MS +
                  2 * rotation->command->config->DATABASE_TIMEOUT;
    int64_t left = made_at + all - clock_wall_ms();

    if (left <= 0) {
        return STATUS_OK;
    }
    left = left < all ? left : all;
    command_hint("waiting %" PRId64 " s, until every server has the new key",
                 (left + 999) / 1000);
    return wait_ms(left);
}

static enum status seal_under_newest(struct rotation *rotation)
{
    int64_t made_at;

    TRY(choose_key(rotation, &made_at));
    TRY(seal_all(rotation));
    TRY(wait_for_servers(rotation, made_at));
    return seal_all(rotation);
}

static enum status note_end(struct rotation *rotation, size_t rewrapped,
                            size_t removed)
{
    struct audit_note note = {.event = AUDIT_KEY};
    const struct statement nothing_else = {0};
    const struct auth_call *call = &rotation->command->call;

    TRY(arena_format(call->arena, &note.detail,
                     "%" PRId64 " values sealed anew under data key %" PRId64
                     ", %zu keys rewrapped, %zu removed",
                     rotation->reseal.sealed, rotation->reseal.key_id,
                     rewrapped, removed));
    return auth_write_noted(call, &nothing_else, 0, NULL, &note);
}

static enum status finish(struct rotation *rotation)
{
    struct command *command = rotation->command;
    const struct reseal *reseal = &rotation->reseal;
    size_t rewrapped;
    size_t removed;

    command->call.now = clock_wall_ms();
    TRY(data_keys_rewrap(rotation->vault, &command->call, &rewrapped));
    TRY(data_keys_remove_idle(&command->call, &removed));
    TRY(note_end(rotation, rewrapped, removed));
    TRY(command_say(command,
                    "%" PRId64 " values sealed anew under data key %" PRId64,
                    reseal->sealed, reseal->key_id));
    if (rewrapped > 0) {
        TRY(command_say(command,
                        "%zu data keys sealed anew under the first master key",
                        rewrapped));
    }
    if (removed > 0) {
        TRY(command_say(command, "%zu data keys removed: they sealed nothing",
                        removed));
    }
    if (reseal->unreadable > 0) {
        command->code = EXIT_CODE_FAILED;
        return command_say(command,
                           "problem: %" PRId64 " values do not open and stay "
                           "as they are; the lines above name them",
                           reseal->unreadable);
    }
    return STATUS_OK;
}

static enum status rotate_data(struct command *command)
{
    struct rotation rotation = {.command = command, .told_at = clock_mono_ms()};
    enum status status;

    TRY(keys_open_vault(command->config, command->auth.store, command->arena,
                        &command->why, &rotation.vault));
    rotation.reseal = (struct reseal){.vault = rotation.vault,
                                      .call = &command->call,
                                      .progress = tell_progress,
                                      .arg = &rotation};
    status = STATUS_TAKEN;
    for (int i = 0; i < TRIES_MAX && status == STATUS_TAKEN; i++) {
        status = seal_under_newest(&rotation);
    }
    if (status == STATUS_OK) {
        status = finish(&rotation);
    }
    vault_free(rotation.vault);
    return status;
}

static enum status tell_signing(struct command *command, int64_t signs_at)
{
    struct slice time;

    if (signs_at <= command->call.now) {
        return command_say(command, "a new key signs from now on");
    }
    TRY(command_time(command, signs_at, &time));
    return command_say(command,
                       "a new key is published, and signs from %.*s UTC on, "
                       "when nobody goes by an older key set any more",
                       SLICE_ARG(time));
}

static enum status make_signing(struct command *command)
{
    bool at_once = command_has(command, CLI_FLAG_NOW);
    int64_t signs_at;
    size_t resealed;

    TRY(keys_rotate(&command->call, at_once, &signs_at));
    TRY(tell_signing(command, signs_at));
    TRY(keys_reseal(&command->call, &resealed));
    return resealed == 0
               ? STATUS_OK
               : command_say(command,
                             "%zu keys sealed anew under the newest secret",
                             resealed);
}

static enum status rotate_signing(struct command *command)
{
    struct secrets *secrets = NULL;
    enum status status;

    if (!command->schema.tables[TABLE_JWKS].exists) {
        return command_refuse(command, "keys that sign tokens need the plugin "
                                       "jwt in AUTH_PLUGINS");
    }
    TRY(keys_open_secrets(command->config, command->arena, &command->why,
                          &secrets));
    status = keys_open_signing(command->config, secrets, SLICE_EMPTY,
                               &command->auth.keys);
    if (status == STATUS_OK) {
        status = make_signing(command);
    }
    keys_free(command->auth.keys);
    command->auth.keys = NULL;
    secrets_free(secrets);
    return status;
}

enum status command_key_rotate(struct command *command)
{
    bool signing = command_has(command, CLI_FLAG_SIGNING);

    if (command_has(command, CLI_FLAG_NOW) && !signing) {
        return command_refuse(command, "--now goes with --signing");
    }
    if (command_has(command, CLI_FLAG_NEW) && signing) {
        return command_refuse(command,
                              "--new is for data keys, not for --signing");
    }
    return signing ? rotate_signing(command) : rotate_data(command);
}
