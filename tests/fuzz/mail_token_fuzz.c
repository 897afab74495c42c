/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nobody makes a token without the secret; whatever payload one of ours has,
 * what is read of it is written back.
 */
#include "fuzz.h"

#include "auth/mail_token.h"
#include "auth/secret_jwt.h"
#include "auth/secrets.h"
#include "crypto/init.h"

#define NOW ((int64_t)1800000000000)
/* How the three of the corpus begin, and how they end. */
#define HEAD SLICE("eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFAZXhhbXBsZS5jb20i")
static const struct slice ends[] = {
    SLICE_INIT(".7SkTRndbSmQliqv5R81FHWW0flq8w1uRF7qm_6U55tY"),
    SLICE_INIT(".pMpSW9riiDQJ8HvvYkrCs9LAAc66_X6b1Ei7L8pdIx4"),
    SLICE_INIT(".4FMvlX7-iVNiwFQK2bgigC4N0Bsok2WcKwOmSD5IM18"),
};

static struct arena arena;
static struct secrets *secrets;

static void make_secrets(void)
{
    const struct secrets_settings settings = {
        SLICE_EMPTY, SLICE("bookplate-lab-secret-0123456789abcdefABCDEF")};
    struct secrets_problem problem;

    must_be_ok(crypto_init());
    must_be_ok(secrets_new(&settings, &problem, &secrets));
}

static void check_raw(struct slice in)
{
    struct mail_token token;
    enum status status = mail_token_open(secrets, in, NOW, &arena, &token);

    if (status == STATUS_OK || status == STATUS_TOKEN_EXPIRED) {
        must(slice_starts_with(in, HEAD));
        must(slice_ends_with(in, ends[0]) || slice_ends_with(in, ends[1]) ||
             slice_ends_with(in, ends[2]));
    }
}

static void check_payload(struct slice in)
{
    struct mail_token token;
    struct mail_token again;
    struct slice text;

    if (secret_jwt_make(secrets, in, &arena, &text) != STATUS_OK ||
        mail_token_open(secrets, text, NOW, &arena, &token) != STATUS_OK) {
        return;
    }
    must(token.email.len > 0 && token.expires_ms > NOW);
    if (mail_token_make(secrets, &token, &arena, &text) == STATUS_OK) {
        must_be_ok(mail_token_open(secrets, text, NOW - 1000, &arena, &again));
        must(slice_equal(again.email, token.email));
        must(slice_equal(again.update_to, token.update_to));
        must(slice_equal(again.request_type, token.request_type));
        must(slice_equal(again.user_id, token.user_id));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (secrets == NULL) {
        make_secrets();
    }
    arena_init(&arena, FUZZ_ARENA);
    check_raw(slice_make(data, size));
    check_payload(slice_make(data, size));
    arena_release(&arena);
    return 0;
}
