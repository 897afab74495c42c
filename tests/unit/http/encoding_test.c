/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "http/encoding.h"

#define GZIP (1U << ENCODING_GZIP)
#define BR   (1U << ENCODING_BR)
#define BOTH (GZIP | BR)

static void check_choice(const char *accept, unsigned available,
                         const char *want)
{
    enum encoding got = encoding_choose(slice_from_cstr(accept), available);

    check_slice(encoding_name(got), slice_from_cstr(want));
}

static void takes_the_smallest_that_both_have(void **state)
{
    (void)state;
    check_choice("gzip, deflate, br, zstd", BOTH, "br");
    check_choice("gzip, deflate, br, zstd", GZIP, "gzip");
    check_choice("gzip, deflate, br, zstd", 0, "identity");
    check_choice("gzip", BOTH, "gzip");
    check_choice("deflate", BOTH, "identity");
    check_choice("X-GZIP", BOTH, "gzip");
    check_choice("*", BOTH, "br");
    check_choice("identity", BOTH, "identity");
    check_choice("", BOTH, "identity");
}

static void an_absent_field_means_plain(void **state)
{
    (void)state;
    assert_int_equal(encoding_choose(slice_make(NULL, 0), BOTH),
                     ENCODING_IDENTITY);
}

static void obeys_weights(void **state)
{
    (void)state;
    check_choice("br;q=0.5, gzip;q=0.8", BOTH, "gzip");
    check_choice("br;q=0.8,gzip;q=0.8", BOTH, "br");
    check_choice("br;q=0, gzip", BOTH, "gzip");
    check_choice("br;q=0.000, *", BOTH, "gzip");
    check_choice("*;q=0", BOTH, "identity");
    check_choice("*;q=0, br;q=0.001", BOTH, "br");
    check_choice("identity;q=1, gzip;q=0.5", BOTH, "identity");
    check_choice("identity;q=0", BOTH, "identity");
    check_choice("identity;q=0, gzip;q=0.1", BOTH, "gzip");
    check_choice("gzip ; Q=1.000 , br\t;\tq=0.999", BOTH, "gzip");
    check_choice("*;q=0.5, gzip;q=0.1", BOTH, "br");
}

static void said_twice_the_lower_weight_counts(void **state)
{
    (void)state;
    check_choice("br, br;q=0, gzip", BOTH, "gzip");
    check_choice("br;q=0, br, gzip", BOTH, "gzip");
}

static void a_malformed_field_counts_as_absent(void **state)
{
    static const char *const bad[] = {
        "br;q",        "br;q=",    "br;q=2",     "br;q=1.001",
        "br;q=0.0000", "br;q=-1",  "br;q=.5",    "br;x=1",
        "br;q=1;q=1",  "br, ;q=1", "br;q =1",    "br;q= 1",
        "br;q=1e0",    "br;;q=1",  "br;q=0.5 x", "br;q=0.12a"};

    (void)state;
    check_choice(",br,, ,", BOTH, "br");
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        check_choice(bad[i], BOTH, "identity");
    }
}

static void stays_linear_in_a_long_field(void **state)
{
    static char accept[16384];

    (void)state;
    memset(accept, ',', sizeof(accept));
    memcpy(accept + sizeof(accept) - 2, "br", 2);
    assert_int_equal(encoding_choose(slice_make(accept, sizeof(accept)), BOTH),
                     ENCODING_BR);
    memset(accept, 'a', sizeof(accept));
    assert_int_equal(encoding_choose(slice_make(accept, sizeof(accept)), BOTH),
                     ENCODING_IDENTITY);
}

RUN_TESTS(cmocka_unit_test(takes_the_smallest_that_both_have),
          cmocka_unit_test(an_absent_field_means_plain),
          cmocka_unit_test(obeys_weights),
          cmocka_unit_test(said_twice_the_lower_weight_counts),
          cmocka_unit_test(a_malformed_field_counts_as_absent),
          cmocka_unit_test(stays_linear_in_a_long_field))
