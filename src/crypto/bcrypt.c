/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/bcrypt.h"

#include "base/mem.h"
#include "crypto/equal.h"
#include "crypto/secret.h"

#include <crypt.h>

/* "$2b$12$", then the salt. */
#define COST_AT ((size_t)4)
#define SALT_AT ((size_t)7)
#define SUM_AT  ((size_t)29)

static bool is_digit_of_salt(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '.' ||
           c == '/';
}

static bool is_cost(struct slice digits)
{
    unsigned cost;

    if (!ascii_is_digit(digits.ptr[0]) || !ascii_is_digit(digits.ptr[1])) {
        return false;
    }
    cost =
        (unsigned)(digits.ptr[0] - '0') * 10 + (unsigned)(digits.ptr[1] - '0');
    return cost >= BCRYPT_COST_MIN && cost <= BCRYPT_COST_MAX;
}

bool bcrypt_is_hash(struct slice text)
{
    struct slice version = slice_head(text, COST_AT);

    if (text.len != BCRYPT_HASH_LEN || text.ptr[SALT_AT - 1] != '$' ||
        (!slice_equal(version, SLICE("$2a$")) &&
         !slice_equal(version, SLICE("$2b$")) &&
         !slice_equal(version, SLICE("$2y$"))) ||
        !is_cost(slice_from(text, COST_AT))) {
        return false;
    }
    for (size_t i = SALT_AT; i < text.len; i++) {
        if (!is_digit_of_salt(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* The library's door: its texts, and the 32 KiB it works in. */
struct call {
    struct crypt_data data;
    char password[BCRYPT_PASSWORD_MAX + 1];
    char setting[BCRYPT_HASH_LEN + 1];
};

static void call_free(struct call **call)
{
    if (*call != NULL) {
        secret_wipe(*call, sizeof(**call));
        mem_free(*call);
    }
}

enum status bcrypt_matches(struct slice hash, struct slice password,
                           bool *matches)
{
    CLEANUP(call_free) struct call *call = NULL;
    struct slice head = slice_head(password, BCRYPT_PASSWORD_MAX);
    const char *made;

    if (!bcrypt_is_hash(hash)) {
        return STATUS_UNREADABLE;
    }
    call = mem_alloc(sizeof(*call));
    TRY_ALLOC(call);
    if (head.len > 0) {
        memcpy(call->password, head.ptr, head.len);
    }
    memcpy(call->setting, hash.ptr, hash.len);
    /* Not crypt_r: sanitizers put their own in its place. */
    made = crypt_rn(call->password, call->setting, &call->data,
                    (int)sizeof(call->data));
    if (made == NULL) {
        return STATUS_INTERNAL;
    }
    /*
     * Only the sum: other programs leave bits behind the salt's last one. And
     * what has a NUL within, the library would take for its beginning.
     */
    *matches = slice_find(head, '\0') == head.len &&
               equal_in_constant_time(slice_from(slice_from_cstr(made), SUM_AT),
                                      slice_from(hash, SUM_AT));
    return STATUS_OK;
}
