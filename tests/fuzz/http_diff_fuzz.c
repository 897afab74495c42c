/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Head parser and chunked decoder against the reference: whatever the bytes
 * and however they are cut, both give the same verdict and the same reading.
 * Byte 0 chooses what is read, byte 1 seeds the cuts, the rest is the input.
 */
#include "fuzz.h"
#include "http_reference.h"

#include "http/chunked.h"
#include "http/head.h"

#define BODY_LIMIT 4096

/* Seed 0: all at once. Else pieces of 1 to 16 bytes, now and then 256. */
static size_t next_cut(uint32_t *seed, size_t left)
{
    size_t step;

    if (*seed == 0) {
        return left;
    }
    *seed = *seed * 1664525u + 1013904223u;
    step = 1 + (*seed >> 28);
    step = (*seed & 0x1f00u) == 0 ? 256 : step;
    return step < left ? step : left;
}

static enum reference_verdict verdict_of(enum status status, bool done)
{
    if (status != STATUS_OK) {
        return REFERENCE_REFUSED;
    }
    return done ? REFERENCE_WHOLE : REFERENCE_MORE;
}

static enum reference_verdict parse_head(struct slice input, uint32_t seed,
                                         struct http_head *head,
                                         size_t *consumed)
{
    struct head_parser parser;
    enum status status = STATUS_OK;
    bool done = false;
    size_t len = 0;

    head_parser_init(&parser);
    while (status == STATUS_OK && !done && len < input.len) {
        len += next_cut(&seed, input.len - len);
        status = head_parse(&parser, slice_head(input, len), head, &done);
    }
    *consumed = head_parser_consumed(&parser);
    return verdict_of(status, done);
}

static bool is_span(struct slice input, struct slice s,
                    struct reference_span span)
{
    return slice_equal(s,
                       slice_make(input.ptr + span.from, span.to - span.from));
}

static void compare_target(struct slice input, const struct http_head *head,
                           const struct reference_head *reference)
{
    bool is_absolute = reference->authority.to > reference->authority.from;

    must(is_span(input, head->target, reference->target));
    must(is_span(input, head->query, reference->query));
    must(is_span(input, http_method_name(head->method), reference->method));
    must(is_span(input, head->host,
                 is_absolute ? reference->authority : reference->host));
    if (reference->path.to > reference->path.from) {
        must(is_span(input, head->path, reference->path));
        return;
    }
    must(head->path.len == 1 &&
         (head->path.ptr[0] == '/' || head->method == HTTP_OPTIONS));
}

static void compare_head(struct slice input, uint32_t seed)
{
    static struct http_head head;
    struct reference_head reference;
    size_t consumed = 0;
    enum reference_verdict verdict = parse_head(input, seed, &head, &consumed);

    must(http_reference_head(input.ptr, input.len, &reference) == verdict);
    if (verdict != REFERENCE_WHOLE) {
        return;
    }
    must(consumed == reference.consumed);
    compare_target(input, &head, &reference);
    must(head.minor == reference.minor);
    must(head.field_count == (size_t)reference.fields);
    must(head.chunked == (reference.codings > 0));
    must(head.has_length == (reference.lengths > 0));
    must(head.content_length == reference.length);
    must(head.keep_alive ==
         (!reference.close && (reference.minor == 1 || reference.keep)));
    must(head.expect_continue ==
         (reference.expects > 0 && reference.minor == 1 &&
          (reference.codings > 0 || reference.length > 0)));
}

static enum status decode_piece(struct chunked *chunked, struct slice *piece,
                                struct reference_body *body, bool *done)
{
    struct slice data;

    do {
        TRY(chunked_next(chunked, piece, &data, done));
        must(data.len <= sizeof(body->payload) - body->len);
        memcpy(body->payload + body->len, data.ptr, data.len);
        body->len += data.len;
    } while (!*done && data.len > 0);
    must(*done || piece->len == 0);
    return STATUS_OK;
}

static enum reference_verdict decode_body(struct slice input, uint32_t seed,
                                          struct reference_body *body)
{
    struct chunked chunked;
    enum status status = STATUS_OK;
    bool done = false;

    chunked_init(&chunked, BODY_LIMIT);
    while (status == STATUS_OK && !done && body->consumed < input.len) {
        size_t cut = next_cut(&seed, input.len - body->consumed);
        struct slice piece = slice_make(input.ptr + body->consumed, cut);

        status = decode_piece(&chunked, &piece, body, &done);
        body->consumed += cut - piece.len;
    }
    return verdict_of(status, done);
}

static void compare_body(struct slice input, uint32_t seed)
{
    static struct reference_body body;
    static struct reference_body reference;
    enum reference_verdict verdict;

    body.len = 0;
    body.consumed = 0;
    verdict = decode_body(input, seed, &body);
    must(http_reference_body(input.ptr, input.len, BODY_LIMIT, &reference) ==
         verdict);
    must(body.len == reference.len &&
         memcmp(body.payload, reference.payload, body.len) == 0);
    must(verdict == REFERENCE_REFUSED || body.consumed == reference.consumed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice input;

    if (size < 2) {
        return 0;
    }
    input = slice_make(data + 2, size - 2);
    if (data[0] % 2 == 0) {
        compare_head(input, data[1]);
    } else {
        compare_body(input, data[1]);
    }
    return 0;
}
