/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_length.h"

/* Behind the string that begins at `at`; text.len or more when it is open. */
static size_t string_end(struct slice text, size_t at)
{
    at++;
    while (at < text.len && text.ptr[at] != '"') {
        at += text.ptr[at] == '\\' ? 2 : 1;
    }
    return at + 1;
}

size_t json_object_length(struct slice text)
{
    size_t depth = 0;
    size_t at = 0;

    if (!slice_starts_with(text, SLICE("{"))) {
        return 0;
    }
    while (at < text.len) {
        char c = text.ptr[at];

        if (c == '"') {
            at = string_end(text, at);
            continue;
        }
        depth += c == '{' ? 1 : 0;
        depth -= c == '}' ? 1 : 0;
        at++;
        if (depth == 0) {
            return at;
        }
    }
    return 0;
}
