/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "crypto/bcrypt.h"

/* As its first authors publish it. */
#define LETTERS                                                                \
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"           \
    "0123456789chars after 72 are ignored"
/* "p<a umlaut>ssw<o umlaut>rd <euro><a face>": two, three and four bytes. */
#define ACCENTS "p\xc3\xa4ssw\xc3\xb6rd \xe2\x82\xac\xf0\x9f\x98\x80"

static const struct {
    const char *password;
    const char *hash;
} vectors[] = {
    {"", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"},
    {"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
    {"U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"},
    {"U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"},
    {LETTERS, "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"},
    /* By a program of another make, in JavaScript. */
    {"", "$2b$04$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC"},
    {"correct horse",
     "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"},
    {ACCENTS, "$2a$05$abcdefghijklmnopqrstuumJPXoAgZEeWnftKG0Z7KHHISh4iVo6i"},
    {ACCENTS, "$2y$06$......................ZjGckuVdwGf0wyLc1Ej/ceZgAtaBGdG"},
};

#define HASH "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"

static bool matches(const char *hash, struct slice password)
{
    bool answer = false;

    check_ok(bcrypt_matches(slice_from_cstr(hash), password, &answer));
    return answer;
}

static void verifies_what_others_hashed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        assert_true(
            matches(vectors[i].hash, slice_from_cstr(vectors[i].password)));
    }
}

static void refuses_other_passwords(void **state)
{
    (void)state;
    assert_false(matches(HASH, SLICE("")));
    assert_false(matches(HASH, SLICE("U*u")));
    assert_false(matches(HASH, SLICE("U*")));
    assert_false(matches(HASH, SLICE("U*U ")));
    /* The library would stop at the NUL. */
    assert_false(matches(HASH, SLICE("U*U\0")));
    assert_false(matches(HASH, SLICE("U*U\0x")));
}

static void only_72_bytes_count(void **state)
{
    const struct slice letters = SLICE(LETTERS);
    const char *hash = vectors[4].hash;
    char long_one[2000];

    (void)state;
    assert_int_equal(strncmp(hash, "$2a$05$abc", 10), 0);
    assert_true(matches(hash, slice_head(letters, 72)));
    assert_false(matches(hash, slice_head(letters, 71)));
    memset(long_one, 'x', sizeof(long_one));
    memcpy(long_one, letters.ptr, 72);
    assert_true(matches(hash, slice_make(long_one, sizeof(long_one))));
    long_one[71] = 'x';
    assert_false(matches(hash, slice_make(long_one, sizeof(long_one))));
}

static void a_changed_sum_does_not_match(void **state)
{
    char hash[] = HASH;

    (void)state;
    for (size_t i = 29; i < BCRYPT_HASH_LEN; i++) {
        char was = hash[i];

        hash[i] = was == '/' ? '.' : '/';
        assert_false(matches(hash, SLICE("U*U")));
        hash[i] = was;
    }
    assert_true(matches(hash, SLICE("U*U")));
}

/* "B" is "." in its last bits, which no salt has. */
static void spare_bits_of_the_salt_do_not_matter(void **state)
{
    char hash[] = HASH;

    (void)state;
    assert_int_equal(hash[28], '.');
    hash[28] = 'B';
    assert_true(matches(hash, SLICE("U*U")));
}

static void knows_its_hashes(void **state)
{
    static const char *const strangers[] = {
        "",
        "$2b$",
        "$2$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWW",
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2A$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$5a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWWW",
        "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$17$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$-4$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWW",
        "$2a$05.CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$CCCCCCCCCC$CCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0X:uQYb4YMJKvyOeW",
        "0102030405060708090a0b0c0d0e0f10:00112233445566778899aabbccdd",
    };
    bool answer = true;

    (void)state;
    assert_true(bcrypt_is_hash(SLICE(HASH)));
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
        struct slice text = slice_from_cstr(strangers[i]);

        assert_false(bcrypt_is_hash(text));
        check_status(bcrypt_matches(text, SLICE("U*U"), &answer),
                     STATUS_UNREADABLE);
    }
    assert_true(answer);
}

RUN_TESTS(cmocka_unit_test(verifies_what_others_hashed),
          cmocka_unit_test(refuses_other_passwords),
          cmocka_unit_test(only_72_bytes_count),
          cmocka_unit_test(a_changed_sum_does_not_match),
          cmocka_unit_test(spare_bits_of_the_salt_do_not_matter),
          cmocka_unit_test(knows_its_hashes))
