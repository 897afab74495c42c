/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The character classes of RFC 9110 and RFC 3986 and the scan that finds the
 * end of a line of text. Pure functions over slices; nothing is allocated.
 */
#ifndef HTTP_CHARS_H
#define HTTP_CHARS_H

#include "base/slice.h"

enum http_char {
    HTTP_CHAR_TOKEN = 1, /* tchar, RFC 9110 section 5.6.2 */
    HTTP_CHAR_PATH = 2,  /* pchar and "/", but for "%" */
    HTTP_CHAR_QUERY = 4, /* pchar, "/", "?" and the brackets of "a[b]=c" */
    HTTP_CHAR_HOST = 8   /* letters, digits, "-", "." and "_" */
};

extern const unsigned char http_char_table[256];

static inline bool http_char_is(char c, enum http_char kind)
{
    return (http_char_table[(unsigned char)c] & kind) != 0;
}

/* How many bytes at the front of `s` are of that kind. */
size_t http_chars_run(struct slice s, enum http_char kind);

/*
 * How many bytes at the front of `s` are text: HTAB, SP, VCHAR or obs-text
 * (RFC 9110 section 5.5). What stands there, if anything, is a control.
 */
size_t http_text_run(struct slice s);

#endif
