/* SPDX-License-Identifier: Apache-2.0 */
/* What is neither a call nor about anybody. */
#include "api/better_auth/better_auth.h"
#include "api/better_auth/endpoints.h"
#include "codec/html.h"

/* A code and its description, escaped. */
#define PAGE_MAX ((size_t)65536)

enum status ok(struct visit *visit)
{
    return visit_answer_flag(visit, SLICE("ok"));
}

/* Letters, digits, "_", "-" and "'": what the original lets through. */
static struct slice error_code(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);

        if (!ascii_is_digit(c) && (c < 'a' || c > 'z') && c != '_' &&
            c != '-' && c != '\'') {
            return SLICE("UNKNOWN");
        }
    }
    return text.len > 0 ? text : SLICE("UNKNOWN");
}

static void write_page(struct buf *page, struct slice code,
                       struct slice description)
{
    buf_add(page,
            SLICE("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                  "<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" "
                  "content=\"width=device-width, initial-scale=1\">\n"
                  "<title>Something went wrong</title>\n<style>\n"
                  "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;"
                  "margin:15vh auto;padding:0 1.5rem;color:#1c1e21;"
                  "background:#fff}\n"
                  "code{background:#f2f3f5;padding:.1rem .4rem;"
                  "border-radius:.3rem}\na{color:#1f5fbf}\n"
                  "@media(prefers-color-scheme:dark){body{color:#e3e3e3;"
                  "background:#1b1b1d}code{background:#2f2f33}"
                  "a{color:#8ab4f8}}\n"
                  "</style>\n</head>\n<body>\n<h1>Something went wrong</h1>\n"
                  "<p>"));
    html_escape(page, description.len > 0
                          ? description
                          : SLICE("The link may have been used already, or "
                                  "be too old. Please try again."));
    buf_add(page, SLICE("</p>\n<p>Code: <code>"));
    html_escape(page, code);
    buf_add(page, SLICE("</code></p>\n<p><a href=\"/\">Back to the book</a>"
                        "</p>\n</body>\n</html>\n"));
}

/* To the operator's own page, with what this one would say. */
static enum status lead_on(struct visit *visit, struct slice code)
{
    struct slice description = visit_query(visit, SLICE("error_description"));
    struct slice url;

    TRY(visit_url_with(visit, visit->kit->error_url, SLICE("error"), code,
                       &url));
    if (description.len > 0) {
        TRY(visit_url_with(visit, url, SLICE("error_description"), description,
                           &url));
    }
    visit->response->status = 302;
    response_field(visit->response, SLICE("Location"), url);
    return STATUS_OK;
}

enum status error_page(struct visit *visit)
{
    struct slice code = error_code(visit_query(visit, SLICE("error")));
    struct buf *page;

    if (visit->kit->error_url.len > 0) {
        return lead_on(visit, code);
    }
    visit->response->kind = RESPONSE_PAGE;
    page = response_body(visit->response, SLICE("text/html; charset=utf-8"));
    write_page(page, code, visit_query(visit, SLICE("error_description")));
    return STATUS_OK;
}
