/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site_path.h"

#include "codec/hex.h"

/* The byte that "%XX" stands for, unless it must not be hidden this way. */
static bool decode_byte(struct slice encoded, char *out)
{
    int high = encoded.len < 3 ? -1 : hex_digit(encoded.ptr[1]);
    int low = encoded.len < 3 ? -1 : hex_digit(encoded.ptr[2]);
    int byte = high * 16 + low;

    *out = (char)byte;
    return high >= 0 && low >= 0 && byte >= 0x20 && byte != 0x7f &&
           byte != '/' && byte != '\\';
}

enum status site_path_decode(struct slice path, char *room, struct slice *name)
{
    size_t len = 0;

    if (slice_find(path, '%') == path.len) {
        *name = path;
        return STATUS_OK;
    }
    for (size_t at = 0; at < path.len; len++) {
        if (path.ptr[at] != '%') {
            room[len] = path.ptr[at++];
            continue;
        }
        if (!decode_byte(slice_from(path, at), room + len)) {
            return STATUS_NOT_FOUND;
        }
        at += 3;
    }
    *name = slice_make(room, len);
    return STATUS_OK;
}
