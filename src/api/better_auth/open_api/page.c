/* SPDX-License-Identifier: Apache-2.0 */
/* The same as a page to read: no script, and nothing from anywhere else. */
#include "api/better_auth/better_auth.h"
#include "api/better_auth/endpoints.h"
#include "api/better_auth/open_api/table.h"
#include "codec/html.h"

static const struct slice page_head = SLICE_INIT(
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" "
    "content=\"width=device-width, initial-scale=1\">\n"
    "<title>Accounts: reference</title>\n<style>\n"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;"
    "margin:2rem auto;padding:0 1.5rem;color:#1c1e21;background:#fff}\n"
    "code{background:#f2f3f5;padding:.1rem .4rem;border-radius:.3rem}\n"
    "details{border-bottom:1px solid #8886;padding:.4rem 0}\n"
    "summary{cursor:pointer}\nsummary b{display:inline-block;width:3.5rem}\n"
    "table{border-collapse:collapse;margin:.5rem 0}\n"
    "th,td{text-align:left;padding:.2rem 1.5rem .2rem 0}\n"
    "a{color:#1f5fbf}\n"
    "@media(prefers-color-scheme:dark){body{color:#e3e3e3;"
    "background:#1b1b1d}code{background:#2f2f33}a{color:#8ab4f8}}\n"
    "</style>\n</head>\n<body>\n<h1>Accounts: reference</h1>\n"
    "<p>Every call this server answers. The same for programs: "
    "<a href=\"open-api/generate-schema\">OpenAPI document</a>.</p>\n");

static struct slice kind_name(enum input_kind kind)
{
    switch (kind) {
    case INPUT_FLAG:
        return SLICE("boolean");
    case INPUT_NUMBER:
        return SLICE("number");
    case INPUT_RECORD:
        return SLICE("object");
    case INPUT_ROLES:
        return SLICE("text, or a list of texts");
    case INPUT_TEXTS:
        return SLICE("text, any number of times");
    case INPUT_EMAIL:
        return SLICE("e-mail address");
    case INPUT_ANY:
        return SLICE("anything");
    default:
        return SLICE("text");
    }
}

static struct slice who_name(enum visit_who who)
{
    switch (who) {
    case SIGNED_IN:
        return SLICE("Whoever is signed in.");
    case FRESH:
        return SLICE("Whoever signed in not long ago.");
    case ANYONE:
    default:
        return SLICE("Anyone.");
    }
}

static void write_field(struct buf *page, const struct input_field *field)
{
    buf_add(page, SLICE("<tr><td><code>"));
    html_escape(page, field->name);
    buf_add(page, SLICE("</code></td><td>"));
    html_escape(page,
                field->words.len > 0 ? field->words : kind_name(field->kind));
    buf_add(page, field->optional ? SLICE("</td><td>optional</td></tr>\n")
                                  : SLICE("</td><td>required</td></tr>\n"));
}

static void write_fields(struct buf *page, const struct input *input)
{
    size_t count = open_api_field_count(input);

    if (count > 0) {
        buf_add(page, input->place == INPUT_QUERY
                          ? SLICE("<table>\n<tr><th>In the query</th>")
                          : SLICE("<table>\n<tr><th>In the body</th>"));
        buf_add(page, SLICE("<th>is</th><th></th></tr>\n"));
        for (size_t i = 0; i < count; i++) {
            write_field(page, &input->fields[i]);
        }
        buf_add(page, SLICE("</table>\n"));
    }
    if (input->record) {
        buf_add(page, SLICE("<p>And the further fields of this book.</p>\n"));
    }
}

static void write_row(struct buf *page, const struct described *row)
{
    buf_add(page, SLICE("<details><summary><b>"));
    html_escape(page, row->method);
    buf_add(page, SLICE("</b> <code>"));
    html_escape(page, row->path);
    buf_add(page, SLICE("</code></summary>\n<p>"));
    html_escape(page, who_name(row->endpoint.who));
    buf_add(page, SLICE("</p>\n"));
    write_fields(page, row->endpoint.input);
    buf_add(page, SLICE("</details>\n"));
}

enum status open_api_page(struct visit *visit)
{
    struct buf *page;

    visit->response->kind = RESPONSE_PAGE;
    page = response_body(visit->response, SLICE("text/html; charset=utf-8"));
    buf_add(page, page_head);
    for (size_t plugin = CORE; plugin <= OPEN_API; plugin++) {
        if (!visit->kit->plugins[plugin]) {
            continue;
        }
        buf_add(page, SLICE("<h2>"));
        html_escape(page, open_api_tag((enum visit_plugin)plugin));
        buf_add(page, SLICE("</h2>\n"));
        for (size_t i = 0; i < open_api_count; i++) {
            const struct described *row = &open_api_table[i];

            if (row->endpoint.plugin == plugin && open_api_shows(visit, row)) {
                write_row(page, row);
            }
        }
    }
    buf_add(page, SLICE("</body>\n</html>\n"));
    return STATUS_OK;
}
