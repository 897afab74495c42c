/* SPDX-License-Identifier: Apache-2.0 */
#include "http/book.h"

#include "http/conditional.h"
#include "http/range.h"
#include "http/request.h"
#include "http/response.h"

static struct conditional conditions_of(const struct request *request)
{
    return (struct conditional){
        .if_match = request_field(request, SLICE("if-match")),
        .if_none_match = request_field(request, SLICE("if-none-match")),
        .if_modified_since = request_field(request, SLICE("if-modified-since")),
        .if_unmodified_since =
            request_field(request, SLICE("if-unmodified-since")),
        .if_range = request_field(request, SLICE("if-range")),
    };
}

/* The bytes from `first` on, from memory or from the file. */
static void set_bytes(struct response *response, const struct site_file *file,
                      uint64_t first, uint64_t length)
{
    if (file->body.ptr != NULL) {
        response->body = slice_make(file->body.ptr + first, (size_t)length);
        return;
    }
    response->file_fd = file->fd;
    response->file_offset = first;
    response->file_size = length;
}

static void begin(struct response *response, struct slice head)
{
    response->kind = RESPONSE_BOOK;
    response->cache_control = SLICE_EMPTY; /* the entry's own head has it */
    response_field_lines(response, head);
}

static void answer_whole(struct response *response,
                         const struct site_variant *variant)
{
    begin(response, variant->head);
    set_bytes(response, variant->file, 0, variant->file->size);
}

static enum status answer_range(struct request *request,
                                struct response *response,
                                const struct site_variant *variant)
{
    uint64_t size = variant->file->size;
    struct range range;
    struct slice content_range;
    enum range_result result =
        range_parse(request_field(request, SLICE("range")), size, &range);

    if (result == RANGE_WHOLE) {
        answer_whole(response, variant);
        return STATUS_OK;
    }
    TRY(range_content_range(request->arena,
                            result == RANGE_PART ? &range : NULL, size,
                            &content_range));
    if (result == RANGE_PART) {
        begin(response, variant->head);
        response->status = 206;
        set_bytes(response, variant->file, range.first, range.length);
    } else {
        response_error(response, STATUS_RANGE_NOT_SATISFIABLE);
    }
    response_field(response, SLICE("Content-Range"), content_range);
    return STATUS_OK;
}

static enum status answer_entry(struct request *request,
                                struct response *response,
                                const struct site_entry *entry)
{
    const struct site_variant *variant = site_variant_choose(
        entry, request_field(request, SLICE("accept-encoding")));
    struct conditional conditions = conditions_of(request);
    struct validator validator = {variant->file->etag, variant->file->modified};

    switch (conditional_evaluate(&conditions, true, &validator)) {
    case CONDITIONAL_NOT_MODIFIED:
        begin(response, variant->head_not_modified);
        response->status = 304;
        return STATUS_OK;
    case CONDITIONAL_FAILED:
        return STATUS_PRECONDITION_FAILED;
    case CONDITIONAL_SERVE:
        break;
    }
    if (request->head.method == HTTP_GET &&
        request_field(request, SLICE("range")).ptr != NULL &&
        conditional_range_holds(&conditions, &validator)) {
        return answer_range(request, response, variant);
    }
    answer_whole(response, variant);
    return STATUS_OK;
}

/* Not for good: the next build, or another setting, may move the book. */
static enum status answer_way_in(const struct site *site,
                                 const struct request *request,
                                 struct response *response)
{
    struct slice query = request->head.query;
    struct slice url;

    TRY(arena_format(request->arena, &url, "%.*s/%s%.*s", SLICE_ARG(site->base),
                     query.len > 0 ? "?" : "", SLICE_ARG(query)));
    response->status = 302;
    response_field(response, SLICE("Location"), url);
    return STATUS_OK;
}

/* Programs get the error as JSON, like everywhere; people get the page. */
static enum status answer_not_found(const struct http_rules *rules,
                                    struct request *request,
                                    struct response *response)
{
    const struct site_entry *page =
        site_not_found(rules->site, request->head.path);
    const struct site_variant *variant;

    if (page == NULL || !slice_contains(request_field(request, SLICE("accept")),
                                        SLICE("text/html"))) {
        return STATUS_NOT_FOUND;
    }
    variant = site_variant_choose(
        page, request_field(request, SLICE("accept-encoding")));
    begin(response, variant->head_error);
    response->status = 404;
    set_bytes(response, variant->file, 0, variant->file->size);
    return STATUS_OK;
}

static enum status answer_home(const struct http_rules *rules,
                               struct request *request,
                               struct response *response)
{
    if (!slice_equal(request->head.path, SLICE("/"))) {
        return STATUS_NOT_FOUND;
    }
    response->kind = RESPONSE_PAGE;
    response_text(response, SLICE("text/html; charset=utf-8"), rules->home);
    return STATUS_OK;
}

/* What may not be changed here exists all the same: 405, not 404. */
static bool exists(const struct http_rules *rules, struct slice path)
{
    const struct site_entry *entry;

    return rules->site == NULL
               ? slice_equal(path, SLICE("/"))
               : site_find(rules->site, path, &entry) == STATUS_OK ||
                     site_is_way_in(rules->site, path);
}

enum status book_answer(const struct http_rules *rules, struct request *request,
                        struct response *response)
{
    const struct site_entry *entry;

    if (request->head.method != HTTP_GET && request->head.method != HTTP_HEAD) {
        return exists(rules, request->head.path) ? STATUS_METHOD_NOT_ALLOWED
                                                 : STATUS_NOT_FOUND;
    }
    if (rules->site == NULL) {
        return answer_home(rules, request, response);
    }
    if (site_find(rules->site, request->head.path, &entry) == STATUS_OK) {
        return answer_entry(request, response, entry);
    }
    return site_is_way_in(rules->site, request->head.path)
               ? answer_way_in(rules->site, request, response)
               : answer_not_found(rules, request, response);
}
