/* SPDX-License-Identifier: Apache-2.0 */
/* The operations as an OpenAPI 3.1 document. */
#include "api/rest/manual/parts.h"

static const struct slice about = SLICE_INIT(
    "The plain API of this book: accounts and sessions for clients that want "
    "no SDK (/auth), and what the book knows of its readers (/api).\n\n"
    "Bodies and answers are JSON in UTF-8. A text holds no NUL and no half of "
    "a surrogate pair, a body nests no deeper than 32 levels, and a field that "
    "is not listed here is refused, so that nobody mistypes one without "
    "hearing of it. What is refused changed nothing, and is answered with "
    "{\"error\": {\"code\", \"message\", \"fields\"?}}: codes are stable, "
    "messages are for people. Whatever the operation, 404, 405, 408, 414, 421 "
    "and 431 mean what HTTP says they mean.\n\n"
    "The same as a page to read: /api/docs.");

static const struct slice about_accounts =
    SLICE_INIT("\n\nBetter Auth's own endpoints, which its clients call, are "
               "described at /api/auth/reference and, for programs, at "
               "/api/auth/open-api/generate-schema.");

static const struct slice error_schema = SLICE_INIT(
    "{\"description\":\"Why nothing was done.\",\"type\":\"object\","
    "\"properties\":{\"error\":{\"type\":\"object\",\"properties\":{"
    "\"code\":{\"description\":\"For programs; stable.\","
    "\"type\":\"string\"},"
    "\"message\":{\"description\":\"For people: what to do next.\","
    "\"type\":\"string\"},"
    "\"fields\":{\"description\":\"Of each field that is wrong, what to do "
    "about it. A field is named by its path, such as "
    "background.hardware_knowledge.\",\"type\":\"object\","
    "\"additionalProperties\":{\"type\":\"string\"}}},"
    "\"required\":[\"code\",\"message\"],"
    "\"additionalProperties\":false}},"
    "\"required\":[\"error\"],\"additionalProperties\":false}");

static const struct slice etag_header =
    SLICE_INIT("{\"description\":\"Which version this is.\","
               "\"schema\":{\"type\":\"string\"}}");

static const struct slice retry_header =
    SLICE_INIT("{\"description\":\"Seconds to wait.\","
               "\"schema\":{\"type\":\"integer\",\"minimum\":0}}");

static const struct slice token_scheme = SLICE_INIT(
    "{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\","
    "\"description\":\"The session_token of signing up, signing in or "
    "refreshing.\"}");

static const struct slice service_scheme =
    SLICE_INIT("{\"type\":\"http\",\"scheme\":\"bearer\","
               "\"description\":\"A key that the operator made for the "
               "service.\"}");

static void write_info(struct json_writer *json,
                       const struct manual_facts *facts, struct arena *arena)
{
    struct buf text;
    struct slice description;

    buf_init(&text, arena, about.len + about_accounts.len);
    buf_add(&text, about);
    if (facts->accounts_described) {
        buf_add(&text, about_accounts);
    }
    open_member(json, SLICE("info"));
    write_member(json, SLICE("title"), SLICE("Bookplate"));
    write_member(json, SLICE("summary"),
                 SLICE("Accounts and readers of a book."));
    if (buf_finish(&text, &description) == STATUS_OK) {
        write_member(json, SLICE("description"), description);
    }
    write_member(json, SLICE("version"), SLICE(BOOKPLATE_VERSION));
    json_write_end(json);
}

static void write_servers(struct json_writer *json, struct slice base_url)
{
    json_write_name(json, SLICE("servers"));
    json_write_array(json);
    json_write_object(json);
    write_member(json, SLICE("url"), base_url.len > 0 ? base_url : SLICE("/"));
    json_write_end(json);
    json_write_end(json);
}

static void write_tags(struct json_writer *json)
{
    json_write_name(json, SLICE("tags"));
    json_write_array(json);
    for (size_t i = 0; i < SUBJECT_COUNT; i++) {
        json_write_object(json);
        write_member(json, SLICE("name"), manual_subjects[i].name);
        write_member(json, SLICE("description"), manual_subjects[i].text);
        json_write_end(json);
    }
    json_write_end(json);
}

static struct slice method_member(enum http_method method)
{
    switch (method) {
    case HTTP_POST:
        return SLICE("post");
    case HTTP_PUT:
        return SLICE("put");
    case HTTP_PATCH:
        return SLICE("patch");
    case HTTP_DELETE:
        return SLICE("delete");
    default:
        return SLICE("get");
    }
}

static bool is_first_of_path(const struct operations *operations, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (slice_equal(operations->items[i].path,
                        operations->items[at].path)) {
            return false;
        }
    }
    return true;
}

static void write_path(struct json_writer *json,
                       const struct operations *operations, size_t at,
                       const struct manual_facts *facts)
{
    struct slice path = operations->items[at].path;

    open_member(json, path);
    for (size_t i = at; i < operations->count; i++) {
        const struct operation *operation = &operations->items[i];

        if (slice_equal(operation->path, path)) {
            open_member(json, method_member(operation->method));
            manual_write_operation(json, operation, facts);
            json_write_end(json);
        }
    }
    json_write_end(json);
}

static void write_paths(struct json_writer *json,
                        const struct operations *operations,
                        const struct manual_facts *facts)
{
    open_member(json, SLICE("paths"));
    for (size_t i = 0; i < operations->count; i++) {
        if (is_first_of_path(operations, i)) {
            write_path(json, operations, i, facts);
        }
    }
    json_write_end(json);
}

static enum status write_schemas(struct json_writer *json,
                                 const struct operations *operations,
                                 const struct manual_facts *facts)
{
    struct shapes shapes;

    TRY(manual_named_shapes(operations, facts, &shapes));
    open_member(json, SLICE("schemas"));
    json_write_name(json, SLICE("Error"));
    json_write_raw(json, error_schema);
    json_write_name(json, SLICE("Answers"));
    manual_write_answers(json, facts->questionnaire);
    json_write_name(json, SLICE("StoredAnswers"));
    manual_write_stored_answers(json);
    for (size_t i = 0; i < shapes.count; i++) {
        struct shape_use use = shapes.items[i].use;

        use.expanding = true;
        json_write_name(json, shapes.items[i].shape->name);
        manual_write_schema(json, shapes.items[i].shape, use);
    }
    json_write_end(json);
    return STATUS_OK;
}

static void write_headers(struct json_writer *json)
{
    open_member(json, SLICE("headers"));
    json_write_name(json, SLICE("ETag"));
    json_write_raw(json, etag_header);
    json_write_name(json, SLICE("RetryAfter"));
    json_write_raw(json, retry_header);
    json_write_end(json);
}

static void write_cookie_scheme(struct json_writer *json, struct slice name)
{
    open_member(json, SLICE("sessionCookie"));
    write_member(json, SLICE("type"), SLICE("apiKey"));
    write_member(json, SLICE("in"), SLICE("cookie"));
    write_member(json, SLICE("name"), name);
    write_member(json, SLICE("description"),
                 SLICE("The session of a browser. What changes anything must "
                       "come from a page of a trusted origin."));
    json_write_end(json);
}

static void write_schemes(struct json_writer *json, struct slice cookie)
{
    open_member(json, SLICE("securitySchemes"));
    json_write_name(json, SLICE("sessionToken"));
    json_write_raw(json, token_scheme);
    write_cookie_scheme(json, cookie);
    json_write_name(json, SLICE("serviceKey"));
    json_write_raw(json, service_scheme);
    json_write_end(json);
}

enum status manual_print_document(const struct manual_facts *facts,
                                  const struct operations *operations,
                                  struct buf *buf)
{
    struct slice ignored;
    struct json_writer json;

    json_writer_init(&json, buf);
    json_write_object(&json);
    write_member(&json, SLICE("openapi"), SLICE("3.1.1"));
    write_info(&json, facts, buf->arena);
    write_servers(&json, facts->base_url);
    write_tags(&json);
    write_paths(&json, operations, facts);
    open_member(&json, SLICE("components"));
    TRY(write_schemas(&json, operations, facts));
    manual_write_common_responses(&json);
    write_headers(&json);
    write_schemes(&json, facts->cookie);
    json_write_end(&json);
    json_write_end(&json);
    return json_write_finish(&json, &ignored);
}
