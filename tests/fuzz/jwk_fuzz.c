/* SPDX-License-Identifier: Apache-2.0 */
/* A key that is taken writes itself as one that is taken, and signs. */
#include "fuzz.h"

#include "codec/json_read.h"
#include "crypto/init.h"
#include "crypto/key.h"
#include "crypto/secret.h"

static struct arena arena;

static struct key *import(struct slice text)
{
    const struct json *jwk;
    struct key *key = NULL;

    if (json_parse(&arena, text, JSON_LIMITS_DEFAULT, &jwk) != STATUS_OK ||
        key_from_jwk(jwk, SLICE_EMPTY, &key) != STATUS_OK) {
        must(key == NULL);
        return NULL;
    }
    return key;
}

static void check_signing(const struct key *key, const struct key *half)
{
    CLEANUP(secret_release) struct secret jwk = {NULL, 0};
    struct slice signature;

    must_be_ok(key_sign(key, SLICE("data"), &arena, &signature));
    must_be_ok(key_verify(half, SLICE("data"), signature));
    must_be_ok(key_private_jwk(key, &jwk));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct key *key;
    struct key *half;
    struct slice text;

    must_be_ok(crypto_init());
    arena_init(&arena, FUZZ_ARENA);
    key = import(slice_make(data, size));
    if (key != NULL) {
        must_be_ok(key_public_jwk(key, &arena, &text));
        half = import(text);
        must(half != NULL);
        must(key_algorithm(half) == key_algorithm(key));
        must(!key_is_private(half));
        if (key_is_private(key)) {
            check_signing(key, half);
        }
        key_free(half);
    }
    key_free(key);
    arena_release(&arena);
    return 0;
}
