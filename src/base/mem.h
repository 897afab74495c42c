/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only door to the heap. Request code never comes here: it uses an arena.
 * mem_alloc is for what has a life of its own (pools, tables, arena chunks).
 *
 * Running out is reported, never fatal: NULL, which TRY_ALLOC turns into
 * STATUS_NO_MEMORY. The tests fail the n-th call for every n.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Zeroed bytes, or NULL. */
void *mem_alloc(size_t size);
/* Bytes with whatever was there before, or NULL. */
void *mem_alloc_dirty(size_t size);
/* NULL is allowed. */
void mem_free(void *ptr);
/* Zeroed bytes on a boundary of `align`, a power of two; mem_free frees. */
void *mem_alloc_aligned(size_t align, size_t size);

#endif
