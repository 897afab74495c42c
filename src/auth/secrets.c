/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/secrets.h"

#include "base/mem.h"
#include "crypto/hkdf.h"
#include "crypto/secret.h"

#include <inttypes.h>

/* What the original falls back to; whoever reads its source can sign. */
#define PUBLISHED_DEFAULT SLICE("better-auth-secret-12345678901234567890")

static enum status refuse(struct secrets_problem *problem, struct slice text)
{
    problem->text = text;
    return STATUS_INVALID_VALUE;
}

/* With the constants of the original. */
static enum status derive_session_cache_key(struct slice value,
                                            struct jwe_key *key)
{
    const struct hkdf_input input = {
        .secret = value,
        .salt = SLICE("better-auth-session"),
        .info = SLICE("BetterAuth.js Generated Encryption Key"),
    };

    TRY(hkdf_sha256(&input, key->bytes, sizeof(key->bytes)));
    return jwe_key_name(key);
}

/* Counts the key before all of it is there: secrets_free takes halves too. */
static enum status add_key(struct secrets *secrets, struct slice value,
                           struct secrets_problem *problem)
{
    struct secrets_key *key = &secrets->keys[secrets->count];

    if (value.len < SECRETS_VALUE_MIN) {
        return refuse(problem, SLICE("is shorter than 32 characters"));
    }
    if (slice_equal(value, PUBLISHED_DEFAULT)) {
        return refuse(problem, SLICE("is a published default"));
    }
    secrets->count++;
    TRY(hmac_key_new(value, &key->hmac));
    TRY(envelope_key_init(value, &key->envelope));
    return derive_session_cache_key(value, &key->session_cache);
}

static const struct secrets_key *find_version(const struct secrets *secrets,
                                              uint64_t version)
{
    for (size_t i = 0; i < secrets->count; i++) {
        const struct secrets_key *key = &secrets->keys[i];

        if (key->is_versioned && key->version == version) {
            return key;
        }
    }
    return NULL;
}

static enum status add_entry(struct secrets *secrets, struct slice entry,
                             struct secrets_problem *problem)
{
    struct secrets_key *key = &secrets->keys[secrets->count];
    size_t colon = slice_find(entry, ':');
    uint64_t version;

    /* One place stays free for the single secret. */
    if (secrets->count == SECRETS_MAX - 1) {
        return refuse(problem, SLICE("is one more than can be kept"));
    }
    if (colon == entry.len ||
        !slice_to_u64(slice_trim(slice_head(entry, colon)), SECRETS_VERSION_MAX,
                      &version)) {
        return refuse(problem,
                      SLICE("does not begin with a version, such as 2:"));
    }
    if (find_version(secrets, version) != NULL) {
        return refuse(problem, SLICE("has the version of an earlier one"));
    }
    key->is_versioned = true;
    key->version = version;
    return add_key(secrets, slice_trim(slice_from(entry, colon + 1)), problem);
}

static enum status fill(struct secrets *secrets,
                        const struct secrets_settings *settings,
                        struct secrets_problem *problem)
{
    struct slice rest = settings->list;
    struct slice entry;

    while (settings->list.len > 0 && slice_split(&rest, ',', &entry)) {
        problem->entry++;
        TRY(add_entry(secrets, entry, problem));
    }
    problem->entry = 0;
    if (settings->single.len > 0) {
        return add_key(secrets, settings->single, problem);
    }
    return secrets->count > 0 ? STATUS_OK
                              : refuse(problem, SLICE("is not set"));
}

enum status secrets_new(const struct secrets_settings *settings,
                        struct secrets_problem *problem, struct secrets **out)
{
    struct secrets *secrets = mem_alloc(sizeof(*secrets));
    enum status status;

    TRY_ALLOC(secrets);
    *problem = (struct secrets_problem){0, SLICE_EMPTY};
    status = fill(secrets, settings, problem);
    if (status != STATUS_OK) {
        secrets_free(secrets);
        return status;
    }
    *out = secrets;
    return STATUS_OK;
}

void secrets_free(struct secrets *secrets)
{
    if (secrets == NULL) {
        return;
    }
    for (size_t i = 0; i < secrets->count; i++) {
        hmac_key_free(secrets->keys[i].hmac);
    }
    secret_wipe(secrets, sizeof(*secrets));
    mem_free(secrets);
}

enum status secrets_sign(const struct secrets *secrets, struct slice data,
                         unsigned char out[HMAC_BYTES])
{
    return hmac_sign(secrets->keys[0].hmac, data, out);
}

enum status secrets_verify(const struct secrets *secrets, struct slice data,
                           struct slice mac)
{
    enum status status = STATUS_INVALID_TOKEN;

    for (size_t i = 0; i < secrets->count && status == STATUS_INVALID_TOKEN;
         i++) {
        status = hmac_verify(secrets->keys[i].hmac, data, mac);
    }
    return status;
}

enum status secrets_seal(const struct secrets *secrets, struct slice text,
                         struct arena *arena, struct slice *out)
{
    const struct secrets_key *key = &secrets->keys[0];
    struct slice hex;

    TRY(envelope_make(&key->envelope, text, arena, &hex));
    if (!key->is_versioned) {
        *out = hex;
        return STATUS_OK;
    }
    return arena_format(arena, out, "$ba$%" PRIu64 "$%.*s", key->version,
                        SLICE_ARG(hex));
}

/*
 * False when it names no version. What the digits are is for the envelope to
 * judge; *hex is all of the text then.
 */
static bool read_version(struct slice sealed, uint64_t *version,
                         struct slice *hex)
{
    const struct slice prefix = SLICE("$ba$");
    struct slice rest = slice_from(sealed, prefix.len);
    struct slice number;

    *hex = sealed;
    if (!slice_starts_with(sealed, prefix) ||
        !slice_split(&rest, '$', &number) || rest.ptr == NULL ||
        !slice_to_u64(number, SECRETS_VERSION_MAX, version)) {
        return false;
    }
    *hex = rest;
    return true;
}

/*
 * A version that is here names the only secret tried. Digits without one, or
 * with one whose number was changed in the settings, open under whichever
 * secret made them: the tag tells.
 */
enum status secrets_open(const struct secrets *secrets, struct slice sealed,
                         struct arena *arena, struct slice *out)
{
    const struct secrets_key *named = NULL;
    enum status status = STATUS_UNREADABLE;
    struct slice hex;
    uint64_t version;

    if (read_version(sealed, &version, &hex)) {
        named = find_version(secrets, version);
    }
    if (named != NULL) {
        return envelope_open(&named->envelope, hex, arena, out);
    }
    for (size_t i = 0; i < secrets->count && status == STATUS_UNREADABLE; i++) {
        status = envelope_open(&secrets->keys[i].envelope, hex, arena, out);
    }
    return status;
}

bool secrets_seal_is_current(const struct secrets *secrets, struct slice sealed)
{
    const struct secrets_key *key = &secrets->keys[0];
    struct slice hex;
    uint64_t version;
    bool has_version = read_version(sealed, &version, &hex);

    return has_version == key->is_versioned &&
           (!has_version || version == key->version);
}
