/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a reader got: a row for each page. Of two devices the newer word
 * about a page counts, whichever arrives first; of two with the same time the
 * one that arrives later.
 *
 * A word is whole: a place it leaves out is empty from then on. Seconds alone
 * are the greater of both, so that a call that is sent twice counts once.
 */
#ifndef READER_PROGRESS_H
#define READER_PROGRESS_H

#include "auth/sign_up.h"
#include "base/problems.h"
#include "codec/json_read.h"
#include "reader/reader.h"

#define PROGRESS_PAGE_MAX  ((size_t)512)
#define PROGRESS_PLACE_MAX ((size_t)256)
/* Three years; more is a device's mistake. */
#define PROGRESS_SECONDS_MAX INT64_C(100000000)
/* Of one call, and of one reader: no book has more. */
#define PROGRESS_BATCH_MAX ((size_t)500)
#define PROGRESS_PAGES_MAX ((size_t)5000)

/* "unread", "visited", "reading", "read". */
#define PROGRESS_STATES 4
extern const struct slice progress_states[PROGRESS_STATES];

/*
 * `list`: an array of {page, state, place?, seconds?, at?}, or one of them
 * alone. What is wrong becomes a problem "progress[3].state", or "state".
 */
MUST_USE enum status progress_check(const struct json *list,
                                    struct problems *problems);

/*
 * One durable write, whatever the length. The list was checked. *json is an
 * array of what counts now for its pages. Of a reader who has more than
 * PROGRESS_PAGES_MAX the oldest go. STATUS_NOT_FOUND when the user has gone.
 */
MUST_USE enum status progress_put(const struct reader *reader,
                                  const struct auth_call *call,
                                  struct slice user_id, const struct json *list,
                                  struct slice *json);

/*
 * All of a reader's, or what reached us after `since_ms`: a JSON array, the
 * newest first.
 */
MUST_USE enum status progress_list(const struct reader *reader,
                                   const struct auth_call *call,
                                   struct slice user_id, int64_t since_ms,
                                   struct slice *json);

/*
 * The statement alone, for the write of a sign-up, with `user_id` perhaps a
 * VALUE_RESULT; `values` outlive it.
 */
MUST_USE enum status progress_statement(const struct auth_call *call,
                                        struct value user_id,
                                        const struct json *list,
                                        struct value values[3],
                                        struct statement *out);

#endif
