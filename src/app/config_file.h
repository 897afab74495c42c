/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings file: lines of NAME=VALUE.
 *
 *   # a comment; empty lines are skipped
 *   PORT=3001               # a comment after a blank
 *   SITE_DIR="my book"      (or 'my book': taken as it stands, no escapes)
 *
 * Nothing is interpolated or run. A line may end in CR LF, the file may begin
 * with a byte order mark. Whatever else is not understood is refused with its
 * line number; the line itself is never shown, since it may hold a secret.
 */
#ifndef APP_CONFIG_FILE_H
#define APP_CONFIG_FILE_H

#include "app/config.h"

/* A settings file is a page or two; what is longer is another file. */
#define CONFIG_FILE_MAX_BYTES ((size_t)64 << 10)

/* Pure. Adds to `pairs`, which point into `text`. */
MUST_USE enum status config_file_parse(struct arena *arena, const char *path,
                                       struct slice text,
                                       struct config_pairs *pairs,
                                       struct slice *why);

struct config_file {
    struct slice text;
    bool others_read; /* no place for secrets */
};

/*
 * The whole file. Refuses what is not a regular file of this user or root,
 * and what others may write. STATUS_NOT_FOUND, with *why set, when there is
 * none.
 */
MUST_USE enum status config_file_read(struct arena *arena, const char *path,
                                      struct config_file *out,
                                      struct slice *why);

#endif
