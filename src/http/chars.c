/* SPDX-License-Identifier: Apache-2.0 */
#include "http/chars.h"

#include <endian.h>

#define WORD_OF(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Sums of enum http_char; nothing outside printable ASCII is in any class. */
/* clang-format off */
const unsigned char http_char_table[256] = {
    /*  sp  !  "  #  $  %  &  '  (  )  *  +  ,   -   .  / */
    [0x20] = 0, 7, 0, 1, 7, 1, 7, 7, 6, 6, 7, 7, 6, 15, 15, 6,
    /*   0   1   2   3   4   5   6   7   8   9  :  ;  <  =  >  ? */
    [0x30] = 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 6, 6, 0, 6, 0, 4,
    /*  @   A   B   C   D   E   F   G   H   I   J   K   L   M   N   O */
    [0x40] = 6, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    /*   P   Q   R   S   T   U   V   W   X   Y   Z  [  \  ]  ^   _ */
    [0x50] = 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 4, 0, 4, 1, 15,
    /*  `   a   b   c   d   e   f   g   h   i   j   k   l   m   n   o */
    [0x60] = 1, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    /*   p   q   r   s   t   u   v   w   x   y   z  {  |  }  ~ */
    [0x70] = 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 0, 1, 0, 7,
};
/* clang-format on */

size_t http_chars_run(struct slice s, enum http_char kind)
{
    size_t at = 0;

    while (at < s.len && http_char_is(s.ptr[at], kind)) {
        at++;
    }
    return at;
}

static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/*
 * The top bit of each byte that is a control or HTAB. Borrows may add bits
 * above a hit, never below, so the lowest bit is exact.
 */
static uint64_t control_bits(const char *at)
{
    uint64_t word;
    uint64_t del;

    memcpy(&word, at, sizeof(word));
    word = le64toh(word);
    del = word ^ WORD_OF(0x7f);
    return (((word - WORD_OF(0x20)) & ~word) | ((del - WORD_OF(1)) & ~del)) &
           WORD_OF(0x80);
}

size_t http_text_run(struct slice s)
{
    size_t at = 0;

    while (s.len - at >= sizeof(uint64_t)) {
        uint64_t bits = control_bits(s.ptr + at);

        if (bits == 0) {
            at += sizeof(uint64_t);
            continue;
        }
        at += (size_t)__builtin_ctzll(bits) / 8;
        if (s.ptr[at] != '\t') {
            return at;
        }
        at++;
    }
    while (at < s.len && !is_control(s.ptr[at])) {
        at++;
    }
    return at;
}
