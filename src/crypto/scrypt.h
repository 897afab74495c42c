/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrypt (RFC 7914) with r = 16, p = 1 and 64 bytes of key: the hash under
 * every stored password, for as many passwords at once as are waiting. What is
 * stored is the same byte for byte, whichever path computed it.
 *
 * An engine belongs to one thread and owns its tables: 32 MiB (2 KiB * N) for
 * each password of the widest run so far, up to options.max_width. They are
 * mapped on first need and given back by scrypt_engine_trim or _free. When
 * less memory is to be had, runs become narrower; only when there is not even
 * one table does a batch fail, with STATUS_NO_MEMORY.
 *
 * Passwords are not normalised, compared or kept here. What the computation
 * leaves behind in the engine is wiped after each batch, but for the tables,
 * which hold nothing that leads back to a password any faster than guessing.
 */
#ifndef CRYPTO_SCRYPT_H
#define CRYPTO_SCRYPT_H

#include "base/status.h"

#define SCRYPT_KEY_BYTES 64
/* N of the stored hashes. */
#define SCRYPT_STEPS 16384
/* Far above any password policy; bounds what one job may make us hash. */
#define SCRYPT_TEXT_LIMIT ((size_t)4096)

/* How it is computed, slowest first. */
enum scrypt_path {
    SCRYPT_OPENSSL, /* one at a time; the reference, and always there */
    SCRYPT_SSE2,    /* up to 3 at a time */
    SCRYPT_AVX2,    /* up to 6 */
    SCRYPT_AVX512,  /* up to 12 */
    SCRYPT_PATHS
};

bool scrypt_path_is_supported(enum scrypt_path path);
enum scrypt_path scrypt_path_best(void);
const char *scrypt_path_name(enum scrypt_path path);
/* The most passwords the path takes in one run. */
size_t scrypt_path_width(enum scrypt_path path);

struct scrypt_options {
    enum scrypt_path path;
    size_t steps;     /* N: a power of two, 2 to SCRYPT_STEPS */
    size_t max_width; /* bounds the memory; 1 or more */
};

/* The fastest path of this CPU, N of the stored hashes, no other bound. */
struct scrypt_options scrypt_options_default(void);

struct scrypt_job {
    struct slice password;
    struct slice salt;
    unsigned char out[SCRYPT_KEY_BYTES];
};

struct scrypt_engine;

MUST_USE enum status scrypt_engine_new(const struct scrypt_options *options,
                                       struct scrypt_engine **out);
/* NULL is allowed. */
void scrypt_engine_free(struct scrypt_engine *engine);
/* Gives the tables back, for when nobody has signed in for a while. */
void scrypt_engine_trim(struct scrypt_engine *engine);
/* Bytes of all tables held. */
size_t scrypt_engine_held(const struct scrypt_engine *engine);

/*
 * Fills `out` of every job. On failure none of the jobs' results may be used.
 */
MUST_USE enum status scrypt_batch(struct scrypt_engine *engine,
                                  struct scrypt_job **jobs, size_t count);

/* Forgets the key; the password's and the salt's owner forgets those. */
void scrypt_job_wipe(struct scrypt_job *job);

/*
 * Checks every kernel this CPU can run against OpenSSL, with a small N, in
 * under a millisecond. STATUS_INTERNAL means: do not serve.
 */
MUST_USE enum status scrypt_self_test(void);

#endif
