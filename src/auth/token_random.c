/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/token_random.h"

#include "codec/hex.h"
#include "crypto/random.h"

#define UUID_LEN ((size_t)36)

enum status token_random_id(struct arena *arena, struct slice *out)
{
    return random_id(32, arena, out);
}

enum status token_random_reset(struct arena *arena, struct slice *out)
{
    return random_id(24, arena, out);
}

enum status token_random_delete(struct arena *arena, struct slice *out)
{
    return random_text(SLICE("0123456789abcdefghijklmnopqrstuvwxyz"), 32, arena,
                       out);
}

enum status token_random_uuid(struct arena *arena, struct slice *out)
{
    static const size_t groups[] = {4, 2, 2, 2, 6};
    unsigned char bytes[16];
    size_t at = 0;
    struct buf buf;

    TRY(random_bytes(bytes, sizeof(bytes)));
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40); /* the version */
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80); /* the variant */
    buf_init(&buf, arena, UUID_LEN);
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (i > 0) {
            buf_add_byte(&buf, '-');
        }
        hex_encode(&buf, slice_make(bytes + at, groups[i]));
        at += groups[i];
    }
    return buf_finish(&buf, out);
}
