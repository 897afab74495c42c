/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a request head: every slice of an accepted one lies in the
 * input (but for a path that was not sent), and its framing is of one kind.
 */
#include <stdlib.h>

#include "http/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void require_inside(struct slice s, struct slice input)
{
    require(s.len == 0 ||
            (s.ptr >= input.ptr && s.ptr + s.len <= input.ptr + input.len));
}

static void require_sound(const struct http_head *head, struct slice input)
{
    require(head->field_count <= HTTP_FIELDS_MAX);
    require(!head->chunked || !head->has_length);
    require(head->has_length || head->content_length == 0);
    require(head->content_length <= HTTP_LENGTH_MAX);
    require(head->minor == 1 ? head->host.len > 0 : !head->chunked);
    require_inside(head->target, input);
    require_inside(head->query, input);
    require_inside(head->host, input);
    if (!slice_equal(head->path, SLICE("/")) &&
        !slice_equal(head->path, SLICE("*"))) {
        require_inside(head->path, input);
    }
    for (size_t i = 0; i < head->field_count; i++) {
        require(head->fields[i].name.len > 0);
        require_inside(head->fields[i].name, input);
        require_inside(head->fields[i].value, input);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http_head head;
    struct slice input = slice_make(data, size);
    struct head_parser parser;
    bool done = false;

    head_parser_init(&parser);
    if (head_parse(&parser, input, &head, &done) != STATUS_OK || !done) {
        require(size < HTTP_HEAD_MAX || parser.refused != STATUS_OK);
        return 0;
    }
    require(head_parser_consumed(&parser) <= size);
    input.len = head_parser_consumed(&parser);
    require_sound(&head, input);
    return 0;
}
