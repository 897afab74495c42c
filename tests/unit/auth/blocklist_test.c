/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/blocklist.h"

#include "../check.h"
#include "crypto/init.h"
#include "crypto/random.h"

static void check_listed(const char *password, bool expected)
{
    if (blocklist_has(slice_from_cstr(password)) != expected) {
        fail_msg("\"%s\" is %s", password, expected ? "let in" : "refused");
    }
}

static void test_refuses_what_is_tried_first(void **state)
{
    static const char *const common[] = {
        "password",  "password1", "Password123", "12345678",  "qwertyuiop",
        "iloveyou",  "sunshine",  "princess",    "football",  "P@ssw0rd",
        "letmein1",  "baseball",  "superman",    "11111111",  "aaaaaaaa",
        "abcdefgh",  "1q2w3e4r",  "1qaz2wsx",    "trustno1",  "qwerty123",
        "admin123",  "welcome1",  "changeme",    "88888888",  "asdfghjkl",
        "password!", "dragon12",  "whatever",    "startrek",  "zxcvbnm,",
        "drowssap",  "PASSWORD",  "tHuNdErBiRd", "monkey123", "1234567890",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++) {
        check_listed(common[i], true);
    }
}

static void test_refuses_its_own_rows(void **state)
{
    (void)state;
#define COMMON(text) check_listed(text, true);
#include "auth/blocklist.def"
#undef COMMON
    check_listed("VKontakte", true);
}

static void test_lets_phrases_in(void **state)
{
    static const char *const phrases[] = {
        "correct horse battery staple",
        "copper kettle garden",
        "winter-in-oslo-1987",
        "my cat eats blue fish",
        "fjord lamp seven",
        "BookReader#88 rides",
        "blue-kettle-42",
        "Tr0ub4dor&3xyz",
        "der Hund schläft im Garten",
        "три белых коня",
        "一个很长的密码短语",
        "the servo hums at 50 Hz",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
        check_listed(phrases[i], false);
    }
}

static void test_lets_random_ones_in(void **state)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    unsigned char bytes[12];
    char text[sizeof(bytes) + 1] = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        check_ok(random_bytes(bytes, sizeof(bytes)));
        for (size_t k = 0; k < sizeof(bytes); k++) {
            text[k] = letters[bytes[k] % 64];
        }
        check_listed(text, false);
    }
}

/* Whatever was typed: it ends, and soon. */
static void test_stands_any_bytes(void **state)
{
    char text[300];

    (void)state;
    for (int i = 0; i < 3000; i++) {
        size_t len = (size_t)i % sizeof(text);

        check_ok(random_bytes((unsigned char *)text, len));
        for (size_t k = 0; i % 3 == 0 && k < len; k++) {
            text[k] = (char)(text[k] | 0x80);
        }
        (void)blocklist_has(slice_make(text, len));
    }
    memset(text, 'a', sizeof(text));
    assert_true(blocklist_has(slice_make(text, sizeof(text))));
    assert_false(blocklist_has(SLICE_EMPTY));
    assert_false(blocklist_has(SLICE("password\0and more behind it")));
}

/* COMMON_PASSWORDS names a file with one a line, the most common first. */
static void test_refuses_a_published_list(void **state)
{
    const char *name = getenv("COMMON_PASSWORDS");
    FILE *file = name == NULL ? NULL : fopen(name, "r");
    char line[256];
    int count = 0;

    (void)state;
    if (file == NULL) {
        printf("# skipped: COMMON_PASSWORDS names no file\n");
        return;
    }
    while (count < 3000 && fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        count++;
        if (strlen(line) >= 8) {
            check_listed(line, true);
        }
    }
    (void)fclose(file);
    assert_true(count > 0);
}

RUN_TESTS(cmocka_unit_test(test_refuses_what_is_tried_first),
          cmocka_unit_test(test_refuses_its_own_rows),
          cmocka_unit_test(test_lets_phrases_in),
          cmocka_unit_test(test_lets_random_ones_in),
          cmocka_unit_test(test_stands_any_bytes),
          cmocka_unit_test(test_refuses_a_published_list))
