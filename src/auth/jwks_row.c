/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/jwks_row.h"

#include "auth/secrets.h"
#include "codec/json_read.h"
#include "codec/json_write.h"
#include "crypto/secret.h"

#define VALUES_MAX 64

/* What the original's engine prints of each kind of key, in its order. */
#define MEMBERS_MAX 4
static const struct slice members[][MEMBERS_MAX] = {
    [KEY_RS256] = {SLICE_INIT("kty"), SLICE_INIT("n"), SLICE_INIT("e")},
    [KEY_ES256] = {SLICE_INIT("kty"), SLICE_INIT("x"), SLICE_INIT("y"),
                   SLICE_INIT("crv")},
    [KEY_EDDSA] = {SLICE_INIT("crv"), SLICE_INIT("x"), SLICE_INIT("kty")},
};

/* Every failure but want of memory is the row's. */
static enum status as_row_failure(enum status status)
{
    return status == STATUS_OK || status == STATUS_NO_MEMORY
               ? status
               : STATUS_UNREADABLE;
}

static enum status parse(struct slice text, struct arena *arena,
                         const struct json **out)
{
    const struct json_limits limits = {.bytes = JWKS_ROW_TEXT_LIMIT,
                                       .values = VALUES_MAX};

    return json_parse(arena, text, limits, out);
}

static enum status write_public_key(const struct key *key, struct arena *arena,
                                    struct slice *out)
{
    const struct slice *names = members[key_algorithm(key)];
    const struct json *jwk;
    struct json_writer json;
    struct slice text;
    struct buf buf;

    TRY(key_public_jwk(key, arena, &text));
    TRY(parse(text, arena, &jwk));
    buf_init(&buf, arena, JWKS_ROW_TEXT_LIMIT);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    for (size_t i = 0; i < MEMBERS_MAX && names[i].len > 0; i++) {
        json_write_name(&json, names[i]);
        json_write_json(&json, json_get(jwk, names[i]));
    }
    json_write_end(&json);
    return json_write_finish(&json, out);
}

/* What is sealed has no character that JSON escapes. */
static enum status seal(const struct secrets *secrets, struct slice jwk,
                        struct arena *arena, struct slice *out)
{
    struct slice sealed;

    TRY(secrets_seal(secrets, jwk, arena, &sealed));
    return arena_format(arena, out, "\"%.*s\"", SLICE_ARG(sealed));
}

static enum status write_private_key(const struct secrets *secrets,
                                     const struct key *key, struct arena *arena,
                                     struct slice *out)
{
    CLEANUP(secret_release) struct secret jwk = {0};

    TRY(key_private_jwk(key, &jwk));
    return seal(secrets, secret_reveal(&jwk), arena, out);
}

static struct slice curve_of(enum key_algorithm algorithm)
{
    switch (algorithm) {
    case KEY_ES256:
        return SLICE("P-256");
    case KEY_EDDSA:
        return SLICE("Ed25519");
    default:
        return SLICE_EMPTY;
    }
}

static void free_key(struct key **key)
{
    key_free(*key);
}

enum status jwks_row_make(const struct secrets *secrets,
                          enum key_algorithm algorithm, struct arena *arena,
                          struct jwks_row *out)
{
    CLEANUP(free_key) struct key *key = NULL;
    struct jwks_row row = {.id = SLICE_EMPTY, .curve = curve_of(algorithm)};

    TRY(key_generate(algorithm, SLICE_EMPTY, &key));
    TRY(write_public_key(key, arena, &row.public_key));
    TRY(write_private_key(secrets, key, arena, &row.private_key));
    TRY(slice_dup(arena, key_algorithm_name(key), &row.algorithm));
    *out = row;
    return STATUS_OK;
}

/* The JWK's text; *sealed tells whether it was. */
static enum status unseal(const struct secrets *secrets, struct slice column,
                          struct arena *arena, bool *sealed, struct slice *out)
{
    const struct json *value;
    struct slice text;

    TRY(parse(column, arena, &value));
    *sealed = json_kind_of(value) == JSON_KIND_TEXT;
    if (!*sealed) {
        *out = column;
        return STATUS_OK;
    }
    TRY(json_text(value, &text));
    return secrets_open(secrets, text, arena, out);
}

static enum status read_key(struct slice jwk_text, const struct jwks_row *row,
                            struct arena *arena, struct key **out)
{
    CLEANUP(free_key) struct key *key = NULL;
    const struct json *jwk;

    TRY(parse(jwk_text, arena, &jwk));
    TRY(key_from_jwk(jwk, row->id, &key));
    if (row->algorithm.len > 0 &&
        !slice_equal(row->algorithm, key_algorithm_name(key))) {
        return STATUS_UNREADABLE;
    }
    *out = key;
    key = NULL;
    return STATUS_OK;
}

static enum status read_private_key(const struct secrets *secrets,
                                    const struct jwks_row *row,
                                    struct arena *arena, struct key **out)
{
    struct slice text;
    enum status status;
    bool sealed;

    TRY(unseal(secrets, row->private_key, arena, &sealed, &text));
    status = read_key(text, row, arena, out);
    if (sealed) {
        secret_wipe((char *)text.ptr, text.len);
    }
    return status;
}

/* Else we would publish a key that verifies nothing we sign. */
static enum status check_halves(const struct key *key,
                                const struct jwks_row *row, struct arena *arena)
{
    CLEANUP(free_key) struct key *published = NULL;
    struct slice halves[2];

    TRY(read_key(row->public_key, row, arena, &published));
    TRY(key_public_jwk(key, arena, &halves[0]));
    TRY(key_public_jwk(published, arena, &halves[1]));
    return key_is_private(key) && slice_equal(halves[0], halves[1])
               ? STATUS_OK
               : STATUS_UNREADABLE;
}

enum status jwks_row_open(const struct secrets *secrets,
                          const struct jwks_row *row, struct arena *arena,
                          struct key **out)
{
    CLEANUP(free_key) struct key *key = NULL;

    TRY(as_row_failure(read_private_key(secrets, row, arena, &key)));
    TRY(as_row_failure(check_halves(key, row, arena)));
    *out = key;
    key = NULL;
    return STATUS_OK;
}

enum status jwks_row_open_public(const struct jwks_row *row,
                                 struct arena *arena, struct key **out)
{
    return as_row_failure(read_key(row->public_key, row, arena, out));
}

/* What may be published of a JWK; its "alg" and "kid" are the row's. */
static bool is_public_member(struct slice name)
{
    static const struct slice public_members[] = {
        SLICE_INIT("kty"), SLICE_INIT("n"), SLICE_INIT("e"),
        SLICE_INIT("x"),   SLICE_INIT("y"),
    };

    for (size_t i = 0; i < sizeof(public_members) / sizeof(public_members[0]);
         i++) {
        if (slice_equal(name, public_members[i])) {
            return true;
        }
    }
    return false;
}

static enum status algorithm_of(const struct jwks_row *row, struct arena *arena,
                                struct slice *out)
{
    CLEANUP(free_key) struct key *key = NULL;

    if (row->algorithm.len > 0) {
        *out = row->algorithm;
        return STATUS_OK;
    }
    TRY(jwks_row_open_public(row, arena, &key));
    return slice_dup(arena, key_algorithm_name(key), out);
}

static void write_entry(const struct jwks_row *row, struct slice algorithm,
                        const struct json *jwk, struct json_writer *writer)
{
    const struct json *curve = json_get(jwk, SLICE("crv"));
    struct json_member member = {0};

    json_write_object(writer);
    json_write_name(writer, SLICE("alg"));
    json_write_text(writer, algorithm);
    if (curve != NULL) {
        json_write_name(writer, SLICE("crv"));
        json_write_json(writer, curve);
    }
    while (json_next(jwk, &member)) {
        if (is_public_member(member.name)) {
            json_write_name(writer, member.name);
            json_write_json(writer, member.value);
        }
    }
    json_write_name(writer, SLICE("kid"));
    json_write_text(writer, row->id);
    json_write_end(writer);
}

enum status jwks_row_write(const struct jwks_row *row, struct arena *arena,
                           struct json_writer *writer)
{
    const struct json *jwk;
    struct slice algorithm;

    TRY(as_row_failure(parse(row->public_key, arena, &jwk)));
    if (json_kind_of(jwk) != JSON_KIND_OBJECT) {
        return STATUS_UNREADABLE;
    }
    TRY(algorithm_of(row, arena, &algorithm));
    write_entry(row, algorithm, jwk, writer);
    return STATUS_OK;
}

/* Sealed, and not as the newest secret would. */
static bool is_to_seal(const struct secrets *secrets, const struct json *column)
{
    struct slice sealed;

    return json_text(column, &sealed) == STATUS_OK &&
           !secrets_seal_is_current(secrets, sealed);
}

enum status jwks_row_seal_anew(const struct secrets *secrets,
                               const struct jwks_row *row, struct arena *arena,
                               bool *changed, struct slice *private_key)
{
    const struct json *column;
    struct slice text;
    enum status status;
    bool sealed;

    TRY(as_row_failure(parse(row->private_key, arena, &column)));
    *changed = is_to_seal(secrets, column);
    *private_key = row->private_key;
    if (!*changed) {
        return STATUS_OK;
    }
    TRY(as_row_failure(
        unseal(secrets, row->private_key, arena, &sealed, &text)));
    status = seal(secrets, text, arena, private_key);
    secret_wipe((char *)text.ptr, text.len);
    return status;
}
