/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/vault_ring.h"

#include "base/mem.h"
#include "codec/base64.h"
#include "crypto/secret.h"

#include <inttypes.h>

/* A sealed key in base64url, and to spare. */
#define WRAPPED_MAX ((size_t)128)

static enum status bind(int64_t id, struct arena *arena, struct slice *out)
{
    return arena_format(arena, out, "bookplate_key.sealed%c%" PRId64, '\0', id);
}

enum status vault_key_wrap(const struct master *master,
                           const struct seal_key *key, struct arena *arena,
                           struct slice *out)
{
    struct seal_ring ring = master_ring(master);
    struct slice place;
    struct slice sealed;
    struct buf text;

    TRY(bind(key->id, arena, &place));
    TRY(seal_make(&ring, slice_make(key->bytes, sizeof(key->bytes)), place,
                  arena, &sealed));
    buf_init(&text, arena, WRAPPED_MAX);
    base64url_encode(&text, sealed);
    return buf_finish(&text, out);
}

static enum status unseal(const struct master *master, int64_t id,
                          struct slice text, struct arena *arena,
                          struct slice *out)
{
    struct seal_ring ring = master_ring(master);
    struct slice place;
    struct slice sealed;
    enum status status = base64url_decode(arena, text, &sealed);

    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_UNREADABLE;
    }
    TRY(bind(id, arena, &place));
    return seal_open(&ring, sealed, place, arena, out);
}

enum status vault_key_unwrap(const struct master *master,
                             const struct value row[], struct arena *arena,
                             struct seal_key *out)
{
    int64_t id = row[DATA_KEY_ID].number;
    struct slice bytes;

    if (id < 1 || id > UINT32_MAX || row[DATA_KEY_SEALED].kind != VALUE_TEXT ||
        row[DATA_KEY_SEALED].text.len > WRAPPED_MAX) {
        return STATUS_UNREADABLE;
    }
    TRY(unseal(master, id, row[DATA_KEY_SEALED].text, arena, &bytes));
    if (bytes.len != SEAL_KEY_BYTES) {
        return STATUS_UNREADABLE;
    }
    out->id = (uint32_t)id;
    memcpy(out->bytes, bytes.ptr, SEAL_KEY_BYTES);
    secret_wipe((void *)bytes.ptr, bytes.len);
    return STATUS_OK;
}

static enum status take_locked(struct vault_ring *ring,
                               const struct vault_ring_from *from, int64_t id)
{
    const struct seal_key *known =
        from->known == NULL || id < 1 || id > UINT32_MAX
            ? NULL
            : vault_ring_find(from->known, (uint32_t)id);

    ring->unreadable++;
    ring->locked_id = id;
    if (known != NULL) {
        ring->keys[ring->count++] = *known;
    }
    return STATUS_OK;
}

static enum status take_row(struct vault_ring *ring,
                            const struct vault_ring_from *from,
                            const struct value row[], struct arena *arena)
{
    enum status status =
        vault_key_unwrap(from->master, row, arena, &ring->keys[ring->count]);

    if (status == STATUS_UNREADABLE) {
        return take_locked(ring, from, row[DATA_KEY_ID].number);
    }
    TRY(status);
    ring->count++;
    return STATUS_OK;
}

enum status vault_ring_new(const struct vault_ring_from *from,
                           struct arena *arena, struct vault_ring **out)
{
    const struct rows *rows = from->rows;
    struct vault_ring *ring = mem_alloc(sizeof(*ring));

    TRY_ALLOC(ring);
    atomic_init(&ring->owners, 1);
    for (size_t i = 0; i < rows->count && i < VAULT_KEYS_MAX; i++) {
        enum status status =
            take_row(ring, from, rows->values + i * rows->width, arena);

        if (status != STATUS_OK) {
            vault_ring_release(ring);
            return status;
        }
    }
    *out = ring;
    return STATUS_OK;
}

struct vault_ring *vault_ring_share(struct vault_ring *ring)
{
    atomic_fetch_add_explicit(&ring->owners, 1, memory_order_relaxed);
    return ring;
}

void vault_ring_release(struct vault_ring *ring)
{
    if (ring == NULL || atomic_fetch_sub(&ring->owners, 1) > 1) {
        return;
    }
    secret_wipe(ring, sizeof(*ring));
    mem_free(ring);
}

const struct seal_key *vault_ring_find(const struct vault_ring *ring,
                                       uint32_t id)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (ring->keys[i].id == id) {
            return &ring->keys[i];
        }
    }
    return NULL;
}

/* Bytes of keys are compared with each other only, so time tells nothing. */
bool vault_ring_equal(const struct vault_ring *a, const struct vault_ring *b)
{
    return a->count == b->count && a->unreadable == b->unreadable &&
           memcmp(a->keys, b->keys, a->count * sizeof(*a->keys)) == 0;
}
