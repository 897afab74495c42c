/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/token_cache.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "crypto/digest.h"
#include "crypto/secret.h"

#include <pthread.h>

/* Loops rarely meet at one shelf, and one is looked through in no time. */
#define SHELVES     64
#define SHELF_WIDTH 64
/* A longer one is unusual; all places full of these take 16 MiB. */
#define TEXT_MAX ((size_t)4096)

struct kept {
    unsigned char session[SHA256_BYTES];
    uint64_t user; /* hash of the id */
    uint64_t print;
    int64_t user_updated_ms;
    int64_t made_ms; /* monotonic */
    size_t len;
    char *text; /* NULL: the place is free */
};

struct shelf {
    pthread_mutex_t lock;
    size_t count;
    struct kept places[SHELF_WIDTH];
};

struct token_cache {
    struct shelf shelves[SHELVES];
};

enum status token_cache_new(struct token_cache **out)
{
    struct token_cache *cache = mem_alloc(sizeof(*cache));

    TRY_ALLOC(cache);
    for (size_t i = 0; i < SHELVES; i++) {
        pthread_mutex_init(&cache->shelves[i].lock, NULL);
    }
    *out = cache;
    return STATUS_OK;
}

static void empty(struct shelf *shelf, struct kept *place)
{
    if (place->text != NULL) {
        secret_wipe(place->text, place->len);
        mem_free(place->text);
        place->text = NULL;
        shelf->count--;
    }
}

void token_cache_free(struct token_cache *cache)
{
    if (cache == NULL) {
        return;
    }
    for (size_t i = 0; i < SHELVES; i++) {
        struct shelf *shelf = &cache->shelves[i];

        for (size_t k = 0; k < SHELF_WIDTH; k++) {
            empty(shelf, &shelf->places[k]);
        }
        pthread_mutex_destroy(&shelf->lock);
    }
    mem_free(cache);
}

/* Where a session's token stands, or would; NULL: nowhere. */
static struct shelf *find_shelf(struct token_cache *cache, struct slice session,
                                unsigned char digest[SHA256_BYTES])
{
    if (cache == NULL || digest_sha256(session, digest) != STATUS_OK) {
        return NULL;
    }
    return &cache->shelves[digest[0] % SHELVES];
}

static struct kept *find_place(struct shelf *shelf, const unsigned char *digest)
{
    for (size_t i = 0; shelf->count > 0 && i < SHELF_WIDTH; i++) {
        struct kept *place = &shelf->places[i];

        if (place->text != NULL &&
            memcmp(place->session, digest, SHA256_BYTES) == 0) {
            return place;
        }
    }
    return NULL;
}

static bool is_good(const struct kept *place, const struct token_cache_key *key,
                    int64_t max_age_ms)
{
    return place->user_updated_ms == key->user_updated_ms &&
           place->print == key->print &&
           clock_mono_ms() - place->made_ms < max_age_ms;
}

enum status token_cache_find(struct token_cache *cache,
                             const struct token_cache_key *key,
                             int64_t max_age_ms, struct arena *arena,
                             struct slice *out)
{
    unsigned char digest[SHA256_BYTES];
    struct shelf *shelf = find_shelf(cache, key->session, digest);
    enum status status = STATUS_NOT_FOUND;
    struct kept *place;

    if (shelf == NULL) {
        return STATUS_NOT_FOUND;
    }
    pthread_mutex_lock(&shelf->lock);
    place = find_place(shelf, digest);
    if (place != NULL && is_good(place, key, max_age_ms)) {
        status = slice_dup(arena, slice_make(place->text, place->len), out);
    }
    pthread_mutex_unlock(&shelf->lock);
    return status;
}

static struct kept *choose_place(struct shelf *shelf,
                                 const unsigned char *digest)
{
    struct kept *place = find_place(shelf, digest);
    struct kept *oldest = &shelf->places[0];

    for (size_t i = 0; place == NULL && i < SHELF_WIDTH; i++) {
        if (shelf->places[i].text == NULL) {
            return &shelf->places[i];
        }
        if (shelf->places[i].made_ms < oldest->made_ms) {
            oldest = &shelf->places[i];
        }
    }
    return place == NULL ? oldest : place;
}

void token_cache_put(struct token_cache *cache,
                     const struct token_cache_key *key, struct slice text)
{
    struct kept kept = {
        .user = hash_slice(key->user_id),
        .print = key->print,
        .user_updated_ms = key->user_updated_ms,
        .made_ms = clock_mono_ms(),
        .len = text.len,
    };
    struct shelf *shelf = find_shelf(cache, key->session, kept.session);
    struct kept *place;

    if (shelf == NULL || text.len > TEXT_MAX ||
        (kept.text = mem_alloc_dirty(text.len)) == NULL) {
        return;
    }
    memcpy(kept.text, text.ptr, text.len);
    pthread_mutex_lock(&shelf->lock);
    place = choose_place(shelf, kept.session);
    empty(shelf, place);
    *place = kept;
    shelf->count++;
    pthread_mutex_unlock(&shelf->lock);
}

void token_cache_drop(struct token_cache *cache, struct slice session)
{
    unsigned char digest[SHA256_BYTES];
    struct shelf *shelf = find_shelf(cache, session, digest);
    struct kept *place;

    if (shelf == NULL) {
        return;
    }
    pthread_mutex_lock(&shelf->lock);
    place = find_place(shelf, digest);
    if (place != NULL) {
        empty(shelf, place);
    }
    pthread_mutex_unlock(&shelf->lock);
}

static void drop_user(struct shelf *shelf, uint64_t user)
{
    pthread_mutex_lock(&shelf->lock);
    for (size_t i = 0; shelf->count > 0 && i < SHELF_WIDTH; i++) {
        if (shelf->places[i].user == user) {
            empty(shelf, &shelf->places[i]);
        }
    }
    pthread_mutex_unlock(&shelf->lock);
}

void token_cache_drop_user(struct token_cache *cache, struct slice user_id)
{
    uint64_t user = hash_slice(user_id);

    for (size_t i = 0; cache != NULL && i < SHELVES; i++) {
        drop_user(&cache->shelves[i], user);
    }
}
