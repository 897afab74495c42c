/* SPDX-License-Identifier: Apache-2.0 */
#include "app/listing.h"

#include "codec/iso_date.h"
#include "codec/json_write.h"
#include "codec/text_width.h"

#define GAP ((size_t)2)
/* A column that is cut keeps this much. */
#define CUT_MIN ((size_t)8)
/* Of one value on a screen; whole it is in JSON. */
#define CELL_MAX ((size_t)65536)
/* "2026-11-21T10:26:31", without the milliseconds and the Z. */
#define SECONDS_LEN ((size_t)19)

struct listing_row {
    struct listing_row *next;
    struct value values[];
};

void listing_init(struct listing *listing, struct arena *arena,
                  const struct listing_column *columns, size_t count)
{
    *listing =
        (struct listing){.arena = arena, .columns = columns, .count = count};
    listing->end = &listing->rows;
}

enum status listing_add(struct listing *listing, const struct value *values)
{
    size_t size = listing->count * sizeof(*values);
    struct listing_row *row =
        arena_alloc(listing->arena, sizeof(struct listing_row) + size);

    TRY_ALLOC(row);
    row->next = NULL;
    memcpy(row->values, values, size);
    *listing->end = row;
    listing->end = &row->next;
    return STATUS_OK;
}

static void add_time(struct buf *out, int64_t ms)
{
    char text[ISO_DATE_SIZE];

    iso_date_print(ms, text);
    text[sizeof("2026-11-21") - 1] = ' ';
    buf_add(out, slice_make(text, SECONDS_LEN));
}

/* What a person sees of it. */
static void add_cell(struct buf *out, const struct value *value)
{
    size_t before = out->len;

    switch (value->kind) {
    case VALUE_TEXT:
        text_add_visible(out, slice_head(value->text, CELL_MAX / 4));
        break;
    case VALUE_INTEGER:
        buf_format(out, "%lld", (long long)value->number);
        break;
    case VALUE_REAL:
        json_number_print(out, value->real);
        break;
    case VALUE_BOOLEAN:
        buf_add(out, value->number != 0 ? SLICE("yes") : SLICE("no"));
        break;
    case VALUE_TIME:
        add_time(out, value->number);
        break;
    default:
        break;
    }
    if (out->len == before) {
        buf_add_byte(out, '-');
    }
}

static struct slice cell_of(struct buf *scratch, const struct value *value)
{
    struct slice text;

    buf_clear(scratch);
    add_cell(scratch, value);
    return buf_finish(scratch, &text) == STATUS_OK ? text : SLICE("?");
}

static void measure(const struct listing *listing, struct buf *scratch,
                    size_t *widths)
{
    for (size_t i = 0; i < listing->count; i++) {
        widths[i] = text_width(listing->columns[i].heading);
    }
    for (const struct listing_row *row = listing->rows; row != NULL;
         row = row->next) {
        for (size_t i = 0; i < listing->count; i++) {
            size_t width = text_width(cell_of(scratch, &row->values[i]));

            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
}

/* Dates and numbers say something else when they are cut. */
static bool may_cut(const struct listing *listing, size_t column)
{
    return !listing->columns[column].whole && listing->rows != NULL &&
           listing->rows->values[column].kind == VALUE_TEXT;
}

/* A column less each time, from the widest that may be cut. */
static void fit(const struct listing *listing, size_t width, size_t *widths)
{
    size_t total = 0;

    for (size_t i = 0; i < listing->count; i++) {
        total += widths[i] + (i > 0 ? GAP : 0);
    }
    while (total > width) {
        size_t widest = LISTING_COLUMNS_MAX;

        for (size_t i = 0; i < listing->count; i++) {
            if (may_cut(listing, i) && widths[i] > CUT_MIN &&
                (widest == LISTING_COLUMNS_MAX || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        if (widest == LISTING_COLUMNS_MAX) {
            return;
        }
        widths[widest]--;
        total--;
    }
}

static void add_padded(struct buf *out, struct slice text, size_t width,
                       bool right)
{
    size_t own = text_width(text);
    int pad;

    if (own > width) {
        struct slice head = text_head(text, width - 1);

        buf_add(out, head);
        buf_add(out, SLICE("\xe2\x80\xa6")); /* an ellipsis */
        own = text_width(head) + 1;
        text = SLICE_EMPTY;
    }
    pad = (int)(width > own ? width - own : 0);
    if (right) {
        buf_format(out, "%*s%.*s", pad, "", SLICE_ARG(text));
    } else {
        buf_add(out, text);
        buf_format(out, "%*s", pad, "");
    }
}

/* Nothing stands at the end of a line that cannot be seen. */
static void end_line(struct buf *out)
{
    while (out->len > 0 && out->bytes[out->len - 1] == ' ') {
        out->len--;
    }
    buf_add_byte(out, '\n');
}

/* Stands at the right, its heading too. */
static bool is_number(const struct listing *listing, size_t column)
{
    return listing->rows != NULL &&
           listing->rows->values[column].kind == VALUE_INTEGER;
}

static void add_headings(const struct listing *listing, const size_t *widths,
                         struct buf *scratch, struct buf *out)
{
    for (size_t i = 0; i < listing->count; i++) {
        struct slice heading = listing->columns[i].heading;
        struct slice text = SLICE_EMPTY;

        buf_clear(scratch);
        for (size_t at = 0; at < heading.len; at++) {
            char c = heading.ptr[at];

            buf_add_byte(scratch, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
        }
        (void)!buf_finish(scratch, &text);
        buf_format(out, "%*s", i > 0 ? (int)GAP : 0, "");
        add_padded(out, text, widths[i], is_number(listing, i));
    }
    end_line(out);
}

void listing_write_table(const struct listing *listing, size_t width,
                         struct buf *out)
{
    size_t widths[LISTING_COLUMNS_MAX] = {0};
    struct buf scratch;

    buf_init(&scratch, listing->arena, CELL_MAX);
    measure(listing, &scratch, widths);
    if (width > 0) {
        fit(listing, width, widths);
    }
    add_headings(listing, widths, &scratch, out);
    for (const struct listing_row *row = listing->rows; row != NULL;
         row = row->next) {
        for (size_t i = 0; i < listing->count; i++) {
            const struct value *value = &row->values[i];

            buf_format(out, "%*s", i > 0 ? (int)GAP : 0, "");
            add_padded(out, cell_of(&scratch, value), widths[i],
                       value->kind == VALUE_INTEGER);
        }
        end_line(out);
    }
}

void listing_write_card(const struct listing *listing, struct buf *out)
{
    struct buf scratch;
    size_t widest = 0;

    buf_init(&scratch, listing->arena, CELL_MAX);
    for (size_t i = 0; i < listing->count; i++) {
        size_t width = text_width(listing->columns[i].heading);

        widest = width > widest ? width : widest;
    }
    for (const struct listing_row *row = listing->rows; row != NULL;
         row = row->next) {
        for (size_t i = 0; i < listing->count; i++) {
            add_padded(out, listing->columns[i].heading, widest + GAP, false);
            buf_add(out, cell_of(&scratch, &row->values[i]));
            buf_add_byte(out, '\n');
        }
        buf_add(out, row->next != NULL ? SLICE("\n") : SLICE_EMPTY);
    }
}

static void write_value(struct json_writer *json, const struct value *value)
{
    char time[ISO_DATE_SIZE];

    switch (value->kind) {
    case VALUE_TEXT:
        json_write_text(json, value->text);
        return;
    case VALUE_INTEGER:
        json_write_int64(json, value->number);
        return;
    case VALUE_REAL:
        json_write_number(json, value->real);
        return;
    case VALUE_BOOLEAN:
        json_write_bool(json, value->number != 0);
        return;
    case VALUE_TIME:
        iso_date_print(value->number, time);
        json_write_text(json, slice_make(time, sizeof(time)));
        return;
    default:
        json_write_null(json);
    }
}

void listing_write_json(const struct listing *listing, struct buf *out)
{
    for (const struct listing_row *row = listing->rows; row != NULL;
         row = row->next) {
        struct json_writer json;

        json_writer_init(&json, out);
        json_write_object(&json);
        for (size_t i = 0; i < listing->count; i++) {
            const struct value *value = &row->values[i];

            json_write_name(&json, listing->columns[i].member);
            if (listing->columns[i].is_json && value->kind == VALUE_TEXT) {
                json_write_raw(&json, value->text);
            } else {
                write_value(&json, value);
            }
        }
        json_write_end(&json);
        buf_add_byte(out, '\n');
    }
}
