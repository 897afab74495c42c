/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/key_ring.h"

#include "auth/jwks_row.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "codec/hex.h"
#include "codec/json_write.h"
#include "crypto/digest.h"
#include "store/record.h"

#include <stdatomic.h>

/* As many as the statement jwks_all gives. */
#define KEYS_MAX ((size_t)100)
/* The key set of a hundred of the largest keys. */
#define RING_MAX ((size_t)1 << 20)
/* To read a row in: both halves, as text and as JSON. */
#define SCRATCH_MAX ((size_t)1 << 20)
/* Sixteen digits tell key sets apart. */
#define ETAG_BYTES ((size_t)8)

#define NEVER INT64_MAX

struct held_key {
    struct key *key;
    int64_t listed_until;
};

struct key_ring {
    _Atomic int owners;
    struct arena arena;
    uint64_t print;
    int64_t changes_ms; /* when the passing of time alone makes it another */
    struct key *signing;
    int64_t signing_expires;
    bool settled;        /* it has been published long enough */
    int64_t signs_until; /* it, or the one after it */
    bool refused;        /* one that should sign does not open */
    size_t listed;
    size_t held;
    struct held_key keys[KEYS_MAX];
    struct slice jwks;
    struct slice etag;
};

/* What making one takes. */
struct making {
    struct key_ring *ring;
    const struct key_ring_settings *settings;
    int64_t now;
    struct arena scratch;
    struct json_writer json;
};

/* One row's times and texts. */
struct reading {
    struct jwks_row row;
    int64_t created;
    int64_t expires;
    int64_t listed_until;
};

struct key_ring *key_ring_share(struct key_ring *ring)
{
    atomic_fetch_add_explicit(&ring->owners, 1, memory_order_relaxed);
    return ring;
}

void key_ring_release(struct key_ring *ring)
{
    if (ring == NULL || atomic_fetch_sub(&ring->owners, 1) > 1) {
        return;
    }
    for (size_t i = 0; i < ring->held; i++) {
        key_free(ring->keys[i].key);
    }
    key_free(ring->signing);
    arena_release(&ring->arena);
    mem_free(ring);
}

uint64_t key_ring_print_rows(const struct rows *rows)
{
    uint64_t print = rows->count;

    for (size_t i = 0; i < rows->count * rows->width; i++) {
        const struct value *value = &rows->values[i];
        struct slice bytes =
            value->kind == VALUE_TEXT
                ? value->text
                : slice_make(&value->number, sizeof(value->number));

        /* Odd, so that no earlier value is lost; hash_slice is keyed. */
        print = print * 0x9e3779b97f4a7c15 +
                (value->kind == VALUE_NULL ? 1 : hash_slice(bytes));
    }
    return print;
}

static int64_t later(int64_t time, int64_t by)
{
    return time > NEVER - by ? NEVER : time + by;
}

/* Notes when this ring is to be made anew. */
static void expect_change(struct making *making, int64_t at)
{
    if (at > making->now && at < making->ring->changes_ms) {
        making->ring->changes_ms = at;
    }
}

static void complain(const struct jwks_row *row, const char *event)
{
    log_error(event, log_text("kid", row->id), log_text("alg", row->algorithm));
}

static bool is_ours(const struct making *making, const struct key *key)
{
    return key_algorithm(key) == making->settings->algorithm;
}

/*
 * The newest that signs, but for one so new that whoever keeps the key set
 * may not know it; when all are, the oldest of them. Rows come newest first.
 */
static bool is_wanted(const struct making *making,
                      const struct reading *reading)
{
    return reading->expires > making->now && !making->ring->settled;
}

static enum status take_signing(struct making *making,
                                const struct reading *reading)
{
    struct key_ring *ring = making->ring;
    int64_t settles = later(reading->created, making->settings->settle_ms);
    struct key *key;
    enum status status = jwks_row_open(making->settings->secrets, &reading->row,
                                       &making->scratch, &key);

    if (status == STATUS_UNREADABLE) {
        complain(&reading->row, "signing_key_unreadable");
        ring->refused = true;
        return STATUS_OK;
    }
    TRY(status);
    key_free(ring->signing);
    ring->signing = key;
    ring->signing_expires = reading->expires;
    ring->settled = settles <= making->now;
    ring->signs_until = ring->signs_until > reading->expires ? ring->signs_until
                                                             : reading->expires;
    expect_change(making, settles);
    expect_change(making, reading->expires);
    return STATUS_OK;
}

/* A key that verifies, or nothing when it is of a kind we do not use. */
static enum status take_key(struct making *making,
                            const struct reading *reading)
{
    struct key_ring *ring = making->ring;
    struct held_key *held = &ring->keys[ring->held];
    enum status status =
        jwks_row_open_public(&reading->row, &making->scratch, &held->key);

    if (status == STATUS_UNREADABLE) {
        return STATUS_OK;
    }
    TRY(status);
    held->listed_until = reading->listed_until;
    ring->held++;
    return is_ours(making, held->key) && is_wanted(making, reading)
               ? take_signing(making, reading)
               : STATUS_OK;
}

static void read_record(const struct making *making,
                        const struct record *record, struct reading *out)
{
    out->row = (struct jwks_row){
        .id = record_text(record, JWKS_ID),
        .public_key = record_text(record, JWKS_PUBLIC_KEY),
        .private_key = record_text(record, JWKS_PRIVATE_KEY),
        .algorithm = record_text(record, JWKS_ALG),
        .curve = record_text(record, JWKS_CRV),
    };
    out->created = record_number(record, JWKS_CREATED_AT);
    out->expires = record_is_null(record, JWKS_EXPIRES_AT)
                       ? NEVER
                       : record_number(record, JWKS_EXPIRES_AT);
    out->listed_until = later(out->expires, making->settings->grace_ms);
}

static enum status list(struct making *making, const struct reading *reading)
{
    enum status status =
        jwks_row_write(&reading->row, &making->scratch, &making->json);

    if (status == STATUS_UNREADABLE) {
        complain(&reading->row, "key_unreadable");
        return STATUS_OK;
    }
    TRY(status);
    making->ring->listed++;
    expect_change(making, reading->listed_until);
    return STATUS_OK;
}

static enum status take_row(struct making *making,
                            const struct key_ring_rows *from, size_t row,
                            bool listing)
{
    struct record record;
    struct reading reading;

    arena_reset(&making->scratch);
    TRY(record_take(from->table, from->rows, row, 0, &making->scratch,
                    &record));
    read_record(making, &record, &reading);
    if (reading.listed_until <= making->now) {
        return STATUS_OK;
    }
    return listing ? list(making, &reading) : take_key(making, &reading);
}

static enum status write_list(struct making *making,
                              const struct key_ring_rows *from, size_t count)
{
    struct key_ring *ring = making->ring;
    unsigned char digest[SHA256_BYTES];
    struct buf body;
    struct buf etag;

    buf_init(&body, &ring->arena, RING_MAX / 2);
    json_writer_init(&making->json, &body);
    json_write_object(&making->json);
    json_write_name(&making->json, SLICE("keys"));
    json_write_array(&making->json);
    for (size_t i = count; i-- > 0;) {
        TRY(take_row(making, from, i, true));
    }
    json_write_end(&making->json);
    json_write_end(&making->json);
    TRY(json_write_finish(&making->json, &ring->jwks));
    TRY(digest_sha256(ring->jwks, digest));
    buf_init(&etag, &ring->arena, 2 * ETAG_BYTES + 2);
    buf_add_byte(&etag, '"');
    hex_encode(&etag, slice_make(digest, ETAG_BYTES));
    buf_add_byte(&etag, '"');
    return buf_finish(&etag, &ring->etag);
}

static enum status make(struct making *making, const struct key_ring_rows *from)
{
    size_t count = from->rows->count < KEYS_MAX ? from->rows->count : KEYS_MAX;

    for (size_t i = 0; i < count; i++) {
        TRY(take_row(making, from, i, false));
    }
    return write_list(making, from, count);
}

enum status key_ring_new(const struct key_ring_settings *settings,
                         const struct key_ring_rows *from,
                         struct key_ring **out)
{
    struct making making = {.settings = settings, .now = from->now_ms};
    enum status status;

    making.ring = mem_alloc(sizeof(*making.ring));
    TRY_ALLOC(making.ring);
    atomic_init(&making.ring->owners, 1);
    arena_init(&making.ring->arena, RING_MAX);
    making.ring->print = key_ring_print_rows(from->rows);
    making.ring->changes_ms = NEVER;
    arena_init(&making.scratch, SCRATCH_MAX);
    status = make(&making, from);
    arena_release(&making.scratch);
    if (status != STATUS_OK) {
        key_ring_release(making.ring);
        return status;
    }
    *out = making.ring;
    return STATUS_OK;
}

uint64_t key_ring_print(const struct key_ring *ring)
{
    return ring->print;
}

int64_t key_ring_changes(const struct key_ring *ring)
{
    return ring->changes_ms;
}

const struct key *key_ring_signing(const struct key_ring *ring, int64_t now_ms)
{
    return now_ms < ring->signing_expires ? ring->signing : NULL;
}

int64_t key_ring_signs_until(const struct key_ring *ring)
{
    return ring->signs_until;
}

bool key_ring_is_locked(const struct key_ring *ring)
{
    return ring->refused && ring->signing == NULL;
}

const struct key *key_ring_find(const struct key_ring *ring, struct slice id,
                                int64_t now_ms)
{
    for (size_t i = 0; i < ring->held; i++) {
        const struct held_key *held = &ring->keys[i];

        if (now_ms < held->listed_until && slice_equal(key_id(held->key), id)) {
            return held->key;
        }
    }
    return NULL;
}

struct slice key_ring_jwks(const struct key_ring *ring)
{
    return ring->jwks;
}

struct slice key_ring_etag(const struct key_ring *ring)
{
    return ring->etag;
}

size_t key_ring_listed(const struct key_ring *ring)
{
    return ring->listed;
}
