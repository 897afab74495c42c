/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t size)
{
    return calloc(1, size);
}

void *mem_alloc_dirty(size_t size)
{
    return malloc(size);
}

void mem_free(void *ptr)
{
    free(ptr);
}

void *mem_alloc_aligned(size_t align, size_t size)
{
    size_t rounded = (size + align - 1) & ~(align - 1);
    void *ptr = aligned_alloc(align, rounded);

    if (ptr != NULL) {
        memset(ptr, 0, rounded);
    }
    return ptr;
}
