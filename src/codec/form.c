/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/form.h"

#include "codec/percent.h"

bool form_split(struct slice *rest, struct form_pair *pair)
{
    struct slice part;

    while (slice_split(rest, '&', &part)) {
        if (part.len > 0) {
            size_t equals = slice_find(part, '=');

            pair->name = slice_head(part, equals);
            pair->value = slice_from(part, equals + 1);
            return true;
        }
    }
    return false;
}

static size_t count_pairs(struct slice text)
{
    struct form_pair pair;
    size_t count = 0;

    while (form_split(&text, &pair)) {
        count++;
    }
    return count;
}

enum status form_parse(struct arena *arena, struct slice text,
                       struct form_limits limits, struct form *out)
{
    struct percent_rules rules = {true, limits.nul_allowed};
    size_t count = count_pairs(text);
    struct form_pair raw;
    struct form form = {NULL, 0};

    if (count > limits.pairs) {
        return STATUS_TOO_LARGE;
    }
    form.pairs = arena_alloc(arena, count * sizeof(*form.pairs));
    TRY_ALLOC(form.pairs);
    while (form_split(&text, &raw)) {
        struct form_pair *pair = &form.pairs[form.count++];

        TRY(percent_decode_with(arena, raw.name, rules, &pair->name));
        TRY(percent_decode_with(arena, raw.value, rules, &pair->value));
    }
    *out = form;
    return STATUS_OK;
}

size_t form_find(const struct form *form, struct slice name,
                 struct slice *value)
{
    size_t found = 0;

    for (size_t i = 0; i < form->count; i++) {
        if (slice_equal(form->pairs[i].name, name) && found++ == 0) {
            *value = form->pairs[i].value;
        }
    }
    return found;
}

/* As URLSearchParams prints: a space is "+". */
static void add_encoded(struct buf *buf, struct slice text)
{
    struct slice part;

    while (slice_split(&text, ' ', &part)) {
        percent_encode_except(buf, part, SLICE("*-._"));
        if (text.ptr != NULL) {
            buf_add_byte(buf, '+');
        }
    }
}

void form_add(struct buf *buf, struct slice name, struct slice value)
{
    if (buf->len > 0) {
        buf_add_byte(buf, '&');
    }
    add_encoded(buf, name);
    buf_add_byte(buf, '=');
    add_encoded(buf, value);
}
