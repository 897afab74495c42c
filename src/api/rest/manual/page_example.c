/* SPDX-License-Identifier: Apache-2.0 */
/* Examples to read and to copy: JSON over several lines, a line of curl. */
#include "api/rest/manual/page.h"
#include "codec/html.h"

#define EXAMPLE_MAX ((size_t)16384)

static void start_line(struct buf *out, int depth)
{
    buf_add_byte(out, '\n');
    for (int i = 0; i < depth; i++) {
        buf_add(out, SLICE("  "));
    }
}

/* Where the text that begins at `from` ends, its closing quote included. */
static size_t end_of_text(struct slice json, size_t from)
{
    size_t i = from + 1;

    while (json.ptr[i] != '"') {
        i += json.ptr[i] == '\\' ? 2 : 1;
    }
    return i + 1;
}

/* Compact JSON of our own writer over several lines. */
static void spread(struct buf *out, struct slice json)
{
    int depth = 0;

    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];
        bool opens = c == '{' || c == '[';
        bool closes = c == '}' || c == ']';

        if (c == '"') {
            size_t end = end_of_text(json, i);

            buf_add(out, slice_make(json.ptr + i, end - i));
            i = end - 1;
            continue;
        }
        depth += opens ? 1 : closes ? -1 : 0;
        if (closes && json.ptr[i - 1] != (c == '}' ? '{' : '[')) {
            start_line(out, depth);
        }
        buf_add_byte(out, c);
        if (c == ':') {
            buf_add_byte(out, ' ');
        } else if (c == ',' || (opens && json.ptr[i + 1] != c + 2)) {
            start_line(out, depth);
        }
    }
}

static enum status print(struct arena *arena, const struct shape *shape,
                         struct shape_use use, struct slice *out)
{
    struct json_writer json;
    struct buf buf;

    buf_init(&buf, arena, EXAMPLE_MAX);
    json_writer_init(&json, &buf);
    manual_write_example(&json, shape, SLICE_EMPTY, use);
    return json_write_finish(&json, out);
}

enum status page_write_example(struct buf *page, const struct shape *shape,
                               struct shape_use use)
{
    struct slice compact;
    struct slice lines;
    struct buf buf;

    TRY(print(page->arena, shape, use, &compact));
    buf_init(&buf, page->arena, EXAMPLE_MAX);
    spread(&buf, compact);
    TRY(buf_finish(&buf, &lines));
    html_escape(page, lines);
    return STATUS_OK;
}

static void write_credentials(struct buf *page,
                              const struct rest_endpoint *endpoint)
{
    if (endpoint->who == REST_SERVICE) {
        buf_add(page, SLICE(" \\\n  -H \"Authorization: Bearer "
                            "$SERVICE_KEY\""));
    } else if (manual_needs_caller(endpoint) || manual_takes_guests(endpoint)) {
        buf_add(page, SLICE(" \\\n  -H \"Authorization: Bearer "
                            "$SESSION_TOKEN\""));
    }
}

/* {parameters} become what a shell puts there: $ID. */
static void write_path(struct buf *page, struct slice path)
{
    bool within = false;

    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];

        if (c == '{') {
            buf_add_byte(page, '$');
            within = true;
        } else if (c == '}') {
            within = false;
        } else {
            bool small = within && c >= 'a' && c <= 'z';

            buf_add_byte(page, small ? (char)(c - 'a' + 'A') : c);
        }
    }
}

enum status page_write_curl(struct buf *page, const struct operation *operation,
                            struct shape_use use)
{
    const struct rest_endpoint *endpoint = operation->endpoint;
    struct slice base = use.facts->base_url;
    struct slice body;

    buf_add(page, SLICE("curl"));
    if (operation->method != HTTP_GET) {
        buf_add(page, SLICE(" -X "));
        buf_add(page, http_method_name(operation->method));
    }
    buf_add_byte(page, ' ');
    html_escape(page, base.len > 0 ? base : SLICE("http://127.0.0.1:3001"));
    write_path(page, operation->path);
    write_credentials(page, endpoint);
    if (endpoint->input == NULL) {
        return STATUS_OK;
    }
    TRY(print(page->arena, endpoint->input, use, &body));
    buf_add(page, SLICE(" \\\n  -H \"Content-Type: application/json\" \\\n"
                        "  -d '"));
    html_escape(page, body);
    buf_add_byte(page, '\'');
    return STATUS_OK;
}
