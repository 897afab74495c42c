/* SPDX-License-Identifier: Apache-2.0 */
#include "limit/key.h"

static void write_group(char *out, const unsigned char *bytes)
{
    static const char digits[] = "0123456789abcdef";

    out[0] = digits[bytes[0] >> 4];
    out[1] = digits[bytes[0] & 15];
    out[2] = digits[bytes[1] >> 4];
    out[3] = digits[bytes[1] & 15];
    out[4] = ':';
}

struct slice limit_key_of_address(const struct client_address *address,
                                  char out[static LIMIT_ADDRESS_MAX + 1])
{
    struct client_address key = client_address_key(address);
    char text[CLIENT_ADDRESS_TEXT_SIZE];
    struct slice ipv4;

    if (client_address_is_ipv4(&key)) {
        ipv4 = client_address_text(&key, text);
        memcpy(out, ipv4.ptr, ipv4.len);
        return slice_make(out, ipv4.len);
    }
    for (size_t group = 0; group < 8; group++) {
        write_group(out + 5 * group, key.bytes + 2 * group);
    }
    return slice_make(out, LIMIT_ADDRESS_MAX);
}

struct slice limit_key_text(const struct client_address *address,
                            struct slice path,
                            char out[static LIMIT_KEY_MAX + 1])
{
    size_t len = limit_key_of_address(address, out).len;
    struct slice head = slice_head(path, LIMIT_PATH_MAX);

    out[len] = '|';
    if (head.len > 0) {
        memcpy(out + len + 1, head.ptr, head.len);
    }
    return slice_make(out, len + 1 + head.len);
}
