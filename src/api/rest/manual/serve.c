/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/openapi.json and GET /api/docs. */
#include "api/api.h"
#include "api/rest/endpoints.h"
#include "api/rest/manual/parts.h"

static enum status finish(struct arena *arena, const struct buf *buf,
                          struct manual_text *out)
{
    TRY(buf_finish(buf, &out->text));
    return rest_tag(arena, out->text, &out->etag);
}

enum status manual_make(const struct manual_facts *facts, struct arena *arena,
                        struct manual *out)
{
    struct operations operations;
    struct buf document;
    struct buf page;

    TRY(manual_operations(facts, &operations));
    buf_init(&document, arena, MANUAL_MAX);
    TRY(manual_print_document(facts, &operations, &document));
    TRY(finish(arena, &document, &out->document));
    buf_init(&page, arena, MANUAL_MAX);
    TRY(manual_print_page(facts, &operations, &page));
    return finish(arena, &page, &out->page);
}

static enum status answer(struct rest *rest, struct slice type,
                          const struct manual_text *text)
{
    struct response *response = rest->visit.response;

    response->cache_control = SLICE("public, max-age=60");
    if (!rest_is_unchanged(rest, text->etag)) {
        response_text(response, type, text->text);
    }
    return STATUS_OK;
}

static enum status document_handle(struct rest *rest)
{
    const struct manual *manual = rest->visit.api->manual;

    return manual == NULL
               ? STATUS_UNAVAILABLE
               : answer(rest, SLICE("application/json"), &manual->document);
}

const struct rest_endpoint rest_document = {
    .handle = document_handle,
    .name = SLICE_INIT("getOpenApi"),
    .summary = SLICE_INIT("This description for programs: OpenAPI 3.1."),
    .success = 200,
    .output = &shape_any,
    .cacheable = true,
};

static enum status page_handle(struct rest *rest)
{
    const struct manual *manual = rest->visit.api->manual;

    rest->visit.response->kind = RESPONSE_PAGE;
    return manual == NULL
               ? STATUS_UNAVAILABLE
               : answer(rest, SLICE("text/html; charset=utf-8"), &manual->page);
}

const struct rest_endpoint rest_page = {
    .handle = page_handle,
    .name = SLICE_INIT("getDocs"),
    .summary = SLICE_INIT("This description for people: a page."),
    .success = 200,
    .cacheable = true,
};
