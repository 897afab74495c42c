/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second opinion on request heads and chunked bodies, for the fuzzer: slow,
 * byte by byte, written from the RFCs and sharing no code with src/http. It
 * takes everything that has arrived at once and keeps nothing.
 */
#ifndef TESTS_FUZZ_HTTP_REFERENCE_H
#define TESTS_FUZZ_HTTP_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum reference_verdict {
    REFERENCE_MORE,
    REFERENCE_REFUSED,
    REFERENCE_WHOLE
};

/* Bytes from..to of the input. */
struct reference_span {
    size_t from;
    size_t to;
};

struct reference_head {
    size_t consumed;
    struct reference_span method;
    struct reference_span target;
    struct reference_span path; /* empty: none was sent */
    struct reference_span query;
    struct reference_span authority; /* of the target */
    struct reference_span host;      /* of the field */
    int minor;
    int fields;
    int hosts;
    int lengths;
    int codings;
    int expects;
    bool close;
    bool keep;
    uint64_t length;
};

enum reference_verdict http_reference_head(const char *input, size_t len,
                                           struct reference_head *head);

struct reference_body {
    size_t consumed;
    size_t len;
    char payload[4096];
};

enum reference_verdict http_reference_body(const char *input, size_t len,
                                           uint64_t limit,
                                           struct reference_body *body);

#endif
