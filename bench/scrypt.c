/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPU time of a password hash, by path and by how many are queued.
 *
 * The paths take turns within each round, so that a busy machine troubles all
 * of them alike, and the best round counts. Usage: bench_scrypt [ROUNDS]
 */
#include "crypto/scrypt.h"
#include "base/clock.h"
#include "crypto/init.h"

#include <stdio.h>

#define MAX_QUEUED 64
#define ROUNDS     3

static const size_t queued[] = {1, 4, 8, 12, 64};

#define COLUMNS (sizeof(queued) / sizeof(queued[0]))

struct figures {
    struct scrypt_engine *engine;
    double best_ms[COLUMNS]; /* 0: not measured yet */
};

static struct scrypt_job jobs[MAX_QUEUED];
static struct scrypt_job *pointers[MAX_QUEUED];

static enum status measure(struct figures *figures, size_t column)
{
    size_t count = queued[column];
    int64_t start = clock_thread_cpu_us();
    double ms;

    TRY(scrypt_batch(figures->engine, pointers, count));
    ms = (double)(clock_thread_cpu_us() - start) / 1000 / (double)count;
    if (figures->best_ms[column] == 0 || ms < figures->best_ms[column]) {
        figures->best_ms[column] = ms;
    }
    return STATUS_OK;
}

/* OpenSSL costs the same however many wait: few are enough. */
static enum status measure_round(struct figures *paths)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        for (enum scrypt_path path = 0; path < SCRYPT_PATHS; path++) {
            bool slow = path == SCRYPT_OPENSSL && queued[column] > 4;

            if (paths[path].engine != NULL && !slow) {
                TRY(measure(&paths[path], column));
            }
        }
    }
    return STATUS_OK;
}

static void print(const struct figures *paths)
{
    double reference = paths[SCRYPT_OPENSSL].best_ms[0];

    printf("ms CPU a hash (times as fast as OpenSSL alone), by queue length\n");
    printf("%-8s", "");
    for (size_t column = 0; column < COLUMNS; column++) {
        printf("%15zu", queued[column]);
    }
    printf("\n");
    for (enum scrypt_path path = 0; path < SCRYPT_PATHS; path++) {
        if (paths[path].engine == NULL) {
            continue;
        }
        printf("%-8s", scrypt_path_name(path));
        for (size_t column = 0; column < COLUMNS; column++) {
            double ms = paths[path].best_ms[column];

            if (ms > 0) {
                printf("%8.1f (%4.1f)", ms, reference / ms);
            }
        }
        printf("\n");
    }
}

static enum status run(struct figures *paths, unsigned rounds)
{
    TRY(crypto_init());
    TRY(scrypt_self_test());
    for (size_t i = 0; i < MAX_QUEUED; i++) {
        jobs[i] = (struct scrypt_job){
            .password = SLICE("correct horse battery staple"),
            .salt = SLICE("000102030405060708090a0b0c0d0e0f"),
        };
        pointers[i] = &jobs[i];
    }
    for (enum scrypt_path path = 0; path < SCRYPT_PATHS; path++) {
        struct scrypt_options options = scrypt_options_default();

        options.path = path;
        if (scrypt_path_is_supported(path)) {
            TRY(scrypt_engine_new(&options, &paths[path].engine));
        }
    }
    for (unsigned i = 0; i < rounds; i++) {
        TRY(measure_round(paths));
    }
    print(paths);
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    struct figures paths[SCRYPT_PATHS] = {0};
    uint64_t rounds = ROUNDS;
    enum status status;

    if (argc > 1 && !slice_to_u64(slice_from_cstr(argv[1]), 100, &rounds)) {
        fprintf(stderr, "bench_scrypt: rounds are a number up to 100\n");
        return 2;
    }
    status = run(paths, (unsigned)rounds);
    for (enum scrypt_path path = 0; path < SCRYPT_PATHS; path++) {
        scrypt_engine_free(paths[path].engine);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "bench_scrypt: %.*s\n", SLICE_ARG(status_text(status)));
        return 1;
    }
    return 0;
}
