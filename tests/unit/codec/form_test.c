/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/form.h"

static const struct form_limits limits = {.pairs = 4};

static void check_pair(const struct form *form, size_t i, const char *name,
                       const char *value)
{
    assert_true(i < form->count);
    check_slice(form->pairs[i].name, slice_from_cstr(name));
    check_slice(form->pairs[i].value, slice_from_cstr(value));
}

static void reads_pairs_in_order(void **state)
{
    struct form form;

    (void)state;
    check_ok(form_parse(&arena, SLICE("b=1&a=x+y%2Bz&c&=d=e"), limits, &form));
    assert_int_equal(form.count, 4);
    check_pair(&form, 0, "b", "1");
    check_pair(&form, 1, "a", "x y+z");
    check_pair(&form, 2, "c", "");
    check_pair(&form, 3, "", "d=e");
}

static void skips_empty_parts(void **state)
{
    struct form form;

    (void)state;
    check_ok(form_parse(&arena, SLICE_EMPTY, limits, &form));
    assert_int_equal(form.count, 0);
    check_ok(form_parse(&arena, SLICE("&&a=1&&b=2&"), limits, &form));
    assert_int_equal(form.count, 2);
    check_pair(&form, 1, "b", "2");
}

static void tells_when_a_name_comes_twice(void **state)
{
    struct form form;
    struct slice value = SLICE("untouched");

    (void)state;
    check_ok(form_parse(&arena, SLICE("a=1&%61=2&b=3"), limits, &form));
    assert_int_equal(form_find(&form, SLICE("a"), &value), 2);
    check_text(value, "1");
    assert_int_equal(form_find(&form, SLICE("A"), &value), 0);
    check_text(value, "1");
}

static void refuses_one_pair_too_many(void **state)
{
    struct form form;

    (void)state;
    check_ok(form_parse(&arena, SLICE("1&2&3&4"), limits, &form));
    check_status(form_parse(&arena, SLICE("1&2&3&4&5"), limits, &form),
                 STATUS_TOO_LARGE);
}

static void refuses_a_bad_percent_anywhere(void **state)
{
    static const char *const bad[] = {"a=%",   "a=%2",  "a%2=1", "a=1&%zz=2",
                                      "a=%ff", "a=%00", "%00=1"};
    struct form form;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        check_status(form_parse(&arena, slice_from_cstr(bad[i]), limits, &form),
                     STATUS_INVALID_ENCODING);
    }
}

static void lets_a_nul_through_only_when_asked(void **state)
{
    struct form_limits with_nul = {.pairs = 1, .nul_allowed = true};
    struct form form;

    (void)state;
    check_ok(form_parse(&arena, SLICE("a=%00"), with_nul, &form));
    check_text(form.pairs[0].value, "\0");
}

static void writes_what_it_can_read(void **state)
{
    struct form form;
    struct slice text;

    (void)state;
    form_add(&buf, SLICE("grant type"), SLICE("a&b=c d+e"));
    form_add(&buf, SLICE("~"), SLICE("*-._\xc3\xbc "));
    form_add(&buf, SLICE_EMPTY, SLICE_EMPTY);
    text = written();
    check_text(text, "grant+type=a%26b%3Dc+d%2Be&%7E=*-._%C3%BC+&=");
    check_ok(form_parse(&arena, text, limits, &form));
    assert_int_equal(form.count, 3);
    check_pair(&form, 0, "grant type", "a&b=c d+e");
    check_pair(&form, 1, "~", "*-._\xc3\xbc ");
}

RUN_TESTS(TEST(reads_pairs_in_order), TEST(skips_empty_parts),
          TEST(tells_when_a_name_comes_twice), TEST(refuses_one_pair_too_many),
          TEST(refuses_a_bad_percent_anywhere),
          TEST(lets_a_nul_through_only_when_asked),
          TEST(writes_what_it_can_read))
