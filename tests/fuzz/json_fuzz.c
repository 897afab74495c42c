/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was read, written and read again, is written the same; the answer does
 * not depend on where NUL is allowed, NUL apart; text inside a script element
 * cannot end it.
 */
#include "fuzz.h"

#include "codec/json_read.h"
#include "codec/json_write.h"
#include "codec/utf8.h"

#include <math.h>

static struct arena arena;
static const struct json_limits with_nul = {
    .bytes = FUZZ_BUF, .values = 65536, .nul_allowed = true};
static const struct json_limits without_nul = {.bytes = FUZZ_BUF,
                                               .values = 65536};

static struct slice print(const struct json *json, bool for_script)
{
    struct json_writer writer;
    struct buf *buf = ARENA_NEW(&arena, struct buf);
    struct slice text = SLICE_EMPTY;

    must(buf != NULL);
    buf_init(buf, &arena, FUZZ_BUF);
    json_writer_init(&writer, buf);
    writer.for_script = for_script;
    json_write_json(&writer, json);
    must_be_ok(json_write_finish(&writer, &text));
    must(utf8_is_valid(text));
    return text;
}

/*
 * JavaScript prints reals below 1e21 without an exponent; from 2^63 on the
 * reader takes them for integers it cannot hold.
 */
static bool has_huge(const struct json *json)
{
    struct json_member member = {0};
    double number = 0;
    bool huge = json_number(json, &number) == STATUS_OK &&
                fabs(number) >= 9223372036854775807.0;

    for (size_t i = 0; i < json_count(json); i++) {
        huge = huge || has_huge(json_at(json, i));
    }
    while (json_next(json, &member)) {
        huge = huge || has_huge(member.value);
    }
    return huge;
}

static void check_tree(const struct json *json)
{
    struct slice text = print(json, false);
    struct slice script = print(json, true);
    const struct json *again;

    if (has_huge(json)) {
        return;
    }
    must_be_ok(json_parse(&arena, text, with_nul, &again));
    must(slice_equal(print(again, false), text));
    must(slice_find(script, '<') == script.len);
    must_be_ok(json_parse(&arena, script, with_nul, &again));
    must(slice_equal(print(again, false), text));
}

/* Any bytes make a valid string. */
static void check_text(struct slice in)
{
    struct json_writer writer;
    struct buf buf;
    struct buf valid;
    struct slice text;
    const struct json *json;

    buf_init(&buf, &arena, FUZZ_BUF);
    buf_init(&valid, &arena, FUZZ_BUF);
    json_writer_init(&writer, &buf);
    json_write_text(&writer, in);
    must_be_ok(json_write_finish(&writer, &text));
    must_be_ok(json_parse(&arena, text, with_nul, &json));
    must_be_ok(json_text(json, &text));
    utf8_add_valid(&valid, in);
    must(slice_equal(text, fuzz_text(&valid)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    const struct json *strict;
    const struct json *json;

    arena_init(&arena, FUZZ_ARENA);
    if (json_parse(&arena, in, with_nul, &json) == STATUS_OK) {
        check_tree(json);
    } else {
        must(json_parse(&arena, in, without_nul, &strict) != STATUS_OK);
    }
    check_text(in);
    arena_release(&arena);
    return 0;
}
