/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each name comes once; what may be written reads back; whatever is written
 * is one line without a second attribute of the writer's making.
 */
#include "fuzz.h"

#include "codec/cookie.h"

static struct arena arena;

static size_t count_semicolons(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == ';' ? 1 : 0;
    }
    return count;
}

static void check_write(struct cookie cookie)
{
    const struct cookie_attributes attributes = {
        .path = cookie.value, .http_only = true, .secure = true};
    struct cookies again;
    struct slice text;
    struct slice value;
    struct buf buf;

    buf_init(&buf, &arena, FUZZ_BUF);
    if (cookie_write(&buf, cookie, &attributes) != STATUS_OK) {
        must(buf.len == 0);
        return;
    }
    text = fuzz_text(&buf);
    must(slice_find(text, '\r') == text.len);
    must(slice_find(text, '\n') == text.len);
    must(count_semicolons(text) == (cookie.value.len > 0 ? 3 : 2));
    must_be_ok(cookie_parse(&arena, text, &again));
    must(cookie_find(&again, cookie.name, &value));
    must(slice_equal(value, cookie.value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    struct cookies cookies;
    struct slice value;

    arena_init(&arena, FUZZ_ARENA);
    if (cookie_parse(&arena, in, &cookies) == STATUS_OK) {
        must(cookies.count <= COOKIE_COUNT_MAX);
        for (size_t i = 0; i < cookies.count; i++) {
            must(cookie_find(&cookies, cookies.all[i].name, &value));
            must(value.ptr == cookies.all[i].value.ptr);
            check_write(cookies.all[i]);
        }
    }
    arena_release(&arena);
    return 0;
}
