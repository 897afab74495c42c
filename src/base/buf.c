/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#define CAPACITY_FIRST ((size_t)256)

void buf_init(struct buf *buf, struct arena *arena, size_t limit)
{
    *buf = (struct buf){.arena = arena, .limit = limit};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = STATUS_OK;
}

static bool fail(struct buf *buf, enum status status)
{
    buf->failed = status;
    return false;
}

/* Doubles, so that n appends cost O(n); in place while nobody else allocates.
 */
static bool grow(struct buf *buf, size_t need)
{
    size_t capacity = buf->capacity == 0 ? CAPACITY_FIRST : buf->capacity * 2;
    char *bytes;

    while (capacity < need) {
        capacity *= 2;
    }
    if (capacity > buf->limit) {
        capacity = buf->limit;
    }
    if (buf->bytes != NULL &&
        arena_extend(buf->arena, buf->bytes, buf->capacity,
                     capacity - buf->capacity)) {
        buf->capacity = capacity;
        return true;
    }
    bytes = arena_alloc_text(buf->arena, capacity);
    if (bytes == NULL) {
        return fail(buf, STATUS_NO_MEMORY);
    }
    if (buf->bytes != NULL) {
        memcpy(bytes, buf->bytes, buf->len);
    }
    buf->bytes = bytes;
    buf->capacity = capacity;
    return true;
}

static bool ensure(struct buf *buf, size_t more)
{
    if (buf->failed != STATUS_OK) {
        return false;
    }
    if (buf->capacity - buf->len >= more) {
        return true;
    }
    if (more > buf->limit - buf->len) {
        return fail(buf, STATUS_TOO_LARGE);
    }
    return grow(buf, buf->len + more);
}

void buf_add(struct buf *buf, struct slice text)
{
    if (text.len > 0 && ensure(buf, text.len)) {
        memcpy(buf->bytes + buf->len, text.ptr, text.len);
        buf->len += text.len;
    }
}

void buf_add_byte(struct buf *buf, char byte)
{
    if (ensure(buf, 1)) {
        buf->bytes[buf->len++] = byte;
    }
}

void buf_add_u64(struct buf *buf, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    buf_add(buf, slice_make(digits + at, sizeof(digits) - at));
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(len >= 0);
    /* vsnprintf wants room for a NUL that is not part of the contents. */
    if (!ensure(buf, (size_t)len + 1)) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(buf->bytes + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

char *buf_reserve(struct buf *buf, size_t size)
{
    return ensure(buf, size) ? buf->bytes + buf->len : NULL;
}

void buf_commit(struct buf *buf, size_t size)
{
    assert(size <= buf->capacity - buf->len);
    buf->len += size;
}

enum status buf_finish(const struct buf *buf, struct slice *out)
{
    TRY(buf->failed);
    *out = slice_make(buf->len > 0 ? buf->bytes : "", buf->len);
    return STATUS_OK;
}
