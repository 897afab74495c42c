/* SPDX-License-Identifier: Apache-2.0 */
#include "http/trusted_target.h"

#include "base/buf.h"
#include "codec/hex.h"
#include "codec/percent.h"
#include "codec/utf8.h"

/* Every byte may become three. */
#define LOCATION_MAX ((size_t)3 * URL_LENGTH_MAX + 16)

bool trusted_scheme_is_dangerous(struct slice scheme)
{
    static const struct slice names[] = {
        SLICE_INIT("javascript"), SLICE_INIT("data"),
        SLICE_INIT("vbscript"),   SLICE_INIT("blob"),
        SLICE_INIT("file"),       SLICE_INIT("filesystem"),
        SLICE_INIT("about"),      SLICE_INIT("view-source"),
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equal_nocase(scheme, names[i])) {
            return true;
        }
    }
    return false;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/* What both kinds must be: text without controls, backslashes and outer
 * spaces, all of which browsers drop or turn into something else. */
static bool is_plain_text(struct slice text)
{
    uint32_t code;

    if (text.len == 0 || text.len > URL_LENGTH_MAX || text.ptr[0] == ' ' ||
        text.ptr[text.len - 1] == ' ') {
        return false;
    }
    while (text.len > 0) {
        text = slice_from(text, utf8_decode(text, &code));
        if (code == UTF8_INVALID || code == '\\' || is_control(code)) {
            return false;
        }
    }
    return true;
}

static size_t length_up_to(struct slice text, const char *marks)
{
    size_t len = 0;

    while (len < text.len &&
           (text.ptr[len] == '\0' || strchr(marks, text.ptr[len]) == NULL)) {
        len++;
    }
    return len;
}

static bool is_scheme(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char lower = ascii_lower(text.ptr[i]);
        bool letter = lower >= 'a' && lower <= 'z';

        if (!letter && (i == 0 || (!ascii_is_digit(lower) && lower != '+' &&
                                   lower != '-' && lower != '.'))) {
            return false;
        }
    }
    return text.len > 0;
}

bool trusted_parts_split(struct slice text, struct trusted_parts *out)
{
    struct slice rest = slice_from(text, slice_find(text, ':') + 1);

    *out = (struct trusted_parts){slice_head(text, slice_find(text, ':')),
                                  SLICE_EMPTY, SLICE_EMPTY};
    if (out->scheme.len == text.len || !is_scheme(out->scheme)) {
        return false;
    }
    if (slice_starts_with(rest, SLICE("//"))) {
        rest = slice_from(rest, 2);
        out->authority = slice_head(rest, length_up_to(rest, "/?#"));
        rest = slice_from(rest, out->authority.len);
    }
    out->path = slice_head(rest, length_up_to(rest, "?#"));
    return true;
}

enum status trusted_lower(struct arena *arena, struct slice text,
                          struct slice *out)
{
    char *bytes = arena_alloc_text(arena, text.len + 1);

    TRY_ALLOC(bytes);
    for (size_t i = 0; i < text.len; i++) {
        bytes[i] = ascii_lower(text.ptr[i]);
    }
    *out = slice_make(bytes, text.len);
    return STATUS_OK;
}

/* 1 for ".", 2 for "..", also where the dots are written as %2e; else 0. */
static int dots_of(struct slice segment)
{
    int dots = 0;

    while (segment.len > 0 && dots < 3) {
        bool encoded = slice_equal_nocase(slice_head(segment, 3), SLICE("%2e"));

        if (segment.ptr[0] != '.' && !encoded) {
            return 0;
        }
        segment = slice_from(segment, encoded ? 3 : 1);
        dots++;
    }
    return dots < 3 ? dots : 0;
}

static void drop_segment(struct buf *buf)
{
    while (buf->len > 0) {
        buf->len--;
        if (buf->bytes[buf->len] == '/') {
            return;
        }
    }
}

enum status trusted_path_resolve(struct arena *arena, struct slice path,
                                 bool *has_dots, struct slice *out)
{
    struct slice rest = path;
    struct slice segment;
    struct buf buf;

    *has_dots = false;
    (void)(percent_decode(arena, path, &rest) == STATUS_OK);
    buf_init(&buf, arena, URL_LENGTH_MAX + 1);
    while (slice_split(&rest, '/', &segment)) {
        bool up = slice_equal(segment, SLICE(".."));
        bool dots = up || slice_equal(segment, SLICE("."));

        *has_dots = *has_dots || dots;
        if (up) {
            drop_segment(&buf);
        } else if (!dots && segment.len > 0) {
            buf_add_byte(&buf, '/');
            buf_add(&buf, segment);
        }
    }
    return buf_finish(&buf, out);
}

static void add_encoded(struct buf *buf, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool lone =
            c == '%' && (text.len - i < 3 || hex_digit(text.ptr[i + 1]) < 0 ||
                         hex_digit(text.ptr[i + 2]) < 0);

        if (lone || c <= 0x20 || c >= 0x7f || strchr("\"<>`{}|^\\", c)) {
            buf_format(buf, "%%%02X", (unsigned)c);
        } else {
            buf_add_byte(buf, text.ptr[i]);
        }
    }
}

/* As a browser resolves it (WHATWG URL, path state). */
static void add_path(struct buf *buf, struct slice path)
{
    struct slice rest = slice_from(path, 1);
    struct slice segment;
    size_t base = buf->len;

    if (path.len == 0) {
        return;
    }
    while (slice_split(&rest, '/', &segment)) {
        int dots = dots_of(segment);

        if (dots == 2 && buf->len > base) {
            drop_segment(buf);
        }
        if (dots == 0 || rest.ptr == NULL) {
            buf_add_byte(buf, '/');
            add_encoded(buf, dots == 0 ? segment : SLICE_EMPTY);
        }
    }
}

/* Path, query and fragment. */
static void add_tail(struct buf *buf, struct slice tail)
{
    struct slice path = slice_head(tail, length_up_to(tail, "?#"));

    add_path(buf, path);
    add_encoded(buf, slice_from(tail, path.len));
}

/* %2f and %5c: some router behind us may take them for slashes. */
static bool has_encoded_slash(struct slice path)
{
    for (size_t i = 0; i + 2 < path.len; i++) {
        struct slice three = slice_make(path.ptr + i, 3);

        if (slice_equal_nocase(three, SLICE("%2f")) ||
            slice_equal_nocase(three, SLICE("%5c"))) {
            return true;
        }
    }
    return false;
}

/* Root-relative. "/..//evil.example" resolves to "//evil.example", which is
 * another host to whoever reads the result. */
static enum status read_relative(struct arena *arena,
                                 struct trusted_target *out)
{
    struct slice text = out->text;
    struct buf buf;

    if (slice_starts_with(text, SLICE("//")) ||
        has_encoded_slash(slice_head(text, length_up_to(text, "?#")))) {
        return STATUS_INVALID_VALUE;
    }
    buf_init(&buf, arena, LOCATION_MAX);
    add_tail(&buf, text);
    TRY(buf_finish(&buf, &out->location));
    return slice_starts_with(out->location, SLICE("//")) ? STATUS_INVALID_VALUE
                                                         : STATUS_OK;
}

static enum status read_web(struct arena *arena, struct trusted_target *out)
{
    struct slice rest = slice_from(out->text, out->scheme.len);
    size_t authority;
    struct buf buf;

    if (!slice_starts_with(rest, SLICE("://"))) {
        return STATUS_INVALID_VALUE; /* browsers would make up for it */
    }
    authority = length_up_to(slice_from(rest, 3), "/?#");
    rest = slice_from(rest, 3 + authority);
    TRY(url_parse_origin(arena,
                         slice_head(out->text, out->scheme.len + 3 + authority),
                         &out->url));
    TRY(url_origin_text(arena, &out->url, &out->origin));
    out->host = slice_from(out->origin, out->scheme.len + 3);
    buf_init(&buf, arena, LOCATION_MAX);
    buf_add(&buf, out->origin);
    add_tail(&buf, rest);
    return buf_finish(&buf, &out->location);
}

static bool is_custom_authority(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c <= 0x20 || c >= 0x7f || strchr("@<>^|%\"`{}", c) != NULL) {
            return false;
        }
    }
    return true;
}

static enum status read_custom(struct arena *arena,
                               const struct trusted_parts *parts,
                               struct trusted_target *out)
{
    struct buf buf;

    if (!is_custom_authority(parts->authority)) {
        return STATUS_INVALID_VALUE;
    }
    out->host = parts->authority;
    TRY(trusted_lower(arena, parts->authority, &out->authority));
    TRY(trusted_path_resolve(arena, parts->path, &out->has_dots, &out->path));
    buf_init(&buf, arena, LOCATION_MAX);
    add_encoded(&buf, out->text);
    return buf_finish(&buf, &out->location);
}

enum status trusted_target_read(struct arena *arena, struct slice text,
                                struct trusted_target *out)
{
    struct trusted_parts parts;

    *out = (struct trusted_target){.text = text};
    if (!is_plain_text(text)) {
        return STATUS_INVALID_VALUE;
    }
    if (text.ptr[0] == '/') {
        return read_relative(arena, out);
    }
    if (!trusted_parts_split(text, &parts) ||
        trusted_scheme_is_dangerous(parts.scheme)) {
        return STATUS_INVALID_VALUE;
    }
    TRY(trusted_lower(arena, parts.scheme, &out->scheme));
    out->is_web = slice_equal(out->scheme, SLICE("http")) ||
                  slice_equal(out->scheme, SLICE("https"));
    return out->is_web ? read_web(arena, out) : read_custom(arena, &parts, out);
}
