/* SPDX-License-Identifier: Apache-2.0 */
/* The operations as a page to read: no script, nothing from elsewhere. */
#include "api/rest/manual/page.h"

#include "codec/html.h"

#include <stdio.h>

static void write_text(struct buf *page, const char *before, struct slice text,
                       const char *after)
{
    buf_add(page, slice_from_cstr(before));
    html_escape(page, text);
    buf_add(page, slice_from_cstr(after));
}

/* <span class="put">PUT</span> <code>/auth/profile</code> */
static void write_title(struct buf *page, const struct operation *operation)
{
    struct slice method = http_method_name(operation->method);

    write_text(page, "<span class=\"method ", method, "\">");
    write_text(page, "", method, "</span> <code>");
    page_write_path(page, operation->path);
    buf_add(page, SLICE("</code>"));
}

static void write_navigation(struct buf *page,
                             const struct operations *operations)
{
    size_t subject = SUBJECT_COUNT;

    buf_add(page, SLICE("<nav aria-label=\"Operations\">\n<ul>\n"
                        "<li><a href=\"#calling\">How to call it</a></li>\n"
                        "</ul>\n"));
    for (size_t i = 0; i < operations->count; i++) {
        const struct operation *operation = &operations->items[i];

        if (operation->subject != subject) {
            buf_add(page, i > 0 ? SLICE("</ul>\n") : SLICE_EMPTY);
            subject = operation->subject;
            write_text(page, "<p>", manual_subjects[subject].name,
                       "</p>\n<ul>\n");
        }
        write_text(page, "<li><a href=\"#", operation->endpoint->name, "\">");
        write_title(page, operation);
        buf_add(page, SLICE("</a></li>\n"));
    }
    buf_add(page, SLICE("</ul>\n<ul class=\"more\">\n"
                        "<li><a href=\"#answers\">Answers</a></li>\n"
                        "<li><a href=\"#refusals\">Refusals</a></li>\n"
                        "</ul>\n</nav>\n"));
}

static void write_calling(struct buf *page, const struct manual_facts *facts)
{
    buf_add(page, page_calling);
    html_escape(page, facts->base_url.len > 0 ? facts->base_url
                                              : SLICE("http://127.0.0.1:3001"));
    buf_add(page, page_calling_cookie);
    html_escape(page, facts->cookie);
    buf_add(page, page_calling_end);
    if (facts->accounts_described) {
        buf_add(page, page_accounts);
    }
    buf_add(page, SLICE("</section>\n"));
}

static void write_refusal_row(struct buf *page, enum status status)
{
    buf_format(page, "<tr><th scope=\"row\"><code>%d</code> ",
               status_http(status));
    write_text(page, "<code>", status_code(status), "</code></th><td>");
    write_text(page, "", status_text(status), "</td></tr>\n");
}

static void open_refusals(struct buf *page, struct slice caption)
{
    write_text(page, "<table class=\"two\">\n<caption>", caption,
               "</caption>\n<thead><tr><th scope=\"col\">Status and code</th>"
               "<th scope=\"col\">Message</th></tr></thead>\n<tbody>\n");
}

static void write_common_refusals(struct buf *page)
{
    struct refusals all;

    manual_common_refusals(&all);
    buf_add(page, page_refusals);
    open_refusals(page, SLICE("Refusals many operations share"));
    for (size_t i = 0; i < all.count; i++) {
        write_refusal_row(page, all.items[i]);
    }
    page_close_table(page);
    buf_add(page, SLICE("</section>\n"));
}

/* Its own as a table; of the others the numbers. */
static void write_refusals(struct buf *page, const struct operation *operation)
{
    struct refusals all;
    bool any = false;
    int http = 0;

    manual_refusals(operation, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (!manual_is_shared(all.items[i])) {
            if (!any) {
                open_refusals(page, SLICE("Refused with"));
            }
            any = true;
            write_refusal_row(page, all.items[i]);
        }
    }
    if (any) {
        page_close_table(page);
    }
    buf_add(page,
            any ? SLICE("<p>And as <a href=\"#refusals\">others</a>:")
                : SLICE("<p>Refused as <a href=\"#refusals\">others</a>:"));
    for (size_t i = 0; i < all.count; i++) {
        if (manual_is_shared(all.items[i]) &&
            status_http(all.items[i]) != http) {
            buf_add(page, http > 0 ? SLICE(",") : SLICE_EMPTY);
            http = status_http(all.items[i]);
            buf_format(page, " <code>%d</code>", http);
        }
    }
    buf_add(page, SLICE(".</p>\n"));
}

static enum status write_example(struct buf *page, const char *title,
                                 const struct shape *shape,
                                 struct shape_use use)
{
    if (shape == NULL || shape->kind == SHAPE_ANY) {
        return STATUS_OK;
    }
    write_text(page, "<details><summary>", slice_from_cstr(title),
               "</summary>\n<pre tabindex=\"0\"><code>");
    TRY(page_write_example(page, shape, use));
    buf_add(page, SLICE("</code></pre></details>\n"));
    return STATUS_OK;
}

static enum status write_curl(struct buf *page,
                              const struct operation *operation,
                              struct shape_use use)
{
    buf_add(page, SLICE("<details><summary>Try it with curl</summary>\n"
                        "<pre tabindex=\"0\"><code>"));
    TRY(page_write_curl(page, operation, use));
    buf_add(page, SLICE("</code></pre></details>\n"));
    return STATUS_OK;
}

static void write_who(struct buf *page, const struct rest_endpoint *endpoint)
{
    buf_add(page, SLICE("<p class=\"who\">"));
    if (endpoint->who == REST_SERVICE) {
        buf_add(page, SLICE("For a service with a key."));
    } else if (manual_needs_caller(endpoint)) {
        buf_add(page, SLICE("For a reader who is signed in."));
    } else if (manual_takes_guests(endpoint)) {
        buf_add(page, SLICE("For a reader who is signed in, and for guests."));
    } else {
        buf_add(page, SLICE("For anyone."));
    }
    if (manual_expects_version(endpoint)) {
        buf_add(page, SLICE(" With <code>If-Match</code> only while nobody "
                            "has changed it."));
    }
    buf_add(page, SLICE("</p>\n"));
}

static enum status write_sent(struct buf *page,
                              const struct operation *operation,
                              struct shape_use use)
{
    const struct rest_endpoint *endpoint = operation->endpoint;

    page_write_parameters(page, endpoint, use);
    if (endpoint->input == NULL) {
        return STATUS_OK;
    }
    page_write_shape(page, SLICE("In the body"), endpoint->input, use);
    return write_example(page, "Example of a body", endpoint->input, use);
}

static enum status write_answered(struct buf *page,
                                  const struct operation *operation,
                                  struct shape_use use)
{
    const struct rest_endpoint *endpoint = operation->endpoint;
    char caption[32];
    int len = snprintf(caption, sizeof(caption), "In the answer, %d",
                       endpoint->success);

    use.answered = true;
    if (endpoint->output != NULL) {
        page_write_shape(page, slice_make(caption, (size_t)len),
                         endpoint->output, use);
    }
    return write_example(page, "Example of an answer", endpoint->output, use);
}

static enum status write_operation(struct buf *page,
                                   const struct operation *operation,
                                   const struct manual_facts *facts)
{
    const struct rest_endpoint *endpoint = operation->endpoint;
    const struct shape_use use = {
        .facts = facts, .choosing = manual_chooses_password(endpoint)};

    write_text(page, "<article aria-labelledby=\"", endpoint->name, "\">\n");
    write_text(page, "<h3 id=\"", endpoint->name, "\">");
    write_title(page, operation);
    write_text(page, "</h3>\n<p>", endpoint->summary, "</p>\n");
    write_who(page, endpoint);
    TRY(write_sent(page, operation, use));
    TRY(write_answered(page, operation, use));
    write_refusals(page, operation);
    TRY(write_curl(page, operation, use));
    buf_add(page, SLICE("</article>\n"));
    return STATUS_OK;
}

static enum status write_operations(struct buf *page,
                                    const struct operations *operations,
                                    const struct manual_facts *facts)
{
    size_t subject = SUBJECT_COUNT;

    for (size_t i = 0; i < operations->count; i++) {
        const struct operation *operation = &operations->items[i];

        if (operation->subject != subject) {
            buf_add(page, i > 0 ? SLICE("</section>\n") : SLICE_EMPTY);
            subject = operation->subject;
            write_text(page, "<section>\n<h2>", manual_subjects[subject].name,
                       "</h2>\n");
            write_text(page, "<p>", manual_subjects[subject].text, "</p>\n");
        }
        TRY(write_operation(page, operation, facts));
    }
    buf_add(page, SLICE("</section>\n"));
    return STATUS_OK;
}

enum status manual_print_page(const struct manual_facts *facts,
                              const struct operations *operations,
                              struct buf *buf)
{
    buf_add(buf, page_head);
    write_navigation(buf, operations);
    buf_add(buf, SLICE("<main id=\"main\">\n"));
    write_calling(buf, facts);
    TRY(write_operations(buf, operations, facts));
    buf_add(buf, page_answers);
    page_write_questions(buf, facts->questionnaire);
    buf_add(buf, SLICE("</section>\n"));
    write_common_refusals(buf);
    buf_add(buf, page_end);
    return STATUS_OK;
}
