/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slice.h"

struct slice slice_from_cstr(const char *text)
{
    return text == NULL ? SLICE_EMPTY : slice_make(text, strlen(text));
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

bool slice_starts_with(struct slice s, struct slice prefix)
{
    return slice_equal(slice_head(s, prefix.len), prefix);
}

bool slice_ends_with(struct slice s, struct slice suffix)
{
    return s.len >= suffix.len &&
           slice_equal(slice_from(s, s.len - suffix.len), suffix);
}

size_t slice_find(struct slice s, char byte)
{
    const char *at = s.len == 0 ? NULL : memchr(s.ptr, byte, s.len);

    return at == NULL ? s.len : (size_t)(at - s.ptr);
}

bool slice_contains(struct slice s, struct slice part)
{
    return part.len == 0 ||
           (s.len > 0 && memmem(s.ptr, s.len, part.ptr, part.len) != NULL);
}

struct slice slice_from(struct slice s, size_t from)
{
    if (from >= s.len) {
        return SLICE_EMPTY;
    }
    return slice_make(s.ptr + from, s.len - from);
}

struct slice slice_head(struct slice s, size_t len)
{
    return slice_make(s.ptr, len < s.len ? len : s.len);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && is_blank(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && is_blank(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

bool slice_split(struct slice *rest, char separator, struct slice *part)
{
    size_t at = slice_find(*rest, separator);

    if (rest->ptr == NULL) {
        return false;
    }
    *part = slice_head(*rest, at);
    *rest = at < rest->len ? slice_make(rest->ptr + at + 1, rest->len - at - 1)
                           : slice_make(NULL, 0);
    return true;
}

bool slice_to_u64(struct slice s, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;

    if (s.len == 0 || (s.len > 1 && s.ptr[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        uint64_t digit = (uint64_t)(s.ptr[i] - '0');

        if (!ascii_is_digit(s.ptr[i]) || digit > max ||
            value > (max - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}
