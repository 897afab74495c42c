/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/remote_set.h"

#include "base/mem.h"
#include "codec/hex.h"
#include "codec/json_read.h"
#include "codec/json_write.h"
#include "crypto/digest.h"

#include <stdatomic.h>

/* The keys' text, which is no longer than what they were read from. */
#define SET_ARENA_MAX (2 * REMOTE_SET_TEXT_MAX)
/* Each value may take 300 bytes. */
#define SET_VALUES_MAX ((size_t)4096)
#define SET_TREE_MAX   ((size_t)4 << 20)
#define ETAG_BYTES     ((size_t)16)

struct remote_set {
    _Atomic size_t owners;
    struct arena arena;
    struct key *keys[REMOTE_SET_KEYS_MAX];
    size_t count;
    struct slice jwks;
    struct slice etag;
};

struct remote_set *remote_set_share(struct remote_set *set)
{
    atomic_fetch_add(&set->owners, 1);
    return set;
}

void remote_set_release(struct remote_set *set)
{
    if (set == NULL || atomic_fetch_sub(&set->owners, 1) > 1) {
        return;
    }
    for (size_t i = 0; i < set->count; i++) {
        key_free(set->keys[i]);
    }
    arena_release(&set->arena);
    mem_free(set);
}

static bool is_text(const struct json *jwk, struct slice name,
                    struct slice wanted)
{
    struct slice text;

    return json_text(json_get(jwk, name), &text) == STATUS_OK &&
           slice_equal(text, wanted);
}

/* What is published and private at once signs for everybody. */
static bool may_verify(const struct json *jwk)
{
    const struct json *use = json_get(jwk, SLICE("use"));

    return json_get(jwk, SLICE("d")) == NULL &&
           json_get(jwk, SLICE("k")) == NULL &&
           (use == NULL || is_text(jwk, SLICE("use"), SLICE("sig")));
}

/* "alg" may be left out; one that is there must be the key's. */
static bool fits_algorithm(const struct json *jwk, const struct key *key)
{
    return json_get(jwk, SLICE("alg")) == NULL ||
           is_text(jwk, SLICE("alg"), key_algorithm_name(key));
}

static enum status add_key(struct remote_set *set, const struct json *jwk)
{
    struct key *key = NULL;
    enum status status;
    struct slice id;

    if (json_text(json_get(jwk, SLICE("kid")), &id) != STATUS_OK ||
        id.len == 0 || id.len > KEY_ID_LIMIT || !may_verify(jwk) ||
        remote_set_find(set, id) != NULL) {
        return STATUS_OK;
    }
    status = key_from_jwk(jwk, id, &key);
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_OK;
    }
    if (!fits_algorithm(jwk, key)) {
        key_free(key);
        return STATUS_OK;
    }
    set->keys[set->count++] = key;
    return STATUS_OK;
}

static enum status add_keys(struct remote_set *set, const struct json *list)
{
    size_t count = json_count(list);

    if (json_kind_of(list) != JSON_KIND_ARRAY || count > REMOTE_SET_KEYS_MAX) {
        return STATUS_UPSTREAM;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(add_key(set, json_at(list, i)));
    }
    return set->count > 0 ? STATUS_OK : STATUS_UPSTREAM;
}

static enum status read_keys(struct remote_set *set, struct slice text)
{
    const struct json_limits limits = {.bytes = REMOTE_SET_TEXT_MAX,
                                       .values = SET_VALUES_MAX};
    CLEANUP(arena_release) struct arena arena;
    const struct json *json;
    enum status status;

    arena_init(&arena, SET_TREE_MAX);
    status = json_parse(&arena, text, limits, &json);
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_UPSTREAM;
    }
    return add_keys(set, json_get(json, SLICE("keys")));
}

static enum status write_keys(struct remote_set *set)
{
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, &set->arena, REMOTE_SET_TEXT_MAX);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    json_write_name(&json, SLICE("keys"));
    json_write_array(&json);
    for (size_t i = 0; i < set->count; i++) {
        TRY(key_write_jwk(set->keys[i], &json));
    }
    json_write_end(&json);
    json_write_end(&json);
    return json_write_finish(&json, &set->jwks);
}

static enum status write_etag(struct remote_set *set)
{
    unsigned char digest[SHA256_BYTES];
    struct buf buf;

    TRY(digest_sha256(set->jwks, digest));
    buf_init(&buf, &set->arena, 2 * ETAG_BYTES + 2);
    buf_add_byte(&buf, '"');
    hex_encode(&buf, slice_make(digest, ETAG_BYTES));
    buf_add_byte(&buf, '"');
    return buf_finish(&buf, &set->etag);
}

static enum status fill(struct remote_set *set, struct slice text)
{
    TRY(read_keys(set, text));
    TRY(write_keys(set));
    return write_etag(set);
}

enum status remote_set_read(struct slice text, struct remote_set **out)
{
    struct remote_set *set = mem_alloc(sizeof(*set));
    enum status status;

    TRY_ALLOC(set);
    atomic_init(&set->owners, 1);
    arena_init(&set->arena, SET_ARENA_MAX);
    status = fill(set, text);
    if (status != STATUS_OK) {
        remote_set_release(set);
        return status;
    }
    *out = set;
    return STATUS_OK;
}

const struct key *remote_set_find(const struct remote_set *set, struct slice id)
{
    for (size_t i = 0; i < set->count; i++) {
        if (slice_equal(key_id(set->keys[i]), id)) {
            return set->keys[i];
        }
    }
    return NULL;
}

size_t remote_set_count(const struct remote_set *set)
{
    return set->count;
}

struct slice remote_set_jwks(const struct remote_set *set)
{
    return set->jwks;
}

struct slice remote_set_etag(const struct remote_set *set)
{
    return set->etag;
}
