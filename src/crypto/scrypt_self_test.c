/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "crypto/scrypt.h"
#include "crypto/scrypt_path.h"

/* Enough for every kernel to fill a table and to read it at random. */
#define STEPS 2
#define LINE  64

struct bench {
    _Alignas(LINE) unsigned char scratch[SCRYPT_SCRATCH_BYTES];
    unsigned char tables[SCRYPT_MAX_WIDTH][STEPS * SCRYPT_BLOCK_BYTES];
    unsigned char blocks[SCRYPT_MAX_WIDTH][SCRYPT_BLOCK_BYTES];
    unsigned char expected[SCRYPT_MAX_WIDTH][SCRYPT_BLOCK_BYTES];
};

static void free_bench(struct bench **bench)
{
    mem_free(*bench);
}

static void free_engine(struct scrypt_engine **engine)
{
    scrypt_engine_free(*engine);
}

/* Runs the kernel over the lanes from `first` on; each has its own bytes. */
static void run(struct bench *bench, const struct scrypt_kernel *kernel,
                size_t first)
{
    struct scrypt_work work = {.steps = STEPS, .scratch = bench->scratch};

    for (size_t i = 0; i < kernel->width; i++) {
        unsigned char *block = bench->blocks[first + i];

        for (size_t at = 0; at < SCRYPT_BLOCK_BYTES; at++) {
            block[at] = (unsigned char)((at + 1) * (first + i + 3) * 167 >> 3);
        }
        work.lanes[i] = (struct scrypt_lane){bench->tables[first + i], block};
    }
    kernel->run(&work);
}

/* Each lane of each kernel ends as it does when it runs alone. */
static enum status check_kernels(struct bench *bench, enum scrypt_path path)
{
    const struct scrypt_kernel *kernels = scrypt_path_kernels(path);

    for (size_t i = 0; i < SCRYPT_MAX_KERNELS && kernels[i].width > 0; i++) {
        run(bench, &kernels[i], 0);
        if (memcmp(bench->blocks, bench->expected,
                   kernels[i].width * SCRYPT_BLOCK_BYTES) != 0) {
            return STATUS_INTERNAL;
        }
    }
    return STATUS_OK;
}

static enum status hash_once(enum scrypt_path path, struct scrypt_job *job)
{
    CLEANUP(free_engine) struct scrypt_engine *engine = NULL;
    struct scrypt_options options = {path, STEPS, 1};

    job->password = SLICE("password");
    job->salt = SLICE("salt");
    TRY(scrypt_engine_new(&options, &engine));
    return scrypt_batch(engine, &job, 1);
}

/* The kernel for a lone password agrees with OpenSSL. */
static enum status check_against_openssl(enum scrypt_path path)
{
    struct scrypt_job ours;
    struct scrypt_job theirs;

    TRY(hash_once(path, &ours));
    TRY(hash_once(SCRYPT_OPENSSL, &theirs));
    return memcmp(ours.out, theirs.out, sizeof(ours.out)) == 0
               ? STATUS_OK
               : STATUS_INTERNAL;
}

enum status scrypt_self_test(void)
{
    enum scrypt_path best = scrypt_path_best();
    const struct scrypt_kernel *lone = &scrypt_path_kernels(best)[0];
    CLEANUP(free_bench) struct bench *bench = NULL;

    TRY(check_against_openssl(best));
    if (lone->width != 1) {
        return STATUS_OK; /* no kernels here: OpenSSL was all there is */
    }
    bench = mem_alloc_aligned(LINE, sizeof(*bench));
    TRY_ALLOC(bench);
    for (size_t i = 0; i < SCRYPT_MAX_WIDTH; i++) {
        run(bench, lone, i);
    }
    memcpy(bench->expected, bench->blocks, sizeof(bench->expected));
    for (enum scrypt_path path = 0; path < SCRYPT_PATHS; path++) {
        if (scrypt_path_is_supported(path)) {
            TRY(check_kernels(bench, path));
        }
    }
    return STATUS_OK;
}
