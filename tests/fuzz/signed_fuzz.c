/* SPDX-License-Identifier: Apache-2.0 */
/* A signed text has one spelling; what we sign opens. */
#include "fuzz.h"

#include "auth/secrets.h"
#include "auth/signed.h"
#include "codec/utf8.h"
#include "crypto/init.h"

static struct arena arena;
static struct secrets *secrets;

static void make_secrets(void)
{
    const struct secrets_settings settings = {
        SLICE("2:another-lab-secret-9876543210-zyxwvutsrq"),
        SLICE("bookplate-lab-secret-0123456789abcdefABCDEF")};
    struct secrets_problem problem;

    must_be_ok(crypto_init());
    must_be_ok(secrets_new(&settings, &problem, &secrets));
}

/* The corpus has texts signed under the older secret: only the text is ours. */
static void check_open(struct slice in)
{
    struct slice text;

    if (signed_open(secrets, in, &arena, &text) == STATUS_OK) {
        must(slice_equal(slice_head(in, text.len), text));
        must(in.len == text.len + 45 && in.ptr[text.len] == '.');
    }
    if (signed_open_bearer(secrets, in, &arena, &text) == STATUS_OK) {
        must(text.len > 0 && slice_find(text, '.') == text.len);
    }
    if (signed_open_cookie(secrets, in, &arena, &text) == STATUS_OK) {
        must(text.len > 0);
    }
}

static void check_made(struct slice in)
{
    struct slice made;
    struct slice text;

    if (signed_make(secrets, in, &arena, &made) == STATUS_OK && in.len > 0) {
        must_be_ok(signed_open(secrets, made, &arena, &text));
        must(slice_equal(text, in));
    }
    if (signed_make_cookie(secrets, in, &arena, &made) == STATUS_OK &&
        in.len > 0 && utf8_is_valid(in) && slice_find(in, '\0') == in.len) {
        must_be_ok(signed_open_cookie(secrets, made, &arena, &text));
        must(slice_equal(text, in));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (secrets == NULL) {
        make_secrets();
    }
    arena_init(&arena, FUZZ_ARENA);
    check_open(slice_make(data, size));
    check_made(slice_make(data, size));
    arena_release(&arena);
    return 0;
}
