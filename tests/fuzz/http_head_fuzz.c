/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a request head: every slice of an accepted one lies in the
 * input (but for a path that was not sent), and its framing is of one kind.
 */
#include "fuzz.h"

#include "http/head.h"

static void must_be_inside(struct slice s, struct slice input)
{
    must(s.len == 0 ||
         (s.ptr >= input.ptr && s.ptr + s.len <= input.ptr + input.len));
}

static void must_be_sound(const struct http_head *head, struct slice input)
{
    must(head->field_count <= HTTP_FIELDS_MAX);
    must(!head->chunked || !head->has_length);
    must(head->has_length || head->content_length == 0);
    must(head->content_length <= HTTP_LENGTH_MAX);
    must(head->minor == 1 ? head->host.len > 0 : !head->chunked);
    must_be_inside(head->target, input);
    must_be_inside(head->query, input);
    must_be_inside(head->host, input);
    if (!slice_equal(head->path, SLICE("/")) &&
        !slice_equal(head->path, SLICE("*"))) {
        must_be_inside(head->path, input);
    }
    for (size_t i = 0; i < head->field_count; i++) {
        must(head->fields[i].name.len > 0);
        must_be_inside(head->fields[i].name, input);
        must_be_inside(head->fields[i].value, input);
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
        must(size < HTTP_HEAD_MAX || parser.refused != STATUS_OK);
        return 0;
    }
    must(head_parser_consumed(&parser) <= size);
    input.len = head_parser_consumed(&parser);
    must_be_sound(&head, input);
    return 0;
}
