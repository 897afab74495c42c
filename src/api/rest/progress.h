/* SPDX-License-Identifier: Apache-2.0 */
/* Of /api/progress what other answers and bodies have as well. */
#ifndef API_REST_PROGRESS_H
#define API_REST_PROGRESS_H

#include "api/rest/rest.h"

/* Many pages, as they are sent; and as they are answered. */
extern const struct shape rest_progress_shape;
extern const struct shape rest_progress_list_shape;

/* ?since=: milliseconds, or a date as JSON has it; 0 without it. */
extern const struct shape rest_progress_since_shape;
MUST_USE enum status rest_progress_read_since(struct rest *rest, int64_t *out);

#endif
