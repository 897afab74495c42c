/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An origin printed reads back as the same origin; host and tail hold only
 * characters no reader takes in two ways.
 */
#include "fuzz.h"

#include "codec/url.h"

static struct arena arena;

static void check_characters(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        must(text.ptr[i] > 0x20 && text.ptr[i] < 0x7f);
        must(text.ptr[i] != '\\');
    }
}

static void check_url(struct slice text, const struct url *url)
{
    struct slice origin;
    struct slice again;
    struct url read;

    check_characters(text);
    must(slice_find(url->host, '@') == url->host.len);
    must_be_ok(url_origin_text(&arena, url, &origin));
    must_be_ok(url_parse_origin(&arena, origin, &read));
    must(url_origin_equal(url, &read));
    must_be_ok(url_origin_text(&arena, &read, &again));
    must(slice_equal(origin, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct slice joined;
    struct url url;

    arena_init(&arena, FUZZ_ARENA);
    if (url_parse(&arena, in, &url) == STATUS_OK) {
        check_url(in, &url);
    }
    if (url_is_path(in)) {
        must_be_ok(arena_format(&arena, &joined, "https://h.example%.*s",
                                SLICE_ARG(in)));
        must(url_parse(&arena, joined, &url) == STATUS_OK ||
             joined.len > URL_LENGTH_MAX);
    }
    arena_release(&arena);
    return 0;
}
