/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/password.h"

#include "auth/blocklist.h"
#include "codec/utf8.h"
#include "crypto/password.h"
#include "net/bcrypt_pool.h"
#include "net/hash_pool.h"

/*
 * Four bytes a character of the longest password that a setting allows, and
 * no more than normalising takes quickly (codec/utf8.h).
 */
#define PASSWORD_BYTES_MAX ((size_t)2048)

bool password_is_too_long(const struct auth_call *call, struct slice password)
{
    return password.len > PASSWORD_BYTES_MAX ||
           utf8_count_utf16(password) > call->auth->settings.max_password;
}

enum status password_check_length(const struct auth_call *call,
                                  struct slice password)
{
    if (password_is_too_long(call, password)) {
        return STATUS_PASSWORD_TOO_LONG;
    }
    return utf8_count_utf16(password) < call->auth->settings.min_password
               ? STATUS_PASSWORD_TOO_SHORT
               : STATUS_OK;
}

enum status password_check(const struct auth_call *call, struct slice password)
{
    TRY(password_check_length(call, password));
    return call->auth->settings.blocklist && blocklist_has(password)
               ? STATUS_PASSWORD_COMPROMISED
               : STATUS_OK;
}

/* As the original hashes it. */
static enum status normalise(const struct auth_call *call,
                             struct slice password, struct slice *out)
{
    enum status status =
        utf8_nfkc(call->arena, password, PASSWORD_BYTES_MAX, out);

    return status == STATUS_TOO_LARGE ? STATUS_PASSWORD_TOO_LONG : status;
}

enum status password_hash(const struct auth_call *call, struct slice password,
                          struct slice *out)
{
    struct password_hash hash;
    struct slice normal;

    TRY(normalise(call, password, &normal));
    TRY(password_hash_init(&hash));
    TRY(hash_pool_run(call->auth->hashes, normal,
                      slice_make(hash.salt, PASSWORD_SALT_LEN), hash.key));
    return password_hash_format(&hash, call->arena, out);
}

static enum status verify_scrypt(const struct auth_call *call,
                                 struct slice password,
                                 const struct password_hash *stored,
                                 bool *matches)
{
    struct scrypt_job job = password_hash_job(stored, password);

    TRY(hash_pool_run(call->auth->hashes, password,
                      slice_make(stored->salt, PASSWORD_SALT_LEN), job.out));
    *matches = password_hash_matches(stored, &job);
    return STATUS_OK;
}

/* Salt and key of some other kind: the original compares and says no. */
static bool is_pair(struct slice stored)
{
    size_t colon = slice_find(stored, ':');

    return colon > 0 && colon + 1 < stored.len;
}

enum status password_verify(const struct auth_call *call, struct slice password,
                            struct slice stored, bool *matches, bool *weak)
{
    struct password_hash hash;
    struct slice normal;
    enum status status;

    *matches = false;
    *weak = false;
    TRY(normalise(call, password, &normal));
    if (slice_starts_with(stored, SLICE("$2"))) {
        *weak = true;
        return bcrypt_pool_run(call->auth->bcrypts, stored, password, matches);
    }
    status = password_hash_parse(stored, &hash);
    if (stored.len == 0 || (status == STATUS_UNREADABLE && is_pair(stored))) {
        TRY(password_hash_init(&hash));
        TRY(verify_scrypt(call, normal, &hash, matches));
        *matches = false;
        return STATUS_OK;
    }
    TRY(status);
    return verify_scrypt(call, normal, &hash, matches);
}
