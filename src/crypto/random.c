/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/random.h"

#include "crypto/secret.h"

#include <errno.h>
#include <sys/random.h>

enum status random_bytes(void *out, size_t len)
{
    unsigned char *bytes = out;

    while (len > 0) {
        ssize_t got = getrandom(bytes, len, 0);

        if (got < 0 && errno != EINTR) {
            return STATUS_INTERNAL;
        }
        if (got > 0) {
            bytes += got;
            len -= (size_t)got;
        }
    }
    return STATUS_OK;
}

/*
 * Appends what the random bytes give of the alphabet. A byte beyond the last
 * whole alphabet is thrown away: taken modulo, it would favour the first
 * letters.
 */
static size_t add_letters(struct slice alphabet, struct slice random, char *out,
                          size_t room)
{
    unsigned fair = 256 - 256 % (unsigned)alphabet.len;
    size_t len = 0;

    for (size_t i = 0; i < random.len && len < room; i++) {
        unsigned byte = (unsigned char)random.ptr[i];

        if (byte < fair) {
            out[len++] = alphabet.ptr[byte % alphabet.len];
        }
    }
    return len;
}

enum status random_text(struct slice alphabet, size_t len, struct arena *arena,
                        struct slice *out)
{
    char *text;
    unsigned char bytes[64];
    size_t done = 0;

    if (alphabet.len < 2 || alphabet.len > 256 || len > RANDOM_TEXT_LIMIT) {
        return STATUS_INVALID_VALUE;
    }
    text = arena_alloc_text(arena, len + 1);
    TRY_ALLOC(text);
    while (done < len) {
        TRY(random_bytes(bytes, sizeof(bytes)));
        done += add_letters(alphabet, slice_make(bytes, sizeof(bytes)),
                            text + done, len - done);
    }
    secret_wipe(bytes, sizeof(bytes));
    text[len] = '\0';
    *out = slice_make(text, len);
    return STATUS_OK;
}

enum status random_id(size_t len, struct arena *arena, struct slice *out)
{
    return random_text(RANDOM_ID_ALPHABET, len, arena, out);
}
