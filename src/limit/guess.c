/* SPDX-License-Identifier: Apache-2.0 */
#include "limit/guess.h"

#include "base/clock.h"
#include "base/mem.h"
#include "crypto/digest.h"
#include "limit/recent.h"

/* RFC 5321 section 4.5.3.1.3; longer ones are no address and share a key. */
#define EMAIL_MAX ((size_t)254)

struct guess {
    struct guess_options options;
    struct recent *recent;
};

enum status guess_new(const struct guess_options *options, struct guess **out)
{
    struct guess *guess = mem_alloc(sizeof(*guess));
    enum status status;

    TRY_ALLOC(guess);
    guess->options = *options;
    status = recent_new(GUESS_ACCOUNTS, &guess->recent);
    if (status != STATUS_OK) {
        mem_free(guess);
        return status;
    }
    *out = guess;
    return STATUS_OK;
}

void guess_free(struct guess *guess)
{
    if (guess != NULL) {
        recent_free(guess->recent);
        mem_free(guess);
    }
}

int64_t guess_pause_ms(int64_t failures)
{
    int64_t pause = GUESS_PAUSE_MIN_MS;

    if (failures < GUESS_FREE) {
        return 0;
    }
    for (int64_t i = GUESS_FREE; i < failures && pause < GUESS_PAUSE_MAX_MS;
         i++) {
        pause *= 2;
    }
    return pause < GUESS_PAUSE_MAX_MS ? pause : GUESS_PAUSE_MAX_MS;
}

/* A hash, so that nobody's address lies around in memory for long. */
static enum status make_key(struct slice email, bool known_device,
                            unsigned char key[static SHA256_BYTES])
{
    char text[EMAIL_MAX + 1];
    size_t len = email.len < EMAIL_MAX ? email.len : EMAIL_MAX;

    text[0] = known_device ? 'd' : 's';
    for (size_t i = 0; i < len; i++) {
        text[i + 1] = ascii_lower(email.ptr[i]);
    }
    return digest_sha256(slice_make(text, len + 1), key);
}

/* Milliseconds to wait, or 0 and it was counted. */
static int64_t count_try(struct recent_entry *entry, int64_t now_ms)
{
    int64_t due_ms = entry->at_ms + guess_pause_ms(entry->count);

    if (entry->count >= GUESS_FREE && due_ms > now_ms) {
        return due_ms - now_ms;
    }
    entry->count += entry->count < INT32_MAX;
    entry->at_ms = now_ms;
    return 0;
}

enum status guess_begin(struct guess *guess, struct slice email,
                        bool known_device, int64_t *wait_ms)
{
    unsigned char key[SHA256_BYTES];
    struct recent_shard *shard;
    struct recent_entry *entry;
    bool is_news;

    TRY(make_key(email, known_device, key));
    shard = recent_lock(guess->recent, key);
    entry = recent_take(shard, key);
    is_news = entry->count >= GUESS_FREE && !entry->told && !known_device;
    entry->told = entry->told || is_news;
    *wait_ms = count_try(entry, clock_mono_ms());
    recent_unlock(shard);
    if (is_news && guess->options.warn != NULL) {
        guess->options.warn(guess->options.arg, email);
    }
    return STATUS_OK;
}

static void forget(struct guess *guess, struct slice email, bool known_device)
{
    unsigned char key[SHA256_BYTES];
    struct recent_shard *shard;
    struct recent_entry *entry;

    if (make_key(email, known_device, key) != STATUS_OK) {
        return; /* too careful for once, for want of memory */
    }
    shard = recent_lock(guess->recent, key);
    entry = recent_find(shard, key);
    if (entry != NULL) {
        recent_drop(shard, entry);
    }
    recent_unlock(shard);
}

void guess_succeeded(struct guess *guess, struct slice email, bool known_device)
{
    forget(guess, email, known_device);
}

void guess_forget(struct guess *guess, struct slice email)
{
    forget(guess, email, false);
    forget(guess, email, true);
}

void guess_take_back(struct guess *guess, struct slice email, bool known_device)
{
    unsigned char key[SHA256_BYTES];
    struct recent_shard *shard;
    struct recent_entry *entry;

    if (make_key(email, known_device, key) != STATUS_OK) {
        return;
    }
    shard = recent_lock(guess->recent, key);
    entry = recent_find(shard, key);
    if (entry != NULL && entry->count > 0) {
        entry->count--;
    }
    recent_unlock(shard);
}
