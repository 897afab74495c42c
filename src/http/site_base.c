/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site_base.h"

#include "codec/json_read.h"

/* A value and its name take some 300 bytes; a book has some 100 a chapter. */
#define VALUES_MAX ((size_t)524288)
#define TREE_MAX   ((size_t)256 << 20)

static enum status fail(struct slice *problem, struct slice text)
{
    *problem = text;
    return STATUS_INVALID_VALUE;
}

/* "unreserved" of RFC 3986 section 2.3: the same bytes encoded and not. */
static bool is_plain(struct slice part)
{
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];

        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'z') &&
            !(c >= 'A' && c <= 'Z') && c != '-' && c != '.' && c != '_' &&
            c != '~') {
            return false;
        }
    }
    return true;
}

static enum status check_part(struct slice part, struct slice *problem)
{
    if (part.len == 0) {
        return fail(problem, SLICE("has two slashes in a row"));
    }
    if (slice_equal(part, SLICE(".")) || slice_equal(part, SLICE(".."))) {
        return fail(problem, SLICE("has a \".\" or \"..\" between slashes"));
    }
    return is_plain(part) ? STATUS_OK
                          : fail(problem, SLICE("may have letters, digits and "
                                                "-._~ between its slashes, "
                                                "nothing else"));
}

enum status site_base_parse(struct slice text, struct slice *problem,
                            struct slice *base)
{
    struct slice rest;
    struct slice part;

    if (!slice_starts_with(text, SLICE("/")) ||
        !slice_ends_with(text, SLICE("/"))) {
        return fail(problem, SLICE("must begin and end with a slash, like "
                                   "/book/"));
    }
    if (text.len > SITE_BASE_MAX) {
        return fail(problem, SLICE("is longer than 128 bytes"));
    }
    *base = slice_head(text, text.len - 1);
    rest = slice_from(*base, 1);
    while (base->len > 0 && slice_split(&rest, '/', &part)) {
        TRY(check_part(part, problem));
    }
    return STATUS_OK;
}

static enum status read_member(struct slice json, struct arena *tree,
                               struct slice *problem, struct slice *text)
{
    const struct json_limits limits = {SITE_BOOK_MAX, VALUES_MAX, false};
    const struct json *book;
    const struct json *member;
    enum status status = json_parse(tree, json, limits, &book);

    if (status == STATUS_TOO_LARGE) {
        return fail(problem, SLICE("has more in it than any book; set "
                                   "SITE_BASE"));
    }
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK || json_kind_of(book) != JSON_KIND_OBJECT) {
        return fail(problem, SLICE("is not a JSON object; build the book "
                                   "again, or set SITE_BASE"));
    }
    member = json_get(book, SLICE("base_url"));
    *text = (struct slice){NULL, 0};
    if (member == NULL || json_text(member, text) == STATUS_OK) {
        return STATUS_OK;
    }
    return fail(problem, SLICE("base_url: is no text"));
}

enum status site_base_of_book(struct slice json, struct arena *arena,
                              struct slice *problem, struct slice *text)
{
    struct arena tree;
    enum status status;

    arena_init(&tree, TREE_MAX);
    status = read_member(json, &tree, problem, text);
    if (status == STATUS_OK && text->ptr != NULL) {
        status = slice_dup(arena, *text, text);
    }
    arena_release(&tree);
    return status;
}
