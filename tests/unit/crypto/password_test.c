/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "crypto/init.h"
#include "crypto/password.h"

/* Stored by the original for "password123". */
#define STORED                                                                 \
    SLICE("000102030405060708090a0b0c0d0e0f:"                                  \
          "eedf8cd62212c4ef27d18a5f1f23f875e2571a8d6bc3cea577255d2cfe8729d8"   \
          "d4646badd72958bccbc96ef736af3a9cc0a4735cee8541bee27d392aeafffc3c")

static struct arena arena;

static struct scrypt_job hash_of(const struct password_hash *hash,
                                 struct slice password)
{
    struct scrypt_options options = scrypt_options_default();
    struct scrypt_engine *engine = NULL;
    struct scrypt_job job = password_hash_job(hash, password);
    struct scrypt_job *jobs = &job;

    check_ok(scrypt_engine_new(&options, &engine));
    check_ok(scrypt_batch(engine, &jobs, 1));
    scrypt_engine_free(engine);
    return job;
}

static void knows_the_password_behind_a_stored_text(void **state)
{
    struct password_hash hash;
    struct scrypt_job job;

    (void)state;
    check_ok(password_hash_parse(STORED, &hash));
    job = hash_of(&hash, SLICE("password123"));
    assert_true(password_hash_matches(&hash, &job));
    job = hash_of(&hash, SLICE("password124"));
    assert_false(password_hash_matches(&hash, &job));
}

static void writes_the_text_it_read(void **state)
{
    struct password_hash hash;
    struct slice text;

    (void)state;
    check_ok(password_hash_parse(STORED, &hash));
    check_ok(password_hash_format(&hash, &arena, &text));
    check_slice(text, STORED);
}

static void matching_looks_at_every_byte(void **state)
{
    struct password_hash hash;
    struct scrypt_job job = {.password = SLICE_EMPTY};

    (void)state;
    check_ok(password_hash_parse(STORED, &hash));
    memcpy(job.out, hash.key, sizeof(job.out));
    assert_true(password_hash_matches(&hash, &job));
    for (size_t i = 0; i < sizeof(job.out); i++) {
        job.out[i] ^= 1;
        assert_false(password_hash_matches(&hash, &job));
        job.out[i] ^= 1;
    }
}

static void salts_are_new_and_lower_case(void **state)
{
    struct password_hash a;
    struct password_hash b;
    struct password_hash again;
    struct slice text;

    (void)state;
    check_ok(password_hash_init(&a));
    check_ok(password_hash_init(&b));
    assert_memory_not_equal(a.salt, b.salt, PASSWORD_SALT_LEN);
    check_ok(password_hash_format(&a, &arena, &text));
    assert_int_equal(text.len, PASSWORD_HASH_LEN);
    check_ok(password_hash_parse(text, &again));
    assert_memory_equal(&a, &again, sizeof(a));
}

static void refuses_a_foreign_character_anywhere(void **state)
{
    char *bytes = arena_alloc(&arena, STORED.len);
    struct password_hash hash;

    (void)state;
    for (size_t i = 0; i < STORED.len; i++) {
        for (size_t j = 0; j < 4; j++) {
            memcpy(bytes, STORED.ptr, STORED.len);
            bytes[i] = "gA/\0"[j];
            check_status(
                password_hash_parse(slice_make(bytes, STORED.len), &hash),
                STATUS_UNREADABLE);
        }
    }
}

static void refuses_every_other_length(void **state)
{
    struct password_hash hash;
    struct slice longer;

    (void)state;
    for (size_t len = 0; len < STORED.len; len++) {
        check_status(password_hash_parse(slice_head(STORED, len), &hash),
                     STATUS_UNREADABLE);
    }
    check_ok(arena_format(&arena, &longer, "%.*s0", SLICE_ARG(STORED)));
    check_status(password_hash_parse(longer, &hash), STATUS_UNREADABLE);
    check_status(password_hash_parse(slice_make(NULL, 0), &hash),
                 STATUS_UNREADABLE);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 20);
    check_ok(crypto_init());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_password_behind_a_stored_text),
        cmocka_unit_test(writes_the_text_it_read),
        cmocka_unit_test(matching_looks_at_every_byte),
        cmocka_unit_test(salts_are_new_and_lower_case),
        cmocka_unit_test(refuses_a_foreign_character_anywhere),
        cmocka_unit_test(refuses_every_other_length),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
