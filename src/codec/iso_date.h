/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates as JSON and SQLite have them: ISO 8601, UTC, milliseconds.
 *
 * Never asks for a locale or a time zone of the machine. Years 0 to 9999 only,
 * which is what four digits hold.
 */
#ifndef CODEC_ISO_DATE_H
#define CODEC_ISO_DATE_H

#include "base/status.h"

#define ISO_DATE_SIZE ((size_t)24)

/*
 * As Date.prototype.toISOString: 2026-11-21T01:53:54.657Z; no NUL. A time
 * before the year 0 or after 9999 prints as the nearest that has a form.
 */
void iso_date_print(int64_t ms, char out[static ISO_DATE_SIZE]);

/*
 * 2026-11-21, or with a time behind a T or one space: hh:mm[:ss[.f...]] and
 * Z, an offset as +05:30, or nothing, which is UTC as well. What is finer than
 * a millisecond is cut off. STATUS_INVALID_VALUE for anything else, also for
 * days and hours that do not exist.
 */
MUST_USE enum status iso_date_parse(struct slice text, int64_t *ms);

#endif
