/* SPDX-License-Identifier: Apache-2.0 */
#include "http/conditional.h"

#include "http/date.h"

/* How two entity-tags compare (RFC 9110 section 8.8.3.2). */
enum comparison {
    STRONG,
    WEAK
};

static bool is_tag_byte(char byte)
{
    unsigned char b = (unsigned char)byte;

    return b == 0x21 || (b >= 0x23 && b != 0x7f);
}

/* Takes one entity-tag off the front of *rest; a tag may hold commas. */
static bool take_tag(struct slice *rest, bool *weak, struct slice *tag)
{
    size_t len = 1;

    *weak = slice_starts_with(*rest, SLICE("W/"));
    *rest = slice_from(*rest, *weak ? 2 : 0);
    if (rest->len < 2 || rest->ptr[0] != '"') {
        return false;
    }
    while (len < rest->len && is_tag_byte(rest->ptr[len])) {
        len++;
    }
    if (len == rest->len || rest->ptr[len] != '"') {
        return false;
    }
    *tag = slice_head(*rest, len + 1);
    *rest = slice_from(*rest, len + 1);
    return true;
}

/* Commas and blanks before the next member of a list; at least `commas`. */
static bool skip_commas(struct slice *rest, size_t commas)
{
    size_t seen = 0;

    *rest = slice_trim(*rest);
    while (rest->len > 0 && rest->ptr[0] == ',') {
        *rest = slice_trim(slice_from(*rest, 1));
        seen++;
    }
    return rest->len == 0 || seen >= commas;
}

/* True when the list is well formed and `etag` is in it. */
static bool list_matches(struct slice list, struct slice etag,
                         enum comparison comparison)
{
    struct slice rest = list;
    struct slice tag;
    bool found = false;
    bool weak;

    if (slice_equal(slice_trim(list), SLICE("*"))) {
        return true;
    }
    if (!skip_commas(&rest, 0)) {
        return false;
    }
    while (rest.len > 0) {
        if (!take_tag(&rest, &weak, &tag) || !skip_commas(&rest, 1)) {
            return false;
        }
        found |= slice_equal(tag, etag) && (comparison == WEAK || !weak);
    }
    return found;
}

static bool changed_since(struct slice date, const struct validator *current,
                          bool when_unreadable)
{
    int64_t since;

    if (date.ptr == NULL || !http_date_read(slice_trim(date), &since)) {
        return when_unreadable;
    }
    return current->modified > since;
}

static bool write_may_go_on(const struct conditional *fields,
                            const struct validator *current)
{
    if (fields->if_match.ptr != NULL) {
        return list_matches(fields->if_match, current->etag, STRONG);
    }
    return !changed_since(fields->if_unmodified_since, current, false);
}

enum conditional_result conditional_evaluate(const struct conditional *fields,
                                             bool is_read,
                                             const struct validator *current)
{
    if (!write_may_go_on(fields, current)) {
        return CONDITIONAL_FAILED;
    }
    if (fields->if_none_match.ptr != NULL) {
        if (!list_matches(fields->if_none_match, current->etag, WEAK)) {
            return CONDITIONAL_SERVE;
        }
        return is_read ? CONDITIONAL_NOT_MODIFIED : CONDITIONAL_FAILED;
    }
    if (is_read && !changed_since(fields->if_modified_since, current, true)) {
        return CONDITIONAL_NOT_MODIFIED;
    }
    return CONDITIONAL_SERVE;
}

bool conditional_range_holds(const struct conditional *fields,
                             const struct validator *current)
{
    return fields->if_range.ptr == NULL ||
           slice_equal(slice_trim(fields->if_range), current->etag);
}
