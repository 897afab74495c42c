/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/vault.h"

#include "reader/vault_ring.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "codec/base64.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "net/gate.h"

#include <inttypes.h>

/* The rows of the table, and what opening them takes. */
#define TABLE_MAX ((size_t)1 << 18)
/* For one and the same key that is not there. */
#define MISSED_MS ((int64_t)1000)
/* Of the fibers that led before us all may have been cancelled. */
#define TRIES_MAX  8
#define SEALED_MAX (4 * (VAULT_TEXT_MAX + SEAL_OVERHEAD) / 3 + 4)

static const struct statement all_keys = {.query = QUERY_data_keys_all};

struct vault {
    struct store *store;
    struct master master;
    struct gate gate;
    pthread_mutex_t lock; /* of what follows; never held while waiting */
    struct vault_ring *ring;
    int64_t read_at;   /* monotonic, as the next */
    int64_t missed_at; /* when a look did not find this key */
    uint32_t missed_id;
};

static enum status take_rows(struct vault *vault, const struct rows *rows,
                             struct arena *arena)
{
    /* Nobody else puts a ring: one looks at a time. */
    const struct vault_ring_from from = {&vault->master, rows, vault->ring};
    struct vault_ring *old;
    struct vault_ring *ring;

    TRY(vault_ring_new(&from, arena, &ring));
    pthread_mutex_lock(&vault->lock);
    old = vault->ring;
    vault->read_at = clock_mono_ms();
    if (old != NULL && vault_ring_equal(old, ring)) {
        old = ring;
    } else {
        vault->ring = ring;
    }
    pthread_mutex_unlock(&vault->lock);
    /* At the start it is the reason of a refusal instead. */
    if (old != NULL && old != ring && ring->unreadable > 0) {
        log_error("data_key_unreadable", log_number("key", ring->locked_id));
    }
    vault_ring_release(old);
    return STATUS_OK;
}

/* Before loops run. */
static enum status run(struct vault *vault, struct slice sql,
                       struct arena *arena, struct slice *why)
{
    struct query built;
    const struct statement statement = {.query = QUERY_BUILT, .built = &built};
    struct rows rows;

    TRY(store_build(vault->store, sql, arena, &built));
    return store_run_blocking(vault->store, &statement, arena, &rows, why);
}

/* Of several that do this at once one row stays, and all read that one. */
static enum status make_first(struct vault *vault, struct arena *arena,
                              struct slice *why)
{
    struct seal_key key = {.id = 1};
    struct slice wrapped;
    struct slice insert;
    enum status status;

    TRY(random_bytes(key.bytes, sizeof(key.bytes)));
    status = vault_key_wrap(&vault->master, &key, arena, &wrapped);
    secret_wipe(&key, sizeof(key));
    TRY(status);
    TRY(arena_format(arena, &insert,
                     "INSERT INTO bookplate_key (id, kind, sealed, created_at) "
                     "VALUES (1, 'data', '%.*s', %" PRId64
                     ") ON CONFLICT DO NOTHING",
                     SLICE_ARG(wrapped), clock_wall_ms()));
    return run(vault, insert, arena, why);
}

/*
 * Under the newest secret: who never heard of data keys can drop an older one
 * at a later start without another thought. Servers that do not have the new
 * one yet go on with what they know (vault_ring.h). With DATA_KEYS it is the
 * operator's to say when (docs/keys.md).
 */
static enum status wrap_anew(struct vault *vault, const struct value row[],
                             struct arena *arena, struct slice *why)
{
    const struct seal_key *key =
        vault_ring_find(vault->ring, (uint32_t)row[DATA_KEY_ID].number);
    struct slice sealed = row[DATA_KEY_SEALED].text;
    struct slice wrapped;
    struct slice update;
    struct slice bytes;
    uint32_t id;

    TRY(base64url_decode(arena, sealed, &bytes));
    if (key == NULL || !seal_key_id(bytes, &id) ||
        id == vault->master.keys[0].id) {
        return STATUS_OK;
    }
    TRY(vault_key_wrap(&vault->master, key, arena, &wrapped));
    /* Both are letters, digits, "-" and "_": they were just decoded or made. */
    TRY(arena_format(arena, &update,
                     "UPDATE bookplate_key SET sealed = '%.*s' "
                     "WHERE id = %" PRIu32 " AND sealed = '%.*s'",
                     SLICE_ARG(wrapped), key->id, SLICE_ARG(sealed)));
    return run(vault, update, arena, why);
}

static enum status refuse_locked(const struct vault *vault, struct arena *arena,
                                 struct slice *why)
{
    TRY(arena_format(
        arena, why,
        "DATA_KEYS: data key %" PRId64 " was sealed with another key; give the "
        "old one behind the new one, or the old secret in BETTER_AUTH_SECRETS",
        vault->ring->locked_id));
    return STATUS_UNREADABLE;
}

static enum status load(struct vault *vault,
                        const struct vault_settings *settings,
                        struct arena *arena, struct slice *why)
{
    bool look_only = settings->look_only;
    bool renew = !look_only && settings->master.data_keys.len == 0;
    struct rows rows;

    TRY(store_run_blocking(vault->store, &all_keys, arena, &rows, why));
    if (rows.count == 0 && !look_only) {
        TRY(make_first(vault, arena, why));
        TRY(store_run_blocking(vault->store, &all_keys, arena, &rows, why));
    }
    TRY(take_rows(vault, &rows, arena));
    if (vault->ring->unreadable > 0) {
        return refuse_locked(vault, arena, why);
    }
    for (size_t i = 0; renew && i < rows.count; i++) {
        TRY(wrap_anew(vault, &rows.values[i * rows.width], arena, why));
    }
    return STATUS_OK;
}

static enum status fill(struct vault *vault,
                        const struct vault_settings *settings,
                        struct arena *arena, struct slice *why)
{
    TRY(master_read(&settings->master, arena, why, &vault->master));
    return load(vault, settings, arena, why);
}

enum status vault_new(const struct vault_settings *settings,
                      struct arena *arena, struct slice *why,
                      struct vault **out)
{
    struct slice problem = SLICE("out of memory");
    struct vault *vault = mem_alloc(sizeof(*vault));
    struct arena own;
    enum status status;

    TRY_ALLOC(vault);
    vault->store = settings->store;
    gate_init(&vault->gate);
    pthread_mutex_init(&vault->lock, NULL);
    arena_init(&own, TABLE_MAX);
    status = fill(vault, settings, &own, &problem);
    *why = SLICE_EMPTY;
    if (status != STATUS_OK && slice_dup(arena, problem, why) != STATUS_OK) {
        status = STATUS_NO_MEMORY;
    }
    arena_release(&own);
    if (status != STATUS_OK) {
        vault_free(vault);
        return status;
    }
    *out = vault;
    return STATUS_OK;
}

void vault_free(struct vault *vault)
{
    if (vault == NULL) {
        return;
    }
    vault_ring_release(vault->ring);
    master_wipe(&vault->master);
    pthread_mutex_destroy(&vault->lock);
    gate_release(&vault->gate);
    mem_free(vault);
}

const struct master *vault_master(const struct vault *vault)
{
    return &vault->master;
}

static enum status read_rows(struct vault *vault)
{
    CLEANUP(arena_release) struct arena arena;
    struct rows rows;

    arena_init(&arena, TABLE_MAX);
    TRY(store_read(vault->store, &all_keys, &arena, &rows));
    return take_rows(vault, &rows, &arena);
}

/* Who finds somebody looking waits for what he finds. */
static enum status look_again(struct vault *vault)
{
    enum status status;
    bool leads;

    TRY(gate_enter(&vault->gate, &leads));
    if (!leads) {
        return STATUS_OK;
    }
    status = read_rows(vault);
    gate_leave(&vault->gate, status);
    return status;
}

/*
 * Who only waited may have waited for a look that began before the caller
 * wrote; the second is his own, or begins after.
 */
enum status vault_refresh(struct vault *vault)
{
    TRY(look_again(vault));
    return look_again(vault);
}

/* The caller's share of what is in memory. */
static struct vault_ring *take_ring(struct vault *vault, int64_t *read_at)
{
    struct vault_ring *ring;

    pthread_mutex_lock(&vault->lock);
    ring = vault_ring_share(vault->ring);
    *read_at = vault->read_at;
    pthread_mutex_unlock(&vault->lock);
    return ring;
}

static enum status take_fresh(struct vault *vault, struct vault_ring **out)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        int64_t read_at;

        *out = take_ring(vault, &read_at);
        if ((*out)->count > 0 && clock_mono_ms() - read_at < VAULT_FRESH_MS) {
            return STATUS_OK;
        }
        vault_ring_release(*out);
        TRY(look_again(vault));
    }
    return STATUS_UNAVAILABLE;
}

/* A key that was just looked for in vain is not looked for again. */
static bool was_missed(struct vault *vault, uint32_t id)
{
    bool was;

    pthread_mutex_lock(&vault->lock);
    was = vault->missed_id == id &&
          clock_mono_ms() - vault->missed_at < MISSED_MS;
    pthread_mutex_unlock(&vault->lock);
    return was;
}

static void note_missed(struct vault *vault, uint32_t id)
{
    pthread_mutex_lock(&vault->lock);
    vault->missed_id = id;
    vault->missed_at = clock_mono_ms();
    pthread_mutex_unlock(&vault->lock);
}

/*
 * Its row was committed before anything was sealed with it. Who waited for
 * another's look may have come too late for that one: the second is his own.
 */
static enum status take_with(struct vault *vault, uint32_t id,
                             struct vault_ring **out)
{
    int64_t read_at;

    *out = take_ring(vault, &read_at);
    for (int i = 0; i < 2; i++) {
        if (vault_ring_find(*out, id) != NULL) {
            return STATUS_OK;
        }
        vault_ring_release(*out);
        if (was_missed(vault, id)) {
            return STATUS_UNREADABLE;
        }
        TRY(look_again(vault));
        *out = take_ring(vault, &read_at);
    }
    if (vault_ring_find(*out, id) != NULL) {
        return STATUS_OK;
    }
    vault_ring_release(*out);
    note_missed(vault, id);
    return STATUS_UNREADABLE;
}

/* A NUL is in neither of them. */
static enum status bind(const struct vault_place *place, struct arena *arena,
                        struct slice *out)
{
    return arena_format(arena, out, "%.*s%c%.*s", SLICE_ARG(place->column),
                        '\0', SLICE_ARG(place->row));
}

static enum status seal_with(const struct vault_ring *ring,
                             const struct vault_place *place, struct slice text,
                             struct arena *arena, struct slice *out)
{
    const struct seal_ring keys = {ring->keys, ring->count};
    struct slice associated;
    struct slice sealed;
    struct buf encoded;

    TRY(bind(place, arena, &associated));
    TRY(seal_make(&keys, text, associated, arena, &sealed));
    buf_init(&encoded, arena, SEALED_MAX);
    base64url_encode(&encoded, sealed);
    return buf_finish(&encoded, out);
}

enum status vault_seal(struct vault *vault, const struct auth_call *call,
                       const struct vault_place *place, struct slice text,
                       struct vault_sealed *out)
{
    struct vault_ring *ring;
    enum status status;

    if (text.len > VAULT_TEXT_MAX) {
        return STATUS_TOO_LARGE;
    }
    TRY(take_fresh(vault, &ring));
    out->key_id = ring->keys[0].id;
    status = seal_with(ring, place, text, call->arena, &out->text);
    vault_ring_release(ring);
    return status;
}

enum status vault_open(struct vault *vault, const struct auth_call *call,
                       const struct vault_place *place, struct slice sealed,
                       struct slice *out)
{
    struct vault_ring *ring;
    struct slice associated;
    struct slice bytes;
    struct seal_ring keys;
    enum status status;
    uint32_t id;

    status = base64url_decode(call->arena, sealed, &bytes);
    if (status == STATUS_INVALID_ENCODING) {
        return STATUS_UNREADABLE;
    }
    TRY(status);
    if (!seal_key_id(bytes, &id)) {
        return STATUS_UNREADABLE;
    }
    TRY(bind(place, call->arena, &associated));
    TRY(take_with(vault, id, &ring));
    keys = (struct seal_ring){ring->keys, ring->count};
    status = seal_open(&keys, bytes, associated, call->arena, out);
    vault_ring_release(ring);
    return status;
}
