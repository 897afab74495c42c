/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the page. Private to the manual. Whatever comes from a constant
 * or an author's file is escaped.
 */
#ifndef API_REST_MANUAL_PAGE_H
#define API_REST_MANUAL_PAGE_H

#include "api/rest/manual/parts.h"

/* page_text.c: what it says whatever the operations are, and its style. */
extern const struct slice page_head;
extern const struct slice page_calling; /* up to the URL */
extern const struct slice page_calling_cookie;
extern const struct slice page_calling_end;
extern const struct slice page_accounts;
extern const struct slice page_refusals;
extern const struct slice page_answers;
extern const struct slice page_end;

/* Escaped; a long one may break behind / and . */
void page_write_path(struct buf *page, struct slice path);

void page_open_table(struct buf *page, struct slice caption, struct slice first,
                     struct slice second, struct slice third);
void page_close_table(struct buf *page);

/* A row for each field, however deep. */
void page_write_shape(struct buf *page, struct slice caption,
                      const struct shape *shape, struct shape_use use);
void page_write_parameters(struct buf *page,
                           const struct rest_endpoint *endpoint,
                           struct shape_use use);
void page_write_questions(struct buf *page,
                          const struct questionnaire *questionnaire);

/* An example of the shape, over several lines, ready for a pre element. */
MUST_USE enum status page_write_example(struct buf *page,
                                        const struct shape *shape,
                                        struct shape_use use);
/* How a shell asks it. */
MUST_USE enum status page_write_curl(struct buf *page,
                                     const struct operation *operation,
                                     struct shape_use use);

#endif
