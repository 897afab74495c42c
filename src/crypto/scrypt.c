/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/scrypt.h"

#include "base/mem.h"
#include "crypto/algorithms.h"
#include "crypto/scrypt_path.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)
#define LINE      64

/* Memory as the kernel gave it, and the part of it that is used. */
struct table {
    void *mapping;
    unsigned char *bytes;
};

struct scrypt_engine {
    struct scrypt_options options;
    struct table tables[SCRYPT_MAX_WIDTH];
    size_t table_count;
    _Alignas(LINE) unsigned char scratch[SCRYPT_SCRATCH_BYTES];
    unsigned char blocks[SCRYPT_MAX_WIDTH][SCRYPT_BLOCK_BYTES];
};

enum scrypt_path scrypt_path_best(void)
{
    enum scrypt_path path = SCRYPT_PATHS - 1;

    while (!scrypt_path_is_supported(path)) {
        path--;
    }
    return path;
}

const char *scrypt_path_name(enum scrypt_path path)
{
    static const char *const names[] = {"openssl", "sse2", "avx2", "avx512"};

    return names[path];
}

size_t scrypt_path_width(enum scrypt_path path)
{
    const struct scrypt_kernel *kernels = scrypt_path_kernels(path);
    size_t width = 1;

    for (size_t i = 0; i < SCRYPT_MAX_KERNELS; i++) {
        width = kernels[i].width > width ? kernels[i].width : width;
    }
    return width;
}

struct scrypt_options scrypt_options_default(void)
{
    return (struct scrypt_options){scrypt_path_best(), SCRYPT_STEPS,
                                   SCRYPT_MAX_WIDTH};
}

enum status scrypt_engine_new(const struct scrypt_options *options,
                              struct scrypt_engine **out)
{
    size_t steps = options->steps;
    struct scrypt_engine *engine;

    if (steps < 2 || steps > SCRYPT_STEPS || (steps & (steps - 1)) != 0 ||
        options->max_width == 0 || !scrypt_path_is_supported(options->path)) {
        return STATUS_INVALID_VALUE;
    }
    engine = mem_alloc_aligned(LINE, sizeof(*engine));
    TRY_ALLOC(engine);
    engine->options = *options;
    *out = engine;
    return STATUS_OK;
}

static size_t table_size(const struct scrypt_engine *engine)
{
    return engine->options.steps * SCRYPT_BLOCK_BYTES;
}

/* What is mapped: room to begin on a huge page's boundary. */
static size_t mapping_size(const struct scrypt_engine *engine)
{
    size_t size = table_size(engine);

    return size < HUGE_PAGE ? size : size + HUGE_PAGE;
}

void scrypt_engine_trim(struct scrypt_engine *engine)
{
    while (engine->table_count > 0) {
        engine->table_count--;
        (void)munmap(engine->tables[engine->table_count].mapping,
                     mapping_size(engine));
    }
}

void scrypt_engine_free(struct scrypt_engine *engine)
{
    if (engine != NULL) {
        scrypt_engine_trim(engine);
        mem_free(engine);
    }
}

size_t scrypt_engine_held(const struct scrypt_engine *engine)
{
    return engine->table_count * table_size(engine);
}

static bool add_table(struct scrypt_engine *engine)
{
    size_t size = table_size(engine);
    struct table *table = &engine->tables[engine->table_count];
    void *mapping = mmap(NULL, mapping_size(engine), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (mapping == MAP_FAILED) {
        return false;
    }
    table->mapping = mapping;
    table->bytes = mapping;
    if (size >= HUGE_PAGE) {
        table->bytes += -(uintptr_t)mapping & (HUGE_PAGE - 1);
        /* Every step is read at random: 4 KiB pages would cost a TLB miss. */
        (void)madvise(table->bytes, size, MADV_HUGEPAGE);
    }
    engine->table_count++;
    return true;
}

/*
 * The narrowest kernel that holds `count` passwords, or the widest. A run takes
 * as long half empty, and still less than two runs of a narrower kernel.
 */
static const struct scrypt_kernel *choose_kernel(enum scrypt_path path,
                                                 size_t count)
{
    const struct scrypt_kernel *kernels = scrypt_path_kernels(path);
    size_t chosen = 0;

    while (kernels[chosen].width < count && chosen + 1 < SCRYPT_MAX_KERNELS &&
           kernels[chosen + 1].width != 0) {
        chosen++;
    }
    return &kernels[chosen];
}

static const void *bytes_of(struct slice s)
{
    return s.len == 0 ? "" : s.ptr;
}

static OSSL_PARAM octets(const char *name, struct slice s)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)bytes_of(s), s.len);
}

static void free_kdf(EVP_KDF_CTX **context)
{
    EVP_KDF_CTX_free(*context);
}

static enum status derive(EVP_KDF *kdf, const OSSL_PARAM *params,
                          unsigned char *out, size_t len)
{
    CLEANUP(free_kdf) EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);

    if (context == NULL || EVP_KDF_derive(context, out, len, params) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return STATUS_OK;
}

/* PBKDF2-HMAC-SHA-256 with one iteration: both ends of scrypt. */
static enum status stretch(struct slice password, struct slice salt,
                           unsigned char *out, size_t len)
{
    uint64_t iterations = 1;
    char sha256[] = "SHA256";
    OSSL_PARAM params[] = {
        octets(OSSL_KDF_PARAM_PASSWORD, password),
        octets(OSSL_KDF_PARAM_SALT, salt),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &iterations),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha256, 0),
        OSSL_PARAM_construct_end(),
    };

    return derive(crypto_algorithms.pbkdf2, params, out, len);
}

static enum status run_openssl(struct scrypt_engine *engine,
                               struct scrypt_job *job)
{
    uint64_t n = engine->options.steps;
    uint32_t r = SCRYPT_BLOCK_BYTES / 128;
    uint32_t p = 1;
    uint64_t limit = 2 * n * SCRYPT_BLOCK_BYTES + HUGE_PAGE;
    OSSL_PARAM params[] = {
        octets(OSSL_KDF_PARAM_PASSWORD, job->password),
        octets(OSSL_KDF_PARAM_SALT, job->salt),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &limit),
        OSSL_PARAM_construct_end(),
    };

    return derive(crypto_algorithms.scrypt, params, job->out, sizeof(job->out));
}

/* One run of one kernel over the first jobs; count <= kernel->width. */
static enum status run_kernel(struct scrypt_engine *engine,
                              const struct scrypt_kernel *kernel,
                              struct scrypt_job **jobs, size_t count)
{
    struct scrypt_work work = {.steps = engine->options.steps,
                               .scratch = engine->scratch};

    for (size_t i = 0; i < count; i++) {
        TRY(stretch(jobs[i]->password, jobs[i]->salt, engine->blocks[i],
                    SCRYPT_BLOCK_BYTES));
    }
    for (size_t i = 0; i < kernel->width; i++) {
        size_t lane = i < count ? i : 0;

        work.lanes[i] = (struct scrypt_lane){engine->tables[lane].bytes,
                                             engine->blocks[lane]};
    }
    kernel->run(&work);
    for (size_t i = 0; i < count; i++) {
        TRY(stretch(jobs[i]->password,
                    slice_make(engine->blocks[i], SCRYPT_BLOCK_BYTES),
                    jobs[i]->out, SCRYPT_KEY_BYTES));
    }
    return STATUS_OK;
}

/* As many of the `count` jobs as go into one run; how many, in *done. */
static enum status run_some(struct scrypt_engine *engine,
                            struct scrypt_job **jobs, size_t count,
                            size_t *done)
{
    size_t wanted =
        count < engine->options.max_width ? count : engine->options.max_width;
    const struct scrypt_kernel *kernel;

    *done = 1;
    if (engine->options.path == SCRYPT_OPENSSL) {
        return run_openssl(engine, jobs[0]);
    }
    wanted = wanted < SCRYPT_MAX_WIDTH ? wanted : SCRYPT_MAX_WIDTH;
    while (engine->table_count < wanted && add_table(engine)) {
    }
    if (engine->table_count == 0) {
        return STATUS_NO_MEMORY;
    }
    wanted = wanted < engine->table_count ? wanted : engine->table_count;
    kernel = choose_kernel(engine->options.path, wanted);
    *done = wanted < kernel->width ? wanted : kernel->width;
    return run_kernel(engine, kernel, jobs, *done);
}

enum status scrypt_batch(struct scrypt_engine *engine, struct scrypt_job **jobs,
                         size_t count)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count; i++) {
        if (jobs[i]->password.len > SCRYPT_TEXT_LIMIT ||
            jobs[i]->salt.len > SCRYPT_TEXT_LIMIT) {
            return STATUS_TOO_LARGE;
        }
    }
    for (size_t i = 0, done; i < count && status == STATUS_OK; i += done) {
        status = run_some(engine, jobs + i, count - i, &done);
    }
    OPENSSL_cleanse(engine->scratch, sizeof(engine->scratch));
    OPENSSL_cleanse(engine->blocks, sizeof(engine->blocks));
    return status;
}

void scrypt_job_wipe(struct scrypt_job *job)
{
    OPENSSL_cleanse(job->out, sizeof(job->out));
}
