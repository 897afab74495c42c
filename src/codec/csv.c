/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/csv.h"

/* How many bytes end a line here: 0, 1 or 2. */
static size_t line_end(struct slice text)
{
    if (slice_starts_with(text, SLICE("\r\n"))) {
        return 2;
    }
    return slice_starts_with(text, SLICE("\n")) ? 1 : 0;
}

/* Behind the closing quote of a field that begins with one; or text.len + 1. */
static size_t quoted_end(struct slice text)
{
    size_t at = 1;

    while (at < text.len) {
        if (text.ptr[at] != '"') {
            at++;
        } else if (at + 1 < text.len && text.ptr[at + 1] == '"') {
            at += 2;
        } else {
            return at + 1;
        }
    }
    return text.len + 1;
}

size_t csv_length(struct slice text)
{
    size_t at = 0;
    bool begins = true; /* a field does */

    while (at < text.len) {
        char c = text.ptr[at];

        if (begins && c == '"') {
            at += quoted_end(slice_from(text, at));
        } else {
            at++;
        }
        if (c == '\n') {
            return at;
        }
        begins = c == ',';
    }
    return 0;
}

/* What stands between the quotes, each doubled one once. */
static enum status unquote(struct slice text, struct arena *arena,
                           struct slice *out)
{
    char *bytes;
    size_t len = 0;

    *out = text;
    if (slice_find(text, '"') == text.len) {
        return STATUS_OK;
    }
    bytes = arena_alloc_text(arena, text.len);
    TRY_ALLOC(bytes);
    for (size_t i = 0; i < text.len; i++) {
        bytes[len++] = text.ptr[i];
        i += text.ptr[i] == '"' ? 1 : 0;
    }
    *out = slice_make(bytes, len);
    return STATUS_OK;
}

/* *used: without the comma behind it. */
static enum status read_field(struct slice text, struct arena *arena,
                              struct slice *out, size_t *used)
{
    size_t at = 0;

    if (slice_starts_with(text, SLICE("\""))) {
        *used = quoted_end(text);
        return *used > text.len
                   ? STATUS_UNREADABLE
                   : unquote(slice_make(text.ptr + 1, *used - 2), arena, out);
    }
    while (at < text.len && text.ptr[at] != ',' &&
           line_end(slice_from(text, at)) == 0) {
        if (text.ptr[at] == '"') {
            return STATUS_UNREADABLE;
        }
        at++;
    }
    *out = slice_head(text, at);
    *used = at;
    return STATUS_OK;
}

enum status csv_parse(struct slice record, struct arena *arena,
                      struct csv_record *out)
{
    size_t used;

    out->count = 0;
    for (;;) {
        if (out->count == CSV_FIELDS_MAX) {
            return STATUS_TOO_LARGE;
        }
        TRY(read_field(record, arena, &out->fields[out->count++], &used));
        record = slice_from(record, used);
        if (!slice_starts_with(record, SLICE(","))) {
            break;
        }
        record = slice_from(record, 1);
    }
    return record.len == line_end(record) ? STATUS_OK : STATUS_UNREADABLE;
}
