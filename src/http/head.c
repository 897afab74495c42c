/* SPDX-License-Identifier: Apache-2.0 */
#include "http/head.h"

#include "http/chars.h"
#include "http/head_parts.h"

void head_parser_init(struct head_parser *parser)
{
    *parser = (struct head_parser){.authority = SLICE_EMPTY};
}

size_t head_parser_consumed(const struct head_parser *parser)
{
    return parser->line;
}

/*
 * The next line, without its CRLF; ptr NULL when it is not whole yet. The
 * input counts only up to the limit, so that neither the verdict nor its
 * status depends on how much arrived at once.
 */
static enum status take_line(struct head_parser *parser, struct slice input,
                             struct slice *line)
{
    size_t limit = parser->has_line ? HTTP_HEAD_MAX : HTTP_LINE_MAX + 2;
    struct slice seen = slice_head(input, limit);
    size_t at =
        parser->scanned + http_text_run(slice_from(seen, parser->scanned));

    *line = slice_make(NULL, 0);
    parser->scanned = at;
    if (at == seen.len || (at + 1 == seen.len && seen.ptr[at] == '\r')) {
        if (seen.len < limit) {
            return STATUS_OK;
        }
        return parser->has_line ? STATUS_HEADERS_TOO_LARGE
                                : STATUS_URI_TOO_LONG;
    }
    /* RFC 9112 section 2.2: a bare CR is invalid; so is a bare LF to us. */
    if (seen.ptr[at] != '\r' || seen.ptr[at + 1] != '\n') {
        return STATUS_BAD_REQUEST;
    }
    *line = slice_make(seen.ptr + parser->line, at - parser->line);
    parser->line = at + 2;
    parser->scanned = parser->line;
    return STATUS_OK;
}

static enum status read_line(struct head_parser *parser, struct slice line,
                             struct http_head *head)
{
    if (!parser->has_line) {
        parser->has_line = true;
        return head_line_read(parser, line, head);
    }
    if (line.len > 0) {
        return head_field_read(parser, line, head);
    }
    TRY(head_fields_settle(parser, head));
    parser->done = true;
    return STATUS_OK;
}

static enum status read_lines(struct head_parser *parser, struct slice input,
                              struct http_head *head)
{
    struct slice line;

    while (!parser->done) {
        TRY(take_line(parser, input, &line));
        if (line.ptr == NULL) {
            return STATUS_OK;
        }
        TRY(read_line(parser, line, head));
    }
    return STATUS_OK;
}

enum status head_parse(struct head_parser *parser, struct slice input,
                       struct http_head *head, bool *done)
{
    if (parser->refused == STATUS_OK && !parser->done) {
        parser->refused = read_lines(parser, input, head);
    }
    *done = parser->done;
    return parser->refused;
}

struct slice http_head_field(const struct http_head *head, struct slice name)
{
    for (size_t i = 0; i < head->field_count; i++) {
        if (slice_equal_nocase(head->fields[i].name, name)) {
            return head->fields[i].value;
        }
    }
    return slice_make(NULL, 0);
}

size_t http_head_field_count(const struct http_head *head, struct slice name)
{
    size_t count = 0;

    for (size_t i = 0; i < head->field_count; i++) {
        count += slice_equal_nocase(head->fields[i].name, name);
    }
    return count;
}
