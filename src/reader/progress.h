/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a reader got: a row for each page. Of two devices the newer word
 * about a page counts, whichever arrives first.
 */
#ifndef READER_PROGRESS_H
#define READER_PROGRESS_H

#include "auth/sign_up.h"
#include "base/problems.h"
#include "codec/json_read.h"
#include "reader/reader.h"

#define PROGRESS_PAGE_MAX  ((size_t)512)
#define PROGRESS_PLACE_MAX ((size_t)256)
/* Of one call, and of one reader: no book has more. */
#define PROGRESS_BATCH_MAX ((size_t)500)
#define PROGRESS_PAGES_MAX ((size_t)5000)

/*
 * `list`: an array of {page, state, place?, seconds?, at?}. What is wrong
 * becomes a problem "progress[3].state".
 */
MUST_USE enum status progress_check(const struct json *list,
                                    struct problems *problems);

/* One durable write, whatever the length. The list was checked. */
MUST_USE enum status progress_put(const struct reader *reader,
                                  const struct auth_call *call,
                                  struct slice user_id,
                                  const struct json *list);

/* All of a reader's, or what changed after `since_ms`: a JSON array. */
MUST_USE enum status progress_list(const struct reader *reader,
                                   const struct auth_call *call,
                                   struct slice user_id, int64_t since_ms,
                                   struct slice *json);

/* The statement alone, for the write of a sign-up; `values` outlive it. */
MUST_USE enum status progress_statement(const struct auth_call *call,
                                        struct value user_id,
                                        const struct json *list,
                                        struct value values[3],
                                        struct statement *out);

#endif
