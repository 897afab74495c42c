/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that grow, in an arena, up to a limit that must be given at birth.
 *
 * Writing never needs a check: the first failure sticks, later writes do
 * nothing, and buf_finish tells. So a page of appends reads as a page of
 * appends.
 *
 * Invariants: len <= limit; a buf that failed never hands out its bytes.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

struct buf {
    struct arena *arena;
    char *bytes;
    size_t len;
    size_t capacity;
    size_t limit;
    enum status failed; /* STATUS_OK, STATUS_TOO_LARGE or STATUS_NO_MEMORY */
};

/* Allocates nothing yet. */
void buf_init(struct buf *buf, struct arena *arena, size_t limit);
/* Forgets the contents and the failure, keeps the memory. */
void buf_clear(struct buf *buf);

void buf_add(struct buf *buf, struct slice text);
void buf_add_byte(struct buf *buf, char byte);
void buf_add_u64(struct buf *buf, uint64_t number);
void buf_format(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * At least `size` writable bytes behind the contents, or NULL; buf_commit
 * then says how many were written.
 */
char *buf_reserve(struct buf *buf, size_t size);
void buf_commit(struct buf *buf, size_t size);

/* The contents, valid until the next write or the end of the arena. */
MUST_USE enum status buf_finish(const struct buf *buf, struct slice *out);

#endif
