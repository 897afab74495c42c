/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody makes an envelope without the key; what we make opens. */
#include "fuzz.h"

#include "crypto/envelope.h"
#include "crypto/init.h"

static struct arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct envelope_key key;
    struct slice envelope;
    struct slice text;

    must_be_ok(crypto_init());
    must_be_ok(envelope_key_init(
        SLICE("bookplate-lab-secret-0123456789abcdefABCDEF"), &key));
    arena_init(&arena, FUZZ_ARENA);
    /* The corpus has one that the original made; digits come in both cases. */
    if (envelope_open(&key, in, &arena, &text) == STATUS_OK) {
        must(slice_equal(text, SLICE("hello bookplate")));
    }
    if (envelope_make(&key, in, &arena, &envelope) == STATUS_OK) {
        must_be_ok(envelope_open(&key, envelope, &arena, &text));
        must(slice_equal(text, in));
    }
    envelope_key_release(&key);
    arena_release(&arena);
    return 0;
}
