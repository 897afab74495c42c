/* SPDX-License-Identifier: Apache-2.0 */
#include "http/content_hash.h"

#include <endian.h>

/*
 * Each lane takes in every word by a step that loses nothing (add or xor, odd
 * multiplication, rotation), so a single changed word always changes both
 * lanes; a second change would have to undo it in both at once. The numbers
 * are the fractions of the square roots of 2, 3 and 5, made odd.
 */
#define FACTOR_0 0x6a09e667f3bcc909U
#define FACTOR_1 0xbb67ae8584caa73bU
#define FACTOR_2 0x3c6ef372fe94f82bU

static uint64_t rotate(uint64_t word, int by)
{
    return (word << by) | (word >> (64 - by));
}

static void step(uint64_t lanes[2], uint64_t word)
{
    lanes[0] = rotate((lanes[0] ^ word) * FACTOR_0, 29);
    lanes[1] = rotate((lanes[1] + word) * FACTOR_1, 37);
}

/* Spreads every bit over the whole word. */
static uint64_t mix(uint64_t word)
{
    word = (word ^ (word >> 32)) * FACTOR_2;
    word = (word ^ (word >> 29)) * FACTOR_0;
    return word ^ (word >> 32);
}

void content_hash_init(struct content_hash *hash)
{
    *hash = (struct content_hash){{FACTOR_1, FACTOR_2}, 0};
}

void content_hash_add(struct content_hash *hash, struct slice piece)
{
    uint64_t lanes[2] = {hash->lanes[0], hash->lanes[1]};
    uint64_t word;
    size_t at = 0;

    for (; piece.len - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, piece.ptr + at, sizeof(word));
        step(lanes, le64toh(word));
    }
    if (at < piece.len) {
        word = 0;
        memcpy(&word, piece.ptr + at, piece.len - at);
        step(lanes, le64toh(word));
    }
    hash->lanes[0] = lanes[0];
    hash->lanes[1] = lanes[1];
    hash->length += piece.len;
}

void content_hash_finish(struct content_hash *hash, uint64_t out[static 2])
{
    step(hash->lanes, hash->length); /* tells padding from zero bytes */
    out[0] = mix(hash->lanes[0] + rotate(hash->lanes[1], 17));
    out[1] = mix(hash->lanes[1]) ^ out[0];
}
