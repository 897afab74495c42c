/* SPDX-License-Identifier: Apache-2.0 */
/* Every body is fed whole, byte by byte, and cut in two at every place. */
#include "../check.h"

#include "http/chunked.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define LIMIT        1000

struct outcome {
    enum status status;
    bool done;
    size_t consumed;
    size_t len;
    char payload[2048];
};

/* Runs the decoder over one piece; it must use it up, or end. */
static void feed_piece(struct chunked *chunked, struct slice piece,
                       struct outcome *out)
{
    struct slice data;
    size_t before = piece.len;

    do {
        out->status = chunked_next(chunked, &piece, &data, &out->done);
        assert_true(out->len + data.len <= sizeof(out->payload));
        memcpy(out->payload + out->len, data.ptr, data.len);
        out->len += data.len;
    } while (out->status == STATUS_OK && !out->done && data.len > 0);
    out->consumed += before - piece.len;
    assert_true(out->status != STATUS_OK || out->done || piece.len == 0);
}

static struct outcome feed(struct slice input, size_t first, size_t step)
{
    struct outcome out = {0};
    struct chunked chunked;
    size_t at = 0;
    size_t len = first;

    chunked_init(&chunked, LIMIT);
    while (at < input.len && out.status == STATUS_OK && !out.done) {
        feed_piece(&chunked, slice_head(slice_from(input, at), len), &out);
        at += len;
        len = step;
    }
    return out;
}

static void check_same(const struct outcome *a, const struct outcome *b)
{
    check_status(a->status, b->status);
    assert_int_equal(a->done, b->done);
    assert_int_equal(a->consumed, b->consumed);
    check_slice(slice_make(a->payload, a->len), slice_make(b->payload, b->len));
}

static struct outcome decode(struct slice input)
{
    struct outcome whole = feed(input, input.len, 1);
    struct outcome cut = feed(input, 1, 1);

    check_same(&cut, &whole);
    for (size_t at = 1; at < input.len && input.len < 1024; at++) {
        cut = feed(input, at, input.len);
        check_same(&cut, &whole);
    }
    return whole;
}

static void check_payload(struct slice input, struct slice payload)
{
    struct outcome out = decode(input);

    check_ok(out.status);
    assert_true(out.done);
    assert_int_equal(out.consumed, input.len);
    check_slice(slice_make(out.payload, out.len), payload);
}

static void check_all_bad(const struct slice *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct outcome out = decode(inputs[i]);

        if (out.status != STATUS_BAD_REQUEST || out.done) {
            print_error("not refused: \"%.*s\"\n", SLICE_ARG(inputs[i]));
            fail();
        }
    }
}

static void takes_the_framing_off(void **state)
{
    (void)state;
    check_payload(SLICE("0\r\n\r\n"), SLICE(""));
    check_payload(SLICE("4\r\nabcd\r\n0\r\n\r\n"), SLICE("abcd"));
    check_payload(SLICE("1\r\na\r\n2\r\n\r\n\r\n3\r\n0\r\n\r\n0\r\n\r\n"),
                  SLICE("a\r\n0\r\n"));
    check_payload(SLICE("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"),
                  SLICE("01234567890123456789"));
    check_payload(SLICE("0000000000000004\r\nab\0d\r\n000\r\n\r\n"),
                  SLICE("ab\0d"));
}

static void leaves_the_next_request(void **state)
{
    struct slice input = SLICE("1\r\na\r\n0\r\n\r\nGET /");
    struct outcome out = decode(input);

    (void)state;
    check_ok(out.status);
    assert_true(out.done);
    assert_int_equal(out.consumed, input.len - 5);
}

static void waits_when_cut_at_every_byte(void **state)
{
    struct slice input = SLICE("4\r\nabcd\r\n0\r\nA: b\r\n\r\n");

    (void)state;
    for (size_t len = 1; len < input.len; len++) {
        struct outcome out = feed(slice_head(input, len), len, 1);

        check_ok(out.status);
        assert_false(out.done);
    }
}

static void refuses_malformed_sizes(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT("\r\n"),
        SLICE_INIT("\n"),
        SLICE_INIT(" 4\r\nabcd\r\n"),
        SLICE_INIT("4 \r\nabcd\r\n"),
        SLICE_INIT("4\t\r\nabcd\r\n"),
        SLICE_INIT("+4\r\nabcd\r\n"),
        SLICE_INIT("-4\r\nabcd\r\n"),
        SLICE_INIT("0x4\r\nabcd\r\n"),
        SLICE_INIT("4h\r\nabcd\r\n"),
        SLICE_INIT("g\r\n"),
        SLICE_INIT("4.0\r\n"),
        SLICE_INIT("4_0\r\n"),
        SLICE_INIT("4\nabcd\r\n0\r\n\r\n"),
        SLICE_INIT("4\rabcd\r\n0\r\n\r\n"),
        SLICE_INIT("4\r\rabcd\r\n0\r\n\r\n"),
        SLICE_INIT("4\n\rabcd\r\n0\r\n\r\n"),
        SLICE_INIT("4\0\r\nabcd\r\n"),
        SLICE_INIT("\xef\xbc\x94\r\nabcd\r\n"),
        SLICE_INIT("00000000000000004\r\nabcd\r\n"),
        SLICE_INIT("10000000000000004\r\nabcd\r\n"),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void refuses_extensions(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT("4;a=b\r\nabcd\r\n0\r\n\r\n"),
        SLICE_INIT("4;\r\nabcd\r\n0\r\n\r\n"),
        SLICE_INIT("4;\nx\r\nabcd\r\n0\r\n\r\n"),
        SLICE_INIT("4 ;a\r\nabcd\r\n0\r\n\r\n"),
        SLICE_INIT("4;a=\"\r\n\"\r\nabcd\r\n0\r\n\r\n"),
        SLICE_INIT("0;a\r\n\r\n"),
        SLICE_INIT("0;\n\r\n"),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void wants_crlf_behind_the_data(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT("4\r\nabcd0\r\n\r\n"),
        SLICE_INIT("4\r\nabcd\n0\r\n\r\n"),
        SLICE_INIT("4\r\nabcd\r0\r\n\r\n"),
        SLICE_INIT("4\r\nabcde\r\n"),
        SLICE_INIT("4\r\nabc\r\n0\r\n\r\n"),
        SLICE_INIT("4\r\nabcdXX0\r\n"),
        SLICE_INIT("4\r\nabcd\n\r0\r\n"),
        SLICE_INIT("0\r\n\n"),
        SLICE_INIT("0\r\n\rX"),
        SLICE_INIT("0\n\r\n"),
        SLICE_INIT("0\r\n\r\r\n"),
    };

    (void)state;
    check_all_bad(inputs, COUNT(inputs));
}

static void never_passes_the_limit(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT("3e9\r\n"),
        SLICE_INIT("ffffffffffffffff\r\n"),
        SLICE_INIT("1\r\na\r\n3e8\r\n"),
        SLICE_INIT("1\r\na\r\nffffffffffffffff\r\n"),
    };
    struct outcome out;

    (void)state;
    for (size_t i = 0; i < COUNT(inputs); i++) {
        out = decode(inputs[i]);
        check_status(out.status, STATUS_TOO_LARGE);
        assert_true(out.len <= 1);
    }
    check_ok(decode(SLICE("3e8\r\n")).status);
    check_ok(decode(SLICE("1\r\na\r\n3e7\r\n")).status);
}

static void checks_and_drops_trailers(void **state)
{
    static const struct slice inputs[] = {
        SLICE_INIT("0\r\nA\r\n\r\n"),
        SLICE_INIT("0\r\n: b\r\n\r\n"),
        SLICE_INIT("0\r\nA : b\r\n\r\n"),
        SLICE_INIT("0\r\n A: b\r\n\r\n"),
        SLICE_INIT("0\r\nA: b\r\n c\r\n\r\n"),
        SLICE_INIT("0\r\nA: b\n\r\n"),
        SLICE_INIT("0\r\nA: b\rc\r\n\r\n"),
        SLICE_INIT("0\r\nA: \0\r\n\r\n"),
        SLICE_INIT("0\r\nA: \x7f\r\n\r\n"),
        SLICE_INIT("0\r\n\0A: b\r\n\r\n"),
        SLICE_INIT("0\r\nGET / HTTP/1.1\r\n\r\n"),
        SLICE_INIT("0\r\nContent-Length: 4\r\n\r\n"),
        SLICE_INIT("0\r\ncontent_length: 4\r\n\r\n"),
        SLICE_INIT("0\r\nTRANSFER-ENCODING: chunked\r\n\r\n"),
        SLICE_INIT("0\r\nTransfer_Encoding: chunked\r\n\r\n"),
        SLICE_INIT("0\r\nA: b\r\nHost: b\r\n\r\n"),
    };

    (void)state;
    check_payload(SLICE("1\r\na\r\n0\r\nA:b\r\nC: \t\xc3\xa9\r\n\r\n"),
                  SLICE("a"));
    check_payload(SLICE("0\r\nA-Name-Longer-Than-The-Decoder-Holds: b\r\n\r\n"),
                  SLICE(""));
    check_payload(SLICE("0\r\nTransfer-Encoding-And-More-Than-24: b\r\n\r\n"),
                  SLICE(""));
    check_all_bad(inputs, COUNT(inputs));
}

static void limits_the_trailers(void **state)
{
    static char buf[2 * CHUNKED_TRAILER_MAX];
    size_t end = 3 + CHUNKED_TRAILER_MAX;
    struct outcome out;

    (void)state;
    memset(buf, 'x', sizeof(buf));
    memcpy(buf, "0\r\nA:", 5);
    memcpy(buf + end - 4, "\r\n\r\n", 4);
    out = decode(slice_make(buf, end));
    check_ok(out.status);
    assert_true(out.done);
    memcpy(buf + end - 4, "x\r\n\r\n", 5);
    check_status(decode(slice_make(buf, end + 1)).status,
                 STATUS_HEADERS_TOO_LARGE);
}

static void limits_the_number_of_trailers(void **state)
{
    char buf[256] = "0\r\n";
    size_t len = 3;

    (void)state;
    for (int i = 0; i < CHUNKED_TRAILER_FIELDS; i++, len += 4) {
        memcpy(buf + len, "X:\r\n", 4);
    }
    memcpy(buf + len, "\r\n", 2);
    check_payload(slice_make(buf, len + 2), SLICE(""));
    memcpy(buf + len, "X:\r\n\r\n", 6);
    check_status(decode(slice_make(buf, len + 6)).status,
                 STATUS_HEADERS_TOO_LARGE);
}

static void stays_refused_and_stays_done(void **state)
{
    struct chunked chunked;
    struct slice input = SLICE("x4\r\nabcd\r\n");
    struct slice data;
    bool done;

    (void)state;
    chunked_init(&chunked, LIMIT);
    check_status(chunked_next(&chunked, &input, &data, &done),
                 STATUS_BAD_REQUEST);
    check_status(chunked_next(&chunked, &input, &data, &done),
                 STATUS_BAD_REQUEST);
    assert_int_equal(data.len, 0);
    chunked_init(&chunked, LIMIT);
    input = SLICE("0\r\n\r\n4\r\n");
    check_ok(chunked_next(&chunked, &input, &data, &done));
    assert_true(done);
    check_ok(chunked_next(&chunked, &input, &data, &done));
    assert_true(done);
    check_text(input, "4\r\n");
}

RUN_TESTS(cmocka_unit_test(takes_the_framing_off),
          cmocka_unit_test(leaves_the_next_request),
          cmocka_unit_test(waits_when_cut_at_every_byte),
          cmocka_unit_test(refuses_malformed_sizes),
          cmocka_unit_test(refuses_extensions),
          cmocka_unit_test(wants_crlf_behind_the_data),
          cmocka_unit_test(never_passes_the_limit),
          cmocka_unit_test(checks_and_drops_trailers),
          cmocka_unit_test(limits_the_trailers),
          cmocka_unit_test(limits_the_number_of_trailers),
          cmocka_unit_test(stays_refused_and_stays_done))
