/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody encrypts without the key; what we encrypt opens. */
#include "fuzz.h"

#include "crypto/init.h"
#include "crypto/jwe.h"

static struct arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct jwe_key key = {.bytes = {1, 2, 3}};
    struct slice payload;
    struct slice token;
    struct jwe jwe;

    must_be_ok(crypto_init());
    must_be_ok(jwe_key_name(&key));
    arena_init(&arena, FUZZ_ARENA);
    if (jwe_parse(in, &arena, &jwe) == STATUS_OK) {
        must(jwe_open(&jwe, &key, &arena, &payload) == STATUS_INVALID_TOKEN);
    }
    if (jwe_make(&key, in, &arena, &token) == STATUS_OK) {
        must_be_ok(jwe_parse(token, &arena, &jwe));
        must_be_ok(jwe_open(&jwe, &key, &arena, &payload));
        must(slice_equal(payload, in));
    }
    jwe_key_release(&key);
    arena_release(&arena);
    return 0;
}
