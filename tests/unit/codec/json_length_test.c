/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/json_length.h"

static void finds_the_closing_brace(void **state)
{
    static const struct {
        struct slice text;
        size_t len;
    } cases[] = {
        {SLICE_INIT("{}"), 2},
        {SLICE_INIT("{}{}"), 2},
        {SLICE_INIT("{\"a\":{\"b\":[{}]}},"), 16},
        {SLICE_INIT("{\"}\":1}x"), 7},
        {SLICE_INIT("{\"\\\"}\":1}"), 9},
        {SLICE_INIT("{\"\\\\\":\"}\"}"), 10},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_int_equal(json_object_length(cases[i].text), cases[i].len);
    }
}

static void says_0_for_all_else(void **state)
{
    static const struct slice cases[] = {
        SLICE_INIT(""),         SLICE_INIT("{"),    SLICE_INIT("[{}]"),
        SLICE_INIT(" {}"),      SLICE_INIT("{\"}"), SLICE_INIT("{\"\\"),
        SLICE_INIT("{\"\\\"}"), SLICE_INIT("}"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct slice text = alone(cases[i]);

        assert_int_equal(json_object_length(text), 0);
        alone_end(text);
    }
}

RUN_TESTS(TEST(finds_the_closing_brace), TEST(says_0_for_all_else))
