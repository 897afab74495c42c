/* SPDX-License-Identifier: Apache-2.0 */
/* Records follow one another to the end, and written again read the same. */
#include "fuzz.h"

#include "codec/csv.h"

static void write_field(struct buf *buf, struct slice field)
{
    buf_add_byte(buf, '"');
    for (size_t i = 0; i < field.len; i++) {
        buf_add(buf, field.ptr[i] == '"' ? SLICE("\"") : SLICE_EMPTY);
        buf_add_byte(buf, field.ptr[i]);
    }
    buf_add_byte(buf, '"');
}

static void check_again(const struct csv_record *record, struct arena *arena)
{
    struct csv_record *again = arena_alloc(arena, sizeof(*again));
    struct buf buf;

    must(again != NULL);
    buf_init(&buf, arena, FUZZ_BUF);
    for (size_t i = 0; i < record->count; i++) {
        buf_add(&buf, i > 0 ? SLICE(",") : SLICE_EMPTY);
        write_field(&buf, record->fields[i]);
    }
    buf_add(&buf, SLICE("\r\n"));
    must(csv_length(fuzz_text(&buf)) == buf.len);
    must_be_ok(csv_parse(fuzz_text(&buf), arena, again));
    must(again->count == record->count);
    for (size_t i = 0; i < record->count; i++) {
        must(slice_equal(again->fields[i], record->fields[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size);
    struct csv_record record;
    struct arena arena;

    while (rest.len > 0) {
        size_t len = csv_length(rest);

        must(len <= rest.len);
        len = len > 0 ? len : rest.len;
        arena_init(&arena, FUZZ_ARENA);
        if (csv_parse(slice_head(rest, len), &arena, &record) == STATUS_OK) {
            must(record.count > 0 && record.count <= CSV_FIELDS_MAX);
            check_again(&record, &arena);
        }
        arena_release(&arena);
        rest = slice_from(rest, len);
    }
    return 0;
}
