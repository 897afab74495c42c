/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cookie.h"

static const struct slice token_marks = SLICE_INIT("!#$%&'*+-.^_`|~");

/* RFC 9110 section 5.6.2: token. */
static bool is_token_char(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') ||
           slice_find(token_marks, c) < token_marks.len;
}

static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_token_char(text.ptr[i])) {
            return false;
        }
    }
    return text.len > 0;
}

static bool has_control(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = (uint8_t)text.ptr[i];

        if (c < 0x20 || c == 0x7f) {
            return true;
        }
    }
    return false;
}

static struct slice strip_quotes(struct slice value)
{
    if (value.len >= 2 && value.ptr[0] == '"' &&
        value.ptr[value.len - 1] == '"') {
        return slice_make(value.ptr + 1, value.len - 2);
    }
    return value;
}

/* False when the part is no cookie. */
static bool read_part(struct slice part, struct cookie *out)
{
    size_t equals = slice_find(part, '=');

    if (equals == part.len) {
        return false;
    }
    out->name = slice_trim(slice_head(part, equals));
    out->value = strip_quotes(slice_trim(slice_from(part, equals + 1)));
    return is_token(out->name) && !has_control(out->value);
}

static size_t count_parts(struct slice header)
{
    size_t count = 1;

    for (size_t i = 0; i < header.len; i++) {
        count += header.ptr[i] == ';' ? 1 : 0;
    }
    return count;
}

enum status cookie_parse(struct arena *arena, struct slice header,
                         struct cookies *out)
{
    size_t count = count_parts(header);
    struct cookies cookies = {NULL, 0};
    struct cookie cookie;
    struct slice part;
    struct slice seen;

    if (count > COOKIE_COUNT_MAX) {
        return STATUS_HEADERS_TOO_LARGE;
    }
    cookies.all = arena_alloc(arena, count * sizeof(*cookies.all));
    TRY_ALLOC(cookies.all);
    while (slice_split(&header, ';', &part)) {
        if (read_part(part, &cookie) &&
            !cookie_find(&cookies, cookie.name, &seen)) {
            cookies.all[cookies.count++] = cookie;
        }
    }
    *out = cookies;
    return STATUS_OK;
}

bool cookie_find(const struct cookies *cookies, struct slice name,
                 struct slice *value)
{
    for (size_t i = 0; i < cookies->count; i++) {
        if (slice_equal(cookies->all[i].name, name)) {
            *value = cookies->all[i].value;
            return true;
        }
    }
    return false;
}

/* RFC 6265 section 4.1.1: cookie-octet. */
static bool is_value(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == ';' ||
            c == '\\') {
            return false;
        }
    }
    return true;
}

static bool is_path(struct slice path)
{
    return path.len == 0 || (path.ptr[0] == '/' && is_value(path));
}

static bool is_domain(struct slice domain)
{
    for (size_t i = 0; i < domain.len; i++) {
        char c = ascii_lower(domain.ptr[i]);

        if (!ascii_is_digit(c) && (c < 'a' || c > 'z') && c != '-' &&
            c != '.') {
            return false;
        }
    }
    return true;
}

/* Browsers read these prefixes without regard to case. */
static bool has_prefix(struct slice name, struct slice prefix)
{
    return slice_equal_nocase(slice_head(name, prefix.len), prefix);
}

/* RFC 6265bis sections 4.1.3 and 5.7: browsers drop what breaks these. */
static bool would_be_kept(struct slice name, const struct cookie_attributes *a)
{
    bool none = a->same_site == COOKIE_SAME_SITE_NONE;
    bool needs_secure = none || a->partitioned ||
                        has_prefix(name, SLICE("__Secure-")) ||
                        has_prefix(name, SLICE("__Host-"));

    if (has_prefix(name, SLICE("__Host-")) &&
        (a->domain.len > 0 || !slice_equal(a->path, SLICE("/")))) {
        return false;
    }
    return a->secure || !needs_secure;
}

static bool is_age(const struct cookie_attributes *attributes)
{
    return !attributes->has_max_age ||
           (attributes->max_age >= 0 && attributes->max_age <= COOKIE_AGE_MAX);
}

static void add_text(struct buf *buf, struct slice label, struct slice value)
{
    if (value.len > 0) {
        buf_add(buf, label);
        buf_add(buf, value);
    }
}

static void add_flag(struct buf *buf, bool set, struct slice text)
{
    buf_add(buf, set ? text : SLICE_EMPTY);
}

static struct slice same_site_text(enum cookie_same_site same_site)
{
    switch (same_site) {
    case COOKIE_SAME_SITE_LAX:
        return SLICE("Lax");
    case COOKIE_SAME_SITE_STRICT:
        return SLICE("Strict");
    case COOKIE_SAME_SITE_NONE:
        return SLICE("None");
    default:
        return SLICE_EMPTY;
    }
}

/* In the order the peers print them, so that recordings compare. */
enum status cookie_write(struct buf *buf, struct cookie cookie,
                         const struct cookie_attributes *attributes)
{
    if (!is_token(cookie.name) || !is_value(cookie.value) ||
        !is_domain(attributes->domain) || !is_path(attributes->path) ||
        !is_age(attributes) || !would_be_kept(cookie.name, attributes)) {
        return STATUS_INVALID_VALUE;
    }
    buf_add(buf, cookie.name);
    buf_add_byte(buf, '=');
    buf_add(buf, cookie.value);
    if (attributes->has_max_age) {
        buf_add(buf, SLICE("; Max-Age="));
        buf_add_u64(buf, (uint64_t)attributes->max_age);
    }
    add_text(buf, SLICE("; Domain="), attributes->domain);
    add_text(buf, SLICE("; Path="), attributes->path);
    add_flag(buf, attributes->http_only, SLICE("; HttpOnly"));
    add_flag(buf, attributes->secure, SLICE("; Secure"));
    add_text(buf, SLICE("; SameSite="), same_site_text(attributes->same_site));
    add_flag(buf, attributes->partitioned, SLICE("; Partitioned"));
    return buf->failed;
}
