/* SPDX-License-Identifier: Apache-2.0 */
/* A form that was read, written again, reads the same. */
#include "fuzz.h"

#include "codec/form.h"

static const struct form_limits limits = {.pairs = 64, .nul_allowed = true};

static void check_same(const struct form *a, const struct form *b)
{
    must(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        must(slice_equal(a->pairs[i].name, b->pairs[i].name));
        must(slice_equal(a->pairs[i].value, b->pairs[i].value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct buf buf;
    struct form form;
    struct form again;
    struct slice value;

    arena_init(&arena, FUZZ_ARENA);
    buf_init(&buf, &arena, FUZZ_BUF);
    if (form_parse(&arena, slice_make(data, size), limits, &form) ==
        STATUS_OK) {
        must(form.count <= limits.pairs);
        for (size_t i = 0; i < form.count; i++) {
            form_add(&buf, form.pairs[i].name, form.pairs[i].value);
            must(form_find(&form, form.pairs[i].name, &value) > 0);
        }
        must_be_ok(form_parse(&arena, fuzz_text(&buf), limits, &again));
        check_same(&form, &again);
    }
    arena_release(&arena);
    return 0;
}
