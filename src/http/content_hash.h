/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 128 bits of a file's content, for entity-tags: the same on every replica and
 * after every restart. Never for secrets or signatures: who writes the files
 * could make two collide, and would gain nothing.
 */
#ifndef HTTP_CONTENT_HASH_H
#define HTTP_CONTENT_HASH_H

#include "base/slice.h"

struct content_hash {
    uint64_t lanes[2];
    uint64_t length;
};

void content_hash_init(struct content_hash *hash);
/* Every piece but the last is a multiple of 8 bytes long. */
void content_hash_add(struct content_hash *hash, struct slice piece);
void content_hash_finish(struct content_hash *hash, uint64_t out[static 2]);

#endif
