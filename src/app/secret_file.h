/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The secret of a server that was given none: made at the first start and
 * kept beside the database, for its owner's eyes only. For development; with
 * a public URL, or a database elsewhere, a secret must be set.
 */
#ifndef APP_SECRET_FILE_H
#define APP_SECRET_FILE_H

#include "app/config.h"

/* STATUS_INVALID_VALUE and *why: a secret must be set, and none is. */
MUST_USE enum status secret_file_suits(const struct config *config,
                                       struct slice *why);

/* Lives as long as the arena. On failure *why is one line. */
MUST_USE enum status secret_file_read(const struct config *config,
                                      struct arena *arena, struct slice *why,
                                      struct slice *out);
/* Whether it was made already; reading makes it. */
bool secret_file_is_there(const struct config *config, struct arena *arena);

#endif
