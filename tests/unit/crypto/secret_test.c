/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "crypto/secret.h"

static void reveals_what_was_put_in(void **state)
{
    CLEANUP(secret_release) struct secret secret = {NULL, 0};

    (void)state;
    check_text(secret_reveal(&secret), "");
    check_ok(secret_dup(SLICE("a\0b"), &secret));
    check_text(secret_reveal(&secret), "a\0b");
}

static void may_be_released_twice(void **state)
{
    struct secret secret = {NULL, 0};

    (void)state;
    secret_release(&secret);
    check_ok(secret_dup(SLICE("x"), &secret));
    secret_release(&secret);
    secret_release(&secret);
    assert_null(secret.bytes);
    assert_int_equal(secret.len, 0);
}

static void refuses_more_than_its_limit(void **state)
{
    static char big[SECRET_LIMIT + 1];
    struct secret secret = {NULL, 0};

    (void)state;
    check_status(secret_dup(slice_make(big, sizeof(big)), &secret),
                 STATUS_TOO_LARGE);
    check_status(secret_random(SECRET_LIMIT + 1, &secret), STATUS_TOO_LARGE);
    assert_null(secret.bytes);
}

static void random_secrets_differ(void **state)
{
    CLEANUP(secret_release) struct secret a = {NULL, 0};
    CLEANUP(secret_release) struct secret b = {NULL, 0};

    (void)state;
    check_ok(secret_random(32, &a));
    check_ok(secret_random(32, &b));
    assert_false(slice_equal(secret_reveal(&a), secret_reveal(&b)));
}

static void wipes_bytes(void **state)
{
    char bytes[] = "password";

    (void)state;
    secret_wipe(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        assert_int_equal(bytes[i], 0);
    }
}

/* The compiler's verdict on a program with this statement in it. */
static int compile(const char *statement)
{
    const char *root = getenv("PROJECT_ROOT");
    char command[512];
    FILE *pipe;

    if (root == NULL) {
        return -1;
    }
    (void)snprintf(command, sizeof(command),
                   "cc -std=c17 -D_GNU_SOURCE -fsyntax-only -I'%s/src' -x c - "
                   "2>/dev/null",
                   root);
    pipe = popen(command, "w");
    if (pipe == NULL) {
        return -1;
    }
    (void)fprintf(pipe,
                  "#include \"base/log.h\"\n"
                  "#include \"crypto/secret.h\"\n"
                  "void f(struct secret *secret);\n"
                  "void f(struct secret *secret) { %s; }\n",
                  statement);
    return pclose(pipe);
}

static void logging_one_does_not_compile(void **state)
{
    (void)state;
    if (compile("log_info(\"x\", log_text(\"key\", secret_reveal(secret)))") !=
        0) {
        print_message("# skipped: no compiler, or no PROJECT_ROOT\n");
        return;
    }
    assert_int_not_equal(compile("log_info(\"x\", log_text(\"key\", *secret))"),
                         0);
    assert_int_not_equal(compile("log_info(\"x\", log_text(\"k\", secret))"),
                         0);
}

RUN_TESTS(cmocka_unit_test(reveals_what_was_put_in),
          cmocka_unit_test(may_be_released_twice),
          cmocka_unit_test(refuses_more_than_its_limit),
          cmocka_unit_test(random_secrets_differ),
          cmocka_unit_test(wipes_bytes),
          cmocka_unit_test(logging_one_does_not_compile))
