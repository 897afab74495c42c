/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/base64.h"

/* RFC 4648 section 10. */
static const struct {
    struct slice bytes;
    struct slice padded;
    struct slice bare;
} vectors[] = {
    {SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
    {SLICE_INIT("f"), SLICE_INIT("Zg=="), SLICE_INIT("Zg")},
    {SLICE_INIT("fo"), SLICE_INIT("Zm8="), SLICE_INIT("Zm8")},
    {SLICE_INIT("foo"), SLICE_INIT("Zm9v"), SLICE_INIT("Zm9v")},
    {SLICE_INIT("foob"), SLICE_INIT("Zm9vYg=="), SLICE_INIT("Zm9vYg")},
    {SLICE_INIT("fooba"), SLICE_INIT("Zm9vYmE="), SLICE_INIT("Zm9vYmE")},
    {SLICE_INIT("foobar"), SLICE_INIT("Zm9vYmFy"), SLICE_INIT("Zm9vYmFy")},
    {SLICE_INIT("\xfb\xff"), SLICE_INIT("+/8="), SLICE_INIT("-_8")},
};

static void matches_the_vectors_both_ways(void **state)
{
    struct slice out;

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        base64_encode(&buf, vectors[i].bytes);
        check_slice(written(), vectors[i].padded);
        base64url_encode(&buf, vectors[i].bytes);
        check_slice(written(), vectors[i].bare);
        check_ok(base64_decode(&arena, vectors[i].padded, &out));
        check_slice(out, vectors[i].bytes);
        check_ok(base64url_decode(&arena, vectors[i].bare, &out));
        check_slice(out, vectors[i].bytes);
    }
}

/* Every text of up to four characters: accepted ones encode to themselves. */
static void spells_every_value_one_way(void **state)
{
    static const char letters[] = "AQgw9+/-_= \n";
    const size_t radix = sizeof(letters) - 1;
    size_t accepted = 0;

    (void)state;
    for (size_t n = 0; n < radix * radix * radix * radix; n++) {
        char text[4] = {letters[n % radix], letters[n / radix % radix],
                        letters[n / radix / radix % radix],
                        letters[n / radix / radix / radix]};
        struct slice four = slice_make(text, 4);
        struct slice out;

        if (base64_decode(&arena, four, &out) == STATUS_OK) {
            base64_encode(&buf, out);
            check_slice(written(), four);
            accepted++;
        }
        if (base64url_decode(&arena, four, &out) == STATUS_OK) {
            base64url_encode(&buf, out);
            check_slice(written(), four);
        }
        arena_reset(&arena);
        buf_init(&buf, &arena, 64);
    }
    /* 7 digits: 7^4 whole; last of three must end in 00, of two in 0000. */
    assert_int_equal(accepted, 7 * 7 * 7 * 7 + 7 * 7 * 4 + 7 * 4);
}

static void refuses_wrong_padding(void **state)
{
    static const char *const cases[] = {
        "=",        "==",       "===",      "====",   "Zg",       "Zg=",
        "Zg===",    "Zm8",      "Zm8==",    "Zm9v=",  "Zm9v====", "Z===",
        "Zg==Zg==", "=Zg=",     "Z=g=",     "Zm9vY=", "Zm9vYg=",  "Zm9v==Yg",
        "Zm9v\n",   " Zm9vYmF", "Zm9vYmF ",
    };
    struct slice out;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_status(base64_decode(&arena, slice_from_cstr(cases[i]), &out),
                     STATUS_INVALID_ENCODING);
    }
    check_status(base64url_decode(&arena, SLICE("Zg=="), &out),
                 STATUS_INVALID_ENCODING);
    check_status(base64url_decode(&arena, SLICE("Zm9vY"), &out),
                 STATUS_INVALID_ENCODING);
}

static void refuses_bits_behind_the_last_byte(void **state)
{
    struct slice out;

    (void)state;
    check_status(base64_decode(&arena, SLICE("Zh=="), &out),
                 STATUS_INVALID_ENCODING);
    check_status(base64_decode(&arena, SLICE("Zm9="), &out),
                 STATUS_INVALID_ENCODING);
    check_status(base64url_decode(&arena, SLICE("Zh"), &out),
                 STATUS_INVALID_ENCODING);
    check_status(base64url_decode(&arena, SLICE("Zm9"), &out),
                 STATUS_INVALID_ENCODING);
}

static void keeps_the_alphabets_apart(void **state)
{
    struct slice out;

    (void)state;
    check_status(base64_decode(&arena, SLICE("-_8="), &out),
                 STATUS_INVALID_ENCODING);
    check_status(base64url_decode(&arena, SLICE("+/8"), &out),
                 STATUS_INVALID_ENCODING);
}

static void every_length_survives(void **state)
{
    char bytes[100] = {0};
    struct slice out;

    (void)state;
    for (size_t len = 0; len < sizeof(bytes); len++) {
        struct slice in = alone(slice_make(bytes, len));

        memset(bytes, (int)(len * 37), sizeof(bytes));
        base64_encode(&buf, in);
        check_ok(base64_decode(&arena, written(), &out));
        check_slice(out, in);
        base64url_encode(&buf, in);
        check_ok(base64url_decode(&arena, written(), &out));
        check_slice(out, in);
        alone_end(in);
    }
}

RUN_TESTS(TEST(matches_the_vectors_both_ways), TEST(spells_every_value_one_way),
          TEST(refuses_wrong_padding), TEST(refuses_bits_behind_the_last_byte),
          TEST(keeps_the_alphabets_apart), TEST(every_length_survives))
