/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "crypto/envelope.h"
#include "crypto/init.h"

/* Made by the original under this secret. */
#define SECRET SLICE("bookplate-lab-secret-0123456789abcdefABCDEF")
#define HELLO                                                                  \
    SLICE("b257a0963207143078f3dda80c7015d946220a7be7a6b9ccd4ce812546bc8c82bf" \
          "2d49d1d4e76348ddc8dab63134edb5fc4907dc6fdeb1")

static struct arena arena;
static struct envelope_key key;

static void check_refused(struct slice envelope)
{
    struct slice text = SLICE_EMPTY;

    check_status(envelope_open(&key, envelope, &arena, &text),
                 STATUS_UNREADABLE);
    check_text(text, "");
}

static void opens_what_the_original_made(void **state)
{
    struct slice text;

    (void)state;
    check_ok(envelope_open(&key, HELLO, &arena, &text));
    check_text(text, "hello bookplate");
}

static void opens_what_it_made(void **state)
{
    static char big[3000];
    static const size_t lengths[] = {0, 1, 63, 64, 65, 3000};

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct slice text = slice_make(big, lengths[i]);
        struct slice made;
        struct slice again;
        struct slice opened;

        check_ok(envelope_make(&key, text, &arena, &made));
        check_ok(envelope_make(&key, text, &arena, &again));
        assert_int_equal(made.len, 2 * (text.len + 40));
        assert_false(slice_equal(made, again));
        check_ok(envelope_open(&key, made, &arena, &opened));
        check_slice(opened, text);
    }
}

static void refuses_another_digit_anywhere(void **state)
{
    char *bytes = arena_alloc(&arena, HELLO.len);

    (void)state;
    for (size_t i = 0; i < HELLO.len; i++) {
        memcpy(bytes, HELLO.ptr, HELLO.len);
        bytes[i] = bytes[i] == '0' ? '1' : '0';
        check_refused(slice_make(bytes, HELLO.len));
        bytes[i] = 'g';
        check_refused(slice_make(bytes, HELLO.len));
    }
}

static void refuses_a_cut_at_every_byte(void **state)
{
    (void)state;
    for (size_t len = 0; len < HELLO.len; len++) {
        check_refused(slice_head(HELLO, len));
        check_refused(slice_from(HELLO, HELLO.len - len));
    }
}

static void refuses_another_secret(void **state)
{
    struct envelope_key right = key;

    (void)state;
    check_ok(envelope_key_init(SLICE("another secret"), &key));
    check_refused(HELLO);
    key = right;
}

static void refuses_more_than_its_limit(void **state)
{
    static char big[ENVELOPE_TEXT_LIMIT + 1];
    static char digits[2 * (ENVELOPE_TEXT_LIMIT + 41)];
    struct slice out;

    (void)state;
    check_status(
        envelope_make(&key, slice_make(big, sizeof(big)), &arena, &out),
        STATUS_TOO_LARGE);
    memset(digits, '0', sizeof(digits));
    check_refused(slice_make(digits, sizeof(digits)));
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)8 << 20);
    check_ok(crypto_init());
    check_ok(envelope_key_init(SECRET, &key));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    envelope_key_release(&key);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_the_original_made),
        cmocka_unit_test(opens_what_it_made),
        cmocka_unit_test(refuses_another_digit_anywhere),
        cmocka_unit_test(refuses_a_cut_at_every_byte),
        cmocka_unit_test(refuses_another_secret),
        cmocka_unit_test(refuses_more_than_its_limit),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
