/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/clock.h"
#include "crypto/init.h"
#include "crypto/scrypt.h"

#include <sys/resource.h>

#define MAX_JOBS 16

/* Deterministic, so that a failure can be had again. */
static uint64_t seed = 1;

static unsigned next_random(unsigned below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

static struct scrypt_engine *engine_for(enum scrypt_path path, size_t steps,
                                        size_t max_width)
{
    struct scrypt_options options = {path, steps, max_width};
    struct scrypt_engine *engine = NULL;

    check_ok(crypto_init());
    check_ok(scrypt_engine_new(&options, &engine));
    return engine;
}

static char texts[MAX_JOBS][2][80];
static struct scrypt_job jobs[MAX_JOBS];

static void random_text(char *bytes, struct slice *out)
{
    size_t len = next_random(81);

    for (size_t i = 0; i < len; i++) {
        bytes[i] = (char)next_random(256);
    }
    *out = slice_make(bytes, len);
}

static void random_jobs(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        random_text(texts[i][0], &jobs[i].password);
        random_text(texts[i][1], &jobs[i].salt);
        memset(jobs[i].out, 0, sizeof(jobs[i].out));
    }
}

static void hash(struct scrypt_engine *engine, size_t count)
{
    struct scrypt_job *pointers[MAX_JOBS];

    for (size_t i = 0; i < count; i++) {
        pointers[i] = &jobs[i];
    }
    check_ok(scrypt_batch(engine, pointers, count));
}

/* Hashes random jobs with the engine and with OpenSSL. */
static void compare(struct scrypt_engine *engine,
                    struct scrypt_engine *reference, size_t count)
{
    unsigned char ours[MAX_JOBS][SCRYPT_KEY_BYTES];

    random_jobs(count);
    hash(engine, count);
    for (size_t i = 0; i < count; i++) {
        memcpy(ours[i], jobs[i].out, SCRYPT_KEY_BYTES);
    }
    hash(reference, count);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(ours[i], jobs[i].out, SCRYPT_KEY_BYTES);
    }
}

static void every_path_and_batch_size_equals_openssl(void **state)
{
    struct scrypt_engine *reference = engine_for(SCRYPT_OPENSSL, 16, 1);

    (void)state;
    for (enum scrypt_path path = 0; path < SCRYPT_PATHS; path++) {
        struct scrypt_engine *engine;

        if (!scrypt_path_is_supported(path)) {
            print_message("# skipped: this CPU has no %s\n",
                          scrypt_path_name(path));
            continue;
        }
        engine = engine_for(path, 16, 16);
        for (size_t count = 1; count <= MAX_JOBS; count++) {
            compare(engine, reference, count);
        }
        scrypt_engine_free(engine);
    }
    scrypt_engine_free(reference);
}

static void every_n_equals_openssl(void **state)
{
    (void)state;
    for (size_t steps = 2; steps <= 2048; steps *= 4) {
        struct scrypt_engine *reference = engine_for(SCRYPT_OPENSSL, steps, 1);
        struct scrypt_engine *engine =
            engine_for(scrypt_path_best(), steps, 16);

        compare(engine, reference, 5);
        scrypt_engine_free(engine);
        scrypt_engine_free(reference);
    }
}

static void the_stored_n_equals_openssl(void **state)
{
    struct scrypt_engine *reference =
        engine_for(SCRYPT_OPENSSL, SCRYPT_STEPS, 1);

    (void)state;
    for (enum scrypt_path path = SCRYPT_SSE2; path < SCRYPT_PATHS; path++) {
        if (scrypt_path_is_supported(path)) {
            struct scrypt_engine *engine =
                engine_for(path, SCRYPT_STEPS, SCRYPT_STEPS);

            compare(engine, reference, scrypt_path_width(path) - 1);
            scrypt_engine_free(engine);
        }
    }
    scrypt_engine_free(reference);
}

/* Hashes that the original server stored. */
static void gives_the_hashes_of_the_original(void **state)
{
    static const unsigned char plain[] = {
        0xee, 0xdf, 0x8c, 0xd6, 0x22, 0x12, 0xc4, 0xef, 0x27, 0xd1, 0x8a,
        0x5f, 0x1f, 0x23, 0xf8, 0x75, 0xe2, 0x57, 0x1a, 0x8d, 0x6b, 0xc3,
        0xce, 0xa5, 0x77, 0x25, 0x5d, 0x2c, 0xfe, 0x87, 0x29, 0xd8, 0xd4,
        0x64, 0x6b, 0xad, 0xd7, 0x29, 0x58, 0xbc, 0xcb, 0xc9, 0x6e, 0xf7,
        0x36, 0xaf, 0x3a, 0x9c, 0xc0, 0xa4, 0x73, 0x5c, 0xee, 0x85, 0x41,
        0xbe, 0xe2, 0x7d, 0x39, 0x2a, 0xea, 0xff, 0xfc, 0x3c};
    static const unsigned char accented[] = {
        0x83, 0x5b, 0x5e, 0x0e, 0x24, 0x8e, 0xcd, 0x52, 0xbc, 0x83, 0xe4,
        0xfe, 0x35, 0x27, 0xcf, 0x34, 0x36, 0x5c, 0xcd, 0xb6, 0x24, 0x8f,
        0xbd, 0x0b, 0x0d, 0xb5, 0x67, 0x77, 0x24, 0x26, 0xb3, 0xb1, 0x64,
        0x29, 0x9d, 0x55, 0x01, 0xb8, 0xbc, 0x83, 0xeb, 0x4a, 0xd9, 0xb2,
        0x83, 0xf2, 0x4a, 0xa7, 0x94, 0x4d, 0xdc, 0x83, 0xd2, 0x57, 0x4a,
        0xf9, 0x98, 0x49, 0x85, 0xf7, 0x97, 0x56, 0x80, 0xf8};
    struct scrypt_engine *engine =
        engine_for(scrypt_path_best(), SCRYPT_STEPS, 2);

    (void)state;
    jobs[0].password = SLICE("password123");
    /* U+212B has become U+00C5: passwords arrive in NFKC. */
    jobs[1].password = SLICE("p\xc3\xa4ss\xc3\x85word");
    jobs[0].salt = SLICE("000102030405060708090a0b0c0d0e0f");
    jobs[1].salt = jobs[0].salt;
    hash(engine, 2);
    assert_memory_equal(jobs[0].out, plain, sizeof(plain));
    assert_memory_equal(jobs[1].out, accented, sizeof(accented));
    scrypt_engine_free(engine);
}

static void holds_no_more_tables_than_it_was_allowed(void **state)
{
    struct scrypt_engine *engine = engine_for(scrypt_path_best(), 16, 3);

    (void)state;
    random_jobs(MAX_JOBS);
    hash(engine, MAX_JOBS);
    assert_true(scrypt_engine_held(engine) <= (size_t)3 * 16 * 2048);
    scrypt_engine_trim(engine);
    assert_int_equal(scrypt_engine_held(engine), 0);
    scrypt_engine_trim(engine);
    hash(engine, 2); /* and goes on working */
    scrypt_engine_free(engine);
}

static void wipes_a_finished_job(void **state)
{
    static const unsigned char zeros[SCRYPT_KEY_BYTES];
    struct scrypt_engine *engine = engine_for(SCRYPT_OPENSSL, 16, 1);

    (void)state;
    random_jobs(1);
    hash(engine, 1);
    scrypt_job_wipe(&jobs[0]);
    assert_memory_equal(jobs[0].out, zeros, sizeof(zeros));
    scrypt_engine_free(engine);
}

static void refuses_impossible_options(void **state)
{
    static const struct scrypt_options bad[] = {
        {SCRYPT_OPENSSL, 0, 1},  {SCRYPT_OPENSSL, 1, 1},
        {SCRYPT_OPENSSL, 24, 1}, {SCRYPT_OPENSSL, SCRYPT_STEPS * 2, 1},
        {SCRYPT_OPENSSL, 16, 0}, {SCRYPT_PATHS, 16, 1},
    };
    struct scrypt_engine *engine = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        check_status(scrypt_engine_new(&bad[i], &engine), STATUS_INVALID_VALUE);
    }
    assert_null(engine);
    scrypt_engine_free(NULL);
}

static void refuses_a_password_that_is_too_long(void **state)
{
    static char text[SCRYPT_TEXT_LIMIT + 1];
    struct scrypt_engine *engine = engine_for(scrypt_path_best(), 16, 1);
    struct scrypt_job *job = &jobs[0];

    (void)state;
    random_jobs(1);
    job->password = slice_make(text, SCRYPT_TEXT_LIMIT + 1);
    check_status(scrypt_batch(engine, &job, 1), STATUS_TOO_LARGE);
    job->password = slice_make(text, SCRYPT_TEXT_LIMIT);
    check_ok(scrypt_batch(engine, &job, 1));
    check_ok(scrypt_batch(engine, &job, 0));
    scrypt_engine_free(engine);
}

/* Address space for fewer tables than the batch would like. */
static void becomes_narrower_when_memory_is_short(void **state)
{
    struct rlimit old;
    struct rlimit tight;
    struct scrypt_engine *engine =
        engine_for(scrypt_path_best(), SCRYPT_STEPS, 16);
    struct scrypt_job *pointers[2] = {&jobs[0], &jobs[1]};
    char line[128] = "";
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    (void)state;
    assert_non_null(file);
    if (scrypt_path_best() == SCRYPT_OPENSSL) {
        (void)fclose(file);
        return; /* which has no tables of ours */
    }
    assert_non_null(fgets(line, sizeof(line), file));
    (void)fclose(file);
    pages = strtoul(line, NULL, 10);
    random_jobs(2);
    assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
    tight = old;
    tight.rlim_cur = (rlim_t)pages * 4096 + ((rlim_t)50 << 20);
    if (setrlimit(RLIMIT_AS, &tight) != 0) {
        return;
    }
    check_ok(scrypt_batch(engine, pointers, 2));
    assert_int_equal(scrypt_engine_held(engine), (size_t)32 << 20);
    scrypt_engine_trim(engine);
    tight.rlim_cur = (rlim_t)pages * 4096 + ((rlim_t)8 << 20);
    assert_int_equal(setrlimit(RLIMIT_AS, &tight), 0);
    check_status(scrypt_batch(engine, pointers, 2), STATUS_NO_MEMORY);
    assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
    check_ok(scrypt_batch(engine, pointers, 2));
    scrypt_engine_free(engine);
}

static void the_self_test_passes_and_is_quick(void **state)
{
    int64_t best = INT64_MAX;

    (void)state;
    check_ok(crypto_init());
    for (int i = 0; i < 5; i++) {
        int64_t start = clock_thread_cpu_us();

        check_ok(scrypt_self_test());
        start = clock_thread_cpu_us() - start;
        best = start < best ? start : best;
    }
    print_message("# self-test: %d us\n", (int)best);
}

RUN_TESTS(cmocka_unit_test(every_path_and_batch_size_equals_openssl),
          cmocka_unit_test(every_n_equals_openssl),
          cmocka_unit_test(the_stored_n_equals_openssl),
          cmocka_unit_test(gives_the_hashes_of_the_original),
          cmocka_unit_test(holds_no_more_tables_than_it_was_allowed),
          cmocka_unit_test(wipes_a_finished_job),
          cmocka_unit_test(refuses_impossible_options),
          cmocka_unit_test(refuses_a_password_that_is_too_long),
          cmocka_unit_test(becomes_narrower_when_memory_is_short),
          cmocka_unit_test(the_self_test_passes_and_is_quick))
