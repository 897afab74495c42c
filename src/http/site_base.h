/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where below its host a site is, Docusaurus' baseUrl: "/", or "/book/".
 *
 * Never repairs: what does not begin and end with a slash, or has an empty
 * part, a dot segment or anything but letters, digits and "-._~", is refused.
 */
#ifndef HTTP_SITE_BASE_H
#define HTTP_SITE_BASE_H

#include "base/arena.h"

/* With its slashes. */
#define SITE_BASE_MAX ((size_t)128)

/*
 * Without the slash at its end, so empty for "/". STATUS_INVALID_VALUE, and
 * *problem says what is wrong with it.
 */
MUST_USE enum status site_base_parse(struct slice text, struct slice *problem,
                                     struct slice *base);

/*
 * The member "base_url" of a book.json, in the memory of `arena`; ptr NULL
 * when it has none. STATUS_INVALID_VALUE, and *problem, for what is no such
 * file.
 */
#define SITE_BOOK_MAX ((size_t)16 << 20)
MUST_USE enum status site_base_of_book(struct slice json, struct arena *arena,
                                       struct slice *problem,
                                       struct slice *text);

#endif
