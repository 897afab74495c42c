/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/keys.h"

#include "auth/key_maker.h"
#include "auth/token_cache.h"
#include "auth/token_seen.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/gate.h"

#include <pthread.h>
#include <stdatomic.h>

/* How late another process' new key is noticed, when nobody asks for it. */
#define READ_AGAIN_MS ((int64_t)5000)
/* For a key that is asked for: strangers choose the ids in tokens. */
#define LOOK_AGAIN_MS ((int64_t)5000)
/* A database that failed is left alone. */
#define PAUSE_MS ((int64_t)1000)
/* A key follows another this much earlier, and the key set may be kept half
 * of it. */
#define LEAD_MAX_MS ((int64_t)600000)
/* The whole table, when its rows are as large as they get. */
#define TABLE_MAX ((size_t)16 << 20)
/* Of the fibers that led before us all may have been cancelled. */
#define TRIES_MAX 8

struct keys {
    struct keys_settings settings;
    struct key_ring_settings ring_settings;
    int64_t lead_ms;
    struct key_maker *maker;
    struct token_cache *tokens;
    struct token_seen *seen;
    struct gate gate;
    _Atomic uint64_t print; /* of the ring */
    pthread_mutex_t lock;   /* of what follows; never held while waiting */
    struct key_ring *ring;
    int64_t read_at; /* monotonic, as the next */
    int64_t failed_at;
    enum status failed;
};

/* What is in memory, and whether to look into the database. */
struct view {
    struct key_ring *ring; /* the call's share; NULL before the first */
    bool due;
    enum status failed; /* a moment ago */
};

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum status open_parts(struct keys *keys)
{
    const struct keys_settings *settings = &keys->settings;
    int64_t age = smaller(LEAD_MAX_MS / 2, settings->grace_ms / 2);

    if (settings->rotation_ms > 0) {
        keys->lead_ms = smaller(LEAD_MAX_MS, settings->rotation_ms / 4);
        age = smaller(age, keys->lead_ms / 2);
    }
    keys->ring_settings =
        (struct key_ring_settings){.algorithm = settings->algorithm,
                                   .grace_ms = settings->grace_ms,
                                   .settle_ms = age,
                                   .secrets = settings->secrets};
    TRY(token_cache_new(&keys->tokens));
    TRY(token_seen_new(&keys->seen));
    return key_maker_new(settings->secrets, settings->algorithm, &keys->maker);
}

enum status keys_new(const struct keys_settings *settings, struct keys **out)
{
    struct keys *keys = mem_alloc(sizeof(*keys));
    enum status status;

    TRY_ALLOC(keys);
    keys->settings = *settings;
    gate_init(&keys->gate);
    pthread_mutex_init(&keys->lock, NULL);
    status = open_parts(keys);
    if (status != STATUS_OK) {
        keys_free(keys);
        return status;
    }
    *out = keys;
    return STATUS_OK;
}

void keys_free(struct keys *keys)
{
    if (keys == NULL) {
        return;
    }
    key_maker_free(keys->maker);
    key_ring_release(keys->ring);
    token_cache_free(keys->tokens);
    token_seen_free(keys->seen);
    pthread_mutex_destroy(&keys->lock);
    gate_release(&keys->gate);
    mem_free(keys);
}

const struct keys_settings *keys_settings(const struct keys *keys)
{
    return &keys->settings;
}

struct token_cache *keys_tokens(struct keys *keys)
{
    return keys == NULL ? NULL : keys->tokens;
}

struct token_seen *keys_seen(struct keys *keys)
{
    return keys->seen;
}

int64_t keys_max_age(const struct keys *keys)
{
    return keys->ring_settings.settle_ms / 1000;
}

uint64_t keys_print(const struct keys *keys)
{
    return atomic_load_explicit(&keys->print, memory_order_relaxed);
}

/* The one after the key that signs is to be made. */
static bool successor_is_due(const struct keys *keys,
                             const struct key_ring *ring, int64_t now)
{
    return keys->lead_ms > 0 && key_ring_signing(ring, now) != NULL &&
           key_ring_signs_until(ring) - now < keys->lead_ms;
}

static bool is_due(const struct keys *keys, int64_t now)
{
    int64_t age = clock_mono_ms() - keys->read_at;

    if (keys->ring == NULL || age >= READ_AGAIN_MS) {
        return true;
    }
    return age >= PAUSE_MS && (now >= key_ring_changes(keys->ring) ||
                               successor_is_due(keys, keys->ring, now));
}

static void release_ring(void *ring)
{
    key_ring_release(ring);
}

static enum status look(const struct auth_call *call, struct view *out)
{
    struct keys *keys = call->auth->keys;
    enum status status;

    *out = (struct view){.failed = STATUS_OK};
    pthread_mutex_lock(&keys->lock);
    if (keys->failed != STATUS_OK &&
        clock_mono_ms() - keys->failed_at < PAUSE_MS) {
        out->failed = keys->failed;
    }
    out->due = out->failed == STATUS_OK && is_due(keys, call->now);
    if (keys->ring != NULL) {
        out->ring = key_ring_share(keys->ring);
    }
    pthread_mutex_unlock(&keys->lock);
    status = arena_on_reset(call->arena, release_ring, out->ring);
    if (status != STATUS_OK) {
        key_ring_release(out->ring);
    }
    return status;
}

static bool is_usable(const struct key_ring *ring, enum keys_need need,
                      int64_t now)
{
    if (ring == NULL) {
        return false;
    }
    switch (need) {
    case KEYS_TO_SIGN:
        return key_ring_signing(ring, now) != NULL;
    case KEYS_TO_LIST:
        return key_ring_listed(ring) > 0;
    case KEYS_TO_VERIFY:
    default:
        return true;
    }
}

static void put_ring(struct keys *keys, struct key_ring *ring)
{
    struct key_ring *old;

    pthread_mutex_lock(&keys->lock);
    old = keys->ring;
    keys->ring = ring;
    pthread_mutex_unlock(&keys->lock);
    atomic_store_explicit(&keys->print, key_ring_print(ring),
                          memory_order_relaxed);
    key_ring_release(old);
}

/* For who leads: nobody else puts a ring. Unchanged rows cost no parsing. */
static enum status read_table(const struct auth_call *call,
                              struct arena *scratch)
{
    struct keys *keys = call->auth->keys;
    struct statement statement = {.query = QUERY_jwks_all};
    struct key_ring *ring;
    struct rows rows;
    struct key_ring_rows from = {
        .table = &call->auth->schema->tables[TABLE_JWKS],
        .rows = &rows,
        .now_ms = call->now,
    };

    TRY(store_read(call->auth->store, &statement, scratch, &rows));
    if (keys->ring != NULL && call->now < key_ring_changes(keys->ring) &&
        key_ring_print(keys->ring) == key_ring_print_rows(&rows)) {
        return STATUS_OK;
    }
    TRY(key_ring_new(&keys->ring_settings, &from, &ring));
    put_ring(keys, ring);
    return STATUS_OK;
}

static bool is_key_missing(const struct keys *keys, enum keys_need need,
                           int64_t now)
{
    if (key_ring_is_locked(keys->ring)) {
        return false;
    }
    return successor_is_due(keys, keys->ring, now) ||
           (need != KEYS_TO_VERIFY && !is_usable(keys->ring, need, now));
}

/* All but the id. */
static void fill_row(struct value values[], const struct jwks_row *row,
                     int64_t now, struct value expires)
{
    values[JWKS_PUBLIC_KEY] = value_text(row->public_key);
    values[JWKS_PRIVATE_KEY] = value_text(row->private_key);
    values[JWKS_CREATED_AT] = value_time(now);
    values[JWKS_EXPIRES_AT] = expires;
    values[JWKS_ALG] = value_text(row->algorithm);
    values[JWKS_CRV] =
        row->curve.len > 0 ? value_text(row->curve) : VALUE_NOTHING;
}

/*
 * Nothing is inserted when somebody else was faster: the lock lets one
 * process at a time look whether there is a key that lives long enough.
 */
static enum status insert_key(const struct auth_call *call,
                              const struct jwks_row *row)
{
    const struct keys *keys = call->auth->keys;
    int64_t rotation = keys->settings.rotation_ms;
    bool follows = key_ring_signing(keys->ring, call->now) != NULL;
    int64_t from = follows ? key_ring_signs_until(keys->ring) : call->now;
    struct value values[JWKS_COLUMNS + 2];
    struct statement statements[] = {{.query = QUERY_jwks_lock},
                                     STATEMENT(jwks_insert_first, values)};

    TRY(auth_new_id(call, &values[JWKS_ID]));
    fill_row(values, row, call->now,
             rotation > 0 ? value_time(from + rotation) : VALUE_NOTHING);
    values[JWKS_COLUMNS] =
        value_time(follows ? call->now + keys->lead_ms : call->now);
    values[JWKS_COLUMNS + 1] = value_text(row->algorithm);
    return store_write(call->auth->store, statements, 2, call->arena, NULL);
}

static enum status make_key(const struct auth_call *call, struct arena *scratch)
{
    struct jwks_row row;

    TRY(key_maker_run(call->auth->keys->maker, scratch, &row));
    TRY(insert_key(call, &row));
    return read_table(call, scratch);
}

static enum status refresh_with(const struct auth_call *call,
                                enum keys_need need, struct arena *scratch)
{
    struct keys *keys = call->auth->keys;

    TRY(read_table(call, scratch));
    if (is_key_missing(keys, need, call->now)) {
        TRY(make_key(call, scratch));
    }
    return is_usable(keys->ring, need, call->now) ? STATUS_OK
                                                  : STATUS_UNREADABLE;
}

/* For who leads. */
static enum status refresh(const struct auth_call *call, enum keys_need need)
{
    struct keys *keys = call->auth->keys;
    struct arena scratch;
    enum status status;

    arena_init(&scratch, TABLE_MAX);
    status = refresh_with(call, need, &scratch);
    arena_release(&scratch);
    pthread_mutex_lock(&keys->lock);
    if (status == STATUS_OK) {
        keys->read_at = clock_mono_ms();
        keys->failed = STATUS_OK;
    } else if (status != STATUS_CANCELLED) {
        keys->failed_at = clock_mono_ms();
        keys->failed = status;
    }
    pthread_mutex_unlock(&keys->lock);
    gate_leave(&keys->gate, status);
    return status;
}

/* Who waits for keys waits for the one that looks for them. */
static enum status wait_for_keys(const struct auth_call *call,
                                 enum keys_need need)
{
    bool leads;

    TRY(gate_enter(&call->auth->keys->gate, &leads));
    return leads ? refresh(call, need) : STATUS_OK;
}

enum status keys_take(const struct auth_call *call, enum keys_need need,
                      const struct key_ring **out)
{
    struct gate *gate = &call->auth->keys->gate;

    for (int i = 0; i < TRIES_MAX; i++) {
        struct view view;
        bool usable;

        TRY(look(call, &view));
        usable = is_usable(view.ring, need, call->now);
        if (usable && (!view.due || !gate_try(gate))) {
            *out = view.ring;
            return STATUS_OK;
        }
        if (!usable) {
            TRY(view.failed);
            TRY(wait_for_keys(call, need));
        } else if (refresh(call, need) == STATUS_CANCELLED) {
            return STATUS_CANCELLED;
        }
    }
    return STATUS_UNAVAILABLE;
}

static bool may_look_again(struct keys *keys)
{
    bool may;

    pthread_mutex_lock(&keys->lock);
    may = clock_mono_ms() - keys->read_at >= LOOK_AGAIN_MS &&
          (keys->failed == STATUS_OK ||
           clock_mono_ms() - keys->failed_at >= LOOK_AGAIN_MS);
    pthread_mutex_unlock(&keys->lock);
    return may;
}

enum status keys_find(const struct auth_call *call, struct slice id,
                      const struct key **out)
{
    const struct key_ring *ring;

    TRY(keys_take(call, KEYS_TO_VERIFY, &ring));
    *out = key_ring_find(ring, id, call->now);
    if (*out != NULL || !may_look_again(call->auth->keys)) {
        return STATUS_OK;
    }
    if (wait_for_keys(call, KEYS_TO_VERIFY) == STATUS_CANCELLED) {
        return STATUS_CANCELLED;
    }
    TRY(keys_take(call, KEYS_TO_VERIFY, &ring));
    *out = key_ring_find(ring, id, call->now);
    return STATUS_OK;
}

enum status keys_rotate(const struct auth_call *call, bool at_once,
                        int64_t *signs_at)
{
    const struct keys *keys = call->auth->keys;
    const struct audit_note note = {.event = AUDIT_KEY,
                                    .detail = SLICE("signing key made")};
    int64_t from = call->now + (at_once ? 0 : keys->ring_settings.settle_ms);
    int64_t rotation = keys->settings.rotation_ms;
    struct jwks_row row;
    struct value retired[2];
    struct value made[JWKS_COLUMNS + 2];
    struct statement statements[] = {{.query = QUERY_jwks_lock},
                                     STATEMENT(jwks_retire, retired),
                                     STATEMENT(jwks_insert_first, made)};

    TRY(key_maker_run(keys->maker, call->arena, &row));
    retired[0] = value_time(from);
    retired[1] = value_text(row.algorithm);
    TRY(auth_new_id(call, &made[JWKS_ID]));
    fill_row(made, &row, call->now,
             rotation > 0 ? value_time(from + rotation) : VALUE_NOTHING);
    made[JWKS_COLUMNS] = value_time(from);
    made[JWKS_COLUMNS + 1] = value_text(row.algorithm);
    statements[2].must_change = true;
    TRY(auth_write_noted(call, statements, 3, NULL, &note));
    *signs_at = from;
    return STATUS_OK;
}

/* STATUS_OK too when somebody changed the row meanwhile. */
static enum status reseal_row(const struct auth_call *call,
                              const struct record *record, size_t *count)
{
    const struct jwks_row row = {
        .id = record_text(record, JWKS_ID),
        .private_key = record_text(record, JWKS_PRIVATE_KEY),
    };
    struct value values[] = {record->values[JWKS_ID],
                             record->values[JWKS_PRIVATE_KEY], VALUE_NOTHING};
    const struct statement statement = STATEMENT(jwks_reseal, values);
    struct slice sealed;
    struct rows rows;
    bool changed;
    enum status status =
        jwks_row_seal_anew(call->auth->keys->settings.secrets, &row,
                           call->arena, &changed, &sealed);

    if (status == STATUS_UNREADABLE) {
        log_error("signing_key_unreadable", log_text("kid", row.id));
        return STATUS_OK;
    }
    TRY(status);
    if (!changed) {
        return STATUS_OK;
    }
    values[2] = value_text(sealed);
    TRY(auth_write(call, &statement, 1, &rows));
    *count += rows.changed;
    return STATUS_OK;
}

enum status keys_reseal(const struct auth_call *call, size_t *count)
{
    const struct table *table = &call->auth->schema->tables[TABLE_JWKS];
    struct record record;
    struct rows rows;

    *count = 0;
    TRY(auth_read(call, QUERY_jwks_all, NULL, 0, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        TRY(record_take(table, &rows, i, 0, call->arena, &record));
        TRY(reseal_row(call, &record, count));
    }
    return STATUS_OK;
}
