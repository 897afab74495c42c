/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/token_seen.h"

#include "base/mem.h"
#include "crypto/digest.h"

#include <pthread.h>

/* Readers at a time; each place takes 300 bytes. A power of two. */
#define PLACES ((size_t)8192)
/* Loops rarely meet at one. A power of two. */
#define LOCKS ((size_t)64)

struct text {
    size_t len;
    char bytes[TOKEN_SEEN_TEXT_MAX];
};

struct place {
    unsigned char digest[SHA256_BYTES];
    uint64_t print;
    int64_t seen_ms;    /* wall clock */
    int64_t expires_ms; /* 0: the place is free */
    int64_t issued_ms;
    struct text key_id;
    struct text user_id;
    struct text session_id;
};

struct token_seen {
    pthread_mutex_t locks[LOCKS];
    struct place places[PLACES];
};

enum status token_seen_new(struct token_seen **out)
{
    struct token_seen *seen = mem_alloc(sizeof(*seen));

    TRY_ALLOC(seen);
    for (size_t i = 0; i < LOCKS; i++) {
        pthread_mutex_init(&seen->locks[i], NULL);
    }
    *out = seen;
    return STATUS_OK;
}

void token_seen_free(struct token_seen *seen)
{
    if (seen == NULL) {
        return;
    }
    for (size_t i = 0; i < LOCKS; i++) {
        pthread_mutex_destroy(&seen->locks[i]);
    }
    mem_free(seen);
}

static size_t place_of(const unsigned char digest[SHA256_BYTES])
{
    return ((size_t)digest[0] << 8 | digest[1]) & (PLACES - 1);
}

static bool is_good(const struct place *place,
                    const unsigned char digest[SHA256_BYTES],
                    const struct token_seen_key *key)
{
    return place->print == key->print && key->now_ms < place->expires_ms &&
           key->now_ms >= place->seen_ms &&
           memcmp(place->digest, digest, SHA256_BYTES) == 0;
}

static enum status copy_out(const struct text *text, struct arena *arena,
                            struct slice *out)
{
    return slice_dup(arena, slice_make(text->bytes, text->len), out);
}

static enum status copy_place(const struct place *place, struct arena *arena,
                              struct token_said *out)
{
    out->issued_ms = place->issued_ms;
    out->expires_ms = place->expires_ms;
    TRY(copy_out(&place->key_id, arena, &out->key_id));
    TRY(copy_out(&place->user_id, arena, &out->user_id));
    return copy_out(&place->session_id, arena, &out->session_id);
}

enum status token_seen_find(struct token_seen *seen,
                            const struct token_seen_key *key,
                            struct arena *arena, struct token_said *out)
{
    unsigned char digest[SHA256_BYTES];
    enum status status = STATUS_NOT_FOUND;
    pthread_mutex_t *lock;
    size_t at;

    if (seen == NULL || digest_sha256(key->jwt, digest) != STATUS_OK) {
        return STATUS_NOT_FOUND;
    }
    at = place_of(digest);
    lock = &seen->locks[at & (LOCKS - 1)];
    pthread_mutex_lock(lock);
    if (is_good(&seen->places[at], digest, key)) {
        status = copy_place(&seen->places[at], arena, out);
    }
    pthread_mutex_unlock(lock);
    return status;
}

static void copy_in(struct slice from, struct text *text)
{
    text->len = from.len;
    if (from.len > 0) {
        memcpy(text->bytes, from.ptr, from.len);
    }
}

void token_seen_put(struct token_seen *seen, const struct token_seen_key *key,
                    const struct token_said *said)
{
    unsigned char digest[SHA256_BYTES];
    struct place *place;
    pthread_mutex_t *lock;
    size_t at;

    if (seen == NULL || said->key_id.len > TOKEN_SEEN_TEXT_MAX ||
        said->user_id.len > TOKEN_SEEN_TEXT_MAX ||
        said->session_id.len > TOKEN_SEEN_TEXT_MAX ||
        digest_sha256(key->jwt, digest) != STATUS_OK) {
        return;
    }
    at = place_of(digest);
    lock = &seen->locks[at & (LOCKS - 1)];
    pthread_mutex_lock(lock);
    place = &seen->places[at];
    memcpy(place->digest, digest, sizeof(digest));
    place->print = key->print;
    place->seen_ms = key->now_ms;
    place->expires_ms = said->expires_ms;
    place->issued_ms = said->issued_ms;
    copy_in(said->key_id, &place->key_id);
    copy_in(said->user_id, &place->user_id);
    copy_in(said->session_id, &place->session_id);
    pthread_mutex_unlock(lock);
}
