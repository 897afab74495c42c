/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a connection, taken apart into answers, and what may stand in
 * place of the answers that were wanted when the server had no memory: a
 * well-formed 503, or the end of the connection. Half an answer is neither,
 * unless it is a stream, which may end early between two chunks.
 */
#ifndef TESTS_UNIT_HTTP_ANSWERS_H
#define TESTS_UNIT_HTTP_ANSWERS_H

#include "../check.h"

#include "codec/json_read.h"

#include <errno.h>
#include <sys/socket.h>

#define HEAD_END   SLICE("\r\n\r\n")
#define STREAM_END SLICE("\r\n0\r\n\r\n")

/* Where `part` ends in `text`, or 0. */
static inline size_t answers_find_end(struct slice text, struct slice part)
{
    for (size_t at = 0; at + part.len <= text.len; at++) {
        if (memcmp(text.ptr + at, part.ptr, part.len) == 0) {
            return at + part.len;
        }
    }
    return 0;
}

static inline bool answers_is_stream(struct slice answer)
{
    return slice_contains(answer, SLICE("\r\nTransfer-Encoding: chunked\r\n"));
}

static inline bool answers_is_refusal(struct slice answer)
{
    return slice_starts_with(answer,
                             SLICE("HTTP/1.1 503 Service Unavailable\r\n"));
}

/* Head and body; more than there is when the answer was cut. */
static inline size_t answers_length(struct slice text)
{
    size_t head = answers_find_end(text, HEAD_END);
    size_t at =
        answers_find_end(slice_head(text, head), SLICE("\r\nContent-Length: "));
    size_t body = 0;

    if (head == 0) {
        return text.len + 1;
    }
    if (answers_is_stream(slice_head(text, head))) {
        size_t end = answers_find_end(text, STREAM_END);

        return end == 0 ? text.len + 1 : end;
    }
    while (at > 0 && ascii_is_digit(text.ptr[at])) {
        body = body * 10 + (size_t)(text.ptr[at++] - '0');
    }
    return head + body;
}

/* The next answer, or all that is left of one. */
static inline struct slice answers_take(struct slice *rest)
{
    struct slice answer = slice_head(*rest, answers_length(*rest));

    *rest = slice_from(*rest, answer.len);
    return answer;
}

static inline void answers_check_refusal(struct slice answer)
{
    size_t head = answers_find_end(answer, HEAD_END);
    struct slice code = SLICE_EMPTY;
    const struct json *json;
    struct arena arena;

    assert_int_equal(answers_length(answer), answer.len);
    assert_true(slice_contains(answer, SLICE("\r\nRetry-After: 1\r\n")));
    assert_true(slice_contains(
        answer, SLICE("\r\nContent-Type: application/json\r\n")));
    arena_init(&arena, 65536);
    check_ok(json_parse(&arena, slice_from(answer, head), JSON_LIMITS_DEFAULT,
                        &json));
    json = json_get(json, SLICE("error"));
    check_ok(json_text(json_get(json, SLICE("code")), &code));
    assert_true(slice_equal(code, SLICE("OUT_OF_MEMORY")) ||
                slice_equal(code, SLICE("BUSY")));
    assert_true(json_kind_of(json_get(json, SLICE("message"))) ==
                JSON_KIND_TEXT);
    arena_release(&arena);
}

/* Long answers are shown from where they differ. */
static inline void answers_check_same(struct slice got, struct slice wanted)
{
    size_t at = 0;

    while (at < got.len && at < wanted.len && got.ptr[at] == wanted.ptr[at]) {
        at++;
    }
    if (at < got.len || at < wanted.len) {
        struct slice left = slice_head(slice_from(got, at), 100);
        struct slice right = slice_head(slice_from(wanted, at), 100);

        fail_msg("from byte %zu: got \"%.*s\", want \"%.*s\"", at,
                 SLICE_ARG(left), SLICE_ARG(right));
    }
}

/* What arrived when the answers in `wanted` were to come. */
static inline void answers_check(struct slice wanted, struct slice got)
{
    while (got.len > 0) {
        struct slice right = answers_take(&wanted);
        struct slice answer = answers_take(&got);

        if (answers_is_refusal(answer)) {
            answers_check_refusal(answer);
            /* Nothing follows where nothing was to follow. */
            assert_true(
                got.len == 0 ||
                !slice_contains(answer, SLICE("\r\nConnection: close\r\n")));
        } else if (answers_is_stream(right) && answer.len < right.len) {
            answers_check_same(answer, slice_head(right, answer.len));
            assert_true(slice_ends_with(answer, SLICE("\r\n")));
            assert_int_equal(got.len, 0);
        } else {
            answers_check_same(answer, right);
        }
    }
}

/* Two answers are the same whatever the time is. */
static inline void answers_blank_dates(char *text)
{
    while ((text = strstr(text, "\r\nDate: ")) != NULL) {
        text += strlen("\r\nDate: ");
        memset(text, '-', strcspn(text, "\r"));
    }
}

/*
 * Everything up to the end of the connection, without dates. `reset` says
 * whether the connection may end that way, which can take an answer with it.
 */
static inline struct slice answers_read(int fd, char *room, size_t size,
                                        bool reset)
{
    size_t len = 0;
    ssize_t got = 1;

    while (got > 0) {
        assert_true(len + 1 < size);
        got = recv(fd, room + len, size - 1 - len, 0);
        len += got > 0 ? (size_t)got : 0;
    }
    /* Anything else is the client's patience at its end. */
    assert_true(got == 0 || (reset && errno == ECONNRESET));
    room[len] = '\0';
    answers_blank_dates(room);
    return slice_make(room, len);
}

#endif
