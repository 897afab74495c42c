/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/password.h"

#include "codec/hex.h"
#include "crypto/equal.h"
#include "crypto/random.h"

enum status password_hash_init(struct password_hash *hash)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[PASSWORD_SALT_LEN / 2];

    *hash = (struct password_hash){0};
    TRY(random_bytes(bytes, sizeof(bytes)));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        hash->salt[2 * i] = digits[bytes[i] >> 4];
        hash->salt[2 * i + 1] = digits[bytes[i] & 15];
    }
    return STATUS_OK;
}

struct scrypt_job password_hash_job(const struct password_hash *hash,
                                    struct slice password)
{
    return (struct scrypt_job){
        .password = password,
        .salt = slice_make(hash->salt, PASSWORD_SALT_LEN),
    };
}

/* Capitals would be other characters of the salt, and fail in the original. */
static bool is_lower_hex(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (!ascii_is_digit(c) && (c < 'a' || c > 'f')) {
            return false;
        }
    }
    return true;
}

enum status password_hash_parse(struct slice text, struct password_hash *out)
{
    struct slice salt = slice_head(text, PASSWORD_SALT_LEN);
    struct slice key = slice_from(text, PASSWORD_SALT_LEN + 1);

    if (text.len != PASSWORD_HASH_LEN || text.ptr[PASSWORD_SALT_LEN] != ':' ||
        !is_lower_hex(salt) || !is_lower_hex(key)) {
        return STATUS_UNREADABLE;
    }
    memcpy(out->salt, salt.ptr, PASSWORD_SALT_LEN);
    for (size_t i = 0; i < SCRYPT_KEY_BYTES; i++) {
        out->key[i] = (unsigned char)(hex_digit(key.ptr[2 * i]) << 4 |
                                      hex_digit(key.ptr[2 * i + 1]));
    }
    return STATUS_OK;
}

enum status password_hash_format(const struct password_hash *hash,
                                 struct arena *arena, struct slice *out)
{
    struct buf buf;

    buf_init(&buf, arena, PASSWORD_HASH_LEN);
    buf_add(&buf, slice_make(hash->salt, PASSWORD_SALT_LEN));
    buf_add_byte(&buf, ':');
    hex_encode(&buf, slice_make(hash->key, SCRYPT_KEY_BYTES));
    return buf_finish(&buf, out);
}

bool password_hash_matches(const struct password_hash *hash,
                           const struct scrypt_job *job)
{
    return equal_in_constant_time(slice_make(hash->key, SCRYPT_KEY_BYTES),
                                  slice_make(job->out, SCRYPT_KEY_BYTES));
}
