/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/percent.h"

static void encodes_as_encode_uri_component(void **state)
{
    char ascii[127];

    (void)state;
    for (size_t i = 0; i < sizeof(ascii); i++) {
        ascii[i] = (char)(i + 1);
    }
    percent_encode(&buf, slice_make(ascii, sizeof(ascii)));
    check_text(
        written(),
        "%01%02%03%04%05%06%07%08%09%0A%0B%0C%0D%0E%0F%10%11%12%13%14%15%16"
        "%17%18%19%1A%1B%1C%1D%1E%1F%20!%22%23%24%25%26'()*%2B%2C-.%2F012345"
        "6789%3A%3B%3C%3D%3E%3F%40ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60"
        "abcdefghijklmnopqrstuvwxyz%7B%7C%7D~%7F");
    percent_encode(&buf, SLICE("gr\xc3\xbc\xc3\x9f"));
    check_text(written(), "gr%C3%BC%C3%9F");
}

static void encodes_a_segment_of_a_path(void **state)
{
    (void)state;
    percent_encode_segment(&buf, SLICE("a/b?c#d e%f:g@h;i=1,2+3&~"));
    check_text(written(), "a%2Fb%3Fc%23d%20e%25f:g@h;i=1,2+3&~");
}

static void decodes_both_cases_and_leaves_a_plus(void **state)
{
    struct slice out;

    (void)state;
    check_ok(percent_decode(&arena, SLICE("a%2fb%2Fc+d%C3%bc"), &out));
    check_text(out, "a/b/c+d\xc3\xbc");
    check_ok(percent_decode(&arena, SLICE_EMPTY, &out));
    check_text(out, "");
    /* once, not twice */
    check_ok(percent_decode(&arena, SLICE("%252e"), &out));
    check_text(out, "%2e");
}

static void refuses_what_is_not_encoded_correctly(void **state)
{
    static const struct slice bad[] = {
        SLICE_INIT("%"),      SLICE_INIT("%2"),        SLICE_INIT("a%"),
        SLICE_INIT("a%2"),    SLICE_INIT("%zz"),       SLICE_INIT("%2z"),
        SLICE_INIT("%+1"),    SLICE_INIT("% 1"),       SLICE_INIT("%%20"),
        SLICE_INIT("%00"),    SLICE_INIT("a\0b"),      SLICE_INIT("%ff"),
        SLICE_INIT("%c0%80"), SLICE_INIT("%ed%a0%80"), SLICE_INIT("\xff"),
        SLICE_INIT("%u0041"), SLICE_INIT("%0x"),       SLICE_INIT("%c3"),
    };
    struct slice out;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct slice text = alone(bad[i]);

        check_status(percent_decode(&arena, text, &out),
                     STATUS_INVALID_ENCODING);
        alone_end(text);
    }
}

RUN_TESTS(TEST(encodes_as_encode_uri_component),
          TEST(encodes_a_segment_of_a_path),
          TEST(decodes_both_cases_and_leaves_a_plus),
          TEST(refuses_what_is_not_encoded_correctly))
