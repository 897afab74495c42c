/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One token verifies under the key of RFC 8037 appendix A, and no other text
 * does; any payload may be asked for its claims.
 */
#include "fuzz.h"

#include "codec/json_read.h"
#include "crypto/init.h"
#include "crypto/jws.h"
#include "crypto/jwt.h"

#define JWK                                                                    \
    SLICE("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                              \
          "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}")
#define TOKEN                                                                  \
    SLICE("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."          \
          "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5B"   \
          "hVsPt9g7sVvpAr_MuM0KAg")

static struct arena arena;
static struct key *key;

static void make_key(void)
{
    const struct json *jwk;

    must_be_ok(crypto_init());
    must_be_ok(json_parse(&arena, JWK, JSON_LIMITS_DEFAULT, &jwk));
    must_be_ok(key_from_jwk(jwk, SLICE_EMPTY, &key));
}

static void check_claims(struct slice payload)
{
    const struct jwt_rules rules = {.now_ms = 1000};
    const struct jws jws = {.type = SLICE_EMPTY};
    struct jwt_claims claims;

    if (jwt_check(&jws, payload, &rules, &arena, &claims) == STATUS_OK) {
        must(json_get(claims.all, SLICE("exp")) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice token = slice_make(data, size);
    struct slice payload;
    struct jws jws;

    arena_init(&arena, FUZZ_ARENA);
    if (key == NULL) {
        make_key();
    }
    if (jws_parse(token, &arena, &jws) == STATUS_OK &&
        jws_verify(&jws, key, &arena, &payload) == STATUS_OK) {
        must(slice_equal(token, TOKEN));
    }
    check_claims(token);
    arena_release(&arena);
    return 0;
}
