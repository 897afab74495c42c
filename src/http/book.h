/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers a GET or HEAD from the files of the book (http/site.h): conditions,
 * ranges, the best stored encoding, and the book's own page for what is not
 * there. To a book that is not at "/" people are sent on from there. Without a
 * book, "/" is the server's start page.
 */
#ifndef HTTP_BOOK_H
#define HTTP_BOOK_H

#include "http/rules.h"

struct request;
struct response;

MUST_USE enum status book_answer(const struct http_rules *rules,
                                 struct request *request,
                                 struct response *response);

#endif
