/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nobody makes a copy without the secret; one of ours may hold anything, and
 * what is given out of it has the shape that is promised.
 */
#include "fuzz.h"

#include "auth/secret_jwt.h"
#include "auth/secrets.h"
#include "auth/session_cache.h"
#include "codec/json_read.h"
#include "crypto/init.h"

static const struct session_cache_rules rules = {
    .token = SLICE_INIT("BcKPcULvfQW0r2Q8pzSXK74Qbyu92Nfq"),
    .version = SLICE_INIT("1"),
    .now_ms = 1800000000123,
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

static bool opens(struct slice value)
{
    struct session_cache cache;
    struct slice token;

    if (session_cache_open(secrets, value, &rules, &arena, &cache) !=
        STATUS_OK) {
        return false;
    }
    must(json_kind_of(cache.session) == JSON_KIND_OBJECT);
    must(json_kind_of(cache.user) == JSON_KIND_OBJECT);
    must(cache.expires_ms > rules.now_ms);
    must_be_ok(json_text(json_get(cache.session, SLICE("token")), &token));
    must(slice_equal(token, rules.token));
    return true;
}

/* Those of the corpus say in their last bytes which they are. */
static void check_raw(struct slice in)
{
    if (opens(in)) {
        must(slice_ends_with(in, SLICE("JWM0kifQ")) ||
             slice_ends_with(in, SLICE("p1kYw")) ||
             slice_ends_with(in, SLICE("PEDenE")) ||
             slice_ends_with(in, SLICE("6Kge4")));
    }
}

/* Any text where the session's JSON should be, in each of the forms. */
static void check_made(struct slice in)
{
    const struct session_cache_input input = {
        .session = in,
        .user = SLICE("{}"),
        .version = rules.version,
        .now_ms = rules.now_ms,
        .max_age_s = 300,
    };
    bool opened[3] = {false, false, false};
    struct slice value;

    for (int form = SESSION_CACHE_COMPACT; form <= SESSION_CACHE_JWE; form++) {
        if (session_cache_make(secrets, (enum session_cache_form)form, &input,
                               &arena, &value) == STATUS_OK) {
            opened[form] = opens(value);
        }
    }
    /* They differ in size, so the last may have found no room. */
    must(opened[0] || !opened[1] || in.len > 4096);
    must(opened[1] || !opened[2] || in.len > 4096);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct slice value;

    if (secrets == NULL) {
        make_secrets();
    }
    arena_init(&arena, FUZZ_ARENA);
    check_raw(in);
    check_made(in);
    if (secret_jwt_make(secrets, in, &arena, &value) == STATUS_OK) {
        (void)opens(value);
    }
    arena_release(&arena);
    return 0;
}
