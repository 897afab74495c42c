/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates of HTTP (RFC 9110 section 5.6.7), in seconds since 1970, UTC.
 *
 * Writes only IMF-fixdate; reads that and the two obsolete forms, as every
 * recipient must. Never asks the locale or the C library's time zone.
 *
 * Invariant: what http_date_write writes, http_date_read reads back.
 */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include "base/slice.h"

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
#define HTTP_DATE_SIZE ((size_t)29)

/* Exactly HTTP_DATE_SIZE bytes, no NUL. Clamped to the years 1970 to 9999. */
void http_date_write(int64_t seconds, char out[static HTTP_DATE_SIZE]);

/*
 * False for anything else than one whole valid date whose day of the week is
 * right. The caller then ignores the field (RFC 9110 section 13.1.3).
 */
bool http_date_read(struct slice text, int64_t *seconds);

#endif
